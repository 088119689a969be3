"""领导一页纸: which rows stand on one A4, and in which words, so that the sheet is full, readable and never becomes two."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.text import shortened
from rectification.lists.rows import TaskRow

LINES: Final = 18
"""How many lines of text the sheet has for its rows, at 10.5 points and beside four lines on what the figures are of."""
_TITLE, _UNIT, _OFFICER, _WORDS = 15, 6, 3, 15
"""How many characters go on a line of each column."""
_LONGEST_TITLE, _LONGEST_WORDS = 3 * _TITLE - 2, 4 * _WORDS - 2


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A task on the sheet; `words` say what there is to say of it."""

    row: TaskRow
    title: str
    due: str
    words: str

    @property
    def height(self) -> int:
        """How many lines of text it takes."""
        cells = (
            (self.title, _TITLE),
            (self.row.unit, _UNIT),
            (self.row.officer, _OFFICER),
            (self.words, _WORDS),
        )
        return max(-(-len(text) // wide) for text, wide in cells)


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One list of the sheet: its name, the address of the whole of it, how many there are, and those that stand here."""

    title: str
    address: str
    total: int
    lines: Sequence[SheetLine] = ()


def sheet_line(row: TaskRow, words: str) -> SheetLine:
    """A task in the sheet's words."""
    due = f"{row.deadline_on.month}月{row.deadline_on.day}日" if row.deadline_on else "—"
    return SheetLine(row, shortened(row.title, _LONGEST_TITLE), due, shortened(words, _LONGEST_WORDS))


def fitting(parts: Sequence[SheetPart], lines: int = LINES) -> list[SheetPart]:
    """As much of each part as fits: one of each in turn, and of the first part two, as long as there is room."""
    taken = [0] * len(parts)
    turn = (*range(len(parts)), 0)
    for place in turn * max(len(part.lines) for part in parts):
        following = parts[place].lines[taken[place] :]
        if following and following[0].height <= lines:
            taken[place] += 1
            lines -= following[0].height
    return [replace(part, lines=part.lines[:count]) for part, count in zip(parts, taken, strict=True)]
