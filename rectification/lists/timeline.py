"""The history of a task (办理记录) as people read it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.base import frozen
from models.enums import Channel, Status, Verb
from models.history import EventText, TaskEvent
from rectification.labels import signed_by
from rectification.lists.event_words import acted_for, change_words, names_in
from rectification.office.chain import recorder_of
from rectification.task.standing import SPEAKS_OF_ANOTHER, amended, amended_days, undone


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of a task's history: who did what, and each change from what to what; a redacted text is empty.

    `undone_by` is the number of the line that took it back; `effective_on` the day it really was; `hash` ends the bureau's
    chain with this line.
    """

    sequence: int
    at: datetime
    effective_on: date
    verb: Verb
    old_status: Status | None
    new_status: Status
    actor: str
    recorder: str
    channel: Channel
    paper_no: str
    paper_date: date | None
    hash: str
    text: str
    changes: tuple[str, ...] = ()
    acted_for: str = ""
    undone_by: int | None = None

    @property
    def who(self) -> str:
        """Who did it, and for whom a stand-in did."""
        return signed_by(self.actor, self.acted_for)

    @property
    def stands(self) -> bool:
        """Whether it is a step that counts: not taken back, and not one that only speaks of another."""
        return self.undone_by is None and self.verb not in SPEAKS_OF_ANOTHER

    @property
    def has_moved(self) -> bool:
        """Whether it moved the task to another status."""
        return self.old_status is not self.new_status


def timeline(session: Session, task_id: int) -> list[EventRow]:
    """The history of a task, oldest first."""
    whole = (joinedload(TaskEvent.actor), joinedload(TaskEvent.recorder), joinedload(TaskEvent.words))
    events = session.scalars(
        select(TaskEvent).where(TaskEvent.task_id == task_id).order_by(TaskEvent.sequence).options(*whole)
    ).all()
    names, gone, days = names_in(session, events), undone(events), amended_days(events)
    later = [(gone, "撤销"), (amended(events), "更正")]
    return [
        frozen(
            EventRow,
            event,
            actor=event.actor.name if event.actor else "系统",
            recorder=recorder_of(event),
            text=_words(event.words),
            effective_on=days.get(event.sequence, event.effective_on),
            undone_by=gone.get(event.sequence),
            changes=(
                *change_words(event, names),
                *(f"已由第 {by[event.sequence]} 条{what}" for by, what in later if event.sequence in by),
            ),
            acted_for=acted_for(event, names),
        )
        for event in events
    ]


def _words(words: EventText | None) -> str:
    if words is None:
        return ""
    return "（内容已清除）" if words.is_redacted else words.text
