"""The week's look at closings (销号检查): what waits too long, is doubtful, is to be looked at again, or lies as a draft."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.workdays import WorkCalendar
from models.enums import Status
from models.task import Closure, Extension, LookBack, RectificationTask
from rectification.policy import Policy, policies

DAYS_AHEAD = 7
"""Look-backs due within so many days are told."""

Task = RectificationTask


@dataclass(frozen=True, slots=True)
class ClosureWatch:
    """Counts of one bureau."""

    waiting: int = 0
    doubtful: int = 0
    look_backs: int = 0
    drafts: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.doubtful + self.look_backs + self.drafts


def opens_week(day: date, calendar: WorkCalendar) -> bool:
    """Whether `day` is the first working day of its week, which may be a make-up day or a day after a holiday."""
    sunday_before = day - timedelta(days=day.isoweekday())
    return calendar.is_workday(day) and calendar.between(sunday_before, day) == 1


def closure_watch(
    session: Session, bureau_ids: Collection[int], day: date, calendar: WorkCalendar
) -> dict[int, ClosureWatch]:
    """The bureaus that have something to look at."""
    found: dict[int, ClosureWatch] = {}
    for policy, some in _by_policy(policies(session, bureau_ids, day)).items():
        waiting = _per_bureau(session, some, _waits_too_long(policy, day, calendar))
        doubtful = _per_bureau(session, some, _is_doubtful())
        look_backs = _per_bureau(session, some, _is_to_be_looked_at(day))
        drafts = _per_bureau(session, some, _lies(policy, day, calendar))
        for bureau_id in some:
            counts = (by_bureau.get(bureau_id, 0) for by_bureau in (waiting, doubtful, look_backs, drafts))
            watch = ClosureWatch(*counts)
            if watch.total:
                found[bureau_id] = watch
    return found


def _by_policy(in_force: Mapping[int, Policy]) -> dict[Policy, list[int]]:
    groups: dict[Policy, list[int]] = {}
    for bureau_id, policy in in_force.items():
        groups.setdefault(policy, []).append(bureau_id)
    return groups


def _per_bureau(session: Session, bureau_ids: Collection[int], wanted: ColumnElement[bool]) -> dict[int, int]:
    query = select(Task.bureau_id, func.count()).where(Task.bureau_id.in_(bureau_ids), wanted)
    return dict(session.execute(query.group_by(Task.bureau_id)).tuples().all())


def _waits_too_long(policy: Policy, day: date, calendar: WorkCalendar) -> ColumnElement[bool]:
    """The SQL form of `waiting.WaitRow.is_too_long`; a test keeps the two equal."""
    limit = calendar.shift(day, -policy.wait_days)
    waits = Task.status.in_((Status.ASSIGNED, Status.SUBMITTED, Status.VERIFIED, Status.PUBLICISED))
    asked = exists().where(
        Extension.task_id == Task.id, Extension.decision.is_(None), Extension.asked_on < limit
    )
    return or_(
        and_(waits, Task.waiting_since < limit),
        and_(Task.status == Status.IN_PROGRESS, asked),
    )


def _is_doubtful() -> ColumnElement[bool]:
    """Submitted or verified, and the checks at submission had something to say (纸面销号)."""
    later = aliased(Closure)
    is_latest = ~exists().where(later.task_id == Closure.task_id, later.round > Closure.round)
    doubted = exists().where(
        Closure.task_id == Task.id, func.json_array_length(Closure.warnings) > 0, is_latest
    )
    return and_(Task.status.in_((Status.SUBMITTED, Status.VERIFIED)), doubted)


def _is_to_be_looked_at(day: date) -> ColumnElement[bool]:
    return exists().where(
        LookBack.task_id == Task.id,
        LookBack.checked_on.is_(None),
        LookBack.due_on <= day + timedelta(days=DAYS_AHEAD),
    )


def _lies(policy: Policy, day: date, calendar: WorkCalendar) -> ColumnElement[bool]:
    limit = calendar.shift(day, -policy.draft_days)
    return and_(Task.status == Status.DRAFT, Task.waiting_since < limit)
