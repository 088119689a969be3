"""The outbox of digests: which digests of a day exist, which are written now, which a later one replaces."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from core.db import database_now
from models.enums import OutboxStatus
from models.mail import OutboxMessage, PhoneCall
from notifications import told_once
from notifications.letterhead import Letterhead
from notifications.messages import Digest
from notifications.render import Rendered
from rectification.reminders.facts import Recipient

OUTBOX: Final = cast("Table", OutboxMessage.__table__)


@dataclass(frozen=True, slots=True)
class DigestsOfDay:
    """The digests a day has so far: `open_ids` are digests that may still be added to, by person; `closed` are people whose
    digest of the day has gone its way, or who were rung.
    """

    open_ids: dict[int, int] = field(default_factory=dict)
    closed: frozenset[int] = frozenset()


def digest_key(bureau_id: int, person_id: int, day: date) -> str:
    return f"{Digest.template}:{bureau_id}:{person_id}:{day.isoformat()}"


def retire_earlier(session: Session, bureau_ids: Collection[int], today: date, *, leaves: bool) -> set[int]:
    """Supersede the unsent messages of earlier days, so that today's carries what they held.

    Where mail now leaves the building, digests written to the folder expire the same way: nobody received them.
    Returns the people whose earlier digest is being sent at this moment: theirs must be left alone.
    """
    earlier = and_(OutboxMessage.bureau_id.in_(bureau_ids), OutboxMessage.day < today)
    now = database_now(session)
    is_claimed = OutboxMessage.status == OutboxStatus.CLAIMED
    abandoned = and_(is_claimed, OutboxMessage.lease_until < now)
    unsent = or_(OutboxMessage.status == OutboxStatus.QUEUED, abandoned)
    _retire(session, and_(earlier, unsent), OutboxStatus.SUPERSEDED)
    if leaves:
        _retire(session, and_(earlier, OutboxMessage.status == OutboxStatus.WRITTEN), OutboxStatus.EXPIRED)
    claimed = session.scalars(select(OutboxMessage.person_id).where(earlier, is_claimed))
    return {person_id for person_id in claimed if person_id is not None}


def _retire(session: Session, chosen: ColumnElement[bool], status: OutboxStatus) -> None:
    retired = session.scalars(
        update(OutboxMessage)
        .where(chosen)
        .values(status=status, claim_token=None, lease_until=None, frozen=None)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    ).all()
    told_once.wait_again(session, retired)


def standing(session: Session, bureau_ids: Collection[int], day: date) -> DigestsOfDay:
    """The digests `day` has so far; those not yet sent are locked, so that no sender claims them meanwhile."""
    rows = session.execute(
        select(
            OutboxMessage.id,
            OutboxMessage.person_id,
            OutboxMessage.status.in_((OutboxStatus.QUEUED, OutboxStatus.WITHDRAWN))
            & OutboxMessage.frozen.is_(None),
        )
        .where(
            OutboxMessage.bureau_id.in_(bureau_ids),
            OutboxMessage.template == Digest.template,
            OutboxMessage.day == day,
        )
        .order_by(OutboxMessage.id)
        .with_for_update()
    ).all()
    rung = session.scalars(
        select(PhoneCall.person_id).where(
            PhoneCall.bureau_id.in_(bureau_ids), PhoneCall.day == day, PhoneCall.called_at.is_not(None)
        )
    )
    return DigestsOfDay(
        open_ids={person_id: row_id for row_id, person_id, is_open in rows if is_open},
        closed=frozenset(rung).union(person_id for _, person_id, is_open in rows if not is_open),
    )


def write_digests(
    session: Session,
    letterhead: Letterhead,
    now: datetime,
    day: date,
    digests: Iterable[tuple[Recipient, Rendered]],
    *,
    opens_at: datetime,
) -> dict[int, int]:
    """New digests, the number of each by its person; no sender takes one before `opens_at`."""
    rows = [
        OutboxMessage(
            bureau_id=to.bureau_id,
            person_id=to.id,
            key=key,
            template=Digest.template,
            day=day,
            status=OutboxStatus.QUEUED,
            message_id=letterhead.message_id(key),
            address=to.address,
            subject=words.subject,
            body_text=words.text,
            body_html=words.html,
            next_attempt_at=opens_at,
            send_until=letterhead.end_of_day(now),
            created_at=now,
        )
        for to, words in digests
        for key in [digest_key(to.bureau_id, to.id, day)]
    ]
    session.add_all(rows)
    session.flush()
    return {row.person_id: row.id for row in rows if row.person_id is not None}


def open_digests(session: Session, bureau_ids: Collection[int], day: date) -> int:
    """Let the day's digests go that nobody has tried to send; how many were still closed."""
    now = database_now(session)
    opened = (
        update(OutboxMessage)
        .where(
            OutboxMessage.bureau_id.in_(bureau_ids),
            OutboxMessage.template == Digest.template,
            OutboxMessage.day == day,
            is_closed(now),
        )
        .values(next_attempt_at=now)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(opened).all())


def is_closed(now: datetime) -> ColumnElement[bool]:
    """Whether a digest does not go yet because the day's flows may add to it."""
    return and_(
        OutboxMessage.status == OutboxStatus.QUEUED,
        OutboxMessage.attempts == 0,
        OutboxMessage.next_attempt_at > now,
    )


def rewrite(session: Session, words: Mapping[int, Rendered]) -> None:
    """New words for digests that have not gone yet; a withdrawn one is queued again."""
    rows = [
        {"number": number, "subject": new.subject, "body_text": new.text, "body_html": new.html}
        for number, new in words.items()
    ]
    if rows:
        anew = OUTBOX.update().where(OUTBOX.c.id == bindparam("number")).values(status=OutboxStatus.QUEUED)
        session.connection().execute(anew, rows)


def readdress(session: Session, message_id: int, address: str) -> None:
    """The person's mailbox changed."""
    _change(session, message_id, address=address)


def withdraw(session: Session, message_id: int) -> None:
    """Withdraw a digest: nothing is left to say, or the person has no mailbox any more."""
    _change(session, message_id, status=OutboxStatus.WITHDRAWN)


def _change(session: Session, message_id: int, **values: object) -> None:
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
