"""What waits for somebody, as one person may see it."""

from datetime import date

from sqlalchemy.orm import Session

from core.workdays import WorkCalendar
from rectification.lists.whose_move import WaitRow, waits
from rectification.office.actors import Actor
from rectification.task.access import visible


def waiting(session: Session, today: date, calendar: WorkCalendar, actor: Actor) -> list[WaitRow]:
    """The tasks that wait, the longest first."""
    return [row for _, row in waits(session, today, calendar, visible(actor))]


def too_long(session: Session, today: date, calendar: WorkCalendar, actor: Actor) -> list[WaitRow]:
    """Those that wait too long."""
    return [row for row in waiting(session, today, calendar, actor) if row.is_too_long]
