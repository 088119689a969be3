"""A superior's own ledger form (上级表样): which of its heads is which column of the ledger, proposed by likeness.

A form is known by its name; the office's chain tells when it comes, changes or goes.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound, Refused
from core.text import folded, one_line
from models.calendar import SuperiorForm
from models.enums import OfficeVerb, Status
from models.organisation import Person
from rectification.lists.case_file import CaseFile
from rectification.office.journal import By, change
from rectification.tables.ledger import (
    CLOSING,
    COLUMNS,
    LEADER,
    NUMBER,
    OFFICER,
    OTHER_HEADS,
    PROGRESS,
    REMARK,
    STATE,
    TEXT,
    UNIT,
    result_text,
)

CODE: Final = "任务编号"
RESULT: Final = "整改成效"
_PHONE: Final = "电话"
ANSWERS: Final = {
    f"是否完成（{yes}/{no}）": (yes, no)
    for yes, no in (("是", "否"), ("已完成", "未完成"), ("已整改", "未整改"), ("已销号", "未销号"))
}
"""Columns that ask whether it is done, by their two answers."""
TOGETHER: Final = {
    f"{'、'.join(parts[:-1])}和{parts[-1]}": parts
    for parts in (
        (UNIT.head, OFFICER.head),
        (OFFICER.head, _PHONE),
        (UNIT.head, OFFICER.head, _PHONE),
        (LEADER.head, OFFICER.head),
        (LEADER.head, UNIT.head),
        (LEADER.head, UNIT.head, OFFICER.head),
    )
}
"""Columns that say several things of who is responsible."""


def _last_said(case_file: CaseFile) -> str:
    """The latest report of progress; what is for the own leaders (提请研究事项) stays inside."""
    return case_file.progress[-1].text if case_file.progress else ""


def _answer(yes: str, no: str) -> Callable[[CaseFile], str]:
    return lambda case_file: yes if case_file.row.status is Status.CLOSED else no


SAYS: Final[Mapping[str, Callable[[CaseFile], str]]] = {
    NUMBER: lambda _: "",
    CODE: lambda case_file: case_file.row.code,
    **{column.head: column.says for column in COLUMNS},
    PROGRESS.head: lambda case_file: result_text(case_file) or _last_said(case_file),
    STATE.head: STATE.says_publicly or STATE.says,
    RESULT: result_text,
    **{column: _answer(*answers) for column, answers in ANSWERS.items()},
    **dict.fromkeys(TOGETHER, lambda _: ""),
}
"""What a form's column can be, and what it says of a task; to a superior, so whose move it is stays inside."""
_ALIKE: Final = 70.0
_WHOLLY: Final = 101.0
_ENDS: Final = frozenset({STATE.head, CLOSING.head})
_ASIDE: Final = re.compile(r"[（(\[【].*?[）)\]】]|[*※:：\n]")
_HEAD_WITHIN: Final = 20
_FEWEST: Final = 3
_BELOW: Final = "·"
_WORDS: Final = re.compile(r"[^\W\d_]")
_PARTS: Final = re.compile(r"[/／、及和（）()\n]")
_PHONES: Final = re.compile("电话|手机|联系方式")
_SAMPLE: Final = re.compile(r"[（(【]?(?:示例|样例|范例|举例|例[如：:）)]|例$|如[：:])")
_LABELLED: Final = re.compile(
    r"[^：:]{0,8}(?:人|领导|单位|日期|时间|电话|签[字名章]|盖章|注|说明)[^：:]{0,6}[：:]|(?:合计|总计|小计)\s*$"
)
"""What stands below a table: who filled it in, when, notes, sums."""


@dataclass(frozen=True, slots=True)
class FormTable:
    """A table of a form: heads as written, by place; its rows from `first` to before `end` are to be filled.

    `pattern` is the row they are made like: an empty one, else a sample, else the last row of the heads. `hints` are
    what stands in those rows, by column: samples and choices. `top` is the first row of the heads.
    """

    sheet: str
    heads: tuple[str, ...]
    first: int
    end: int
    pattern: int
    top: int = field(default=0, compare=False)
    hints: tuple[str, ...] = field(default=(), compare=False)


@cache
def _words() -> list[tuple[str, str]]:
    """Each word a head may be written with. 备注 is never proposed: what stands there was written for the office alone."""
    also: dict[str, list[str]] = tomllib.loads(
        Path(__file__).with_name("superior_heads.toml").read_text("utf-8")
    )
    plans = {column.plan_head: column.head for column in COLUMNS}
    known = {**OTHER_HEADS, **plans, **{column: column for column in SAYS}}
    known |= {word: column for column, words in also.items() for word in words}
    return [(word, column) for word, column in known.items() if column != REMARK.head]


def proposed(heads: Sequence[str], hints: Sequence[str] = ()) -> list[str]:
    """The column each head is most like, "" where none is; each column once. `hints` are samples and choices below it."""
    asked = [_asked(head, hint) for head, hint in zip_longest(heads, hints, fillvalue="")]
    pairs = [
        (_likeness(head, word), -n, asked[n] or column if column in _ENDS else column)
        for n, head in enumerate(heads)
        for word, column in _words()
    ]
    wholes = {frozenset(parts): column for column, parts in TOGETHER.items()}
    several = ((n, wholes.get(frozenset(_parts(head)))) for n, head in enumerate(heads))
    pairs += [(_WHOLLY, -n, column) for n, column in several if column]
    taken: dict[int, str] = {}
    for score, place, column in sorted(pairs, reverse=True):
        if score >= _ALIKE and place not in taken and column not in taken.values():
            taken[place] = column
    return [taken.get(-place, "") for place in range(len(heads))]


def _asked(head: str, hint: str) -> str:
    """The two answers a head wants, where it or what stands below it names them; 是否…… alone wants 是 or 否."""
    words = set(re.findall(r"[^\W_]+", f"{head} {hint}"))
    named = next((column for column, answers in ANSWERS.items() if words.issuperset(answers)), "")
    return named or (next(iter(ANSWERS)) if "是否" in head and hint.strip() in ("", "是", "否") else "")


@lru_cache(1 << 10)
def _parts(head: str) -> tuple[str, ...]:
    """The columns a head names, one after another: 责任单位/责任人."""
    found = []
    for part in _PARTS.split(head.rpartition(_BELOW)[2]):
        score, column = max((_likeness(part, word), column) for word, column in _words())
        if _PHONES.search(part):
            found.append(_PHONE)
        elif len(part) > 1 and score >= _ALIKE:
            found.append(column)
    return tuple(dict.fromkeys(found))


def unmet(head: str, column: str) -> tuple[str, ...]:
    """What a head asks for as well, and its column does not say."""
    met = {column, *TOGETHER.get(column, ())}
    for same in ({PROGRESS.head, RESULT}, {*_ENDS, *ANSWERS}):
        met |= same if column in same else set()
    return tuple(each for each in _parts(head) if each not in met) if column else ()


def half_met(form: SuperiorForm) -> list[str]:
    """The form's heads whose column says only a part of what they ask, with what is missing."""
    asked = ((head, unmet(head, column)) for head, column in form.heads)
    return [f"{head}（缺{'、'.join(missing)}）" for head, missing in asked if missing]


@lru_cache(1 << 15)
def _likeness(head: str, word: str) -> float:
    """Of a head over two rows the lower part alone may say it."""
    whole = folded(_ASIDE.sub("", head))
    parts = {whole.replace(_BELOW, ""), whole.rpartition(_BELOW)[2]}
    return max((fuzz.ratio(part, word) + fuzz.partial_ratio(part, word)) / 2 * bool(part) for part in parts)


def form_table(sheet: str, rows: Sequence[Sequence[str]]) -> FormTable | None:
    """The table whose head row has most heads known here, else most heads; None where no row has three.

    In `rows` a text merged downwards stands in every row.
    """
    width = max(map(len, rows), default=0)
    rows = [(*row, *[""] * (width - len(row))) for row in rows]
    tried = [(n, tuple(row)) for n, row in enumerate(rows[:_HEAD_WITHIN])]
    tried += [(n + 1, _joined(*two)) for n, two in enumerate(pairwise(rows[:_HEAD_WITHIN]))]
    known = [each for each in tried if len(set(filter(None, each[1]))) >= _FEWEST]
    if not known:
        return None
    last, heads = max(known, key=lambda each: (_known(each[1]), each[1] == rows[each[0]], len(set(each[1]))))
    if last and heads == rows[last] and _go_on(rows[last - 1], rows[last]):
        heads = _joined(rows[last - 1], heads)
    top = last - (heads != rows[last])
    while last + 1 < len(rows) and _go_on(rows[last], rows[last + 1]):
        last += 1
        heads = _joined(heads, rows[last])
    kinds: list[str] = []
    for row in rows[last + 1 :]:
        if not (kind := _kind(row, heads)):
            break
        kinds.append(kind)
    pattern = kinds.index(min(kinds)) if kinds else -1  # blank goes before sample
    first, end = last + 1, last + 1 + len(kinds)
    hints = tuple(" ".join(filter(_WORDS.search, cells)) for cells in zip(*rows[first:end], strict=True))
    return FormTable(sheet, heads, first, end, first + pattern, top, hints)


def _go_on(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether a head is merged over both rows."""
    return any(above and above == below for above, below in zip(upper, lower, strict=True))


def _known(heads: Sequence[str]) -> int:
    return sum(map(bool, proposed(heads)))


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Heads over two rows; a group's name reaches over the columns to its right that say something below."""
    heads, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above or (group if below else "")
        heads.append(_BELOW.join(dict.fromkeys(filter(None, (group, below)))))
        group = "" if below in ("", above) else group
    return tuple(heads)


def _kind(row: Sequence[str], heads: Sequence[str]) -> str:
    """What a row below the heads is: blank (numbers and dots apart), a sample, or "" for what stands below the table."""
    said = _said(row)
    is_filled = 2 * len(said) >= len(set(filter(None, heads))) and not _LABELLED.match(said[0])
    return "sample" if is_filled or any(map(_SAMPLE.match, said)) else "" if said else "blank"


def _said(row: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(filter(_WORDS.search, row)))


def is_beside(row: Sequence[str], text: str) -> bool:
    """Whether a row of a filled form, whose problem reads `text`, is no task: who filled it in, a note, a sample."""
    said = _said(row)
    is_spread = len(said) == 1 and (said[0] != text or row.count(text) > 1)
    return is_spread or all(map(_LABELLED.match, said)) or any(map(_SAMPLE.match, said))


def says_of(session: Session, form: SuperiorForm) -> dict[str, Callable[[CaseFile], str]]:
    """What the form's columns say of a task; progress beside a column for the result does not repeat it."""
    columns = [column for _, column in form.heads if column]
    beside = {PROGRESS.head: _last_said} if RESULT in columns else {}
    people = select(Person.id, Person.phone).where(Person.bureau_id == form.bureau_id)
    phones = dict(session.execute(people).tuples().all())

    def said(part: str, case_file: CaseFile) -> str:
        return phones.get(case_file.officer_id or 0, "") if part == _PHONE else SAYS[part](case_file)

    def several(parts: Sequence[str]) -> Callable[[CaseFile], str]:
        return lambda case_file: " ".join(filter(None, (said(part, case_file) for part in parts)))

    together = {column: several(parts) for column, parts in TOGETHER.items()}
    return {column: {**SAYS, **beside, **together}[column] for column in columns}


def choose(tables: Sequence[FormTable], name: str) -> FormTable:
    """The one table of a form's file; `name` says which, where several are alike.

    Raises: Refused.
    """
    found = [table for table in tables if name in ("", table.sheet) and (name or _known(table.heads) > 1)]
    best = max((_known(table.heads) for table in found), default=0)
    likely = [table for table in found if _known(table.heads) == best]
    names, todo = "、".join(table.sheet for table in likely or tables), "请核对文件，或写明用哪一张表"
    if not likely:
        why = f"有表格的是：{names}" if names else "表头至少三栏，在前二十行之内，不能空着"
        raise Refused(f"没有找到“{name}”" if name else "没有认出台账的表头", why, todo)
    if len(likely) > 1:
        raise Refused(f"有 {len(likely)} 张表都像台账", names, todo)
    return likely[0]


def forms_of(session: Session, bureau_id: int) -> list[SuperiorForm]:
    """A bureau's forms by name."""
    found = select(SuperiorForm).where(SuperiorForm.bureau_id == bureau_id)
    return list(session.scalars(found.order_by(SuperiorForm.name)))


def form_called(session: Session, bureau_id: int, which: str | int) -> SuperiorForm:
    """A bureau's form by name or number.

    Raises: NotFound.
    """
    for form in forms_of(session, bureau_id):
        if which in (form.name, form.id):
            return form
    raise NotFound(f"没有上级表样“{which}”", "", "请从“上级表样”中打开")


def add_form(
    session: Session, by: By, bureau_id: int, name: str, file_name: str, content: bytes, table: FormTable
) -> SuperiorForm:
    """登记上级表样, its heads as proposed.

    Raises: Refused, without a name; Conflict, for one that is taken.
    """
    heads = [list(pair) for pair in zip(table.heads, proposed(table.heads, table.hints), strict=True)]
    form = SuperiorForm(
        bureau_id=bureau_id, file_name=file_name, content=content, sheet=table.sheet, heads=heads
    )
    _rename(session, form, name)
    with change(session, by, OfficeVerb.ADD_FORM, form.name) as rows:
        rows.add(form)
    return form


def change_form(session: Session, by: By, form: SuperiorForm, name: str, columns: Mapping[int, str]) -> None:
    """修改上级表样: its name, and by place of its heads which column each is.

    Raises: Refused, for a column that is none or stands twice; Conflict, for a name that is taken.
    """
    heads = [[head, columns.get(place, known)] for place, (head, known) in enumerate(form.heads)]
    chosen = [column for _, column in heads if column]
    for column in chosen:
        if column not in SAYS or chosen.count(column) > 1:
            why = "同样的内容不填两遍" if column in SAYS else f"可写 {'、'.join(SAYS)}"
            what = f"“{column}”对应了两栏" if column in SAYS else f"没有“{column}”这一栏"
            raise Refused(what, why, "请改正，或改为不填")
    must_name_the_problem(heads)
    told = [f"{new[0]}：{new[1] or '不填'}" for old, new in zip(form.heads, heads, strict=True) if old != new]
    with change(session, by, OfficeVerb.CHANGE_FORM, "；".join([form.name, *told])) as rows:
        rows.alter(form).heads = heads
        _rename(session, form, name or form.name)


def must_name_the_problem(heads: Sequence[Sequence[str]]) -> None:
    """Raises: Refused, where none of a form's heads is the problem's."""
    if TEXT.head not in [column for _, column in heads]:
        raise Refused(f"没有一栏对应“{TEXT.head}”", "收回时靠它认出是哪一项", "请在表样中指明哪一栏写问题")


def remove_form(session: Session, by: By, form: SuperiorForm) -> None:
    """删去上级表样."""
    with change(session, by, OfficeVerb.REMOVE_FORM, form.name) as rows:
        rows.remove(form)


def _rename(session: Session, form: SuperiorForm, name: str) -> None:
    with session.no_autoflush:
        others = [each.name for each in forms_of(session, form.bureau_id) if each is not form]
    form.name = one_line(name)[:200]
    if not form.name:
        raise Refused("上级表样没有名称", "", "请写一个名称，如 市司法局整改台账")
    if form.name in others:
        raise Conflict(f"已有名称为“{form.name}”的上级表样", "", "请换一个名称，或先删去原来的")
