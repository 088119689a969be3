"""Tables handed in are taken row by row: what became of each, in a unit of work of its own; a dry run undoes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from core.db import Database
from core.errors import RectifyError
from rectification.tables.cell_refusals import CellRefused


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
class Place:
    """Where a row stands: its sheet or table, its number, and by column name the letters people see over them."""

    sheet: str
    row: int
    letters: Mapping[str, str]

    def cell(self, head: str) -> str:
        """A cell as people say it: E 列（具体问题）."""
        letter = self.letters.get(head, "")
        return f"{letter} 列（{head}）" if letter else f"“{head}”栏"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of a row, or would: `told` for people, `why` where it was refused."""

    sheet: str
    row: int
    fate: RowFate
    code: str = ""
    told: tuple[str, ...] = ()
    why: str = ""

    @property
    def line(self) -> str:
        what = self.why or "、".join(self.told)
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


def refused(place: Place, code: str, why: str) -> RowOutcome:
    return RowOutcome(place.sheet, place.row, RowFate.REFUSED, code, why=why)


def take_row(
    database: Database, place: Place, code: str, take: Callable[[Session], RowTaken], *, dry_run: bool
) -> RowOutcome:
    """Take one row in, whole or not at all; a refusal names its cell and is an outcome like any other."""
    try:
        with database.unit_of_work() as session:
            taken = take(session)
            if dry_run:
                raise _Undone(taken)
    except _Undone as undone:
        taken = undone.taken
    except CellRefused as refusal:
        return refused(place, code, f"{place.cell(refusal.head)}：{refusal.line}")
    except RectifyError as refusal:
        return refused(place, code, refusal.line)
    return RowOutcome(place.sheet, place.row, taken.fate, taken.code, taken.told)


class _Undone(Exception):
    """No error: it ends a dry run's unit of work without a commit."""

    def __init__(self, taken: RowTaken) -> None:
        self.taken = taken
        super().__init__()
