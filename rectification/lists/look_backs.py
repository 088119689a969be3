"""Which closed tasks are to be looked at again (回头看), and what was found: the list beside the draw."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.organisation import Person, Unit
from models.task import LookBack, RectificationTask
from rectification.office.actors import Actor
from rectification.task.access import visible


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One look-back; `checked_on` is None while it waits, `reviewer` is who usually looks."""

    code: str
    title: str
    text: str
    unit: str
    reviewer: str
    closed_on: date | None
    drawn_on: date
    reason: str
    due_on: date
    checked_on: date | None
    checked_by: str
    finding: str
    has_reopened: bool


def list_checks(session: Session, actor: Actor) -> list[CheckRow]:
    """The look-backs of the tasks `actor` may see: those that wait first, by their day, then the latest found."""
    checker, reviewer = aliased(Person), aliased(Person)
    rows = session.execute(
        select(LookBack, RectificationTask, Unit.name, reviewer.name, checker.name)
        .join(RectificationTask, RectificationTask.id == LookBack.task_id)
        .outerjoin(Unit, Unit.id == RectificationTask.lead_unit_id)
        .outerjoin(reviewer, reviewer.id == RectificationTask.reviewer_id)
        .outerjoin(checker, checker.id == LookBack.checked_by_id)
        .where(visible(actor))
        .order_by(LookBack.due_on, LookBack.id)
    ).tuples()
    found = [
        CheckRow(
            code=task.code,
            title=task.title,
            text=task.text,
            unit=unit or "",
            reviewer=usual or "",
            closed_on=task.closed_on,
            drawn_on=check.drawn_on,
            reason=check.reason,
            due_on=check.due_on,
            checked_on=check.checked_on,
            checked_by=looked or "",
            finding=check.finding,
            has_reopened=check.has_reopened,
        )
        for check, task, unit, usual, looked in rows
    ]
    waiting = [row for row in found if row.checked_on is None]
    done = sorted((row for row in found if row.checked_on), key=lambda row: str(row.checked_on), reverse=True)
    return waiting + done
