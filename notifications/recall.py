"""Takes back what a wrong day recorded and nobody received, so that the ladder speaks again as if it had not run.

Days that are yet to come are taken back with it, whatever day is asked for. A mail that went out stays in the log; what
it said of a day that has not come counts as unsaid, so that it is told when that day comes.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Delete, Update, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from core.clock import Clock
from core.db import database_now
from models.enums import OutboxStatus, ToldStatus
from models.job import JobRun
from models.mail import OutboxMessage, PhoneCall, Told
from models.review import Summary
from notifications.tellers import Teller

_LADDER: Final = ("person_id", "task_id", "subject", "due_on")
"""What rungs of one ladder have in common. A rung that is taken back may have replaced one of an earlier day unsent."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is taken back: entries told, rungs recorded as superseded, mails, shards of jobs.

    `kept` are mails of those days that went out, or are going out: they cannot be called back.
    """

    told: int
    superseded: int
    mails: int
    runs: int
    kept: int


def recall(session: Session, clock: Clock, day: date) -> Recalled:
    """Take back what was recorded on `day`, and on every day after today."""

    def is_wrong(stored: Any) -> ColumnElement[bool]:
        return or_(stored == day, stored > clock.today)

    def is_taken(entry: type[Told]) -> ColumnElement[bool]:
        return and_(is_wrong(entry.day), or_(entry.day > clock.today, ~_was_heard(entry)))

    now = database_now(session)
    kept = session.scalar(
        select(func.count()).select_from(OutboxMessage).where(is_wrong(OutboxMessage.day), _has_gone())
    )
    higher = aliased(Told)
    is_under = exists().where(
        *(getattr(higher, name) == getattr(Told, name) for name in _LADDER), is_taken(higher)
    )
    superseded = _changed(session, delete(Told).where(Told.status == ToldStatus.SUPERSEDED, is_under))
    told = _changed(session, delete(Told).where(is_taken(Told)))
    is_replaced = and_(OutboxMessage.day == clock.today, OutboxMessage.status == OutboxStatus.SUPERSEDED)
    is_said = exists().where(Told.message_id == OutboxMessage.id)
    of_day = or_(is_wrong(OutboxMessage.day), is_replaced)
    mails = _changed(session, delete(OutboxMessage).where(of_day, ~_has_gone(), ~is_said))
    is_over = or_(JobRun.done_at.is_not(None), JobRun.lease_until.is_(None), JobRun.lease_until < now)
    of_run = or_(and_(is_wrong(JobRun.day), is_over), JobRun.started_at > now)
    runs = _changed(session, delete(JobRun).where(of_run))
    is_told = exists().where(
        Told.bureau_id == Summary.bureau_id,
        Told.subject == Teller.PROGRESS_SUMMARY.note,
        Told.day == Summary.told_on,
    )
    _changed(session, update(Summary).where(is_wrong(Summary.told_on), ~is_told).values(told_on=None))
    return Recalled(told, superseded, mails, runs, kept or 0)


def _has_gone() -> ColumnElement[bool]:
    """A mail that went out, is being sent, or may have arrived."""
    gone = OutboxMessage.status.in_((OutboxStatus.SENT, OutboxStatus.CLAIMED))
    in_doubt = and_(OutboxMessage.status == OutboxStatus.QUEUED, OutboxMessage.frozen.is_not(None))
    return or_(gone, in_doubt)


def _was_heard(entry: type[Told]) -> ColumnElement[bool]:
    """Said in such a mail, or on the telephone."""
    by_mail = exists().where(OutboxMessage.id == entry.message_id, _has_gone())
    is_rung = exists().where(
        PhoneCall.person_id == entry.person_id, PhoneCall.day == entry.day, PhoneCall.called_at.is_not(None)
    )
    return or_(by_mail, and_(is_rung, entry.status == ToldStatus.TOLD))


def _changed(session: Session, change: Delete | Update) -> int:
    done: Any = session.execute(change.execution_options(synchronize_session=False))
    return int(done.rowcount)
