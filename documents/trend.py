"""The twelve months' trend as a small SVG: text stays text, in the reader's own fonts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from documents.pages import environment
from rectification.summaries import TrendPoint

WIDTH, HEIGHT = 640, 250
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 40, 30
STEPS: Final = 4

_SERIES: Final[tuple[tuple[str, str, str, Callable[[TrendPoint], int]], ...]] = (
    ("月末未销号", "#1f4e8c", "none", lambda point: point.open),
    ("其中超期", "#b42318", "6 3", lambda point: point.overdue),
    ("当月销号", "#2f6f3e", "2 3", lambda point: point.closed),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A word or figure at a place of the plot."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One series; lines differ by dash as well as by colour."""

    name: str
    colour: str
    dash: str
    legend_x: int
    points: tuple[Mark, ...]


def trend_svg(points: Sequence[TrendPoint]) -> str:
    """The plot; its title tells the figures to who cannot see it."""
    highest = _top(max((take(point) for *_, take in _SERIES for point in points), default=0))
    return (
        environment()
        .get_template("trend.svg")
        .render(
            width=WIDTH,
            height=HEIGHT,
            left=LEFT,
            right=WIDTH - RIGHT,
            points=points,
            scale=[
                Mark(LEFT - 8, _y(value, highest), str(value))
                for value in range(0, highest + 1, highest // STEPS)
            ],
            months=[
                Mark(_x(place, len(points)), HEIGHT - 10, _month(place, p)) for place, p in enumerate(points)
            ],
            lines=[
                Line(
                    name,
                    colour,
                    dash,
                    LEFT + number * 130,
                    tuple(
                        Mark(_x(place, len(points)), _y(take(point), highest), str(take(point)))
                        for place, point in enumerate(points)
                    ),
                )
                for number, (name, colour, dash, take) in enumerate(_SERIES)
            ],
        )
    )


def _top(highest: int) -> int:
    """The scale's top: the next number its steps divide."""
    return max(STEPS, -(-highest // STEPS) * STEPS)


def _x(place: int, places: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (place + 0.5) / places, 1)


def _y(value: int, highest: int) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / highest, 1)


def _month(place: int, point: TrendPoint) -> str:
    is_first = place == 0 or point.day.month == 1
    return f"{point.day.year}.{point.day.month}" if is_first else str(point.day.month)
