"""Whether people are really being told: what the board, /healthz and `doctor` ask."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.workdays import WorkCalendar
from models.enums import OutboxStatus
from models.job import Heartbeat, JobRun
from models.mail import OutboxMessage
from models.task import RectificationTask
from notifications.sender import NAME as SENDER
from rectification.lifecycle import OPEN

SWEEP: Final = "daily_reminders"
SILENT_SENDER: Final = timedelta(minutes=5)
STUCK: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class MailHealth:
    """`troubles` are sentences to show; none means well. `last_sweep` is the last day that was swept whole."""

    last_sweep: date | None
    sender_seen: datetime | None
    queued: int
    stuck: int
    undelivered: int
    troubles: tuple[str, ...]


def mail_health(session: Session, clock: Clock, calendar: WorkCalendar) -> MailHealth:
    """How reminding does at this moment."""
    last_sweep = session.scalar(select(func.max(JobRun.day)).where(_swept(), JobRun.day <= clock.today))
    sender = session.get(Heartbeat, SENDER)
    is_queued = OutboxMessage.status.in_((OutboxStatus.QUEUED, OutboxStatus.CLAIMED))
    still_today = and_(is_queued, OutboxMessage.send_until > clock.now)
    queued = _count(session, still_today)
    stuck = _count(session, and_(still_today, OutboxMessage.created_at < clock.now - STUCK))
    undelivered = _count(session, OutboxMessage.status == OutboxStatus.UNDELIVERED)
    troubles = []
    if _is_silent(session, clock.today, calendar, last_sweep):
        since = last_sweep or "启用以来"
        troubles.append(f"提醒已超过一个工作日没有运行（上次：{since}），请检查程序是否一直开着")
    if queued and (sender is None or clock.now - sender.at > SILENT_SENDER):
        troubles.append(f"有 {queued} 封邮件待发送，但发信程序没有运行")
    if stuck:
        troubles.append(f"有 {stuck} 封邮件一小时后仍未发出，请在邮件记录中查看原因")
    if undelivered:
        troubles.append(f"有 {undelivered} 封邮件未送达，请改用电话通知或更正邮箱后重发")
    return MailHealth(
        last_sweep=last_sweep,
        sender_seen=sender.at if sender else None,
        queued=queued,
        stuck=stuck,
        undelivered=undelivered,
        troubles=tuple(troubles),
    )


def _swept() -> ColumnElement[bool]:
    return and_(JobRun.job == SWEEP, JobRun.done_at.is_not(None))


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(OutboxMessage).where(condition)) or 0


def _is_silent(session: Session, today: date, calendar: WorkCalendar, last_sweep: date | None) -> bool:
    """Whether a whole working day has passed without a sweep although there was somebody to remind."""
    working_day = calendar.shift(today, -1)
    if last_sweep is not None and last_sweep >= working_day:
        return False
    was_open = and_(RectificationTask.status.in_(OPEN), RectificationTask.issued_on < working_day)
    return session.scalar(select(RectificationTask.id).where(was_open).limit(1)) is not None
