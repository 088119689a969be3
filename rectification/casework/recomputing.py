"""A holiday notice comes into force: limits of so many days are counted again for every open task of a bureau."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.workdays import WorkCalendar
from models.enums import Channel, Status, Verb
from models.mail import Told
from models.task import RectificationTask
from rectification.casework.moving import close_case, open_case
from rectification.casework.task_in_hand import Given
from rectification.office.actors import system
from rectification.office.calendar import load_calendar
from rectification.task.deadlines import recomputed_due
from rectification.task.lifecycle import OPEN


@dataclass(frozen=True, slots=True)
class Moved:
    """A task whose date a notice moved."""

    code: str
    before: date
    after: date


def recalculate(
    session: Session, clock: Clock, bureau_id: int, notice: str, *, channel: Channel = Channel.FLOW
) -> list[Moved]:
    """按工作日历重算: bring a bureau's dates in line with the calendar in force; `notice` is named as the reason.

    Only open tasks with a limit in days move; a printed date never does. No date moves earlier than somebody was told
    already. It is no extension. One bureau in one transaction; a second time moves nothing.
    """
    calendar, moved = load_calendar(session), []
    tasks = session.scalars(
        select(RectificationTask)
        .where(
            RectificationTask.bureau_id == bureau_id,
            RectificationTask.status.in_(OPEN),
            RectificationTask.limit_days.isnot(None),
        )
        .order_by(RectificationTask.id)
    ).all()
    for task in tasks:
        before = task.due_on
        after = _due(session, task, calendar)
        if before is not None and after is not None and after != before:
            reason = Given(f"工作日历变动：{notice}")
            case = open_case(session, clock, system(bureau_id, channel), task.code, Verb.RECOMPUTE, reason)
            case.task.due_on = after
            case.notes["reason"] = (None, "calendar")
            close_case(case)
            moved.append(Moved(task.code, before, after))
    return moved


def _due(session: Session, task: RectificationTask, calendar: WorkCalendar) -> date | None:
    if task.issued_on is None or task.limit_days is None or task.limit_unit is None:
        return task.due_on
    told = session.scalar(
        select(func.max(Told.due_on)).where(Told.task_id == task.id, Told.subject == "task")
    )
    if task.status is not Status.ASSIGNED:
        told = max(filter(None, (told, task.due_on)), default=None)
    return recomputed_due(task.issued_on, task.limit_days, task.limit_unit, calendar, told=told)
