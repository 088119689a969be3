"""What the clerk does to a draft: edit it, split it in two, join it with another. Its source keeps its own words."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.text import tidied
from models.base import frozen
from models.enums import ItemKind, Status, TimeLimit, Verb
from models.history import EventText, TaskEvent
from models.organisation import Unit
from models.report import Report, ReportItem, Source
from models.task import RectificationTask
from rectification.casework.issuing import lock_both
from rectification.casework.moving import close_case, open_case, task_verb
from rectification.casework.rewriting import Correction, has_changed, kind_words, rewrite
from rectification.casework.task_in_hand import Case, Given
from rectification.labels import status_label
from rectification.office.actors import Acting
from rectification.task.access import seen_task
from rectification.task.deadlines import proposed_due
from rectification.task.drafting import Codes, Hands, NewDraft, draft, proposed_for
from rectification.task.history import events_of
from rectification.task.lifecycle import OPEN
from rectification.task.proof_facts import is_owed
from rectification.task.titles import proposed_title
from reports.labels import cadence_in
from reports.wording import implies_duration

MOST_PARTS: Final = 20


@task_verb(Verb.EDIT)
def edit(case: Case, correction: Correction, reason: str = "") -> str:
    """修改草稿: write a draft as it should be issued; the words before stand in the history.

    With words and kind the proposed name and date change, unless somebody had set others.

    Raises: Refused, where nothing changes.
    """
    kind, proposed = correction.kind, proposed_for(case.session, case.task)
    told = _change_kind(case, kind) if kind is not None and kind is not case.task.kind else []
    told += rewrite(case, correction)
    if case.task.title == proposed:
        case.task.title = proposed_for(case.session, case.task)
    if correction.due_on is not None:
        case.task.due_on = correction.due_on
    if not told and not has_changed(case):
        raise case.refuse("没有变化", "请写明修改后的内容")
    return "\n".join(filter(None, (case.words, *told)))


@task_verb(Verb.SPLIT)
def split(case: Case, parts: Sequence[str]) -> str:
    """拆分草稿: the draft keeps the first of `parts`, each other one becomes a draft of its own, of the same source.

    Raises: Refused, where there are not at least two parts with words.
    """
    session, clock, acting = case.session, case.clock, case.acting
    texts = [text for text in map(tidied, parts) if text]
    if len(texts) < 2:
        raise case.refuse("只有一项", "请在要拆开的地方空一行，至少拆成两项")
    if len(texts) > MOST_PARTS:
        raise case.refuse(f"拆成了 {len(texts)} 项", f"一次最多拆成 {MOST_PARTS} 项")
    task = case.task
    bureau, source = session.get_one(Unit, task.bureau_id), session.get_one(Source, task.source_id)
    codes = Codes(session, bureau, _year(case) or clock.today.year)
    pieces = []
    for number, text in enumerate(texts[1:], 2):
        title = proposed_title(text, f"{task.title[:190]}（{number}）", is_published=source.is_published)
        new = replace(_like(task), text=text, title=title, time_limit=_limit(task, text))
        pieces.append(draft(session, clock, acting, bureau, codes.next(), new, words=f"由 {task.code} 拆分"))
    told = [f"拆出 {'、'.join(piece.code for piece in pieces)}", f"原文字：{task.text}"]
    task.text, task.time_limit = texts[0], _limit(task, texts[0])
    return "\n".join(told)


@task_verb(Verb.JOIN, first=lock_both)
def join(case: Case, other: str) -> str:
    """合并草稿: the draft takes in the words of the draft `other`, which is archived as merged into it.

    Raises: NotFound, Refused, where `other` is the draft itself, no draft, or of another kind.
    """
    kept, given = case.task, seen_task(case.session, case.acting.actor, other)
    if given.id == kept.id:
        raise case.refuse("不能和自己合并", "请选择另一条草稿")
    if given.status is not Status.DRAFT:
        label = status_label(given.status, given.kind)
        raise case.refuse(f"{other} 是“{label}”，不是草稿", "已下达的任务请用“并入已有任务”")
    if given.kind is not kept.kind:
        raise case.refuse(f"一条是{kept.kind.word}，一条是{given.kind.word}", "请先修改其中一条的种类")
    leaving = open_case(case.session, case.clock, case.acting, other, Verb.MERGE)
    given.merged_into_id = kept.id
    close_case(leaving, f"并入草稿 {kept.code}")
    kept.text = _joined(case, given.text)
    if TimeLimit.LONG_TERM in (kept.time_limit, given.time_limit):
        kept.time_limit = TimeLimit.LONG_TERM
    kept.cause = "\n".join(dict.fromkeys(filter(None, (kept.cause, given.cause))))
    kept.is_recurring = kept.is_recurring or given.is_recurring
    kept.recurs_of_id = kept.recurs_of_id or given.recurs_of_id
    return f"并入 {given.code} 的文字：{given.text}"


def _holder(session: Session, task: RectificationTask) -> RectificationTask | None:
    """The task this one was merged into."""
    return session.get(RectificationTask, task.merged_into_id) if task.merged_into_id else None


def _lock_holder(session: Session, acting: Acting, code: str, reason: str = "") -> None:
    del reason
    holder = _holder(session, seen_task(session, acting.actor, code))
    lock_both(session, acting, code, holder.code if holder else code)


@task_verb(Verb.RESTORE, first=_lock_holder)
def restore(case: Case, reason: str = "") -> None:
    """恢复草稿: what was archived or merged waits for the clerk again; a draft that took in its words gives them back."""
    session, task = case.session, case.task
    if task.duplicate_of_id is not None:
        raise case.refuse("它是已下达后登记为重复的", "请“撤销误办”，恢复到登记之前")
    if _is_of_withdrawn(session, task):
        raise case.refuse("它来自已撤回的报告", "确要整改的，请重新导入正确的报告，或另行登记任务")
    holder = _holder(session, task)
    if holder is not None and holder.status in OPEN:
        words = f"{task.code}（{task.title}）恢复为草稿，不再并入"
        giving = open_case(session, case.clock, case.acting, holder.code, Verb.CORRECT, Given(words))
        holder.is_recurring = holder.is_recurring and not _gave_mark(case, holder)
        close_case(giving, words)
    if holder is not None and holder.status is Status.DRAFT and holder.text.endswith(task.text):
        rest = holder.text.removesuffix(task.text).strip()
        if rest:
            own = session.get(ReportItem, holder.report_item_id) if holder.report_item_id else None
            is_own = own is not None and own.cause == task.cause
            cause = holder.cause if is_own else holder.cause.removesuffix(task.cause).strip()
            correction = Correction(
                text=rest, cause=cause, is_recurring=not _gave_mark(case, holder) and None
            )
            edit(session, case.clock, case.acting, holder.code, correction, f"{task.code} 已恢复")
    task.merged_into_id = task.deadline_on = None


def _gave_mark(case: Case, holder: RectificationTask) -> bool:
    """Whether a task recurs (反复出现) by what it took in alone, of which the case's was the last that does."""
    merged = RectificationTask.merged_into_id == holder.id, RectificationTask.id != case.task.id
    others = select(RectificationTask.id).where(*merged, RectificationTask.is_recurring).limit(1)
    told = [each for each in events_of(case.session, holder.id)[1:] if "is_recurring" in each.changes]
    if not (case.task.is_recurring and told) or case.session.scalar(others) is not None:
        return False
    words = case.session.get(EventText, told[-1].id) if told[-1].id else None
    return told[-1].verb is Verb.JOIN or (words is not None and "）并入" in words.text)


def _is_of_withdrawn(session: Session, task: RectificationTask) -> bool:
    """Whether its last archiving took it from its report, as 撤回导入 does."""
    archived = TaskEvent.task_id == task.id, TaskEvent.verb == Verb.ARCHIVE
    last = session.scalar(select(TaskEvent).where(*archived).order_by(TaskEvent.sequence.desc()).limit(1))
    return last is not None and last.changes.get("report_item_id", (None, 0))[1] is None


def _joined(case: Case, added: str) -> str:
    """Words that follow each other in the report stand together again as they do there."""
    item_id = case.task.report_item_id
    item = case.session.get(ReportItem, item_id) if item_id else None
    there = item.text if item else ""
    apart = (f"{case.task.text}{between}{added}" for between in ("", " ", "\n"))
    return next((words for words in apart if words in there), f"{case.task.text}\n{added}")


def _change_kind(case: Case, kind: ItemKind) -> list[str]:
    task, old = case.task, case.task.kind
    year = _year(case)
    if year is not None and task.due_on == proposed_due(old, year):
        task.due_on = proposed_due(kind, year)
    task.kind = kind
    if is_owed(case.session, task) and not kind.is_problem:
        return [kind_words(old, kind), "报告列为不足，办结时要有的和整改任务一样"]
    return [kind_words(old, kind)]


def _year(case: Case) -> int | None:
    """The year of the report the draft is from."""
    item_id = case.task.report_item_id
    item = case.session.get(ReportItem, item_id) if item_id else None
    return case.session.get_one(Report, item.report_id).year if item else None


def _like(task: RectificationTask) -> NewDraft:
    """A draft of the same paper, kind and date."""
    hands = Hands(task.lead_unit_id, task.officer_id, task.leader_id)
    return frozen(NewDraft, task, goal="", remark="", count_total=None, hands=hands, measures=())


def _limit(task: RectificationTask, text: str) -> TimeLimit:
    """A part that promises nothing lasting, and nothing time and again, is no longer proposed as long-term."""
    lasts = implies_duration(text) or (task.kind is ItemKind.PLAN and cadence_in(text) is not None)
    if task.time_limit is TimeLimit.LONG_TERM and not lasts:
        return TimeLimit.DATED
    return task.time_limit
