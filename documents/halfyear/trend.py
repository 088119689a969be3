"""The twelve months' trend as bars in a small SVG: text stays text, in the reader's own fonts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from documents.pages import environment
from rectification.halfyear.summaries import TrendPoint

TOP, BOTTOM = 42, 42
FULL: Final = 0.62
"""How much of its month's place a bar fills."""


@dataclass(frozen=True, slots=True)
class PlotFrame:
    """How large the plot is; the last bar of one that `ends_today` is not a month's end."""

    width: int
    height: int
    left: int = 36
    ends_today: bool = False

    @property
    def floor(self) -> int:
        return self.height - BOTTOM


PAPER: Final = PlotFrame(640, 220)
SHEET: Final = PlotFrame(550, 108, ends_today=True)
PANEL: Final = PlotFrame(440, 190, ends_today=True)


@dataclass(frozen=True, slots=True)
class PlotBar:
    """One month: what was open, the overdue part at the foot of it."""

    left: float
    middle: float
    width: float
    top: float
    late_top: float
    open: int
    overdue: int
    month: str


def trend_svg(points: Sequence[TrendPoint], frame: PlotFrame = PAPER) -> str:
    """The plot; its title tells the figures to who cannot see it."""
    highest = max((point.open for point in points), default=0) or 1
    step = (frame.width - frame.left) / (len(points) or 1)

    def y(value: int) -> float:
        return round(frame.floor - (frame.floor - TOP) * value / highest, 1)

    def bar(place: int, point: TrendPoint) -> PlotBar:
        middle, width = frame.left + step * (place + 0.5), min(step * FULL, 40)
        return PlotBar(
            left=round(middle - width / 2, 1),
            middle=round(middle, 1),
            width=round(width, 1),
            top=y(point.open),
            late_top=y(point.overdue),
            open=point.open,
            overdue=point.overdue,
            month="今天" if frame.ends_today and point is points[-1] else _month(point),
        )

    bars = [bar(place, point) for place, point in enumerate(points)]
    return environment().get_template("trend.svg").render(frame=frame, points=points, bars=bars)


def closed_words(points: Sequence[TrendPoint]) -> str:
    """What was closed in these months, in words: 近12个月销号3项（12月1项、2026年1月2项）."""
    months = "、".join(
        f"{_month(point).replace('.', '年')}月{point.closed}项" for point in points if point.closed
    )
    return f"近{len(points)}个月销号{sum(point.closed for point in points)}项" + (
        f"（{months}）" if months else ""
    )


def _month(point: TrendPoint) -> str:
    """The month; January with its year."""
    return f"{point.day.year}.1" if point.day.month == 1 else str(point.day.month)
