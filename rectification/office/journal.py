"""The office's own history: one hash chain for the installation, beside the tasks' chains (docs/decisions/0005).

Every verb of the office makes, alters or removes its rows within `change`, which puts one event on the chain with what
became of them; `verify` walks the chain and compares the tables with it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from core.clock import Clock
from core.db import before_commit
from models.base import Base, frozen
from models.calendar import BureauSetting, CalendarDay, CalendarYear, SuperiorForm
from models.enums import Channel, Fault, OfficeVerb
from models.history import OfficeEvent, OfficeHead
from models.organisation import BodyMember, Person, PersonRole, Substitute, Unit, UnitAlias
from models.report import Source, SourceKind, SourceStep
from models.review import HearingGuest, PlannedHearing
from rectification.office.actors import Acting, actor_of, system
from rectification.office.chain import (
    SYSTEM_USER,
    Facts,
    Found,
    KeptRows,
    Links,
    Printed,
    Told,
    Verification,
    append,
    attributes,
    digest,
    facts_selected,
    locked_head,
    plain,
    recorded,
    recorder_of,
)

ROWS: Final[tuple[type[Base], ...]] = (
    Unit,
    UnitAlias,
    Person,
    PersonRole,
    Substitute,
    BodyMember,
    BureauSetting,
    SourceKind,
    Source,
    SourceStep,
    SuperiorForm,
    PlannedHearing,
    HearingGuest,
)
"""The tables the chain tells of, row by row; a year of the calendar is told as a whole."""
_WORDS: Final = "words"
"""Beside the rows of an event: what was changed from what to what and why, where a verb says so."""
ABOUT: Final = "about"
"""Beside them, too: the people it is about, where no row names them."""
_ON: Final = "on"
"""And the business day."""
_FEW: Final = 4
_PENDING: Final = "rectify.office_events"
_HEAD: Final = 1


@dataclass(frozen=True, slots=True)
class By:
    """Who changes the office, through which door, and when."""

    clock: Clock
    acting: Acting


@dataclass(frozen=True, slots=True)
class OfficeEventRow:
    """An event as lists show it; `rows` are the rows it changed, `words` say what and why where the verb does.

    `about` names whom and what it concerns (office/history_words).
    """

    sequence: int
    at: datetime
    verb: OfficeVerb
    actor: str
    recorder: str
    channel: Channel
    rows: tuple[str, ...]
    words: str
    about: tuple[str, ...] = ()

    @property
    def concerning(self) -> str:
        """What it was, in a line: the first few, where there are many."""
        more = f"等 {len(self.about)} 项" if len(self.about) > _FEW else ""
        return "；".join(filter(None, ("、".join(self.about[:_FEW]) + more, self.words)))


def by_system(clock: Clock, channel: Channel) -> By:
    """The program itself, or the system user at the command line."""
    return By(clock, system(0, channel))


def by_person(session: Session, clock: Clock, person: Person) -> By:
    """A person who is not signed in yet, or does it by being let in."""
    return By(clock, Acting(actor_of(session, person, today=clock.today), Channel.WEB))


@contextmanager
def change(
    session: Session, by: By, verb: OfficeVerb, words: str = "", **facts: object
) -> Iterator[KeptRows]:
    """One change of the office: what becomes of the rows kept here goes on its chain; nothing, where they stay."""
    rows = KeptRows(session)
    yield rows
    session.flush()
    beside = {name: (None, fact) for name, fact in {_WORDS: words, **facts}.items() if fact}
    record(session, by, verb, told | beside if (told := rows.changes()) else told)


def record(session: Session, by: By, verb: OfficeVerb, changes: Mapping[str, tuple[object, object]]) -> None:
    """Note what became of rows; it is put on the chain just before this unit of work commits."""
    if not changes:
        return
    acting = by.acting
    beside: dict[str, tuple[object, object]] = {_ON: (None, plain(by.clock.today))}
    if acting.system_user:
        beside[SYSTEM_USER] = None, acting.system_user
    event = OfficeEvent(
        verb=verb,
        actor_id=acting.actor.id,
        recorder_id=acting.recorder.id if acting.recorder else None,
        channel=acting.channel,
        at=by.clock.now,
        changes={row: list(change) for row, change in {**changes, **beside}.items()},
    )
    session.info.setdefault(_PENDING, []).append(event)
    before_commit(session, _chain, place=1)


def note(
    session: Session, by: By, verb: OfficeVerb, words: str = "", about: Iterable[int] = (), **facts: object
) -> None:
    """Put something on the office's chain that leaves no row behind: its words, whom it is about, plain facts."""
    told = {_WORDS: words, ABOUT: list(about), **facts}
    record(session, by, verb, {name: (None, fact) for name, fact in told.items() if fact})


def fact_of(event: OfficeEvent, name: str) -> Any:
    """What an event says beside its rows; None where it says nothing of the kind."""
    return event.changes.get(name, (None, None))[1]


def day_of(event: OfficeEvent) -> date:
    """The business day of an event; of one from before these were told, the day by Greenwich."""
    told = fact_of(event, _ON)
    return date.fromisoformat(told) if told else event.at.date()


def rows_of(event: OfficeEvent) -> dict[str, tuple[Facts | None, Facts | None]]:
    """The rows an event changed, by name, each before and after."""
    return {row: change for row, change in event.changes.items() if ":" in row}


def in_words(event: OfficeEvent, about: Iterable[str] = ()) -> OfficeEventRow:
    """An event for a list."""
    user = fact_of(event, SYSTEM_USER)
    return frozen(
        OfficeEventRow,
        event,
        actor=event.actor.name if event.actor else f"系统用户 {user}" if user else "系统",
        recorder=recorder_of(event) if event.actor else "",
        rows=tuple(rows_of(event)),
        words=fact_of(event, _WORDS) or "",
        about=tuple(about),
    )


def year_facts(session: Session, year: int) -> Facts:
    """What the chain tells of a year of the calendar: its notice, and its days by their hash."""
    known = session.get(CalendarYear, year)
    days = session.execute(
        select(CalendarDay.day, CalendarDay.is_workday, CalendarDay.name).order_by(CalendarDay.day)
    )
    listed = [[plain(day), is_workday, name] for day, is_workday, name in days if day.year == year]
    if known is None:  # and days all the same: nobody's notice
        return {"days": digest(listed)} if listed else {}
    return {"notice": digest([known.notice]), "revision": known.revision, "days": digest(listed)}


def year_key(year: int) -> str:
    return f"{CalendarYear.__tablename__}:{year}"


def write_baseline(session: Session, clock: Clock) -> bool:
    """Begin the chain of a ledger from before it: everything as it stands. Only as its first event does it count."""
    if session.get(OfficeHead, _HEAD) is not None:
        return False
    standing = {row: (None, now) for row, now in _rows(session)}
    record(session, by_system(clock, Channel.FLOW), OfficeVerb.BASELINE, standing)
    return bool(standing)


def has_begun(session: Session) -> bool:
    """Whether the office's chain has its first event."""
    return session.get(OfficeHead, _HEAD) is not None


def verify(session: Session, *, against: Printed | None = None) -> Verification:
    """Walk the office's chain from its beginning, then compare people, units, roles and settings with what it says.

    `against` is a count and head printed earlier.
    """
    told, links = Told(), Links(against)
    found = _chain_fault(session, links, told)
    if found is None:
        stored = session.get(OfficeHead, _HEAD)
        found = links.end((stored.sequence, stored.hash) if stored else None)
    if found is not None:
        return Verification(None, links.count, links.head, *found)
    row, column = _altered(session, told) or ("", "")
    if row:
        last = told.last.get(row, links.count)
        return Verification(None, links.count, links.head, Fault.OFFICE_ALTERED, last, "", row, column)
    return Verification(None, links.count, links.head)


def _altered(session: Session, told: Told) -> tuple[str, str] | None:
    """The first row, and its column, that is not what the events made it; "" for a row that came or went."""
    for row, now in _rows(session):
        column = told.take(row, now)
        if column is not None:
            return row, column
    return next(((row, "") for row in told.rows), None)


def _chain_fault(session: Session, links: Links, told: Told) -> Found | None:
    query = select(OfficeEvent).order_by(OfficeEvent.sequence).execution_options(yield_per=1000)
    with session.execute(query) as rows:
        for (event,) in rows:
            found = links.follow(event.sequence, event.previous_hash, event.hash, _hash(event))
            if found is not None:
                return found
            if event.verb is not OfficeVerb.BASELINE or links.count == 1:
                for row, (_, after) in rows_of(event).items():
                    told.note(row, after, links.count)
    return None


def list_events(
    session: Session, limit: int | None = None, *, verbs: Collection[OfficeVerb] = tuple(OfficeVerb)
) -> list[OfficeEventRow]:
    """The office's events (of these verbs), the newest first."""
    return [in_words(event) for event in session.scalars(newest(verbs).limit(limit))]


def newest(verbs: Collection[OfficeVerb]) -> Select[tuple[OfficeEvent]]:
    """The events of these verbs, the newest first, to be narrowed."""
    people = joinedload(OfficeEvent.actor), joinedload(OfficeEvent.recorder)
    query = select(OfficeEvent).where(OfficeEvent.verb.in_(verbs)).options(*people)
    return query.order_by(OfficeEvent.sequence.desc())


def _rows(session: Session) -> Iterator[tuple[str, Facts]]:
    for model in ROWS:
        forms = tuple(recorded(model).items())
        number = model.__table__.c.id
        for row in session.execute(select(*attributes(model), number).order_by(number)):
            yield f"{model.__tablename__}:{row[-1]}", facts_selected(forms, row)
    years = {day.year for day in session.scalars(select(CalendarDay.day))}
    for year in sorted(years.union(session.scalars(select(CalendarYear.year)))):
        yield year_key(year), year_facts(session, year)


def _chain(session: Session) -> None:
    append(session, locked_head(session, OfficeHead, id=_HEAD), session.info.pop(_PENDING, []), _hash)


def _hash(event: OfficeEvent) -> str:
    return digest(
        (
            event.previous_hash,
            event.sequence,
            event.verb,
            event.actor_id,
            event.recorder_id,
            event.channel,
            plain(event.at),
            event.changes,
        )
    )
