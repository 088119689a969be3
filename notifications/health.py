"""Whether people are really being told: what the board, /healthz and `doctor` ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true
from sqlalchemy.orm import Session

from core.clock import Clock
from core.workdays import WorkCalendar
from models import shards
from models.enums import OutboxStatus
from models.job import Heartbeat, JobRun
from models.mail import OutboxMessage
from models.task import RectificationTask
from notifications.office_notes import undone
from notifications.outbox import is_closed
from notifications.phone import is_unanswered
from notifications.sender import NAME as SENDER
from rectification.office.wall_clock import clock_fault
from rectification.task.lifecycle import OPEN
from rectification.task.time_limits import day_text

SWEEP: Final = "daily_reminders"
SILENT_SENDER: Final = timedelta(minutes=5)
STUCK: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class MailHealth:
    """`faults` mean that nobody is being told: the program must be seen to. `unheard` is for the clerk.

    Both are sentences to show; none means well.
    """

    queued: int
    oldest: datetime | None
    faults: tuple[str, ...]
    unheard: tuple[str, ...]


def mail_health(
    session: Session, clock: Clock, calendar: WorkCalendar, bureau_id: int | None = None
) -> MailHealth:
    """How reminding does at this moment; messages are those of one bureau where one is given."""
    waiting, message = _is_waiting(clock), OutboxMessage
    is_silent_group = and_(message.person_id.is_(None), message.day == clock.today)
    open_ended = (OutboxStatus.QUEUED, OutboxStatus.CLAIMED, OutboxStatus.UNDELIVERED)
    counts = select(
        func.count().filter(waiting),
        func.min(message.created_at).filter(waiting),
        func.count().filter(waiting, _is_stuck(clock)),
        func.count().filter(is_unanswered()),
        func.count().filter(message.status == OutboxStatus.UNDELIVERED, is_silent_group),
    ).where(message.status.in_(open_ended), true() if bureau_id is None else message.bureau_id == bureau_id)
    queued, oldest, stuck, undelivered, silent_groups = session.execute(counts).one()
    told = {
        f"有 {stuck} 封邮件一小时后仍未发出，请在“邮件”中查看原因": stuck,
        f"有 {undelivered} 封邮件未送达，请改用电话通知，或更正邮箱后重发": undelivered,
        "今天的群消息没有发到，请在“邮件”中查看原因": silent_groups,
    }
    unheard = tuple(words for words, count in told.items() if count)
    return MailHealth(queued, oldest, tuple(faults(session, clock, calendar)), unheard)


def faults(session: Session, clock: Clock, calendar: WorkCalendar) -> Iterator[str]:
    """What stands or has failed."""
    if fault := clock_fault(session, clock):
        yield fault
    last = shards.last_runs(session, clock.today)
    sweeps = [run.error for run in last.pop(SWEEP, ()) if run.day == clock.today and not run.done_at]
    if failed := len(list(filter(None, sweeps))):
        yield f"今天的提醒有 {failed} 片没有写成，程序会再试；原因见“运行”页和日志"
    if failing := sorted(job for job, runs in last.items() if any(run.has_failed for run in runs)):
        yield undone(failing)
    yield from mail_faults(session, clock, calendar)


def mail_faults(session: Session, clock: Clock, calendar: WorkCalendar) -> Iterator[str]:
    """What keeps mails from being written and sent, but clock and jobs that failed."""
    last_sweep = _last_sweep(session, clock.today)
    sender = session.get(Heartbeat, SENDER)
    if _is_silent(session, clock.today, calendar, last_sweep):
        since = f"上次是{day_text(last_sweep)}" if last_sweep else "启用以来没有运行过"
        yield f"提醒已超过一个工作日没有运行（{since}），请检查程序是否一直开着"
    is_silent = sender is None or clock.now - sender.at > SILENT_SENDER
    if is_silent and (queued := waiting_mails(session, clock)):
        yield f"有 {queued} 封邮件待发送，但发信程序没有运行"
        return
    if sender is not None and sender.trouble:
        yield f"邮件发不出去：{sender.trouble}"


def waiting_mails(session: Session, clock: Clock) -> int:
    """How many mails wait for a sender."""
    return session.scalar(select(func.count()).where(_is_waiting(clock))) or 0


def _is_waiting(clock: Clock) -> ColumnElement[bool]:
    is_queued = OutboxMessage.status.in_((OutboxStatus.QUEUED, OutboxStatus.CLAIMED))
    return and_(is_queued, OutboxMessage.send_until > clock.now, not_(is_closed(clock.now)))


def _is_stuck(clock: Clock) -> ColumnElement[bool]:
    """Until it is tried, a mail's next attempt is when it was let go."""
    was_tried = and_(OutboxMessage.attempts > 0, OutboxMessage.created_at < clock.now - STUCK)
    return or_(was_tried, OutboxMessage.next_attempt_at < clock.now - STUCK)


def _last_sweep(session: Session, today: date) -> date | None:
    """The last day that was swept whole: no shard of it is left."""
    whole = (
        select(JobRun.day)
        .where(JobRun.job == SWEEP, JobRun.day <= today)
        .group_by(JobRun.day)
        .having(func.count() == func.count(JobRun.done_at))
        .subquery()
    )
    last: date | None = session.scalar(select(func.max(whole.c.day)))
    return last


def _is_silent(session: Session, today: date, calendar: WorkCalendar, last_sweep: date | None) -> bool:
    """Whether a whole working day has passed without a sweep although there was somebody to remind."""
    working_day = calendar.shift(today, -1)
    if last_sweep is not None and last_sweep >= working_day:
        return False
    was_open = and_(RectificationTask.status.in_(OPEN), RectificationTask.issued_on < working_day)
    return session.scalar(select(RectificationTask.id).where(was_open).limit(1)) is not None
