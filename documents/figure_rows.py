"""The rows behind the figures of a page: where a figure leads, what it is called there, and the tasks it counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from documents.sentences import Counted
from rectification.lists.figures import Figure, Row, Selection, rows_behind

FIGURE_NAMES: Final = {
    Figure.TOTAL: "总数",
    Figure.CARRIED: "上期结转",
    Figure.ADDED: "本期新增",
    Figure.REOPENED: "回头看重开",
    Figure.CLOSED: "已销号或办结",
    Figure.CLOSED_ON_TIME: "按期申请",
    Figure.CLOSED_LATE: "超期申请",
    Figure.RUNNING: "正在整改或办理",
    Figure.OVERDUE: "超期",
    Figure.MISSED: "节点超期",
    Figure.EXTENDED: "延期",
    Figure.TERMINATED: "已终止",
}


@dataclass(frozen=True, slots=True)
class FigureRows:
    """One figure's list: its place on the page, what it counts in words, its rows."""

    anchor: str
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class CountedRows:
    """A set of rows figures of a page are counted from; `name` tells it from others on the same page."""

    rows: tuple[Row, ...]
    name: str = ""

    def anchor(self, selection: Selection) -> str:
        """The name of a figure's list on the page; the same figure has one list."""
        return "rows-" + sha256(f"{self.name}{selection!r}".encode()).hexdigest()[:12]

    def lists(self, figures: Iterable[Counted]) -> Iterator[FigureRows]:
        """Every figure once, with its rows; zeros have none."""
        for selection in dict.fromkeys(counted.selection for counted in figures if counted.value):
            words = "·".join(part for part in (self.name, name_of(selection)) if part)
            yield FigureRows(self.anchor(selection), words, rows_behind(self.rows, selection))


def name_of(selection: Selection) -> str:
    """What a figure counts, in words."""
    kind = {True: "问题", False: "工作任务", None: ""}[selection.are_problems]
    parts = (selection.unit, selection.source, kind, FIGURE_NAMES[selection.figure])
    return "·".join(part for part in parts if part)
