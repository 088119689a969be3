"""Which steps of a task's history stand: one taken back (撤销误办) counts nowhere, one amended counts on its right day.

Pure functions over events in the order of their chain. The history itself keeps every event.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from models.enums import Status, Verb
from models.history import TaskEvent
from rectification.task.as_of import PastEvent

UNDONE: Final = "undone"
AMENDED: Final = "amended"
AMENDED_DAY: Final = "effective_on"
"""What an UNDO and an AMEND say of the step they speak of: its number, and the day it really was."""
SPEAKS_OF_ANOTHER: Final = frozenset({Verb.UNDO, Verb.AMEND})


def undone(events: Iterable[TaskEvent]) -> dict[int, int]:
    """The numbers of the steps that were taken back, each with that of the step that did."""
    return {event.changes[UNDONE][0]: event.sequence for event in events if event.verb is Verb.UNDO}


def amended(events: Iterable[TaskEvent]) -> dict[int, int]:
    """The same of the steps that were put right, with the last that did."""
    return {event.changes[AMENDED][0]: event.sequence for event in events if event.verb is Verb.AMEND}


def amended_days(events: Iterable[TaskEvent]) -> dict[int, date]:
    """The days put right, by the number of the step."""
    return {
        event.changes[AMENDED][0]: date.fromisoformat(event.changes[AMENDED_DAY][1])
        for event in events
        if event.verb is Verb.AMEND and AMENDED_DAY in event.changes
    }


def standing(events: Sequence[TaskEvent]) -> list[TaskEvent]:
    """The steps that count: without those taken back, and without what speaks of other steps alone."""
    gone = undone(events)
    return [event for event in events if event.verb not in SPEAKS_OF_ANOTHER and event.sequence not in gone]


def is_move(event: TaskEvent) -> bool:
    """Whether the step moved the task to another status."""
    return event.old_status is not event.new_status


def past_events(events: Sequence[TaskEvent]) -> Iterator[PastEvent]:
    """The steps that count, for replay: a step between another and its undoing moved nothing that stayed."""
    days = amended_days(events)
    status: Status | None = None
    for event in standing(events):
        if status is None or is_move(event):
            status = event.new_status
        yield PastEvent(status, days.get(event.sequence, event.effective_on), event.changes)


def last_move_on(events: Sequence[TaskEvent]) -> date | None:
    """The day of the last step that moved the task."""
    days = amended_days(events)
    moves = [event for event in standing(events) if is_move(event)]
    return days.get(moves[-1].sequence, moves[-1].effective_on) if moves else None
