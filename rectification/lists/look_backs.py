"""Which closed tasks are to be looked at again (回头看), and what was found: the list beside the draw."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from models.base import frozen
from models.task import LookBack, RectificationTask
from rectification.lists.case_file import LookBackLine
from rectification.office.actors import Actor
from rectification.task.access import visible


@dataclass(frozen=True, slots=True)
class CheckRow(LookBackLine):
    """One look-back; `checked_on` is None while it waits, `reviewer` is who usually looks and may have left."""

    code: str
    title: str
    text: str
    unit: str
    reviewer: str
    reviewer_id: int | None
    has_left: bool
    closed_on: date | None


def list_checks(session: Session, actor: Actor) -> list[CheckRow]:
    """The look-backs of the tasks `actor` may see: those that wait first, by their day, then the latest found."""
    task = LookBack.task
    rows = session.scalars(
        select(LookBack)
        .join(task)
        .where(visible(actor), RectificationTask.duplicate_of_id.is_(None))
        .order_by(LookBack.due_on, LookBack.id)
        .options(
            contains_eager(task).options(
                joinedload(RectificationTask.lead_unit), joinedload(RectificationTask.reviewer)
            ),
            joinedload(LookBack.checked_by),
        )
    )
    found = [
        frozen(
            CheckRow,
            check,
            code=check.task.code,
            title=check.task.title,
            text=check.task.text,
            unit=check.task.lead_unit.name if check.task.lead_unit else "",
            reviewer=check.task.reviewer.name if check.task.reviewer else "",
            reviewer_id=check.task.reviewer_id,
            has_left=check.task.reviewer is not None and not check.task.reviewer.is_active,
            closed_on=check.task.closed_on,
        )
        for check in rows
    ]
    waiting = [row for row in found if row.checked_on is None]
    done = sorted((row for row in found if row.checked_on), key=lambda row: str(row.checked_on), reverse=True)
    return waiting + done
