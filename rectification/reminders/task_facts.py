"""What the rules of reminding must know of a task and of the people, as plain values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from models.enums import ItemKind, Status, TimeLimit


class MeasureFacts(NamedTuple):
    """A step that is still to be done."""

    id: int
    owner_id: int | None
    due_on: date


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What reminding must know of an open task. `title` and `text` are carried for the message alone.

    `asked_on` is when an extension was asked for that nobody decided, `said_on` when progress was last reported,
    `stated_on` as `Timing` has it, `is_chiefs` that the chief must sign.
    """

    id: int
    bureau_id: int
    code: str
    kind: ItemKind
    title: str
    status: Status
    time_limit: TimeLimit
    officer_id: int | None
    lead_unit_id: int | None
    leader_id: int | None
    reviewer_id: int | None
    approver_id: int | None
    issued_on: date | None
    deadline_on: date | None
    waiting_since: date | None
    asked_on: date | None = None
    said_on: date | None = None
    stated_on: date | None = None
    is_confirmed: bool = False
    is_chiefs: bool = False
    text: str = ""
    participants: tuple[int, ...] = ()
    participant_units: tuple[int, ...] = ()
    measures: tuple[MeasureFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """The people of some bureaus on a day: those who left are not in it.

    `leaders` are the leaders and chiefs of each bureau; `muted` are the people who switched mail off: what others have
    to do is not told them any more, what waits for them still is. `substitutes` stand in for a person that day.
    """

    people: Collection[int] = frozenset()
    leaders: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    muted: Collection[int] = frozenset()
    heads: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    clerks: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    chiefs: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    substitutes: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
