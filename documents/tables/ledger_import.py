"""A ledger workbook comes back: row by row what is new, changed or refused, each refusal by row and column.

Every row is a unit of work of its own, so that a bad one stops nothing else; a dry run undoes each.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from core.errors import Conflict, NotFound, Unreadable
from documents.excel.headed import HeadedRow, headed_table
from documents.excel.reading import read_sheets
from documents.tables.ledger import GUIDE_SHEET, KEY_HEAD
from documents.tables.ledger_keys import RowKey, digest, read_key
from documents.tables.row_by_row import RowFate, RowOutcome, RowTaken, refused, take_row
from documents.tables.three_lists import LIST_NAMES
from models.enums import ItemKind
from models.organisation import Unit
from models.task import RectificationTask
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.office.actors import Acting
from rectification.office.calendar import load_calendar
from rectification.tables.cell_refusals import CellChange, CellRefused
from rectification.tables.ledger import COLUMNS, DUE, OTHER_HEADS, SOURCE, STATE, TEXT, LedgerColumn
from rectification.tables.ledger_import import CAN_BE_EMPTIED, DECISIVE, DECISIVE_OF_NEW, add, revise
from rectification.tables.superior_forms import ANSWERS
from rectification.task.time_limits import Limit, limit_text

_NEEDED: Final = (SOURCE, TEXT)
_TOGETHER: Final = 200
_HEAD_NAMES: Final = {
    **OTHER_HEADS,
    **{name: column.head for column in COLUMNS for name in (column.plan_head, column.head)},
    KEY_HEAD: KEY_HEAD,
}
_ALONE: Final = frozenset(column.head for column in COLUMNS if column not in DECISIVE)
_ALONE_IN_NEW: Final = frozenset(column.head for column in COLUMNS if column not in DECISIVE_OF_NEW)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A row as handed in."""

    row: HeadedRow
    kind: ItemKind
    key: RowKey | None
    texts: Mapping[LedgerColumn, str]

    @property
    def code(self) -> str:
        return self.key.code if self.key else ""

    @property
    def is_edited(self) -> bool:
        """Whether a cell no longer says what went out."""
        return bool(self.key and self.key.edited(self.texts))


def read_ledger(path: Path) -> list[LedgerRow]:
    """The rows of every ledger sheet in a workbook.

    Raises: Unreadable, where it is no workbook, or none of its sheets has the heads of a ledger.
    """
    aside = {GUIDE_SHEET, *LIST_NAMES}
    needed = [column.head for column in _NEEDED]
    sheets = [sheet for sheet in read_sheets(path) if sheet.name not in aside]
    tables = [table for sheet in sheets if (table := headed_table(sheet, _HEAD_NAMES, needed))]
    if not tables:
        raise Unreadable(
            f"{path.name} 里没有台账",
            f"没有一张表有“{'、'.join(needed)}”栏",
            "请先导出台账，改好后再导入",
            command="rectify ledger export",
        )
    kinds = (ItemKind.PLAN if TEXT.plan_head in table.written else ItemKind.FINDING for table in tables)
    return [ledger_row(row, kind) for table, kind in zip(tables, kinds, strict=True) for row in table.rows]


def ledger_row(row: HeadedRow, kind: ItemKind) -> LedgerRow:
    """A row by the ledger's columns."""
    texts = {column: row.cells[column.head].text for column in COLUMNS if column.head in row.cells}
    if DUE in texts:
        texts[DUE] = row.cells[DUE.head].day_text
    return LedgerRow(row, kind, read_key(row.texts.get(KEY_HEAD, "")), texts)


class Standing:
    """The tasks as they stand: read many at once, and again where one was changed since."""

    def __init__(self, database: Database, clock: Clock, acting: Acting, codes: Sequence[str]) -> None:
        self.clock, self.acting = clock, acting
        self._database, self._codes = database, list(dict.fromkeys(codes))
        self._read: dict[str, CaseFile] = {}

    def task(self, session: Session, code: str) -> CaseFile:
        """The task with this code.

        Raises: NotFound, also where the one who hands the table in may not see it.
        """
        if code not in self._read and code in self._codes:
            place = self._codes.index(code)
            with self._database.reading() as together:
                self._read = self._files(together, *self._codes[place : place + _TOGETHER])
        version = session.scalar(select(RectificationTask.version).where(RectificationTask.code == code))
        found = self._read.get(code)
        if found is None or found.row.version != version:
            found = self._files(session, code).get(code)
        if found is None:
            raise NotFound(f"没有编号为“{code}”的任务", "或者您无权查看", "请重新导出台账")
        return found

    def _files(self, session: Session, *codes: str) -> dict[str, CaseFile]:
        only, actor = TaskFilter(codes=codes), self.acting.actor
        files = case_files(session, self.clock.today, load_calendar(session), actor=actor, filters=only)
        return {file.row.code: file for file in files}


def import_ledger(
    database: Database,
    clock: Clock,
    acting: Acting,
    bureau: Unit,
    rows: Sequence[LedgerRow],
    *,
    dry_run: bool,
    empties: bool = False,
) -> Iterator[RowOutcome]:
    """Take the rows in, one after another; nothing stays where `dry_run` is set.

    An empty cell leaves what stands, unless `empties`: then it takes it away.
    """
    seen: dict[str, LedgerRow] = {}
    standing = Standing(database, clock, acting, [row.code for row in rows if row.is_edited])
    for row in rows:
        place = row.row.place
        first = seen.setdefault(row.code or f"\n{row.texts.get(TEXT, '')}", row)
        if row.row.texts.get(KEY_HEAD) and row.key is None:
            why = f"“{KEY_HEAD}”被改动，认不出是哪一项；请重新导出，或清空该格作为新增"
            yield refused(place, row.code, why)
        elif first is not row:
            other = first.row.place
            yield refused(place, row.code, f"与“{other.sheet}”第 {other.row} 行重复")
        elif row.key is not None and not row.row.problems and not row.is_edited:
            yield RowOutcome(place.sheet, place.row, RowFate.UNCHANGED, row.code)
        else:
            take = partial(_take, standing=standing, bureau=bureau, row=row, empties=empties)
            alone = (_ALONE if row.key else _ALONE_IN_NEW) | ANSWERS.keys()
            yield take_row(database, row.row, row.code, take, dry_run=dry_run, alone=alone)


def _take(
    session: Session,
    left: Collection[str],
    standing: Standing,
    bureau: Unit,
    row: LedgerRow,
    *,
    empties: bool,
) -> RowTaken:
    clock, acting = standing.clock, standing.acting
    texts = {column: text for column, text in row.texts.items() if column.head not in left}
    if row.key is None:
        draft, aside = add(session, clock, acting, bureau, row.kind, texts)
        said = texts | {DUE: limit_text(Limit(draft.time_limit, draft.due_on))} if texts.get(DUE) else texts
        changes = [CellChange(column.head, "", text) for column, text in said.items() if text]
        return RowTaken(RowFate.NEW, draft.code, aside, changes=tuple(changes))
    task = standing.task(session, row.key.code)
    edits = _edits(task, row.key, texts)
    changes = [CellChange(column.head, column.says(task), text) for column, text in edits.items()]
    emptied = [] if empties else [change for change in changes if not change.after]
    if not empties:
        edits = {column: text for column, text in edits.items() if text}
    told = revise(session, clock, acting, task, edits)
    can_go = {column.head for column in CAN_BE_EMPTIED}
    return RowTaken(
        RowFate.CHANGED if told else RowFate.UNCHANGED,
        row.code,
        told,
        changes=tuple(change for change in changes if change not in emptied),
        emptied=tuple(change for change in emptied if change.head in can_go),
    )


def _edits(task: CaseFile, key: RowKey, texts: Mapping[LedgerColumn, str]) -> dict[LedgerColumn, str]:
    """The cells somebody edited and nobody else changed meanwhile.

    Raises: CellRefused, where both did.
    """
    edits = {}
    for column in key.edited(texts):
        stands, wanted = column.says(task), texts[column]
        bare = stands.partition("\n")[0] if column is STATE else stands  # the state without what stands out
        if digest(wanted) in (digest(stands), digest(bare)):
            continue
        if not key.sent(column, stands):
            why = Conflict("导出之后这一栏在系统中又有改动", "", "请重新导出台账，在新的内容上修改")
            raise CellRefused(column.head, why)
        edits[column] = wanted
    return edits
