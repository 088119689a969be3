"""The ledger (台账) as a workbook: problems and plans apart, the three lists (三张清单), drafts and what is only kept on a
sheet of their own, how to fill it in.

A public export (公开稿) holds the two ledgers alone, of published sources, without internal columns, hidden keys or choices.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from openpyxl import Workbook

from documents.excel.workbook import LEDGER_PAGE, ColumnHead, Table, add_table, new_book, to_bytes
from documents.files import write_file
from documents.tables.ledger_keys import key_of
from documents.tables.three_lists import STATE_INKS, three_lists
from rectification.lists.case_file import CaseFile
from rectification.office.people_by_name import Choices
from rectification.tables import ledger as columns
from rectification.tables.ledger import COLUMNS, NUMBER, LedgerColumn, listed, plans_of, problems_of, scope_of
from rectification.task.time_limits import day_text

KEY_HEAD: Final = "系统标识（请勿改动）"
PROBLEM_SHEET: Final = "整改台账"
PLAN_SHEET: Final = "工作任务台账"
UNISSUED_SHEET: Final = "待确认和仅存档"
GUIDE_SHEET: Final = "填写说明"

SOURCE_CHOICES: Final = "来源清单"
UNIT_CHOICES: Final = "单位清单"
LEADER_CHOICES: Final = "领导清单"
OFFICER_CHOICES: Final = "责任人清单"

_LAYOUT: Final[Mapping[LedgerColumn, ColumnHead]] = {
    columns.SOURCE: ColumnHead(
        "",
        11,
        is_centred=True,
        choices=SOURCE_CHOICES,
        hint="新增一行时必填：先选来源，再在后面用括号写文号，如 法治督察（某法督〔2026〕3号）",
    ),
    columns.CATEGORY: ColumnHead("", 7.5, is_centred=True),
    columns.TEXT: ColumnHead("", 27, hint="新增一行时必填，写明具体问题"),
    columns.CAUSE: ColumnHead("", 15),
    columns.GOAL: ColumnHead("", 14),
    columns.MEASURES: ColumnHead("", 25),
    columns.LEADER: ColumnHead("", 8, is_centred=True, choices=LEADER_CHOICES),
    columns.UNIT: ColumnHead("", 10, is_centred=True, choices=UNIT_CHOICES),
    columns.PARTNERS: ColumnHead("", 9, is_centred=True),
    columns.OFFICER: ColumnHead("", 8, is_centred=True, choices=OFFICER_CHOICES),
    columns.DUE: ColumnHead(
        "",
        14.5,
        is_centred=True,
        hint="新增一行时可写：2026年6月30日、10个工作日、立行立改、长期坚持。已有任务的时限请在系统中办理延期或更正",
    ),
    columns.PROGRESS: ColumnHead("", 23, hint="在原有内容后接着写，或改成新的进展，导入后记为一次报进展"),
    columns.STATE: ColumnHead("", 11, is_centred=True, inks=STATE_INKS),
    columns.EVIDENCE: ColumnHead("", 12),
    columns.CLOSING: ColumnHead("", 11.5, is_centred=True),
    columns.REMARK: ColumnHead("", 9),
}
"""Each column without its name, which follows what it lists."""
_GROUPS: Final[Mapping[LedgerColumn, tuple[str, str]]] = {
    **dict.fromkeys((columns.SOURCE, columns.CATEGORY, columns.TEXT, columns.CAUSE), ("问题", "任务")),
    **dict.fromkeys((columns.GOAL, columns.MEASURES), ("整改要求", "工作要求")),
    **dict.fromkeys(
        (columns.LEADER, columns.UNIT, columns.PARTNERS, columns.OFFICER), ("责任分工", "责任分工")
    ),
    **dict.fromkeys(
        (columns.DUE, columns.PROGRESS, columns.STATE, columns.EVIDENCE, columns.CLOSING),
        ("整改落实", "工作落实"),
    ),
}


@dataclass(frozen=True, slots=True)
class LedgerExport:
    """What goes into a ledger workbook. `choices` are the names offered when filling it in, and those a public one hides.

    `is_whole`: these are all the bureau's tasks, and its head may say so.
    """

    bureau: str
    day: date
    case_files: Sequence[CaseFile]
    is_public: bool = False
    is_whole: bool = True
    choices: Choices | None = None

    @property
    def lists(self) -> Mapping[str, Sequence[str]]:
        """The named lists of the workbook; none in a public one."""
        if self.choices is None or self.is_public:
            return {}
        return {
            SOURCE_CHOICES: self.choices.sources,
            UNIT_CHOICES: self.choices.units,
            LEADER_CHOICES: self.choices.leaders,
            OFFICER_CHOICES: self.choices.officers,
        }


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """How many tasks went out, and how many were left out as 仅限指定人员 or not public."""

    problems: int
    plans: int
    left_out: int


def write_ledger(path: Path, export: LedgerExport) -> ExportOutcome:
    """Write the workbook. Raises: Unreadable, where the file cannot be written."""
    data, outcome = ledger_workbook(export)
    write_file(path, data)
    return outcome


def ledger_workbook(export: LedgerExport) -> tuple[bytes, ExportOutcome]:
    """The workbook's file, and what went into it."""
    shown = listed(export.case_files, is_public=export.is_public)
    problems, plans = problems_of(shown), plans_of(shown)
    others = () if export.is_public else listed(export.case_files, is_issued=False)
    left_out = len(export.case_files) - len(shown) - len(others)
    book = _book(export, problems, plans, others)
    return to_bytes(book), ExportOutcome(len(problems), len(plans), left_out)


def _book(
    export: LedgerExport,
    problems: Sequence[CaseFile],
    plans: Sequence[CaseFile],
    others: Sequence[CaseFile],
) -> Workbook:
    title = f"{export.bureau}整改台账"
    book = new_book(title, export.lists)
    ledgers = _public_ledger if export.is_public else _ledger
    add_table(book, ledgers(export, problems, is_plans=False))
    add_table(book, ledgers(export, plans, is_plans=True))
    if not export.is_public:
        for table in three_lists(export.bureau, export.day, problems, plans):
            add_table(book, table)
        if others:
            kept = _ledger(export, others, is_plans=False)
            title = f"{export.bureau}待确认和仅存档的事项（不计入台账）"
            add_table(
                book, replace(kept, name=UNISSUED_SHEET, title=title, left=f"填报单位：{export.bureau}")
            )
        _add_guide(book)
    return book


def _ledger(export: LedgerExport, case_files: Sequence[CaseFile], *, is_plans: bool) -> Table:
    heads = [ColumnHead(NUMBER, 5, is_centred=True)]
    heads += [_head(export, column, is_plans=is_plans) for column in COLUMNS]
    texts = [[column.says(case_file) for column in COLUMNS] for case_file in case_files]
    return Table(
        name=PLAN_SHEET if is_plans else PROBLEM_SHEET,
        title=f"{export.bureau}法治政府建设{'工作任务' if is_plans else '问题整改'}台账",
        left=f"填报单位：{export.bureau}"
        + (f"　{scope_of(case_files, export.day)}" if export.is_whole else ""),
        right=f"截至{day_text(export.day)}",
        heads=tuple(heads),
        rows=[(n, *row) for n, row in enumerate(texts, 1)],
        key_head=KEY_HEAD,
        keys=[str(key_of(case_file, row)) for case_file, row in zip(case_files, texts, strict=True)],
        freeze_after=4,
        page=LEDGER_PAGE,
    )


def _public_ledger(export: LedgerExport, case_files: Sequence[CaseFile], *, is_plans: bool) -> Table:
    public = [
        (column, says)
        for column in COLUMNS
        if (says := column.says_publicly) and (column is not columns.CATEGORY or any(map(says, case_files)))
    ]
    names = export.choices
    hidden = columns.without_names(names.people if names else (), names.units if names else ())
    heads = [ColumnHead(NUMBER, 5, is_centred=True)]
    heads += [
        replace(_LAYOUT[column], text=_name(column, is_plans=is_plans), choices="", hint="")
        for column, _ in public
    ]
    return Table(
        name=PLAN_SHEET if is_plans else PROBLEM_SHEET,
        title=f"{export.bureau}法治政府建设{'工作任务办理' if is_plans else '问题整改'}情况（公开稿）",
        left=f"公开单位：{export.bureau}",
        right=f"截至{day_text(export.day)}",
        heads=tuple(heads),
        rows=[
            (n, *(hidden(says(case_file)) for _, says in public)) for n, case_file in enumerate(case_files, 1)
        ],
        freeze_after=1,
        page=LEDGER_PAGE,
    )


def _head(export: LedgerExport, column: LedgerColumn, *, is_plans: bool) -> ColumnHead:
    layout, groups = _LAYOUT[column], _GROUPS.get(column)
    return replace(
        layout,
        text=_name(column, is_plans=is_plans),
        group=groups[is_plans] if groups else "",
        is_fixed=not column.is_editable,
        choices=layout.choices if layout.choices in export.lists else "",
    )


def _name(column: LedgerColumn, *, is_plans: bool) -> str:
    return column.plan_head if is_plans else column.head


def _add_guide(book: Workbook) -> None:
    """How the sheet is filled in, and what an import does with it."""
    editable = "、".join(column.head for column in COLUMNS if column.is_editable)
    fixed = "、".join(column.head for column in COLUMNS if not column.is_editable)
    lines = (
        ("可以改的栏目", editable),
        ("不能在表中改的栏目", f"{fixed}（栏目名为灰底）。请在系统中办理相应手续，如延期、转办、申请销号"),
        ("新增一行", "在最后一行之后填写问题来源和具体问题，其余可空；导入后成为待确认的任务"),
        ("删去一行", "只是不导入这一行，不会删除台账中的任务"),
        ("不要动的", f"最右侧隐藏的“{KEY_HEAD}”一栏：系统靠它认出每一行"),
        ("先看后导", "导入时先逐行预览会怎样，确认以后才写入"),
        ("公式", "单元格中的公式不会执行，也不取其结果；请改为文字"),
        (
            "以单引号开头的内容",
            "原文以 = + - @ 等开头时，系统在前面加一个单引号，以免被当作公式；导入时自动去掉",
        ),
    )
    heads = (ColumnHead("事项", 22, is_centred=True), ColumnHead("说明", 100))
    add_table(book, Table(GUIDE_SHEET, "台账填写说明", "", "", heads, lines))
