"""What every hash chain of the ledger goes by: how a value stands in it, what a row says, how an event is hashed.

The tasks' chains (rectification/task/history.py) and the office's (rectification/office/journal.py) differ in their
events alone. What a chain cannot detect is said in docs/decisions/0005.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from hashlib import sha256
from typing import Any, Final, TypeVar

from sqlalchemy import JSON, Boolean, Date, Enum, LargeBinary, String, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.db import insert_if_new
from core.text import canonical, sha256_of
from models.base import Base, UTCDateTime
from models.enums import Fault
from models.history import ChainHead, OfficeEvent, OfficeHead, TaskEvent

GENESIS: Final = "0" * 64

Event = TaskEvent | OfficeEvent
Head = ChainHead | OfficeHead
AnyHead = TypeVar("AnyHead", ChainHead, OfficeHead)
Form = Callable[[Any], Any]
Row = TypeVar("Row", bound=Base)
SYSTEM_USER: Final = "system_user"
"""Beside the rows of an event from the command line: who sat there, by the machine's name for him."""
Facts = dict[str, Any]
"""What a row says, by column; what is absent (None, no, empty) is left out."""

_BESIDE_THE_POINT: Final = frozenset({"id", "version"})
"""Columns no chain tells of: the number is the row's name, the version counts its events."""
_AS_THEY_ARE: Final = frozenset({"code", "sha256", "login", "key", "value"})
"""Columns of words that stand in a chain openly; all others by their hash, so that they can be struck out."""


def text_hash(text: str) -> str:
    """The SHA-256 of free words; empty where there are none."""
    return sha256_of(text) if text else ""


def plain(value: object) -> Any:
    """A value as it stands in an event: dates and moments in ISO form, enums by value."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return value


def digest(fields: Sequence[object]) -> str:
    """The SHA-256 of the canonical form: fields in a fixed order, names sorted, no spaces."""
    return sha256_of(canonical(fields))


def is_said(value: object) -> bool:
    """Whether a fact says anything: None, no and empty do not, the number 0 does."""
    return bool(value) or (value == 0 and value is not False)


@cache
def recorded(model: Any) -> Mapping[str, Form]:
    """The columns of a table a chain tells of, each with how its value stands there."""
    columns = inspect(model).columns
    return {
        column.key: _told_as(column.key, column.type)
        for column in columns
        if column.key not in _BESIDE_THE_POINT
    }


def attributes(model: Any) -> list[InstrumentedAttribute[Any]]:
    """The same columns, to be selected: quicker than whole rows."""
    return [getattr(model, name) for name in recorded(model)]


def facts(row: Base) -> Facts:
    """What `row` says."""
    return {name: value for name, value in values(row).items() if is_said(value)}


def values(row: Base) -> Facts:
    """The same with what is absent, as it is stored."""
    return {
        name: None if (value := getattr(row, name)) is None else form(value)
        for name, form in recorded(type(row)).items()
    }


def untold(model: Any, name: str, told: Any) -> Any:
    """The value a fact tells of, as the row stores it. Of words a chain has the hash alone: those that were are lost.

    Raises: ValueError, for words that were not empty.
    """
    column = inspect(model).columns[name]
    kind = column.type
    if not is_said(told):
        empty = False if isinstance(kind, Boolean) else "" if isinstance(kind, String) else told
        return None if told is None and column.nullable else empty
    if isinstance(kind, Date):
        return date.fromisoformat(told)
    if isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(told)
    if isinstance(kind, Enum):
        return kind.enum_class(told) if kind.enum_class else told
    if recorded(model)[name] is not _itself:
        raise ValueError(f"{name} stands in the chain by its hash")
    return told


def facts_selected(forms: Iterable[tuple[str, Form]], selected: Iterable[Any]) -> Facts:
    """What a row of `attributes` says; `forms` are the items of `recorded`."""
    return {
        name: told
        for (name, form), value in zip(forms, selected, strict=False)
        if value is not None and ((told := form(value)) or (told == 0 and told is not False))
    }


def key(row: Any) -> str:
    """What a row is called in an event."""
    return f"{row.__tablename__}:{row.id}"


def difference(before: Facts | None, after: Facts | None) -> tuple[Facts | None, Facts | None] | None:
    """Of a row that came or went all of it, else what differs; None where it stayed as it was."""
    if before is None or after is None:
        return None if before is after else (before, after)
    names = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    if not names:
        return None
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}


class KeptRows:
    """The rows one change makes, alters or takes away, each as it stood before: what its event tells of them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._before: dict[int, tuple[Base, Facts | None]] = {}
        self._gone: set[int] = set()

    def add(self, row: Row) -> Row:
        """A new row."""
        self._session.add(row)
        self._before[id(row)] = row, None
        return row

    def alter(self, row: Row) -> Row:
        """A row about to be altered."""
        self._before.setdefault(id(row), (row, facts(row)))
        return row

    def remove(self, row: Base) -> None:
        """A row that goes."""
        self.alter(row)
        self._gone.add(id(row))
        self._session.delete(row)

    def changes(self) -> dict[str, tuple[object, object]]:
        """What became of each, [before, after], to be asked once all is flushed."""
        told: dict[str, tuple[object, object]] = {}
        for place, (row, before) in self._before.items():
            change = difference(before, None if place in self._gone else facts(row))
            if change is not None:
                told[key(row)] = change
        return told


def recorder_of(event: Event) -> str:
    """Who wrote it down for its actor: a person, or whoever sat at the command line."""
    _, user = event.changes.get(SYSTEM_USER, (None, ""))
    return event.recorder.name if event.recorder else f"系统用户 {user}" if user else ""


def append(session: Session, head: Head, events: Sequence[Event], hash_of: Callable[[Any], str]) -> None:
    """Put events on the end of a chain whose head is locked."""
    for event in events:
        event.sequence, event.previous_hash = head.sequence + 1, head.hash
        event.hash = hash_of(event)
        head.sequence, head.hash = event.sequence, event.hash
    session.add_all(events)
    session.flush()


def locked_head(session: Session, model: type[AnyHead], **key: int) -> AnyHead:
    """The end of a chain, locked until this unit of work ends; made where the chain has none yet."""
    query = select(model).filter_by(**key).with_for_update().execution_options(populate_existing=True)
    head = session.scalar(query)
    if head is not None:
        return head
    insert_if_new(session, model, sequence=0, hash=GENESIS, **key)
    return session.scalars(query).one()


Printed = tuple[int, str]
"""A count and head printed earlier."""
Found = tuple[Fault, int]
"""A fault, and the event it is at."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking one chain found: its length and head, and the first fault, where there is one.

    `sequence` is the event the fault is at; for a row altered past its history, the last event that spoke of it.
    `row` is then the row (its table and number) and `column` what differs in it, "" where the whole row came or went;
    `task` is the code of the task it belongs to. `bureau_id` is None for the office's own chain.
    """

    bureau_id: int | None
    count: int
    head: str
    fault: Fault | None = None
    sequence: int | None = None
    task: str = ""
    row: str = ""
    column: str = ""

    @property
    def is_sound(self) -> bool:
        return self.fault is None


@dataclass
class Links:
    """A walk along a chain: how far it stands, and what does not fit."""

    against: Printed | None = None
    head: str = GENESIS
    count: int = 0
    head_at: str = ""

    def follow(self, sequence: int, previous_hash: str, stored: str, computed: str) -> Found | None:
        """The next event; the fault, where it does not fit."""
        expected = self.count + 1
        if sequence != expected:
            return Fault.REMOVED, expected
        follows = previous_hash == self.head
        if computed != stored:
            return (Fault.EDITED if follows else Fault.REORDERED), expected
        if not follows:  # it is whole itself: the one before was written anew
            return Fault.EDITED, max(self.count, 1)
        self.head, self.count = stored, expected
        if self.against and expected == self.against[0]:
            self.head_at = stored
        return None

    def end(self, stored: Printed | None) -> Found | None:
        """After the last event: the fault, where the stored head or the printed one is another."""
        sequence, head = stored or (0, GENESIS)
        if sequence > self.count or (stored is None and self.count):
            return Fault.TAIL_CUT, self.count + 1
        if sequence < self.count:
            return Fault.EDITED, sequence + 1
        if head != self.head:
            return Fault.EDITED, self.count
        printed = self.against
        if printed is None or self.head_at == printed[1] or printed == (0, GENESIS):
            return None
        return (Fault.TAIL_CUT, self.count + 1) if self.count < printed[0] else (Fault.EDITED, printed[0])


class Told:
    """What the events of a chain, read in order, say the rows are, and which event spoke of each last."""

    def __init__(self) -> None:
        self.rows: dict[str, Facts] = {}
        self.last: dict[str, int] = {}

    def note(self, row: str, after: Facts | None, sequence: int) -> None:
        """An event made a row or changed it, or (None) took it away."""
        self.last[row] = sequence
        if after is None:
            self.rows.pop(row, None)
        else:
            self.rows.setdefault(row, {}).update(after)

    def take(self, row: str, now: Facts) -> str | None:
        """Compare a row that is there; the first column that is not as told, "" for a row nothing was told of.

        What is left in `rows` after all were taken is not there any more.
        """
        told = self.rows.pop(row, None)
        if told is None:
            return ""
        if told == now:
            return None
        said = {name: value for name, value in told.items() if is_said(value)}
        names = sorted(said.keys() | now.keys())
        return next((name for name in names if said.get(name) != now.get(name)), None)


def _told_as(name: str, kind: object) -> Form:
    if isinstance(kind, Date):
        return date.isoformat
    if isinstance(kind, Enum | UTCDateTime):
        return plain
    if name in _AS_THEY_ARE:
        return _itself
    if isinstance(kind, JSON):
        return _digested
    if isinstance(kind, LargeBinary):
        return lambda content: sha256(content).hexdigest()
    return text_hash if isinstance(kind, String) else _itself


def _itself(value: Any) -> Any:
    return value


def _digested(value: Any) -> str:
    return digest([value]) if value else ""
