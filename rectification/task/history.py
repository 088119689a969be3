"""The history: writing events onto a bureau's hash chain. Verifying it is rectification/task/audit.py.

An event's hash covers an explicit canonical form and the hash before it; its free text stands apart, bound by its
own hash, so that it can be redacted while the chain verifies (docs/decisions/0005). What a chain cannot detect is
said there too.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import before_commit
from core.errors import NotFound
from models.enums import Status, Verb
from models.history import ChainHead, EventText, TaskEvent
from models.task import (
    Checkpoint,
    Closure,
    ClosureStep,
    DoubtAnswer,
    Evidence,
    Extension,
    LookBack,
    Measure,
    Participant,
    Progress,
    Proof,
    RectificationTask,
)
from rectification.office.actors import Acting
from rectification.office.chain import SYSTEM_USER, append, digest, locked_head, plain, text_hash

_PENDING: Final = "rectify.events"
HANGING: Final = (
    Participant,
    Measure,
    Progress,
    Evidence,
    Proof,
    Extension,
    Closure,
    ClosureStep,
    DoubtAnswer,
    Checkpoint,
    LookBack,
)
"""The rows that hang on a task; its events tell of them as of the task's own columns (rectification/office/chain.py)."""


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
    sat_there = {SYSTEM_USER: (None, acting.system_user)} if acting.system_user else {}
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
        changes={
            name: [plain(old), plain(new)]
            for name, (old, new) in {**(changes or {}), **sat_there}.items()
            if name != "status"
        },
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
    head = locked_head(session, ChainHead, bureau_id=pending[0][0].bureau_id)
    append(session, head, [event for event, _ in pending], event_hash)
    session.add_all(EventText(event_id=event.id, text=text) for event, text in pending if text)
    session.flush()


def strike(session: Session, event: TaskEvent, reason: str) -> str:
    """Take the words of an event out of the ledger for good and return them; the chain still verifies.

    The striking itself must go on the chain as `changes={"redacted": (event.sequence, None)}`: words that are gone
    without such an event are a fault.

    Raises: NotFound, where the event has no words.
    """
    words = session.get(EventText, event.id)
    if words is None or words.is_redacted:
        raise NotFound(f"第 {event.sequence} 条办理记录没有可清除的文字", "", "请核对序号")
    struck = words.text
    words.text, words.is_redacted, words.redaction_reason = "", True, reason
    return struck


def event_hash(event: TaskEvent) -> str:
    """The SHA-256 of the event's named fields in a fixed order, on top of the hash before it."""
    return digest(
        (
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
            plain(event.at),
            plain(event.effective_on),
            event.paper_no,
            plain(event.paper_date),
            event.changes,
            event.text_hash,
        )
    )
