"""A ledger workbook comes back: row by row what is new, changed or refused, each refusal by row and column.

Every row is a unit of work of its own, so that a bad one stops nothing else; a dry run undoes each.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from core.errors import Conflict, NotFound, Unreadable
from documents.excel.reading import ReadRow, ReadSheet, column_letter, read_sheets
from documents.tables.ledger import GUIDE_SHEET, KEY_HEAD
from documents.tables.ledger_keys import RowKey, digest, read_key
from documents.tables.row_by_row import Place, RowFate, RowOutcome, RowTaken, refused, take_row
from documents.tables.three_lists import LIST_NAMES
from models.enums import ItemKind
from models.organisation import Unit
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.office.actors import Acting
from rectification.office.calendar import load_calendar
from rectification.tables.cell_refusals import CellRefused
from rectification.tables.ledger import COLUMNS, SOURCE, TEXT, LedgerColumn, head_of
from rectification.tables.ledger_import import add, revise

_HEAD_WITHIN: Final = 20
_NEEDED: Final = (SOURCE, TEXT)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row as handed in. `problem` is what keeps it out before anybody looks at the ledger."""

    place: Place
    kind: ItemKind
    key: RowKey | None
    texts: Mapping[LedgerColumn, str]
    problem: str = ""

    @property
    def code(self) -> str:
        return self.key.code if self.key else ""


def read_ledger(path: Path) -> list[LedgerRow]:
    """The rows of every ledger sheet in a workbook.

    Raises: Unreadable, where it is no workbook, or none of its sheets has the heads of a ledger.
    """
    aside = {GUIDE_SHEET, *LIST_NAMES}
    rows: list[LedgerRow] = []
    found = False
    for sheet in read_sheets(path):
        heads = None if sheet.name in aside else _heads(sheet)
        if heads is not None:
            found = True
            rows += _rows(sheet, *heads)
    if not found:
        needed = "、".join(column.head for column in _NEEDED)
        raise Unreadable(
            f"{path.name} 里没有台账",
            f"没有一张表有“{needed}”栏",
            "请先导出台账，改好后再导入",
            command="rectify ledger export",
        )
    return rows


def import_ledger(
    database: Database,
    clock: Clock,
    acting: Acting,
    bureau: Unit,
    rows: Sequence[LedgerRow],
    *,
    dry_run: bool,
) -> Iterator[RowOutcome]:
    """Take the rows in, one after another; nothing stays where `dry_run` is set."""
    for row in _once(rows):
        if row.problem:
            yield refused(row.place, row.code, row.problem)
        elif row.key is not None and not row.key.edited(row.texts):
            yield RowOutcome(row.place.sheet, row.place.row, RowFate.UNCHANGED, row.code)
        else:
            take = partial(_take, clock=clock, acting=acting, bureau=bureau, row=row)
            yield take_row(database, row.place, row.code, take, dry_run=dry_run)


def _take(session: Session, clock: Clock, acting: Acting, bureau: Unit, row: LedgerRow) -> RowTaken:
    if row.key is None:
        draft, aside = add(session, clock, acting, bureau, row.kind, row.texts)
        return RowTaken(RowFate.NEW, draft.code, aside)
    task = _task(session, clock, acting, row.key.code)
    told = revise(session, clock, acting, task, _edits(task, row.key, row.texts))
    return RowTaken(RowFate.CHANGED if told else RowFate.UNCHANGED, row.code, told)


def _task(session: Session, clock: Clock, acting: Acting, code: str) -> CaseFile:
    only = TaskFilter(codes=(code,))
    found = case_files(session, clock.today, load_calendar(session), actor=acting.actor, filters=only)
    if not found:
        raise NotFound(f"没有编号为“{code}”的任务", "或者您无权查看", "请重新导出台账")
    return found[0]


def _edits(task: CaseFile, key: RowKey, texts: Mapping[LedgerColumn, str]) -> dict[LedgerColumn, str]:
    """The cells somebody edited and nobody else changed meanwhile.

    Raises: CellRefused, where both did.
    """
    edits = {}
    for column in key.edited(texts):
        stands, wanted = column.says(task), texts[column]
        if digest(stands) == digest(wanted):
            continue
        if not key.sent(column, stands):
            why = Conflict("导出之后这一栏在系统中又有改动", "", "请重新导出台账，在新的内容上修改")
            raise CellRefused(column.head, why)
        edits[column] = wanted
    return edits


def _once(rows: Sequence[LedgerRow]) -> Iterator[LedgerRow]:
    """The rows; a second one for the same task, or with the same new text, is told of the first."""
    seen: dict[str, LedgerRow] = {}
    for row in rows:
        identity = row.code or f"\n{row.texts.get(TEXT, '')}"
        first = seen.setdefault(identity, row)
        if first is row or row.problem:
            yield row
        else:
            yield replace(row, problem=f"与“{first.place.sheet}”第 {first.place.row} 行重复")


def _heads(sheet: ReadSheet) -> tuple[int, dict[LedgerColumn, int], int] | None:
    """The row of the heads, the place of each column, and of the key (0 where there is none)."""
    for row in sheet.rows[:_HEAD_WITHIN]:
        texts = [head_of(text) for text in row.texts]
        places = {
            column: texts.index(head) + 1
            for column in COLUMNS
            for head in dict.fromkeys((column.head, column.plan_head))
            if head in texts
        }
        if all(column in places for column in _NEEDED):
            return row.number, places, texts.index(KEY_HEAD) + 1 if KEY_HEAD in texts else 0
    return None


def _rows(
    sheet: ReadSheet, head_row: int, places: dict[LedgerColumn, int], key_place: int
) -> Iterator[LedgerRow]:
    letters = {column.head: column_letter(place) for column, place in places.items()}
    heads = "".join("".join(sheet.rows[head_row - 1].texts).split())
    kind = ItemKind.PLAN if TEXT.plan_head in heads else ItemKind.FINDING
    for row in sheet.rows[head_row:]:
        key_text = row[key_place].text
        key = read_key(key_text)
        texts = {column: row[place].text for column, place in places.items()}
        if any(texts.values()) or key_text or any(row[place].problem for place in places.values()):
            problem = _problem(row, places, key_text, key)
            yield LedgerRow(Place(sheet.name, row.number, letters), kind, key, texts, problem)


def _problem(row: ReadRow, places: Mapping[LedgerColumn, int], key_text: str, key: RowKey | None) -> str:
    bad = [
        f"{column_letter(place)} 列（{column.head}）：{row[place].problem}"
        for column, place in places.items()
        if row[place].problem
    ]
    if key_text and key is None:
        bad.append(f"“{KEY_HEAD}”被改动，认不出是哪一项；请重新导出，或清空该格作为新增")
    return "；".join(bad)
