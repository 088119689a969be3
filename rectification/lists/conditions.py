"""Rules of the heart as SQL conditions, for lists and counts; tests keep each equal to the rule it stands for."""

from datetime import date

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, and_, func, or_, select

from models.enums import Light, Status, TimeLimit
from models.task import Checkpoint, Progress, RectificationTask
from rectification.task.lifecycle import ENDED, RUNNING

Task = RectificationTask
KEPT_BY_OTHERS = (Status.SUBMITTED, Status.VERIFIED, Status.PUBLICISED)
_IS_LONG = Task.time_limit == TimeLimit.LONG_TERM


def stated_on(day: date | BindParameter[date]) -> ScalarSelect[date]:
    """`Timing.stated_on`, of what was said and looked at by `day`."""
    looked = select(func.max(Checkpoint.concluded_on)).where(
        Checkpoint.task_id == Progress.task_id, Checkpoint.concluded_on <= day
    )
    said = select(func.min(Progress.reported_on)).where(
        Task.time_limit == TimeLimit.LONG_TERM,
        Progress.task_id == Task.id,
        Progress.reported_on <= day,
        Progress.reported_on > func.coalesce(looked.scalar_subquery(), date.min),
    )
    return said.correlate(Task).scalar_subquery()


def awaits_look(today: date) -> ColumnElement[bool]:
    """`deadlines.look_since(...) is not None`."""
    has_come = func.coalesce(Task.deadline_on, date.max) <= today
    return and_(Task.status == Status.IN_PROGRESS, _IS_LONG, has_come, stated_on(today).is_not(None))


def is_overdue(today: date) -> ColumnElement[bool]:
    """`deadlines.overdue_days(...) > 0`."""
    return or_(
        and_(Task.status.in_(RUNNING), Task.deadline_on < today, ~_IS_LONG),
        and_(Task.status.in_(KEPT_BY_OTHERS), Task.days_overdue_at_submission > 0),
    )


def _was_in_time() -> ColumnElement[bool]:
    # Written out, not negated: in SQL the negation of an unknown (no deadline) is unknown.
    return or_(Task.days_overdue_at_submission.is_(None), Task.days_overdue_at_submission == 0)


def is_near(today: date, near_until: date) -> ColumnElement[bool]:
    """`deadlines.light(...) is YELLOW`, where `near_until` is `deadlines.near_until(...)`."""
    is_ahead = and_(Task.deadline_on >= today, Task.deadline_on <= near_until)
    return and_(Task.status.in_(RUNNING), is_ahead, or_(~_IS_LONG, stated_on(today).is_(None)))


def has_light(light: Light, today: date, near_until: date) -> ColumnElement[bool]:
    """`deadlines.light(...) is light`."""
    if light is Light.BLUE:
        return Task.status.in_(ENDED)
    if light is Light.RED:
        return is_overdue(today)
    if light is Light.YELLOW:
        return is_near(today, near_until)
    if light is Light.MISSED:
        has_passed = and_(Task.status.in_(RUNNING), _IS_LONG, Task.deadline_on < today)
        return and_(has_passed, stated_on(today).is_(None))
    if light is Light.STATED:
        return awaits_look(today)
    needs_no_look = or_(Task.status == Status.ASSIGNED, Task.deadline_on > today)
    has_spoken = and_(_IS_LONG, needs_no_look, stated_on(today).is_not(None))
    is_far = or_(Task.deadline_on.is_(None), Task.deadline_on > near_until, has_spoken)
    return or_(
        and_(Task.status.in_(RUNNING), is_far),
        and_(Task.status.in_(KEPT_BY_OTHERS), _was_in_time()),
    )
