"""The rows behind the figures of a page: where a figure leads, what it is called there, and the tasks it counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from documents.sentences import Counted
from rectification.lists.figures import Figure, Row, Selection, figure_label, rows_behind


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
    label = figure_label(selection.figure, are_problems=selection.are_problems)
    kind = {True: "问题", False: "工作任务", None: ""}[selection.are_problems]
    if selection.figure is Figure.TOTAL:  # its name says the kind
        kind = ""
    return "·".join(part for part in (selection.unit, selection.source, kind, label) if part)
