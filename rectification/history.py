"""The history: writing events onto a bureau's hash chain, and verifying it.

An event's hash covers an explicit canonical form and the hash before it; its free text stands apart, bound by its
own hash, so that it can be redacted while the chain verifies (docs/decisions/0005). What a chain cannot detect is
said there too.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import before_commit
from models.enums import Fault, Status, Verb
from models.history import ChainHead, EventText, TaskEvent
from models.task import RectificationTask
from rectification.actors import Acting

GENESIS: Final = "0" * 64
_PENDING: Final = "rectify.events"


def record(
    session: Session,
    clock: Clock,
    acting: Acting,
    task: RectificationTask,
    verb: Verb,
    *,
    old_status: Status | None,
    text: str = "",
    changes: Mapping[str, tuple[object, object]] | None = None,
) -> None:
    """Note one change; it is put on the chain just before this unit of work commits.

    Raises: RuntimeError, if one unit of work touches two bureaus' chains.
    """
    pending: list[tuple[TaskEvent, str]] = session.info.setdefault(_PENDING, [])
    if pending and pending[0][0].bureau_id != task.bureau_id:
        raise RuntimeError("one unit of work may write one bureau's history only")
    event = TaskEvent(
        bureau_id=task.bureau_id,
        task_id=task.id,
        verb=verb,
        old_status=old_status,
        new_status=task.status,
        actor_id=acting.actor.id,
        recorder_id=acting.recorder.id if acting.recorder else None,
        channel=acting.channel,
        at=clock.now,
        effective_on=acting.effective_on(clock.today),
        paper_no=acting.paper.number if acting.paper else "",
        paper_date=acting.paper.dated if acting.paper else None,
        changes={name: [_plain(old), _plain(new)] for name, (old, new) in (changes or {}).items()},
        text_hash=text_hash(text),
    )
    pending.append((event, text))
    before_commit(session, _chain)


def events_of(session: Session, task_id: int) -> list[TaskEvent]:
    """A task's events, oldest first, with those of this unit of work that are not on the chain yet."""
    stored = session.scalars(
        select(TaskEvent).where(TaskEvent.task_id == task_id).order_by(TaskEvent.sequence)
    ).all()
    pending: list[tuple[TaskEvent, str]] = session.info.get(_PENDING, [])
    return [*stored, *(event for event, _ in pending if event.task_id == task_id)]


def _chain(session: Session) -> None:
    """Put the pending events on the chain: the head is locked here, as the last thing before the commit."""
    pending: list[tuple[TaskEvent, str]] = session.info.pop(_PENDING, [])
    if not pending:
        return
    head = _locked_head(session, pending[0][0].bureau_id)
    for event, _ in pending:
        event.sequence = head.sequence + 1
        event.previous_hash = head.hash
        event.hash = event_hash(event)
        head.sequence, head.hash = event.sequence, event.hash
    session.add_all(event for event, _ in pending)
    session.flush()
    session.add_all(EventText(event_id=event.id, text=text) for event, text in pending if text)
    session.flush()


def _locked_head(session: Session, bureau_id: int) -> ChainHead:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(ChainHead).values(bureau_id=bureau_id, sequence=0, hash=GENESIS).on_conflict_do_nothing()
    )
    return session.scalars(
        select(ChainHead)
        .where(ChainHead.bureau_id == bureau_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def text_hash(text: str) -> str:
    """The SHA-256 of an event's words; empty where it has none."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def event_hash(event: TaskEvent) -> str:
    """The SHA-256 of the event's canonical form on top of the hash before it."""
    return hashlib.sha256(canonical(event)).hexdigest()


def canonical(event: TaskEvent) -> bytes:
    """The bytes that are hashed: named fields in a fixed order, moments in UTC to the microsecond."""
    fields = [
        event.previous_hash,
        event.bureau_id,
        event.sequence,
        event.task_id,
        event.verb,
        event.old_status,
        event.new_status,
        event.actor_id,
        event.recorder_id,
        event.channel,
        _plain(event.at),
        _plain(event.effective_on),
        event.paper_no,
        _plain(event.paper_date),
        event.changes,
        event.text_hash,
    ]
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return value


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking one bureau's chain found: its length and head, and the first fault, where there is one."""

    bureau_id: int
    count: int
    head: str
    fault: Fault | None = None
    sequence: int | None = None

    @property
    def is_sound(self) -> bool:
        return self.fault is None


def verify(session: Session, bureau_id: int, *, against: tuple[int, str] | None = None) -> Verification:
    """Walk a bureau's chain from its beginning; `against` is a count and head printed earlier.

    Without `against` a tail cut together with the stored head cannot be seen.
    """
    previous, count, head_at = GENESIS, 0, ""
    for event, text, is_redacted in _events(session, bureau_id):
        fault = _fault(event, previous, count + 1)
        if fault is None and text is not None and not is_redacted and text_hash(text) != event.text_hash:
            fault = Fault.TEXT_CHANGED
        if fault is None and text is None and event.text_hash:
            fault = Fault.TEXT_CHANGED
        if fault is not None:
            return Verification(bureau_id, count, previous, fault, count + 1)
        previous, count = event.hash, event.sequence
        if against and count == against[0]:
            head_at = event.hash
    head = session.get(ChainHead, bureau_id)
    if head is not None and (head.sequence, head.hash) != (count, previous):
        return Verification(bureau_id, count, previous, Fault.TAIL_CUT, count + 1)
    if against and head_at != against[1]:
        fault = Fault.TAIL_CUT if count < against[0] else Fault.EDITED
        return Verification(bureau_id, count, previous, fault, min(count + 1, against[0]))
    return Verification(bureau_id, count, previous)


def _fault(event: TaskEvent, previous: str, expected: int) -> Fault | None:
    if event.sequence != expected:
        return Fault.REMOVED
    if event_hash(event) != event.hash:
        return Fault.REORDERED if event.previous_hash != previous else Fault.EDITED
    return Fault.REORDERED if event.previous_hash != previous else None


def _events(session: Session, bureau_id: int) -> Iterator[tuple[TaskEvent, str | None, bool]]:
    rows = session.execute(
        select(TaskEvent, EventText.text, EventText.is_redacted)
        .outerjoin(EventText, EventText.event_id == TaskEvent.id)
        .where(TaskEvent.bureau_id == bureau_id)
        .order_by(TaskEvent.sequence)
        .execution_options(yield_per=1000)
    )
    for event, text, is_redacted in rows:
        yield event, text, bool(is_redacted)
