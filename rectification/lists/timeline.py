"""The history of a task (办理记录) as people read it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.enums import Channel, Status, Verb
from models.history import EventText, TaskEvent
from models.organisation import Person
from rectification.labels import signed_by
from rectification.lists.event_words import acted_for, change_words, names_in


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of a task's history: who did what, and each change from what to what; a redacted text is empty."""

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
    text: str
    changes: tuple[str, ...] = ()
    acted_for: str = ""

    @property
    def who(self) -> str:
        """Who did it, and for whom a stand-in did."""
        return signed_by(self.actor, self.acted_for)


def timeline(session: Session, task_id: int) -> list[EventRow]:
    """The history of a task, oldest first."""
    actor, recorder = aliased(Person), aliased(Person)
    rows = session.execute(
        select(TaskEvent, actor.name, recorder.name, EventText.text, EventText.is_redacted)
        .outerjoin(actor, actor.id == TaskEvent.actor_id)
        .outerjoin(recorder, recorder.id == TaskEvent.recorder_id)
        .outerjoin(EventText, EventText.event_id == TaskEvent.id)
        .where(TaskEvent.task_id == task_id)
        .order_by(TaskEvent.sequence)
    ).all()
    names = names_in(session, [row.TaskEvent for row in rows])
    return [
        EventRow(
            sequence=event.sequence,
            at=event.at,
            effective_on=event.effective_on,
            verb=event.verb,
            old_status=event.old_status,
            new_status=event.new_status,
            actor=actor_name or "系统",
            recorder=recorder_name or "",
            channel=event.channel,
            paper_no=event.paper_no,
            paper_date=event.paper_date,
            text="（内容已清除）" if is_redacted else (text or ""),
            changes=change_words(event, names),
            acted_for=acted_for(event, names),
        )
        for event, actor_name, recorder_name, text, is_redacted in rows
    ]
