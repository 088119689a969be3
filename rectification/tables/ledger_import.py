"""A filled-in ledger comes back: each changed cell becomes the verb that means it, each new row a draft.

What a table may change is what `LedgerColumn.is_editable` says; everything else has its own procedure. The caller gives
each row a unit of work of its own, and tries it again without a cell that was refused and decides nothing else.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.days import day_of
from core.errors import Conflict, Refused
from core.text import one_line
from models.enums import ItemKind, Role, Status, TimeLimit, Verb
from models.organisation import Unit
from models.report import Source
from models.task import RectificationTask
from rectification import casework
from rectification.casework import Correction, NewDraft
from rectification.lists.case_file import CaseFile
from rectification.office.actors import Acting, actor_by_login
from rectification.office.journal import By
from rectification.office.people_by_name import lead_unit_called, person_called, units_called
from rectification.office.sources import NewSource, source_for, source_kind
from rectification.tables.cell_refusals import CellRefused, at
from rectification.tables.ledger import (
    CATEGORY,
    CAUSE,
    CLOSING,
    DUE,
    EVIDENCE,
    GOAL,
    LEADER,
    MEASURES,
    OFFICER,
    PARTNERS,
    PROGRESS,
    REMARK,
    SOURCE,
    STATE,
    TEXT,
    UNIT,
    LedgerColumn,
    progress_text,
)
from rectification.tables.measure_lines import changed_measures, read_measure, split_measures
from rectification.tables.partners import set_partners
from rectification.task.drafting import Hands
from rectification.task.time_limits import Limit, day_text, read_limit
from rectification.verb_forms import FORMS

REASON: Final = "按台账表格更正"

_TEXTS: Final = {TEXT: "text", CAUSE: "cause", CATEGORY: "category", GOAL: "goal", REMARK: "remark"}
"""What a cell says of the task as it is, by the field of the forms."""
_PROCEDURE: Final[Mapping[LedgerColumn, str]] = {
    SOURCE: "问题来源请在任务页面更正",
    LEADER: "换责任领导请办理转办",
    UNIT: "换责任单位请办理转办",
    OFFICER: "换责任人请办理转办或交接",
    DUE: "改时限请办理延期，写错的请办理更正",
    STATE: "状态随办理自动变化",
    EVIDENCE: "佐证材料请上传文件或登记纸质档号",
    CLOSING: "销号须经申请、复核、审签",
}
DECISIVE: Final = frozenset({STATE, CLOSING, UNIT, OFFICER, LEADER})
"""A refused cell of these holds its whole row back: what else the row says was meant for that state or person."""
DECISIVE_OF_NEW: Final = frozenset({SOURCE, TEXT, UNIT, OFFICER, LEADER})
CAN_BE_EMPTIED: Final = frozenset({CAUSE, CATEGORY, GOAL, REMARK, PARTNERS, MEASURES})
_NOT_TAKEN: Final = (PROGRESS, STATE, EVIDENCE, CLOSING)
_SOURCE_FORM: Final = re.compile(r"([^（(]+)(?:[（(](.*)[）)])?", re.DOTALL)
_DATED: Final = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日：")
_MARKS: Final = {
    "超期原因：": "late_reason",
    "提请研究事项：": "needs_decision",
    "需提请协调事项：": "needs_decision",
}  # the last as 0.1.0 wrote it


def revise(
    session: Session, clock: Clock, acting: Acting, task: CaseFile, edits: Mapping[LedgerColumn, str]
) -> tuple[str, ...]:
    """Take in the changed cells of one task; returns what was done, for people.

    Raises: CellRefused, for the first cell that is not a table's to change or that its verb refuses.
    """
    for column, procedure in _PROCEDURE.items():
        if column in edits:
            refusal = Refused(f"“{column.head}”不能在表中改", procedure, "请改回原来的内容后再导入")
            raise CellRefused(column.head, refusal)
    told: list[str] = []
    texts = _said(edits)
    if texts:
        with at(next(iter(texts)).head):
            said: dict[str, Any] = {_TEXTS[column]: text for column, text in texts.items()}
            correction = Correction(**said)
            if task.row.status is Status.DRAFT:
                casework.edit(session, clock, acting, task.row.code, correction, REASON)
            else:
                casework.correct(session, clock, acting, task.row.code, REASON, correction)
        told += [f"更正{column.head}" for column in texts]
    for column, take in _TAKERS.items():
        if column in edits:
            with at(column.head):
                told.append(take(session, clock, acting, task, edits[column]))
    return tuple(told)


def add(
    session: Session,
    clock: Clock,
    acting: Acting,
    bureau: Unit,
    kind: ItemKind,
    texts: Mapping[LedgerColumn, str],
) -> tuple[RectificationTask, tuple[str, ...]]:
    """A new row becomes a draft that waits for the clerk; returns it with what was left aside.

    Raises: CellRefused; Forbidden, where it is not the clerk who hands it in.
    """
    said: dict[str, Any] = {_TEXTS[column]: text for column, text in _said(texts).items()}
    with at(TEXT.head):
        _must_be_new(session, bureau, said["text"].strip())
    with at(SOURCE.head):
        source = source_called(session, By(clock, acting), bureau, texts.get(SOURCE, ""))
    with at(DUE.head):
        limit = _draft_limit(texts.get(DUE, ""), clock.today)
    with at(MEASURES.head):
        lines = split_measures(texts.get(MEASURES, ""))
        steps = tuple(read_measure(session, bureau.id, line) for line in lines)
    entry = NewDraft(
        source_id=source.id,
        kind=kind,
        time_limit=limit.kind,
        due_on=limit.day,
        hands=_proposed_hands(session, bureau, texts),
        measures=steps,
        **said,
    )
    task = casework.enter(session, clock, acting, entry)
    aside = [f"未取“{column.head}”" for column in _NOT_TAKEN if texts.get(column, "").strip()]
    if limit.day and day_of(texts[DUE], year=limit.day.year) and not day_of(texts[DUE]):
        aside.append(f"时限“{texts[DUE]}”没有写年份，按{day_text(limit.day)}")
    return task, tuple(aside)


def _said(texts: Mapping[LedgerColumn, str]) -> dict[LedgerColumn, str]:
    """The cells that say what the task is.

    Raises: CellRefused, for one that is longer than the forms take.
    """
    said = {column: texts[column] for column in _TEXTS if column in texts}
    for column, text in said.items():
        with at(column.head):
            FORMS[Verb.CORRECT].must_fit({_TEXTS[column]: text})
    return said


def source_called(session: Session, by: By, bureau: Unit, text: str) -> Source:
    """The source a cell names: 法治督察（某法督〔2026〕3号）; a paper not yet known is put on the list.

    Raises: Refused, NotFound.
    """
    found = _SOURCE_FORM.fullmatch(text.strip())
    if not found:
        raise Refused("没有写问题来源", "", "请写来源和文号，如 法治督察（某法督〔2026〕3号）")
    kind = source_kind(session, bureau.id, found[1].strip())
    paper = one_line(found[2] or "")[:200]
    known = session.scalar(
        select(Source)
        .where(
            Source.bureau_id == bureau.id,
            Source.kind_id == kind.id,
            Source.withdrawn_on.is_(None),
            (Source.paper_no == paper) | (Source.title == (paper or kind.name)),
        )
        .order_by(Source.id)
    )
    return known or source_for(session, by, bureau.id, NewSource(kind.name, paper or kind.name, paper))


def _must_be_new(session: Session, bureau: Unit, text: str) -> None:
    if not text:
        raise Refused("没有写具体内容", "", "请写明具体问题或任务，或删去这一行")
    known = session.scalar(
        select(RectificationTask.code)
        .where(RectificationTask.bureau_id == bureau.id, RectificationTask.text == text)
        .order_by(RectificationTask.id)
    )
    if known is not None:
        raise Conflict(f"台账中已有同样的内容（{known}）", "", "请改在原来那一行，或删去这一行")


def _draft_limit(text: str, today: date) -> Limit:
    """The limit proposed for a draft.

    Raises: Refused, for a number of days: they count from the day of issue.
    """
    if not text.strip():
        return Limit(TimeLimit.DATED)
    limit = read_limit(text, since=today)
    if limit.days is not None:
        raise Refused("新增一行不能写几天内", "天数从下达之日起算", "请写具体日期，或在下达时写天数")
    return limit


def _proposed_hands(session: Session, bureau: Unit, texts: Mapping[LedgerColumn, str]) -> Hands:
    with at(UNIT.head):
        unit = lead_unit_called(session, bureau.id, texts.get(UNIT, ""))
    with at(PARTNERS.head):
        partners = units_called(session, bureau.id, texts.get(PARTNERS, ""))
    people: dict[LedgerColumn, int] = {}
    for column, role in ((LEADER, Role.LEADER), (OFFICER, Role.OFFICER)):
        if name := texts.get(column, "").strip():
            with at(column.head):
                people[column] = person_called(session, bureau.id, name, role).id
    return Hands(
        lead_unit_id=unit.id if unit else None,
        officer_id=people.get(OFFICER),
        leader_id=people.get(LEADER),
        partners=tuple(dict.fromkeys(unit.id for unit in partners)),
    )


def _take_partners(session: Session, clock: Clock, acting: Acting, task: CaseFile, text: str) -> str:
    set_partners(session, clock, acting, task, text)
    return "改配合单位"


def _take_measures(session: Session, clock: Clock, acting: Acting, task: CaseFile, text: str) -> str:
    added, gone = changed_measures(task.measures, text)
    for measure in gone:
        casework.drop_measure(session, clock, acting, task.row.code, measure.position, REASON)
    for line in added:
        new = read_measure(session, task.row.bureau_id, line)
        casework.measure(
            session, clock, acting, task.row.code, new.text, due_on=new.due_on, owner_id=new.owner_id
        )
    return f"措施增{len(added)}条、减{len(gone)}条"


def _take_progress(session: Session, clock: Clock, acting: Acting, task: CaseFile, text: str) -> str:
    """The new words of the cell; the clerk hands them in for the officer (代录)."""
    said = _new_words(progress_text(task), text)
    by = acting
    if acting.actor.has(Role.CLERK) and task.row.officer_login not in ("", acting.actor.login):
        officer = actor_by_login(session, task.row.officer_login, today=clock.today)
        by = replace(acting, actor=officer, recorder=acting.actor)
    casework.progress(session, clock, by, task.row.code, **said)
    return "报进展"


def _new_words(sent: str, text: str) -> dict[str, Any]:
    """What a changed progress cell says anew: its words, why it is late, what needs a decision above; by field."""
    rest = text.strip()
    if sent:
        rest = rest.removeprefix(sent.strip()).removesuffix(sent.strip()).strip()
    words: dict[str, list[str]] = {"text": [], "late_reason": [], "needs_decision": []}
    for line in rest.split("\n"):
        mark = next((mark for mark in _MARKS if line.startswith(mark)), "")
        words[_MARKS.get(mark, "text")].append(line.removeprefix(mark))
    told = {field: "\n".join(lines) for field, lines in words.items()}
    told["text"] = _DATED.sub("", told["text"].strip(), count=1)
    if not told["text"]:
        raise Refused("没有写新的进展", "已报的进展不能删去", "请在原有内容后接着写")
    FORMS[Verb.PROGRESS].must_fit(told)
    return told


_Take = Callable[[Session, Clock, Acting, CaseFile, str], str]
_TAKERS: Final[Mapping[LedgerColumn, _Take]] = {
    PARTNERS: _take_partners,
    MEASURES: _take_measures,
    PROGRESS: _take_progress,
}
