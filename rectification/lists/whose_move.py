"""Who a task waits for, since when, and whether that is too long (待确认未下达、待签收未签收、待复核、待审签)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, defer

from core.workdays import WorkCalendar
from models.enums import ApprovalLevel, ItemKind, Status
from models.organisation import Person
from models.task import Extension, RectificationTask
from rectification.office.actors import Actor
from rectification.office.settings import Policy, policies
from rectification.roles_in_task import Part
from rectification.task.access import visible
from rectification.task.lifecycle import ENDED, approval_level

Task = RectificationTask


@dataclass(frozen=True, slots=True)
class WaitRow:
    """A task that waits for somebody to act. `workdays` is how long; `is_too_long` is judged by the bureau's setting.

    `person` is empty where nobody is named for the part (the clerk, a unit's head).
    """

    code: str
    title: str
    kind: ItemKind
    status: Status
    part: Part
    person: str
    unit_id: int | None
    since: date
    workdays: int
    is_too_long: bool


def waits_for(task: Task, policy: Policy, *, has_request: bool = False) -> Part | None:
    """Whose move it is; None once the task has ended. `has_request`: an extension waits to be decided."""
    if task.status in ENDED:
        return None
    if task.status is Status.ASSIGNED:
        return Part.OFFICER if task.officer_id else Part.UNIT_HEAD
    if task.status is Status.IN_PROGRESS:
        return Part.APPROVER if has_request else Part.OFFICER
    if task.status is Status.SUBMITTED:
        return Part.UNIT_HEAD if policy.requires_unit_head and not task.is_confirmed else Part.REVIEWER
    if task.status is Status.VERIFIED:
        return Part.CHIEF if approval_level(task) is ApprovalLevel.CHIEF else Part.APPROVER
    return Part.CLERK


def waiting(
    session: Session, today: date, calendar: WorkCalendar, actor: Actor, *, too_long_only: bool = False
) -> list[WaitRow]:
    """What waits for somebody, among the tasks `actor` may see, the longest first; work in progress does not wait."""
    found = [row for _, row in _rows(session, today, calendar, visible(actor))]
    return [row for row in found if row.is_too_long or not too_long_only]


def overlong(
    session: Session, bureau_ids: Collection[int], today: date, calendar: WorkCalendar
) -> dict[int, list[WaitRow]]:
    """What waits too long, by bureau, the longest first. Restricted tasks (仅限指定人员) are left out: this is mailed."""
    theirs = and_(Task.bureau_id.in_(bureau_ids), Task.is_restricted.is_(False))
    found: dict[int, list[WaitRow]] = {}
    for bureau_id, row in _rows(session, today, calendar, theirs):
        if row.is_too_long:
            found.setdefault(bureau_id, []).append(row)
    return found


def _rows(
    session: Session, today: date, calendar: WorkCalendar, whose: ColumnElement[bool]
) -> list[tuple[int, WaitRow]]:
    """Waiting tasks with their bureau, the longest first."""
    rows = session.execute(
        select(Task, Extension.asked_on)
        .outerjoin(Extension, and_(Extension.task_id == Task.id, Extension.decision.is_(None)))
        .where(
            whose,
            Task.status.not_in(ENDED),
            or_(Task.status != Status.IN_PROGRESS, Extension.id.isnot(None)),
        )
        .order_by(Task.waiting_since, Task.id)
        .options(defer(Task.text), defer(Task.cause))
    ).all()
    bureau_ids = {task.bureau_id for task, _ in rows}
    in_force = policies(session, bureau_ids, today)
    people = select(Person.id, Person.name).where(Person.bureau_id.in_(bureau_ids))
    names = dict(session.execute(people).tuples().all())
    found = [
        (task.bureau_id, row)
        for task, asked_on in rows
        if (row := _row(task, asked_on, today, calendar, in_force[task.bureau_id], names)) is not None
    ]
    return sorted(found, key=lambda pair: -pair[1].workdays)


def _row(
    task: Task,
    asked_on: date | None,
    today: date,
    calendar: WorkCalendar,
    policy: Policy,
    names: dict[int, str],
) -> WaitRow | None:
    part = waits_for(task, policy, has_request=asked_on is not None)
    since = asked_on if task.status is Status.IN_PROGRESS else task.waiting_since
    if part is None or since is None:
        return None
    holder = {
        Part.OFFICER: task.officer_id,
        Part.REVIEWER: task.reviewer_id,
        Part.APPROVER: task.approver_id,
    }.get(part)
    workdays = max(calendar.between(since, today), 0)
    allowed = policy.draft_days if task.status is Status.DRAFT else policy.wait_days
    return WaitRow(
        code=task.code,
        title=task.title,
        kind=task.kind,
        status=task.status,
        part=part,
        person=names.get(holder, "") if holder else "",
        unit_id=task.lead_unit_id,
        since=since,
        workdays=workdays,
        is_too_long=workdays > allowed,
    )
