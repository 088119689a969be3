"""Rules of the heart as SQL conditions, for lists and counts; tests keep each equal to the rule it stands for."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from models.enums import ApprovalLevel, Light, Role, Status
from models.task import Extension, RectificationTask
from rectification.office.actors import Actor
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


def waits_for(actor: Actor, *, heads_confirm: bool = False) -> ColumnElement[bool]:
    """`waiting.waits_for(task, …)` is a part of this person's; `heads_confirm` is the bureau's `requires_unit_head`."""
    mine = actor.ids
    is_clerk = true() if actor.has(Role.CLERK) else false()
    is_chief = true() if actor.has(Role.CHIEF) else false()
    heads = and_(Task.officer_id.is_(None), Task.lead_unit_id.in_(actor.headed_units))
    is_confirming = Task.is_confirmed.is_(False) if heads_confirm else false()
    is_asked = exists().where(Extension.task_id == Task.id, Extension.decision.is_(None))
    return or_(
        and_(Task.status.in_((Status.DRAFT, Status.PUBLICISED)), is_clerk),
        and_(Task.status == Status.ASSIGNED, or_(Task.officer_id.in_(mine), heads)),
        and_(Task.status == Status.IN_PROGRESS, ~is_asked, Task.officer_id.in_(mine)),
        and_(Task.status == Status.IN_PROGRESS, is_asked, Task.approver_id.in_(mine)),
        and_(Task.status == Status.SUBMITTED, ~is_confirming, Task.reviewer_id.in_(mine)),
        and_(Task.status == Status.SUBMITTED, is_confirming, Task.lead_unit_id.in_(actor.headed_units)),
        and_(Task.status == Status.VERIFIED, ~_is_the_chiefs(), Task.approver_id.in_(mine)),
        and_(Task.status == Status.VERIFIED, _is_the_chiefs(), is_chief),
    )


def _is_the_chiefs() -> ColumnElement[bool]:
    """`lifecycle.approval_level(task) is CHIEF`."""
    return or_(
        Task.approval_level == ApprovalLevel.CHIEF,
        and_(Task.approval_level == ApprovalLevel.LEADER, or_(Task.is_recurring, Task.is_supervised)),
    )
