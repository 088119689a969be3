"""Claims on outbox rows: taken with a token and a lease, checked and frozen, settled one by one.

What became of a mail is written only where token and status still match. Every time is the database's.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, case, or_, select, update
from sqlalchemy.orm import Session

from core.bulk import among
from core.db import database_now
from models.enums import OutboxStatus
from models.mail import OutboxMessage
from models.organisation import Person
from notifications import robots
from notifications.letterhead import Letterhead
from notifications.mime import Envelope, to_bytes
from notifications.outbox import OUTBOX
from notifications.recheck import Unsent, check
from notifications.render import Rendered
from notifications.transports import Mail

Message = OutboxMessage


@dataclass(frozen=True, slots=True)
class MailClaim:
    """Mails that this sender alone may send until the lease ends. `at` is when it was taken.

    `doubtful` are those whose bytes had been out before.
    """

    token: str
    at: datetime
    mails: tuple[Mail, ...] = ()
    doubtful: frozenset[int] = frozenset()


def has_work(session: Session) -> bool:
    """Whether any mail could be claimed now."""
    return bool(_due(session, database_now(session), limit=1))


def claim(session: Session, letterhead: Letterhead, *, lease: timedelta, limit: int) -> MailClaim:
    """Take up to `limit` mails that are due, none of which another sender holds.

    What they say is held against the ledger first; their bytes are frozen here, before any attempt. Bytes that are
    frozen already stay as they are: they may have arrived.
    """
    now = database_now(session)
    due = _due(session, now, limit=limit, locked=True)
    if not due:
        return MailClaim("", now)
    doubtful = frozenset(row.id for row in due if row.frozen is not None)
    unsent = [row for row in due if row.id not in doubtful]
    digests = [Unsent(*row[:5]) for row in unsent if row.person_id is not None]
    to_groups = [row.id for row in unsent if row.person_id is None]
    tasks = {checked.id: checked.tasks for checked in check(session, letterhead, digests)}
    tasks |= dict.fromkeys(robots.check(session, letterhead, to_groups), ())
    rows = session.execute(_words(session, doubtful | tasks.keys())).all()
    claimed = MailClaim(
        token=secrets.token_hex(16),
        at=now,
        mails=tuple(_mail(row, letterhead, tasks.get(row.id, ()), now) for row in rows),
        doubtful=doubtful,
    )
    _take(session, claimed, now + lease)
    return claimed


def sent(session: Session, claimed: MailClaim, mail: Mail, outcome: OutboxStatus, at: datetime) -> bool:
    """The mail went out. False where the claim had been lost meanwhile."""
    return _settle(session, _mine(claimed, mail.id), status=outcome, sent_at=at, last_error="")


def give_up(session: Session, claimed: MailClaim, mail: Mail, reason: str) -> bool:
    """The mail will not arrive; clerks are told."""
    return _settle(
        session, _mine(claimed, mail.id), status=OutboxStatus.UNDELIVERED, last_error=reason, frozen=None
    )


def postpone(
    session: Session, claimed: MailClaim, mail: Mail, reason: str, until: datetime, *, keep_bytes: bool
) -> bool:
    """Try again later: the same bytes where they may have arrived, else looked at anew."""
    values: dict[str, object] = {} if keep_bytes else {"frozen": None}
    return _settle(
        session,
        _mine(claimed, mail.id),
        status=OutboxStatus.QUEUED,
        last_error=reason,
        next_attempt_at=until,
        **values,
    )


def release(
    session: Session,
    claimed: MailClaim,
    mails: Iterable[Mail],
    *,
    reason: str = "",
    until: datetime | None = None,
) -> None:
    """Give back mails that were not tried; it counts as no attempt."""
    for mail in mails:
        values: dict[str, object] = {} if mail.id in claimed.doubtful else {"frozen": None}
        _settle(
            session,
            _mine(claimed, mail.id),
            status=OutboxStatus.QUEUED,
            attempts=Message.attempts - 1,
            last_error=reason,
            next_attempt_at=until or claimed.at,
            **values,
        )


def set_aside(session: Session, reason: str, pause: timedelta, most_attempts: int) -> None:
    """The first mail that is due cannot even be made ready: it waits, with the reason, so that the next may go."""
    now = database_now(session)
    due = [row.id for row in _due(session, now, limit=1, locked=True)]
    is_last = Message.attempts + 1 >= most_attempts
    session.execute(
        update(Message)
        .where(Message.id.in_(due))
        .values(
            status=case((is_last, OutboxStatus.UNDELIVERED), else_=OutboxStatus.QUEUED),
            attempts=Message.attempts + 1,
            last_error=reason,
            next_attempt_at=now + pause,
            claim_token=None,
            lease_until=None,
        )
        .execution_options(synchronize_session=False)
    )


def _due(session: Session, now: datetime, *, limit: int, locked: bool = False) -> Sequence[Row[Any]]:
    """Mails that may be taken, the longest waiting first; of those `locked` none is another sender's."""
    is_abandoned = and_(Message.status == OutboxStatus.CLAIMED, Message.lease_until < now)
    is_queued = and_(Message.status == OutboxStatus.QUEUED, Message.next_attempt_at <= now)
    columns = (Message.id, Message.bureau_id, Message.person_id, Message.day, Message.address, Message.frozen)
    query = select(*columns).where(or_(is_abandoned, is_queued), Message.send_until > now)
    query = query.order_by(Message.next_attempt_at, Message.id).limit(limit)
    return session.execute(query.with_for_update(skip_locked=True) if locked else query).all()


def _words(session: Session, message_ids: Collection[int]) -> Select[Any]:
    return (
        select(
            Message.id,
            Message.frozen,
            Message.subject,
            Message.body_text,
            Message.body_html,
            Message.message_id,
            Message.address,
            Message.day,
            Message.attempts,
            Person.name,
            Person.login,
        )
        .outerjoin(Person, Person.id == Message.person_id)
        .where(among(session, Message.id, message_ids))
        .order_by(Message.id)
    )


def _mail(row: Row[Any], letterhead: Letterhead, tasks: Iterable[tuple[int, str]], now: datetime) -> Mail:
    content = row.frozen or (row.body_text.encode() if row.login is None else None)
    if content is None:
        envelope = Envelope(
            sender=letterhead.sender,
            name=row.name,
            address=row.address,
            message_id=row.message_id,
            date=now.astimezone(letterhead.zone),
            references=tuple(letterhead.thread_id(bureau_id, code) for bureau_id, code in tasks),
        )
        content = to_bytes(envelope, Rendered(row.subject, row.body_text, row.body_html))
    return Mail(row.id, f"{row.day}-{row.login}-{row.id}", row.address, content, row.attempts + 1)


def _take(session: Session, claimed: MailClaim, lease_until: datetime) -> None:
    if claimed.mails:
        session.connection().execute(
            OUTBOX.update()
            .where(OUTBOX.c.id == bindparam("mail_id"))
            .values(
                status=OutboxStatus.CLAIMED,
                claim_token=claimed.token,
                lease_until=lease_until,
                attempts=OUTBOX.c.attempts + 1,
                frozen=bindparam("content"),
            ),
            [{"mail_id": mail.id, "content": mail.content} for mail in claimed.mails],
        )


def _mine(claimed: MailClaim, mail_id: int) -> ColumnElement[bool]:
    return and_(
        Message.id == mail_id, Message.claim_token == claimed.token, Message.status == OutboxStatus.CLAIMED
    )


def _settle(session: Session, mine: ColumnElement[bool], **values: object) -> bool:
    settled = session.execute(
        update(Message)
        .where(mine)
        .values(claim_token=None, lease_until=None, **values)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return settled.first() is not None
