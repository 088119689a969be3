"""Rules of the heart as SQL conditions, for lists and counts; tests keep each equal to the rule it stands for."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, or_

from models.enums import Light, Status
from models.task import RectificationTask
from rectification.task.lifecycle import ENDED, RUNNING

Task = RectificationTask
KEPT_BY_OTHERS = (Status.SUBMITTED, Status.VERIFIED, Status.PUBLICISED)


def is_overdue(today: date) -> ColumnElement[bool]:
    """`deadlines.overdue_days(...) > 0`."""
    return or_(*overdue_parts(today))


def overdue_parts(today: date) -> list[ColumnElement[bool]]:
    """`is_overdue` as conditions of which no task meets two: an index gives each in the order of deadlines, not their OR."""
    return [
        *(and_(Task.status == status, Task.deadline_on < today) for status in sorted(RUNNING)),
        and_(Task.status.in_(KEPT_BY_OTHERS), Task.days_overdue_at_submission > 0),
    ]


def other_parts(today: date, statuses: Collection[Status]) -> list[ColumnElement[bool]]:
    """What is not overdue and has one of these statuses, in the same way."""
    parts: list[ColumnElement[bool]] = []
    for status in sorted(statuses):
        if status in RUNNING:
            # Apart, since no index has both in one stretch.
            parts += [
                and_(Task.status == status, each)
                for each in (Task.deadline_on >= today, Task.deadline_on.is_(None))
            ]
        elif status in KEPT_BY_OTHERS:
            parts.append(and_(Task.status == status, _was_in_time()))
        else:
            parts.append(Task.status == status)
    return parts


def _was_in_time() -> ColumnElement[bool]:
    # Written out, not negated: in SQL the negation of an unknown (no deadline) is unknown.
    return or_(Task.days_overdue_at_submission.is_(None), Task.days_overdue_at_submission == 0)


def is_near(today: date, near_until: date) -> ColumnElement[bool]:
    """`deadlines.light(...) is YELLOW`, where `near_until` is `deadlines.near_until(...)`."""
    return and_(Task.status.in_(RUNNING), Task.deadline_on >= today, Task.deadline_on <= near_until)


def has_light(light: Light, today: date, near_until: date) -> ColumnElement[bool]:
    """`deadlines.light(...) is light`."""
    if light is Light.BLUE:
        return Task.status.in_(ENDED)
    if light is Light.RED:
        return is_overdue(today)
    if light is Light.YELLOW:
        return is_near(today, near_until)
    return or_(
        and_(Task.status.in_(RUNNING), or_(Task.deadline_on.is_(None), Task.deadline_on > near_until)),
        and_(Task.status.in_(KEPT_BY_OTHERS), _was_in_time()),
    )
