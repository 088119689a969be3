"""A superior's own ledger form (上级表样): which of its heads is which column of the ledger, proposed by likeness.

A form is known by its name; the office's chain tells when it comes, changes or goes.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound, Refused
from core.text import folded, one_line
from models.enums import OfficeVerb
from models.history import ChainHead, TaskEvent
from models.report import SuperiorForm
from rectification.lists.case_file import CaseFile
from rectification.office.journal import By, change
from rectification.tables import ledger
from rectification.tables.ledger import COLUMNS, OTHER_HEADS, result_text

CODE: Final = "任务编号"
RESULT: Final = "整改成效"


def _last_said(case_file: CaseFile) -> str:
    """The latest report of progress without its date, and without what is for the own leaders (提请研究事项)."""
    return case_file.progress[-1].text if case_file.progress else ""


def _progress(case_file: CaseFile) -> str:
    return result_text(case_file) or _last_said(case_file)


SAYS: Final[Mapping[str, Callable[[CaseFile], str]]] = {
    ledger.NUMBER: lambda _: "",
    CODE: lambda case_file: case_file.row.code,
    **{column.head: column.says for column in COLUMNS},
    ledger.PROGRESS.head: _progress,
    ledger.STATE.head: ledger.STATE.says_publicly or ledger.STATE.says,
    RESULT: result_text,
}
"""What a form's column can be, and what it says of a task: to a superior, so whose move it is stays inside."""
_ALSO: Final = {
    CODE: "编号 问题编号 台账编号",
    ledger.NUMBER: "编码 顺号",
    ledger.SOURCE.head: "来源 问题出处 反馈来源 依据",
    ledger.CATEGORY.head: "类别 类型 问题类型 问题分类",
    ledger.TEXT.head: "问题 存在问题 存在的问题 主要问题 问题表现 问题描述 问题内容 反馈问题 整改事项 整改任务 问题清单 发现问题 突出问题 审计发现问题 工作任务 重点任务",
    ledger.CAUSE.head: "原因 原因分析 问题原因 成因",
    ledger.GOAL.head: "目标 预期目标 目标要求 整改要求",
    ledger.MEASURES.head: "措施 整改举措 具体措施 改进措施 整改落实措施 工作举措 任务措施",
    ledger.LEADER.head: "牵头领导 分管领导 包案领导 领导责任人 责任县领导 责任市领导",
    ledger.UNIT.head: "责任部门 承办单位 整改单位 主责单位 整改责任单位 整改主体 责任处室 责任股室",
    ledger.PARTNERS.head: "协助单位 参与单位 配合部门 配合责任单位 协同单位",
    ledger.OFFICER.head: "具体责任人 经办人 承办人 整改责任人 直接责任人 联系人",
    ledger.DUE.head: "时限 整改期限 完成期限 办结时限 完成时间 计划完成时间 整改完成时限 截止时间",
    ledger.PROGRESS.head: "进展 整改进展 进展情况 目前进展 整改情况 整改落实情况 推进情况 工作进展 落实情况 已采取措施",
    RESULT: "成效 整改结果 整改效果 取得成效 整改完成成效",
    ledger.STATE.head: "状态 完成情况 整改状态 是否完成 是否完成整改 整改完成情况 是否整改到位 完成与否 办理状态",
    ledger.EVIDENCE.head: "佐证 证明材料 印证材料 佐证资料 支撑材料 附件材料",
    ledger.CLOSING.head: "销号 销号时间 是否销号 办结时间 销号日期",
}
_WORDS: Final = [
    *((column, column) for column in SAYS if column != ledger.REMARK.head),
    *((column.plan_head, column.head) for column in COLUMNS if column is not ledger.REMARK),
    *OTHER_HEADS.items(),
    *((word, column) for column, words in _ALSO.items() for word in words.split()),
]
"""Each word a head may be written with. 备注 is never proposed: what stands there was written for the office alone."""
_ALIKE: Final = 70.0
_ASIDE: Final = re.compile(r"[（(\[【].*?[）)\]】]|[*※:：\n]")
_HEAD_WITHIN: Final = 20
_FEWEST: Final = 3
_BELOW: Final = "·"
_SAMPLE: Final = re.compile(r"[（(【]?(?:示例|样例|范例|举例|例[如：:）)]|例$|如[：:])")
_LABELLED: Final = re.compile(r"[^：:]{2,14}[：:]|(?:注|备注|说明|合计|总计|小计)")


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table of a form: `heads` as written, one a column; its rows from `first` to before `end` are to be filled.

    `pattern` is the row they are made like: an empty one, else a sample, else the last row of the heads.
    """

    sheet: str
    heads: tuple[str, ...]
    first: int
    end: int
    pattern: int

    @property
    def known(self) -> int:
        """How many of its heads are like a column's."""
        return sum(map(bool, proposed(self.heads)))


def proposed(heads: Sequence[str]) -> list[str]:
    """The column each head is most like, "" where none is; each column once."""
    found = sorted(
        (
            (_likeness(head, word), place, column)
            for place, head in enumerate(heads)
            for word, column in _WORDS
        ),
        key=lambda each: (-each[0], each[1]),
    )
    taken: dict[int, str] = {}
    for score, place, column in found:
        if score >= _ALIKE and place not in taken and column not in taken.values():
            taken[place] = column
    return [taken.get(place, "") for place in range(len(heads))]


@lru_cache(maxsize=1 << 14)
def _likeness(head: str, word: str) -> float:
    """Of a head over two rows the lower part alone may say it."""
    whole = folded(_ASIDE.sub("", head))
    parts = {whole.replace(_BELOW, ""), whole.rpartition(_BELOW)[2]}
    return max(
        (fuzz.ratio(part, word) + fuzz.partial_ratio(part, word)) / 2 if part else 0.0 for part in parts
    )


def form_table(sheet: str, rows: Sequence[Sequence[str]]) -> FormTable | None:
    """The table whose head row has most heads known here, else most heads; None where no row has three.

    In `rows` a text merged downwards stands in every row.
    """
    width = max(map(len, rows), default=0)
    rows = [(*row, *[""] * (width - len(row))) for row in rows]
    found: tuple[tuple[int, int], int, tuple[str, ...]] | None = None
    for n, row in enumerate(rows[:_HEAD_WITHIN]):
        for heads in (tuple(row), _joined(rows[n - 1], row) if n else ()):
            written = len(set(filter(None, heads)))
            if written >= _FEWEST:
                rank = sum(map(bool, proposed(heads))), written if heads == tuple(row) else 0
                if found is None or rank > found[0]:
                    found = rank, n, heads
    if found is None:
        return None
    _, last, heads = found
    while last + 1 < len(rows) and any(a and a == b for a, b in zip(rows[last], rows[last + 1], strict=True)):
        last += 1
        heads = _joined(heads, rows[last])
    first = end = last + 1
    blank = sample = None
    while end < len(rows) and (kind := _kind(rows[end], heads)):
        blank = end if blank is None and kind == "blank" else blank
        sample = end if sample is None and kind == "sample" else sample
        end += 1
    pattern = blank if blank is not None else sample if sample is not None else last
    return FormTable(sheet, heads, first, end, pattern)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Heads over two rows; a group's name reaches over the columns to its right that say something below."""
    heads, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above or (group if below else "")
        heads.append(group if below in ("", group) else f"{group}{_BELOW}{below}" if group else below)
        group = "" if below in ("", above) else group
    return tuple(heads)


def _kind(row: Sequence[str], heads: Sequence[str]) -> str:
    """What a row below the heads is: blank (numbers and dots apart), a sample, or "" for what stands below the table."""
    said = _said(row)
    if not said:
        return "blank"
    is_filled = 2 * len(said) >= len(set(filter(None, heads))) and not _LABELLED.match(said[0])
    return "sample" if is_filled or any(map(_SAMPLE.match, said)) else ""


def _said(row: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(text for text in row if re.search(r"[^\W\d_]", text)))


def is_beside(row: Sequence[str], text: str) -> bool:
    """Whether a row of a filled form, whose problem reads `text`, is no task: who filled it in, a note, a sample."""
    said = _said(row)
    is_spread = len(said) == 1 and (said[0] != text or row.count(text) > 1)
    return is_spread or not said or all(map(_LABELLED.match, said)) or any(map(_SAMPLE.match, said))


def says_of(form: SuperiorForm) -> dict[str, Callable[[CaseFile], str]]:
    """What the form's columns say of a task; progress beside a column for the result does not repeat it."""
    columns = [column for _, column in form.heads if column]
    beside = {ledger.PROGRESS.head: _last_said} if RESULT in columns else {}
    return {column: {**SAYS, **beside}[column] for column in columns}


def row_of(form: SuperiorForm, case_file: CaseFile, number: int) -> dict[int, str | int]:
    """What a form says of a task, by the places of its columns."""
    says = says_of(form)
    return {
        place: number if column == ledger.NUMBER else says[column](case_file)
        for place, (_, column) in enumerate(form.heads)
        if column
    }


def mark_of(session: Session, bureau_id: int) -> int:
    """How far the bureau's history has come."""
    return session.scalar(select(ChainHead.sequence).where(ChainHead.bureau_id == bureau_id)) or 0


def changed_since(session: Session, bureau_id: int, mark: int) -> set[int]:
    """The tasks something happened to since."""
    event = TaskEvent
    return set(
        session.scalars(select(event.task_id).where(event.bureau_id == bureau_id, event.sequence > mark))
    )


def choose(tables: Iterable[FormTable], name: str) -> FormTable:
    """The one table of a form's file; `name` says which, where several are alike.

    Raises: Refused.
    """
    found = [table for table in tables if not name or table.sheet == name]
    best = max((table.known for table in found), default=0)
    likely = [table for table in found if table.known == best]
    if not found or (best < 2 and not name):
        names = "、".join(table.sheet for table in tables)
        raise Refused(
            f"没有找到“{name}”" if name else "没有认出台账的表头",
            f"有表格的是：{names}" if names else "表头至少要有三栏，在前二十行之内，不能空着",
            "请核对文件，或写明用哪一张表",
        )
    if len(likely) > 1:
        raise Refused(
            f"有 {len(likely)} 张表都像台账", "、".join(table.sheet for table in likely), "请写明用哪一张表"
        )
    return likely[0]


def forms_of(session: Session, bureau_id: int) -> list[SuperiorForm]:
    """A bureau's forms by name."""
    found = session.scalars(select(SuperiorForm).where(SuperiorForm.bureau_id == bureau_id))
    return sorted(found, key=lambda form: form.name)


def form_called(session: Session, bureau_id: int, which: str | int) -> SuperiorForm:
    """A bureau's form by name or number.

    Raises: NotFound.
    """
    for form in forms_of(session, bureau_id):
        if which in (form.name, form.id):
            return form
    raise NotFound(f"没有上级表样“{which}”", "", "请从“上级表样”中打开", command="rectify form list")


def add_form(
    session: Session, by: By, bureau_id: int, name: str, file_name: str, content: bytes, table: FormTable
) -> SuperiorForm:
    """登记上级表样, its heads as proposed.

    Raises: Refused, without a name; Conflict, for one that is taken.
    """
    heads = [list(pair) for pair in zip(table.heads, proposed(table.heads), strict=True)]
    form = SuperiorForm(
        bureau_id=bureau_id,
        name=_free_name(session, bureau_id, name),
        file_name=file_name,
        content=content,
        sheet=table.sheet,
        heads=heads,
    )
    with change(session, by, OfficeVerb.ADD_FORM, f"{form.name}（{file_name}）") as rows:
        rows.add(form)
    return form


def change_form(session: Session, by: By, form: SuperiorForm, name: str, columns: Mapping[int, str]) -> None:
    """修改上级表样: its name, and by place of its heads which column each is.

    Raises: Refused, for a column that is none or stands twice; Conflict, for a name that is taken.
    """
    heads = [[head, columns.get(place, known)] for place, (head, known) in enumerate(form.heads)]
    chosen = [column for _, column in heads if column]
    for column in chosen:
        if column not in SAYS:
            raise Refused(f"没有“{column}”这一栏", "", f"可写 {'、'.join(SAYS)}")
        if chosen.count(column) > 1:
            raise Refused(f"“{column}”对应了两栏", "同样的内容不填两遍", "请把其中一栏改为不填")
    if ledger.TEXT.head not in chosen:
        raise Refused(f"没有一栏对应“{ledger.TEXT.head}”", "收回时靠它认出是哪一项", "请指明哪一栏写问题")
    told = [f"{new[0]}：{new[1] or '不填'}" for old, new in zip(form.heads, heads, strict=True) if old != new]
    with change(session, by, OfficeVerb.CHANGE_FORM, "；".join([form.name, *told])) as rows:
        rows.alter(form)
        if name and name != form.name:
            form.name = _free_name(session, form.bureau_id, name)
        form.heads = heads


def remove_form(session: Session, by: By, form: SuperiorForm) -> None:
    """删去上级表样."""
    with change(session, by, OfficeVerb.REMOVE_FORM, form.name) as rows:
        rows.remove(form)


def _free_name(session: Session, bureau_id: int, name: str) -> str:
    """Raises: Refused, Conflict."""
    name = one_line(name)[:200]
    if not name:
        raise Refused("上级表样没有名称", "", "请写一个名称，如 市司法局整改台账")
    if any(form.name == name for form in forms_of(session, bureau_id)):
        raise Conflict(f"已有名称为“{name}”的上级表样", "", "请换一个名称，或先删去原来的")
    return name
