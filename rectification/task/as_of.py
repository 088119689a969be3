"""A task as it stood on a past day, replayed from its history. Pure: events in, standings out.

An event counts from its effective day (the paper's date where it was recorded from paper), but never before an event
it follows: so a past day always shows a standing the task really had. What was done to a draft is no such event: an
office that enters its paper past drafts today what it issued then. Columns are what they are now with the later events
undone.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import accumulate
from typing import Any, Final

from models.enums import ApprovalLevel, ItemKind, Status, TimeLimit
from models.task import RectificationTask
from rectification.office.chain import untold
from rectification.task.deadlines import Timing, deadline, overdue_days
from rectification.task.lifecycle import ENDED, OPEN
from rectification.task.time_limits import moved_text

REPLAYED: Final = (
    "kind",
    "lead_unit_id",
    "officer_id",
    "leader_id",
    "reviewer_id",
    "approver_id",
    "approval_level",
    "is_confirmed",
    "time_limit",
    "issued_on",
    "due_on",
    "original_due_on",
    "next_checkpoint_on",
    "paused_days",
    "extension_count",
    "days_overdue_at_submission",
    "days_overdue_at_redating",
    "is_supervised",
    "is_recurring",
    "count_total",
    "count_done",
)
"""The recorded columns a standing is made of."""

Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PastEvent:
    """The part of an event that replay needs; `changes` maps a column to [before, after]."""

    new_status: Status
    effective_on: date
    changes: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a task stands on a day. `ended_on` is when it was last closed or terminated, None while it is open.

    `overdue_days` is as of the day; `days_late` what it was at submission, None while nothing is submitted;
    `was_redated` says that the date was set anew after it had been missed.
    """

    kind: ItemKind
    status: Status
    time_limit: TimeLimit
    issued_on: date | None
    due_on: date | None
    original_due_on: date | None
    deadline_on: date | None
    submitted_on: date | None
    ended_on: date | None
    overdue_days: int
    days_late: int | None
    extensions: int
    was_redated: bool
    is_supervised: bool
    is_recurring: bool

    @property
    def moved(self) -> str:
        """How the deadline came to be another than the task was issued with; empty where it is the same."""
        return moved_text(
            self.due_on,
            self.original_due_on,
            self.deadline_on,
            extensions=self.extensions,
            was_redated=self.was_redated,
        )


@dataclass(frozen=True, slots=True)
class TaskOnDay(Standing):
    """The same with who had the task in hand."""

    lead_unit_id: int | None
    officer_id: int | None
    leader_id: int | None
    reviewer_id: int | None
    approver_id: int | None
    approval_level: ApprovalLevel
    is_confirmed: bool
    count_total: int | None
    count_done: int | None

    @property
    def is_in_ledger(self) -> bool:
        """Issued, and not handed back to the clerk: what figures count."""
        return self.status in OPEN or self.has_ended

    @property
    def has_ended(self) -> bool:
        """Closed or terminated."""
        return self.status in ENDED and self.status is not Status.ARCHIVED


_STANDING: Final = tuple(field.name for field in fields(TaskOnDay) if field.name in REPLAYED)
"""The columns a standing holds as they were."""


class TaskHistory:
    """One task's events in the order of its chain, and its columns as they are now."""

    def __init__(self, now: Columns, events: Sequence[PastEvent]) -> None:
        self._events = events
        self._days = _days(events)
        self._columns = _columns_after(now, events)

    def at(self, day: date) -> TaskOnDay | None:
        """The task at the end of `day`; None where nothing had happened to it yet."""
        last = bisect_right(self._days, day) - 1
        if last < 0:
            return None
        columns, status = self._columns[last], self._events[last].new_status
        submitted = self._arrival(last, frozenset({Status.SUBMITTED}))
        ended = self._arrival(last, ENDED) if status in ENDED else None
        late = columns["days_overdue_at_submission"]
        timing = Timing(status, columns["time_limit"], _deadline(columns), late)
        return TaskOnDay(
            **{name: columns[name] for name in _STANDING},
            status=status,
            deadline_on=_deadline(columns),
            submitted_on=None if submitted is None else self._days[submitted],
            ended_on=None if ended is None else self._days[ended],
            overdue_days=overdue_days(timing, day),
            days_late=late,
            extensions=columns["extension_count"],
            was_redated=bool(columns["days_overdue_at_redating"]),
        )

    def _arrival(self, last: int, statuses: frozenset[Status]) -> int | None:
        """The latest event by `last` that brought the task into one of `statuses` from outside them."""
        for place in range(last, -1, -1):
            before = self._events[place - 1].new_status if place else None
            if self._events[place].new_status in statuses and before not in statuses:
                return place
        return None


def _columns_after(now: Columns, events: Sequence[PastEvent]) -> list[Columns]:
    """The columns after each event, found from the last backwards."""
    after: list[Columns] = []
    columns = now
    for event in reversed(events):
        after.append(columns)
        undone = {
            name: untold(RectificationTask, name, change[0])
            for name, change in event.changes.items()
            if name in REPLAYED
        }
        if undone:
            columns = {**columns, **undone}
    return after[::-1]


def _days(events: Sequence[PastEvent]) -> list[date]:
    """The day each event counts from; what was done to a draft counts by the day it was issued."""
    drafts = next((n for n, event in enumerate(events) if event.new_status in OPEN), 0)
    days = list(accumulate((event.effective_on for event in events[drafts:]), max))
    drafted = accumulate((event.effective_on for event in events[:drafts]), max)
    return [*(min(day, days[0]) for day in drafted), *days]


def _deadline(columns: Columns) -> date | None:
    return deadline(
        columns["time_limit"], columns["due_on"], columns["next_checkpoint_on"], columns["paused_days"]
    )
