"""The twelve months' trend as a small SVG: text stays text, in the reader's own fonts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from documents.pages import environment
from rectification.halfyear.summaries import TrendPoint

STEPS: Final = 4
TOP, BOTTOM = 40, 30

SERIES: Final[tuple[tuple[str, str, str, str, Callable[[TrendPoint], int]], ...]] = (
    ("open", "月末未销号", "#1f4e8c", "none", lambda point: point.open),
    ("overdue", "其中超期", "#b42318", "6 3", lambda point: point.overdue),
    ("closed", "当月销号", "#2f6f3e", "2 3", lambda point: point.closed),
)


@dataclass(frozen=True, slots=True)
class PlotFrame:
    """How large the plot is; the legend's entries stand `legend` apart."""

    width: int
    height: int
    left: int
    margin: int
    legend: int
    names_years: bool = True

    @property
    def right(self) -> int:
        return self.width - self.margin


PAPER: Final = PlotFrame(640, 250, left=44, margin=16, legend=130)
SHEET: Final = PlotFrame(640, 170, left=30, margin=12, legend=130)
PANEL: Final = PlotFrame(380, 132, left=28, margin=8, legend=112, names_years=False)


@dataclass(frozen=True, slots=True)
class PlotMark:
    """A word or figure at a place of the plot."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One series; lines differ by dash as well as by colour. Pages set other colours by `key`."""

    key: str
    name: str
    colour: str
    dash: str
    legend_x: int
    points: tuple[PlotMark, ...]


def trend_svg(points: Sequence[TrendPoint], frame: PlotFrame = PAPER) -> str:
    """The plot; its title tells the figures to who cannot see it."""
    highest = _top(max((take(point) for *_, take in SERIES for point in points), default=0))
    floor = frame.height - BOTTOM

    def y(value: int) -> float:
        return round(floor - (floor - TOP) * value / highest, 1)

    def x(place: int) -> float:
        return round(frame.left + (frame.right - frame.left) * (place + 0.5) / len(points), 1)

    def line(number: int) -> TrendLine:
        key, name, colour, dash, take = SERIES[number]
        marks = (PlotMark(x(place), y(take(point)), str(take(point))) for place, point in enumerate(points))
        return TrendLine(key, name, colour, dash, frame.left + number * frame.legend, tuple(marks))

    return (
        environment()
        .get_template("trend.svg")
        .render(
            frame=frame,
            points=points,
            scale=[
                PlotMark(frame.left - 8, y(value), str(value))
                for value in range(0, highest + 1, highest // STEPS)
            ],
            months=[
                PlotMark(x(place), frame.height - 10, _month(place if frame.names_years else None, point))
                for place, point in enumerate(points)
            ],
            lines=[line(number) for number in range(len(SERIES))],
        )
    )


def _top(highest: int) -> int:
    """The scale's top: the next number its steps divide."""
    return max(STEPS, -(-highest // STEPS) * STEPS)


def _month(place: int | None, point: TrendPoint) -> str:
    """The month, with its year at the first place and in January; without a place, never."""
    names_year = place == 0 or (place is not None and point.day.month == 1)
    return f"{point.day.year}.{point.day.month}" if names_year else str(point.day.month)
