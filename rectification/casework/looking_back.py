"""回头看: a closed task is looked at again; what was not done is reopened, and the earlier closing stays."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from core.clock import Clock
from models.enums import Status, TimeLimit, Verb
from models.history import TaskEvent
from models.organisation import Person
from models.report import Source, SourceKind
from models.task import Closure, LookBack, RectificationTask
from rectification.casework.extending import look_at
from rectification.casework.moving import task_verb
from rectification.casework.resuming import days_waited, resume, resume_by
from rectification.casework.task_in_hand import Case
from rectification.office.actors import Acting, actor_of
from rectification.office.chain import KeptRows
from rectification.office.sources import LITIGATION
from rectification.task import history
from rectification.task.interest import interest_in
from rectification.task.look_back_draw import Candidate, Draw, draw, half_year_before

UNPLANNED: Final = "临时抽查"
DAYS_TO_CHECK: Final = 30


@task_verb(Verb.LOOK_BACK)
def look_back(case: Case, finding: str) -> None:
    """回头看: the reviewer looked again and it holds. Raises: Refused, for an interested person."""
    _conclude(case, has_reopened=False)


@task_verb(Verb.REOPEN)
def reopen(case: Case, finding: str, *, due_on: date | None = None) -> None:
    """回头看重开: it was not done after all. The earlier closing stays; the clock resumes, or `due_on` is the new date.

    Raises: Refused, where the new date has passed.
    """
    _conclude(case, has_reopened=True)
    if case.task.time_limit is TimeLimit.LONG_TERM:
        look_at(case)
    if due_on is None:
        resume(case, waited=days_waited(case))
    else:
        resume_by(case, due_on)


def draw_look_backs(session: Session, clock: Clock, acting: Acting) -> list[Draw]:
    """Draw what was closed in the half-year before today: a fifth, and all that recurs, was litigated or signed over a doubt.

    Drawn again, the same half-year adds nothing but what it did not have; returns what is new. What was verified by
    somebody who has left falls to the reviewer that took over; where nobody can, the clerk names one (交接).
    """
    bureau_id, today = acting.actor.bureau_id, clock.today
    first, last = half_year_before(today)
    drawn = draw(_candidates(session, bureau_id, first, last), f"{bureau_id}:{last}")
    known = set(
        session.scalars(
            select(LookBack.task_id)
            .join(RectificationTask, RectificationTask.id == LookBack.task_id)
            .where(RectificationTask.bureau_id == bureau_id, LookBack.drawn_on > last)
        )
    )
    new = [found for found in drawn if found.task_id not in known]
    for found in new:
        rows = KeptRows(session)
        rows.add(
            LookBack(
                task_id=found.task_id,
                drawn_on=today,
                reason=found.reason,
                due_on=today + timedelta(days=DAYS_TO_CHECK),
                closure_id=found.closure_id,
            )
        )
        session.flush()
        task = session.get_one(RectificationTask, found.task_id)
        told = rows.changes()
        heir = _heir(session, task, today)
        if heir is not None:
            told["reviewer_id"] = task.reviewer_id, heir
            task.reviewer_id, task.version = heir, task.version + 1
        history.record(
            session, clock, acting, task, Verb.DRAW_LOOK_BACK, old_status=task.status, changes=told
        )
    return new


def closed_before(session: Session, bureau_ids: Collection[int], today: date) -> Sequence[int]:
    """Those of the bureaus from which something can be drawn today."""
    closed = select(RectificationTask.bureau_id).where(_was_closed(bureau_ids, *half_year_before(today)))
    return session.scalars(closed.distinct().order_by(RectificationTask.bureau_id)).all()


def _was_closed(bureau_ids: Collection[int], first: date, last: date) -> ColumnElement[bool]:
    return and_(
        RectificationTask.bureau_id.in_(bureau_ids),
        RectificationTask.status == Status.CLOSED,
        RectificationTask.closed_on.between(first, last),
    )


def _heir(session: Session, task: RectificationTask, today: date) -> int | None:
    """Who took the reviewer's tasks over (交接), where the reviewer has left and that person may look at this one."""
    reviewer = session.get(Person, task.reviewer_id) if task.reviewer_id else None
    if reviewer is None or reviewer.is_active:
        return None
    handed = select(TaskEvent.changes).where(
        TaskEvent.bureau_id == task.bureau_id, TaskEvent.verb == Verb.HAND_OVER
    )
    told = session.scalars(handed.order_by(TaskEvent.sequence))
    took_over = dict(changes["reviewer_id"] for changes in told if "reviewer_id" in changes)
    while not reviewer.is_active and reviewer.id in took_over:
        reviewer = session.get_one(Person, took_over.pop(reviewer.id))
    is_free = reviewer.is_active and reviewer.unit_id != task.lead_unit_id
    if is_free and not interest_in(session, task).binds(actor_of(session, reviewer, today=today)):
        return reviewer.id
    return None


def _candidates(session: Session, bureau_id: int, first: date, last: date) -> Sequence[Candidate]:
    each = aliased(Closure)
    newest = select(func.max(each.round)).where(each.task_id == RectificationTask.id)
    rows = session.execute(
        select(RectificationTask, SourceKind.name, Closure)
        .join(Source, Source.id == RectificationTask.source_id)
        .join(SourceKind, SourceKind.id == Source.kind_id)
        .join(Closure, Closure.task_id == RectificationTask.id)
        .where(_was_closed((bureau_id,), first, last), Closure.round == newest.scalar_subquery())
        .order_by(RectificationTask.id)
    )
    return [
        Candidate(
            *(task.id, task.code, task.kind, task.text, task.is_recurring, kind == LITIGATION),
            is_doubted=closing.must_be_defended and bool(closing.warnings),
            closure_id=closing.id,
        )
        for task, kind, closing in rows
    ]


def _conclude(case: Case, *, has_reopened: bool) -> None:
    """Answer the look-back that was drawn; a check nobody drew is put on record as well."""
    row = case.session.scalar(
        select(LookBack)
        .where(LookBack.task_id == case.task.id, LookBack.checked_on.is_(None))
        .order_by(LookBack.drawn_on)
        .limit(1)
    )
    if row is None:
        row = case.session.scalar(
            select(LookBack).where(LookBack.task_id == case.task.id, LookBack.drawn_on == case.day)
        )
    if row is None:
        row = case.rows.add(
            LookBack(
                task_id=case.task.id,
                drawn_on=case.day,
                reason=UNPLANNED,
                due_on=case.day,
                closure_id=case.closing.id if case.closing else None,
            )
        )
    case.rows.alter(row)
    row.checked_on, row.finding, row.has_reopened = case.day, case.words, has_reopened
    row.checked_by_id = case.acting.actor.person_id
