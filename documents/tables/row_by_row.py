"""Tables handed in are taken row by row: what became of each, in a unit of work of its own; a dry run undoes it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from core.db import Database
from core.errors import RectifyError
from documents.excel.headed import HeadedRow, Place
from rectification.tables.cell_refusals import CellChange, CellRefused


class RowFate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


FATE_LABEL: Final = {
    RowFate.NEW: "新增",
    RowFate.CHANGED: "办理",
    RowFate.UNCHANGED: "未变",
    RowFate.REFUSED: "未导入",
}


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of a row, or would: `told` for people, `why` where it was refused whole.

    `changes` are its fields before and after, `left` the cells that were refused while the rest went in, `emptied`
    what its empty cells would take away and do not, unless they are said to.
    """

    sheet: str
    row: int
    fate: RowFate
    code: str = ""
    told: tuple[str, ...] = ()
    why: str = ""
    changes: tuple[CellChange, ...] = ()
    left: tuple[str, ...] = ()
    emptied: tuple[CellChange, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether the row is worth a line."""
        return self.fate is not RowFate.UNCHANGED or bool(self.told or self.emptied)

    @property
    def line(self) -> str:
        is_new = self.fate is RowFate.NEW
        fields = (f"{each.head}：{each.after}" if is_new else each.line for each in self.changes)
        parts = (self.why, *self.told, *fields)
        left = (f"未取 {words}" for words in self.left)
        kept = (f"{change.head}为空，保留“{change.before}”" for change in self.emptied)
        what = "；".join(part.replace("\n", " ") for part in (*parts, *left, *kept) if part)
        code = f" {self.code}" if self.code else ""
        return f"“{self.sheet}”第 {self.row} 行：{FATE_LABEL[self.fate]}{code}" + (
            f"　{what}" if what else ""
        )


@dataclass(frozen=True, slots=True)
class RowTaken:
    """What taking a row in did."""

    fate: RowFate
    code: str
    told: tuple[str, ...] = ()
    changes: tuple[CellChange, ...] = ()
    emptied: tuple[CellChange, ...] = ()


Take = Callable[[Session, Collection[str]], RowTaken]
"""Takes a row in without the cells under these heads."""


def refused(place: Place, code: str, why: str) -> RowOutcome:
    return RowOutcome(place.sheet, place.row, RowFate.REFUSED, code, why=why)


def take_row(
    database: Database,
    row: HeadedRow,
    code: str,
    take: Take,
    *,
    dry_run: bool,
    alone: Collection[str] = (),
) -> RowOutcome:
    """Take one row in; a refusal names its cell and is an outcome like any other.

    A refused cell under one of the heads `alone` stays out, and the row goes in without it; any other holds the row back.
    """
    place, left = row.place, dict(row.problems)
    while True:
        if binding := [f"{place.cell(head)}：{why}" for head, why in left.items() if head not in alone]:
            return refused(place, code, "；".join(binding))
        try:
            taken = _taken(database, take, left.keys(), dry_run=dry_run)
        except CellRefused as refusal:
            if refusal.head in left:
                return refused(place, code, refusal.line)
            left[refusal.head] = refusal.line
        except RectifyError as refusal:
            return refused(place, code, refusal.line)
        else:
            break
    outside = tuple(f"{place.cell(head)}：{why}" for head, why in left.items())
    if outside and taken.fate is RowFate.UNCHANGED:
        return refused(place, code, "；".join(outside))
    is_told = taken.fate is not RowFate.UNCHANGED
    return RowOutcome(
        place.sheet,
        place.row,
        taken.fate,
        "" if dry_run and taken.fate is RowFate.NEW else taken.code,
        (*taken.told, *(row.notes if is_told else ())),
        changes=taken.changes,
        left=outside,
        emptied=taken.emptied,
    )


def _taken(database: Database, take: Take, left: Collection[str], *, dry_run: bool) -> RowTaken:
    try:
        with database.unit_of_work() as session:
            taken = take(session, left)
            if dry_run:
                raise _Undone(taken)
    except _Undone as undone:
        return undone.taken
    return taken


class _Undone(Exception):
    """No error: it ends a dry run's unit of work without a commit."""

    def __init__(self, taken: RowTaken) -> None:
        self.taken = taken
        super().__init__()
