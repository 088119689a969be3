"""整改任务分解表 as a workbook or a Word table: it goes out with proposals and comes back to issue tasks by.

Both forms carry 文号 and 审批日期; a task is known by the code in its row.
"""

import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from sqlalchemy.orm import Session

from core.clock import Clock
from core.days import read_day
from core.db import Database
from core.errors import NotFound, Refused, Unreadable
from documents.excel.cells import held
from documents.excel.headed import HeadedRow, Place, headed_table
from documents.excel.reading import ReadCell, ReadRow, ReadSheet, read_sheets
from documents.excel.workbook import ColumnHead, Table, add_table, new_book, save
from documents.opening import checked_parts
from documents.tables.row_by_row import RowFate, RowOutcome, RowTaken, refused, take_row
from documents.word.layout import OfficialPaper
from models.enums import ApprovalLevel
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.office.actors import Acting, Paper
from rectification.office.calendar import load_calendar
from rectification.office.people_by_name import Choices
from rectification.tables import breakdown
from rectification.tables.cell_refusals import CellChange
from rectification.tables.ledger import OTHER_HEADS

NAME: Final = "整改任务分解表"
MAX_ROWS: Final = 2_000

_NUMBER: Final = "文号："
_DATED: Final = "审批日期："
_NUMBER_FORM: Final = re.compile(r"文号[:：]([^\n]*?)(?=审批日期[:：]|$)", re.MULTILINE)
_DATED_FORM: Final = re.compile(r"审批日期[:：]([^\n]*)")
_BLANK: Final = " 　_年月日"
_NEEDED: Final = (breakdown.CODE, breakdown.UNIT, breakdown.LIMIT)
HEAD_NAMES: Final = {head: head for head in breakdown.HEADS} | OTHER_HEADS
_SMALL: Final = 9.0
_WIDTHS: Final[Mapping[str, tuple[float, float]]] = {
    breakdown.CODE: (11, 18),
    breakdown.SOURCE: (12, 17),
    breakdown.TEXT: (30, 40),
    breakdown.TITLE: (16, 20),
    breakdown.GOAL: (18, 20),
    breakdown.MEASURES: (28, 32),
    breakdown.LEADER: (9, 13),
    breakdown.UNIT: (11, 14),
    breakdown.OFFICER: (9, 12),
    breakdown.PARTNERS: (11, 13),
    breakdown.REVIEWER: (9, 12),
    breakdown.APPROVAL: (13, 14),
    breakdown.LIMIT: (15, 18),
    breakdown.DECISION: (8, 12),
}
"""Characters in a workbook, millimetres on paper."""
_CHOICES: Final = {
    breakdown.LEADER: "领导清单",
    breakdown.UNIT: "单位清单",
    breakdown.OFFICER: "责任人清单",
    breakdown.REVIEWER: "复核人清单",
    breakdown.APPROVAL: "审签清单",
    breakdown.DECISION: "处理清单",
}
_HINTS: Final = {
    breakdown.UNIT: "必填；责任人可以空着，由科室负责人签收时指定",
    breakdown.LIMIT: "2026年6月30日、2026年6月底前、10个工作日、立行立改、长期坚持",
    breakdown.MEASURES: "每条一行，可在后面括号里写承担人和日期：修订办案规程（张三，2026年5月底前）",
    breakdown.DECISION: "下达、仅存档或暂缓；空着就是下达",
}


@dataclass(frozen=True, slots=True)
class BreakdownForm:
    """A table handed in, and the paper it was approved on where it says so."""

    rows: tuple[HeadedRow, ...]
    number: str = ""
    dated: date | None = None


def write_breakdown(path: Path, bureau: str, drafts: Sequence[CaseFile], choices: Choices) -> int:
    """Write the table of these drafts, as .docx or .xlsx by the file's ending; returns how many rows it has.

    A task that is 仅限指定人员 is left out.

    Raises: Unreadable, where the file cannot be written or its ending is another.
    """
    rows = [breakdown.proposal(draft, choices) for draft in drafts if not draft.is_restricted]
    title = f"{bureau}{NAME}"
    if path.suffix.lower() == ".docx":
        _paper(title, rows).save(path)
    elif path.suffix.lower() == ".xlsx":
        _save_book(path, title, rows, choices)
    else:
        raise _wrong_ending(path)
    return len(rows)


def read_breakdown(path: Path) -> BreakdownForm:
    """A filled-in table, from .docx or .xlsx.

    Raises: Unreadable, where it is neither or has no such table; Refused, for an approval date that is none.
    """
    tables = read_tables(path)
    lines = "\n".join("　".join(row.texts) for table in tables for row in table.rows[:4])
    found = (headed_table(table, HEAD_NAMES, _NEEDED) for table in tables)
    rows = tuple(row for table in found if table for row in table.rows)
    if not rows:
        raise Unreadable(
            f"{path.name} 里没有分解表的内容",
            f"没有一张表有“{'、'.join(_NEEDED)}”栏，或栏下没有内容",
            "请先导出分解表，填好后再导入",
            command="rectify breakdown export",
        )
    number, dated = _NUMBER_FORM.search(lines), _DATED_FORM.search(lines)
    return BreakdownForm(
        rows,
        number[1].strip(_BLANK) if number else "",
        read_day(dated[1]) if dated and dated[1].strip(_BLANK) else None,
    )


def read_tables(path: Path) -> list[ReadSheet]:
    """The tables of a Word file or a workbook. Raises: Unreadable, where it is neither."""
    if path.suffix.lower() == ".docx":
        return _word_tables(path)
    if path.suffix.lower() == ".xlsx":
        return read_sheets(path)
    raise _wrong_ending(path)


def import_breakdown(
    database: Database,
    clock: Clock,
    acting: Acting,
    form: BreakdownForm,
    *,
    dry_run: bool,
    empties: bool = False,
) -> Iterator[RowOutcome]:
    """Issue, archive or leave each row's draft; the paper, where the table names one, is what each stands on.

    An empty cell leaves what the draft brings along, unless `empties`: then it takes it away.

    Raises: Refused, for a number (文号) without a date of approval.
    """
    acting = replace(acting, paper=_approved_on(form, acting.paper))
    seen: dict[str, Place] = {}
    for row in form.rows:
        code = row.texts[breakdown.CODE]
        first = seen.setdefault(code, row.place)
        if problem := _problem(row, first):
            yield refused(row.place, code, problem)
            continue
        texts = row.texts | {breakdown.LIMIT: row.cells[breakdown.LIMIT].day_text}
        take = partial(_take, clock=clock, acting=acting, row=texts, empties=empties)
        yield take_row(database, row, code, take, dry_run=dry_run)


def _problem(row: HeadedRow, first: Place) -> str:
    """What keeps a row out before anybody looks at the ledger; issuing is one act, so one cell holds all of it back."""
    if not row.texts[breakdown.CODE]:
        return f"没有{breakdown.CODE}，不知是哪一项；新任务请先在台账中登记"
    return "" if first is row.place else f"与“{first.sheet}”第 {first.row} 行重复"


def _approved_on(form: BreakdownForm, given: Paper | None) -> Paper | None:
    """The paper the table stands on: what its head says, and for what it does not say, what was given with it."""
    if form.dated is not None:
        return Paper(form.dated, form.number or (given.number if given else ""))
    if given is not None:
        return replace(given, number=given.number or form.number)
    if form.number:
        raise Refused("分解表写了文号，没有写审批日期", "", "请在表头填写审批日期，或导入时写明审批日期")
    return None


def _take(
    session: Session,
    _left: Collection[str],
    clock: Clock,
    acting: Acting,
    row: Mapping[str, str],
    *,
    empties: bool,
) -> RowTaken:
    code = row.get(breakdown.CODE, "")
    only = TaskFilter(codes=(code,))
    found = case_files(session, clock.today, load_calendar(session), actor=acting.actor, filters=only)
    if not found:
        raise NotFound(f"没有编号为“{code}”的任务", "或者您无权查看", "请核对编号，或重新导出分解表")
    brought = breakdown.brought(found[0])
    kept = frozenset() if empties else frozenset(head for head in brought if not row.get(head))
    said = {head: text for head, text in row.items() if head not in kept}
    done = breakdown.take(session, clock, acting, found[0], said)
    if not done.is_done:
        return RowTaken(RowFate.UNCHANGED, code, (done.told,))
    emptied = tuple(
        CellChange(head, text, "") for head, text in brought.items() if text and head in kept & row.keys()
    )
    return RowTaken(RowFate.CHANGED, code, (done.told,), emptied=emptied)


def _save_book(path: Path, title: str, rows: Sequence[Mapping[str, str]], choices: Choices) -> None:
    lists = {
        _CHOICES[breakdown.LEADER]: choices.leaders,
        _CHOICES[breakdown.UNIT]: choices.units,
        _CHOICES[breakdown.OFFICER]: choices.officers,
        _CHOICES[breakdown.REVIEWER]: choices.reviewers,
        _CHOICES[breakdown.APPROVAL]: tuple(level.word for level in ApprovalLevel),
        _CHOICES[breakdown.DECISION]: breakdown.DECISIONS,
    }
    book = new_book(title, lists)
    heads = tuple(
        ColumnHead(
            head,
            _WIDTHS[head][0],
            is_centred=head not in (breakdown.TEXT, breakdown.TITLE, breakdown.GOAL, breakdown.MEASURES),
            is_fixed=head in (breakdown.CODE, breakdown.SOURCE, breakdown.TEXT),
            choices=_CHOICES.get(head, "") if lists.get(_CHOICES.get(head, "")) else "",
            hint=_HINTS.get(head, ""),
        )
        for head in breakdown.HEADS
    )
    values = [tuple(row[head] for head in breakdown.HEADS) for row in rows]
    add_table(book, Table(NAME, title, _NUMBER, _DATED, heads, values, freeze_after=3))
    save(book, path)


def _paper(title: str, rows: Iterable[Mapping[str, str]]) -> OfficialPaper:
    paper = OfficialPaper(title, is_landscape=True)
    paper.title(title)
    paper.paragraph(f"{_NUMBER}　　　　　　　　　　　　{_DATED}", first=0)
    widths = [_WIDTHS[head][1] for head in breakdown.HEADS]
    paper.table(
        breakdown.HEADS, widths, [[row[head] for head in breakdown.HEADS] for row in rows], size=_SMALL
    )
    return paper


def _word_tables(path: Path) -> list[ReadSheet]:
    """The tables of a Word file, and its text as one more, of a column."""
    todo = "请用 Word 或 WPS 打开，另存为 .docx 后再试"
    data, _ = checked_parts(path, "不是 Word 文档（.docx）", todo)
    try:
        document = Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise Unreadable(f"{path.name} 不是完整的 Word 文档", "", todo) from error
    tables = [_sheet("正文", ([each.text] for each in document.paragraphs if each.text.strip()))]
    for n, table in enumerate(document.tables, 1):
        if len(table.rows) > MAX_ROWS:
            raise Unreadable(f"{path.name} 的表格超过 {MAX_ROWS} 行", "", "请分成几个文件")
        tables.append(_sheet(f"表{n}", ([cell.text for cell in row.cells] for row in table.rows)))
    return tables


def _sheet(name: str, rows: Iterable[Sequence[str]]) -> ReadSheet:
    numbered = enumerate(rows, 1)
    return ReadSheet(
        name, tuple(ReadRow(n, tuple(ReadCell(held(text).strip()) for text in row)) for n, row in numbered)
    )


def _wrong_ending(path: Path) -> Unreadable:
    todo = "请用 .docx 或 .xlsx；.doc、.xls、.wps、.et 请先在 WPS 或 Word、Excel 中另存为 .docx 或 .xlsx"
    return Unreadable(f"“{path.name}”的扩展名不对", "", todo)
