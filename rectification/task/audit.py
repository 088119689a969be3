"""Does the history still stand as it was written? Walking a bureau's chain, and comparing the tasks with it.

What a chain cannot detect is said in docs/decisions/0005.
"""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Fault, Verb
from models.history import ChainHead, EventText, TaskEvent
from models.task import RectificationTask
from rectification.task.history import GENESIS, RECORDED, event_hash, plain, text_hash


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking one bureau found: its chain's length and head, and the first fault, where there is one.

    `sequence` is the event the fault is at; for a task altered past its history (`task` is its code), the last event
    whose effect it should still show.
    """

    bureau_id: int
    count: int
    head: str
    fault: Fault | None = None
    sequence: int | None = None
    task: str = ""

    @property
    def is_sound(self) -> bool:
        return self.fault is None


@dataclass
class _Walk:
    """The state of a walk: where the chain stands, and what the events say the tasks should be."""

    head: str = GENESIS
    count: int = 0
    head_at: str = ""
    struck: dict[int, bool] = field(default_factory=dict)
    tasks: dict[int, dict[str, tuple[Any, int]]] = field(default_factory=dict)


def verify(session: Session, bureau_id: int, *, against: tuple[int, str] | None = None) -> Verification:
    """Walk a bureau's chain from its beginning, then compare the tasks with what it says of them.

    `against` is a count and head printed earlier: without it, a tail cut together with the stored head cannot be seen.
    """
    walk = _Walk()
    found = (
        _chain_fault(session, bureau_id, walk, against)
        or _head_fault(session.get(ChainHead, bureau_id), walk)
        or _cut_against(walk, against)
        or _unstruck(walk)
    )
    if found is not None:
        return Verification(bureau_id, walk.count, walk.head, *found)
    altered = _altered_task(session, bureau_id, walk)
    if altered is not None:
        return Verification(bureau_id, walk.count, walk.head, Fault.TASK_ALTERED, *altered)
    return Verification(bureau_id, walk.count, walk.head)


_Found = tuple[Fault, int]


def _chain_fault(
    session: Session, bureau_id: int, walk: _Walk, against: tuple[int, str] | None
) -> _Found | None:
    """Walk the events; the first that does not fit ends the walk."""
    with closing(_events(session, bureau_id)) as events:
        for event, text, is_redacted in events:
            found = _event_fault(event, walk, text, is_redacted=is_redacted)
            if found is not None:
                return found
            walk.head, walk.count = event.hash, event.sequence
            if against and walk.count == against[0]:
                walk.head_at = event.hash
            _note(walk, event, is_redacted=is_redacted)
    return None


def _event_fault(event: TaskEvent, walk: _Walk, text: str | None, *, is_redacted: bool) -> _Found | None:
    expected = walk.count + 1
    if event.sequence != expected:
        return Fault.REMOVED, expected
    follows = event.previous_hash == walk.head
    if event_hash(event) != event.hash:
        return (Fault.EDITED if follows else Fault.REORDERED), expected
    if not follows:  # it is whole itself: the one before was written anew
        return Fault.EDITED, max(walk.count, 1)
    if is_redacted and not text:
        return None
    if text_hash(text or "") != event.text_hash:
        return Fault.TEXT_CHANGED, expected
    return None


def _head_fault(head: ChainHead | None, walk: _Walk) -> _Found | None:
    sequence, stored = (head.sequence, head.hash) if head else (0, GENESIS)
    if sequence > walk.count or (head is None and walk.count):
        return Fault.TAIL_CUT, walk.count + 1
    if sequence < walk.count:
        return Fault.EDITED, sequence + 1
    return (Fault.EDITED, walk.count) if stored != walk.head else None


def _cut_against(walk: _Walk, against: tuple[int, str] | None) -> _Found | None:
    if against is None or walk.head_at == against[1] or against == (0, GENESIS):
        return None
    return (Fault.TAIL_CUT, walk.count + 1) if walk.count < against[0] else (Fault.EDITED, against[0])


def _unstruck(walk: _Walk) -> _Found | None:
    """Words that are marked as struck out, but no event on the chain struck them."""
    unstruck = [sequence for sequence, has_event in walk.struck.items() if not has_event]
    return (Fault.TEXT_CHANGED, min(unstruck)) if unstruck else None


def _note(walk: _Walk, event: TaskEvent, *, is_redacted: bool) -> None:
    """Keep what the event says of its task, and of words struck out."""
    if is_redacted:
        walk.struck[event.sequence] = False
    if event.verb is Verb.REDACT:
        walk.struck[event.changes["redacted"][0]] = True
    told = walk.tasks.setdefault(event.task_id, {})
    told["status"] = (event.new_status.value, event.sequence)
    for name, (_, new) in event.changes.items():
        if name in RECORDED:
            told[name] = (new, event.sequence)


def _altered_task(session: Session, bureau_id: int, walk: _Walk) -> tuple[int, str] | None:
    """The first task that is not what its history made it: the last event that told of the column, and the code."""
    altered: list[tuple[int, str]] = []
    tasks = session.scalars(
        select(RectificationTask)
        .where(RectificationTask.bureau_id == bureau_id)
        .execution_options(yield_per=1000)
    )
    for task in tasks:
        told = walk.tasks.get(task.id)
        if told is None:
            altered.append((walk.count, task.code))
            continue
        altered.extend(
            (sequence, task.code)
            for name, (value, sequence) in told.items()
            if plain(getattr(task, name)) != value
        )
    return min(altered, default=None)


def _events(session: Session, bureau_id: int) -> Generator[tuple[TaskEvent, str | None, bool], None, None]:
    query = (
        select(TaskEvent, EventText.text, EventText.is_redacted)
        .outerjoin(EventText, EventText.event_id == TaskEvent.id)
        .where(TaskEvent.bureau_id == bureau_id)
        .order_by(TaskEvent.sequence)
        .execution_options(yield_per=1000)
    )
    with session.execute(query) as rows:
        for event, text, is_redacted in rows:
            yield event, text, bool(is_redacted)
