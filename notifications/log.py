"""The mail log: every message with why it was written, what became of it, and sending one again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import NotFound, Refused
from models.base import frozen
from models.enums import OutboxStatus, ToldStatus
from models.mail import OutboxMessage, Told
from models.organisation import Person
from models.task import RectificationTask
from notifications.letterhead import Letterhead
from notifications.wording import rule_label, rule_name
from rectification.office.names import has_login


@dataclass(frozen=True, slots=True)
class Reason:
    """One entry of a message: the task, and the rule that made it."""

    code: str
    rule: str
    label: str


@dataclass(frozen=True, slots=True)
class MailRow:
    """A message as the log shows it. `reasons` are empty where a later digest carries what it said."""

    id: int
    day: date
    name: str
    login: str
    address: str
    subject: str
    status: OutboxStatus
    attempts: int
    next_attempt_at: datetime
    sent_at: datetime | None
    last_error: str
    message_id: str
    reasons: tuple[Reason, ...]


def mail_log(
    session: Session,
    *,
    bureau_id: int | None = None,
    login: str | None = None,
    status: OutboxStatus | None = None,
    undelivered: bool = False,
    limit: int = 100,
    offset: int = 0,
) -> list[MailRow]:
    """Messages, the newest first; with `undelivered`, those refused, and those that failed and will be tried again."""
    wanted: list[ColumnElement[bool]] = []
    if bureau_id is not None:
        wanted.append(OutboxMessage.bureau_id == bureau_id)
    if login is not None:
        wanted.append(has_login(login))
    if status is not None:
        wanted.append(OutboxMessage.status == status)
    if undelivered:
        is_failing = and_(OutboxMessage.status == OutboxStatus.QUEUED, OutboxMessage.last_error != "")
        wanted.append(or_(OutboxMessage.status == OutboxStatus.UNDELIVERED, is_failing))
    rows = session.execute(
        select(OutboxMessage, func.coalesce(Person.name, "群机器人"), func.coalesce(Person.login, ""))
        .outerjoin(Person, Person.id == OutboxMessage.person_id)
        .where(*wanted)
        .order_by(OutboxMessage.day.desc(), OutboxMessage.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    reasons = _reasons(session, [message.id for message, _, _ in rows])
    return [
        frozen(MailRow, message, name=name, login=of, reasons=tuple(reasons.get(message.id, ())))
        for message, name, of in rows
    ]


def words_of(session: Session, message_ids: Collection[int]) -> dict[int, str]:
    """What messages said, as text, where it is still kept."""
    kept = OutboxMessage.id.in_(message_ids), OutboxMessage.body_text.is_not(None)
    rows = session.execute(select(OutboxMessage.id, OutboxMessage.body_text).where(*kept))
    return {message_id: words or "" for message_id, words in rows}


def resend(
    session: Session, clock: Clock, message_id: int, letterhead: Letterhead, *, bureau_id: int | None = None
) -> None:
    """Send an undelivered message again, today; what it says is held against the ledger once more.

    Raises: NotFound; Refused, for a message that is not undelivered.
    """
    message = session.get(OutboxMessage, message_id, with_for_update=True)
    if message is None or bureau_id not in (None, message.bureau_id):
        raise NotFound(f"没有编号为 {message_id} 的邮件", "", "请核对编号", command="rectify mail log")
    if message.status is not OutboxStatus.UNDELIVERED:
        raise Refused(
            f"邮件 {message_id} 不能重发",
            f"它的状态是“{message.status.word}”，只有未送达的邮件可以重发",
            "请从未送达的邮件中选择",
            command="rectify mail log --undelivered",
        )
    message.status = OutboxStatus.QUEUED
    message.attempts = 0
    message.last_error = ""
    message.next_attempt_at = clock.now
    message.send_until = letterhead.end_of_day(clock.now)


def drop_old_bodies(session: Session, before: datetime) -> int:
    """Forget what messages written before `before` said; key, Message-ID and times stay. How many there were."""
    dropped = session.scalars(
        update(OutboxMessage)
        .where(
            OutboxMessage.created_at < before,
            OutboxMessage.status.not_in((OutboxStatus.QUEUED, OutboxStatus.CLAIMED)),
            OutboxMessage.body_text.is_not(None),
        )
        .values(body_text=None, body_html=None, frozen=None)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(dropped.all())


def _reasons(session: Session, message_ids: Collection[int]) -> dict[int, list[Reason]]:
    found: dict[int, list[Reason]] = {}
    for message_id, code, subject, rung in session.execute(
        select(Told.message_id, RectificationTask.code, Told.subject, Told.rung)
        .join(RectificationTask, RectificationTask.id == Told.task_id)
        .where(Told.message_id.in_(message_ids), Told.status == ToldStatus.TOLD)
        .order_by(Told.due_on, RectificationTask.code)
    ):
        reason = Reason(code, rule_name(subject, rung), rule_label(subject, rung))
        found.setdefault(message_id or 0, []).append(reason)
    return found
