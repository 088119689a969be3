"""The daily sweep: decides whom to tell today and writes the rows that say so, in one transaction.

Each flow that tells something sweeps for its own entries; whoever comes first makes a person's digest, the others add.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from itertools import islice
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import ToldStatus
from notifications import outbox, recheck
from notifications import told_once as told
from notifications.digest_notes import NO_NOTE, Note, notes_of
from notifications.digests import Item, desks, digest_of
from notifications.happened import cover_news, still_said, untold
from notifications.letterhead import Letterhead
from notifications.outbox import DigestsOfDay
from notifications.render import Rendered, render
from notifications.rulebook import Rulebook, load_rulebook
from notifications.tellers import Teller, teller_of
from notifications.told_once import Key
from rectification.halfyear.summary_versions import mark_told
from rectification.office.calendar import load_calendar
from rectification.office.units import take_turns
from rectification.reminders.facts import Directory, Recipient, load_directory, stream_tasks
from rectification.reminders.happenings import EVENT
from rectification.reminders.rules import mentions, unsaid
from rectification.roles_in_task import Part

_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class SweepCounts:
    """What one sweep did. `waiting` entries go into the next working day's digest."""

    told: int = 0
    digests: int = 0
    added_to: int = 0
    waiting: int = 0
    superseded: int = 0
    withdrawn: int = 0


class Entry(NamedTuple):
    """One thing of a person's day: of a task (`item`), or said beside tasks (`note`), as decided on the day `due_on`.

    `waited` is the told row where it had waited, `passed` the rungs it stands for.
    """

    subject: str
    due_on: date
    waited: int | None
    item: Item | None = None
    note: Note = NO_NOTE
    passed: tuple[int, ...] = ()

    @property
    def is_to_sign(self) -> bool:
        return bool(self.note.accounts) or (self.item is not None and self.item.mention.is_to_sign)


def _of_task(item: Item, waited: int | None, passed: tuple[int, ...] = ()) -> Entry:
    return Entry(item.mention.subject, item.mention.due_on, waited, item, passed=passed)


@dataclass(slots=True)
class _Plan:
    """What is to be said, by person, and the waiting entries that will not be."""

    entries: dict[int, list[Entry]] = field(default_factory=dict)
    superseded: list[int] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)

    def say(self, person_id: int, entry: Entry) -> None:
        self.entries.setdefault(person_id, []).append(entry)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each person's entries go: a new digest, one that stands, the telephone list; else they wait."""

    new: Mapping[int, int]
    standing: Mapping[int, int]
    calls: frozenset[int]

    def of(self, person_id: int) -> tuple[ToldStatus, int | None]:
        number = self.new.get(person_id) or self.standing.get(person_id)
        if number is not None or person_id in self.calls:
            return ToldStatus.TOLD, number
        return ToldStatus.WAITING, None


def sweep(
    session: Session,
    clock: Clock,
    bureau_ids: Collection[int],
    letterhead: Letterhead,
    tellers: Collection[Teller] = tuple(Teller),
    *,
    opens_at: datetime | None = None,
) -> SweepCounts:
    """Decide what these flows tell today in these bureaus, and write told rows and digests; on a rest day nothing.

    What comes later in the day is added to digests that have not gone, and else waits. No new digest is sent before
    `opens_at`, where that is given.
    """
    calendar = load_calendar(session)
    if not bureau_ids or not calendar.is_workday(clock.today):
        return SweepCounts()
    take_turns(session, bureau_ids)
    rulebook = load_rulebook(session, bureau_ids, clock.today, calendar)
    directory = load_directory(session, bureau_ids, clock.today)
    in_flight = outbox.retire_earlier(session, bureau_ids, clock.today, leaves=letterhead.leaves)
    plan = _decide(session, rulebook, directory, tellers, letterhead.zone)
    counts = _write(
        session, letterhead, rulebook, directory, plan, in_flight, opens_at or clock.now, clock.now
    )
    mark_told(session, _told_of_pages(plan, directory), rulebook.day)
    return counts


def _told_of_pages(plan: _Plan, directory: Directory) -> set[int]:
    """The bureaus whose leaders are told of pages nobody was told of before."""
    return {
        directory.recipients[person_id].bureau_id
        for person_id, entries in plan.entries.items()
        if any(entry.note.summaries and entry.waited is None for entry in entries)
    }


def _decide(
    session: Session, rulebook: Rulebook, directory: Directory, tellers: Collection[Teller], zone: ZoneInfo
) -> _Plan:
    plan = _Plan()
    waiting = told.waiting(session, rulebook.rules.keys(), rulebook.day)
    of_tasks = {
        key: rungs
        for key, rungs in waiting.items()
        if key.task_id is not None and teller_of(key.subject) in tellers
    }
    happened = {key: of_tasks.pop(key)[0] for key in [*of_tasks] if key.subject.startswith(EVENT)}
    _decide_tasks(session, rulebook, directory, tellers, of_tasks, plan)
    # Not every flow has a day tomorrow: what one of them left waiting is taken along by the reminders.
    of_none = waiting.keys() - of_tasks.keys() if Teller.DAILY_REMINDERS in tellers else ()
    waited = {key: waiting[key][0] for key in of_none if key.task_id is None}
    _decide_notes(session, rulebook, directory, tellers, waited, plan)
    if Teller.DAILY_REMINDERS in tellers:
        _decide_happened(session, rulebook, directory, zone, happened, plan)
    return plan


def _decide_happened(
    session: Session,
    rulebook: Rulebook,
    directory: Directory,
    zone: ZoneInfo,
    waiting: Mapping[Key, int],
    plan: _Plan,
) -> None:
    left = set(waiting.values())
    for item, waited in untold(session, rulebook, directory, zone, waiting):
        plan.say(item.mention.person_id, _of_task(item, waited))
        left.discard(waited or 0)
    plan.withdrawn.extend(left)


def _decide_tasks(
    session: Session,
    rulebook: Rulebook,
    directory: Directory,
    tellers: Collection[Teller],
    waiting: dict[Key, dict[int, int]],
    plan: _Plan,
) -> None:
    asked = rulebook.asking if Teller.SEMIANNUAL_REVIEW in tellers else ()
    bureau_ids = rulebook.rules.keys() if Teller.DAILY_REMINDERS in tellers else asked
    stream = stream_tasks(
        session,
        bureau_ids,
        rulebook.horizon,
        before=rulebook.day,
        with_text_of=rulebook.texts,
        asking=asked,
    )
    alike: dict[tuple[int, ...], tuple[int, ...]] = {}  # many entries pass the same rungs
    for task, heard in stream if bureau_ids else ():
        rules = rulebook.rules[task.bureau_id]
        found = (m for m in mentions(task, directory.roster, rules) if teller_of(m.subject) in tellers)
        for mention, passed in unsaid(found, task, rules, heard):
            waited: dict[int, int] = {}
            if waiting:
                waited = waiting.pop(Key(mention.person_id, task.id, mention.subject, mention.due_on), waited)
            told_id = waited.pop(mention.rung, None)
            plan.superseded.extend(waited.values())
            skipped = tuple(rung for rung in passed if rung not in waited)
            entry = _of_task(Item(task, mention), told_id, alike.setdefault(skipped, skipped))
            plan.say(mention.person_id, entry)
    plan.withdrawn.extend(told_id for rungs in waiting.values() for told_id in rungs.values())


def _decide_notes(
    session: Session,
    rulebook: Rulebook,
    directory: Directory,
    tellers: Collection[Teller],
    waited: Mapping[Key, int],
    plan: _Plan,
) -> None:
    day = rulebook.day
    standing = told.noted(session, rulebook.rules.keys(), day, day)
    for teller in tellers:
        for person_id, note in notes_of(session, rulebook, directory.roster, teller).items():
            if (person_id, teller.note, day) not in standing:
                plan.say(person_id, Entry(teller.note, day, None, note=note))
    found = still_said(session, rulebook, directory.roster, waited)
    if Teller.DAILY_REMINDERS in tellers:
        found |= dict(cover_news(session, rulebook.rules.keys(), directory.roster, day))
    for key, note in found.items():
        plan.say(key.person_id, Entry(key.subject, key.due_on, waited.get(key), note=note))
    plan.withdrawn.extend(waited[key] for key in waited.keys() - found.keys())


def _write(
    session: Session,
    letterhead: Letterhead,
    rulebook: Rulebook,
    directory: Directory,
    plan: _Plan,
    in_flight: Collection[int],
    opens_at: datetime,
    now: datetime,
) -> SweepCounts:
    day = rulebook.day
    stands = DigestsOfDay()
    if plan.entries:
        stands = outbox.standing(session, rulebook.rules.keys(), day)
    free = sorted(plan.entries.keys() - stands.closed - set(in_flight))
    reachable = [
        person_id
        for person_id in free
        if directory.recipients[person_id].is_reached_by_mail(
            is_to_sign=any(entry.is_to_sign for entry in plan.entries[person_id])
        )
    ]
    of_bureau = desks(session, rulebook, directory, letterhead)

    def digests() -> Iterator[tuple[Recipient, Rendered]]:
        for person_id in reachable:
            if person_id in stands.open_ids:
                continue
            to = directory.recipients[person_id]
            entries = plan.entries[person_id]
            items = [entry.item for entry in entries if entry.item is not None]
            note = reduce(Note.beside, (entry.note for entry in entries if entry.item is None), NO_NOTE)
            yield to, render(digest_of(to, items, of_bureau[to.bureau_id], note))

    places = _Places(
        new=outbox.write_digests(session, letterhead, now, day, digests(), opens_at=opens_at),
        standing={
            person_id: stands.open_ids[person_id] for person_id in reachable if person_id in stands.open_ids
        },
        calls=frozenset(free).difference(reachable),
    )
    rows = _told_rows(plan, places, directory, day)
    while some := list(islice(rows, _AT_ONCE)):
        session.execute(insert(told.TOLD), some)  # the ORM would part them wherever a number is missing
    told.carry(session, day, _carried(plan, places))
    told.drop(session, plan.superseded, ToldStatus.SUPERSEDED)
    told.drop(session, plan.withdrawn, ToldStatus.WITHDRAWN)
    if places.standing:
        added_to = recheck.unsent_by_id(session, places.standing.values())
        recheck.check(session, letterhead, added_to, rewrite=True)
    return _counted(plan, places)


def _told_rows(plan: _Plan, places: _Places, directory: Directory, day: date) -> Iterator[dict[str, Any]]:
    for person_id, entries in plan.entries.items():
        status, message_id = places.of(person_id)
        bureau_id = directory.recipients[person_id].bureau_id
        is_leader = person_id in directory.roster.leaders.get(bureau_id, ())
        for subject, due_on, waited, item, _, passed in entries:
            rung, part = (item.mention.rung, item.mention.part) if item else (0, None)
            told_of = {
                "bureau_id": bureau_id,
                "person_id": person_id,
                "task_id": item.task.id if item else None,
                "subject": subject,
                "due_on": due_on,
                "part": (part or (Part.LEADER if is_leader else Part.CLERK)).value,
                "day": day,
            }
            if waited is None:
                yield {**told_of, "rung": rung, "status": status, "message_id": message_id}
            for each in passed:
                yield {**told_of, "rung": each, "status": ToldStatus.SUPERSEDED, "message_id": None}


def _carried(plan: _Plan, places: _Places) -> dict[int, int | None]:
    return {
        entry.waited: message_id
        for person_id, entries in plan.entries.items()
        for status, message_id in [places.of(person_id)]
        for entry in entries
        if status is ToldStatus.TOLD and entry.waited is not None
    }


def _counted(plan: _Plan, places: _Places) -> SweepCounts:
    counts = {person_id: len(entries) for person_id, entries in plan.entries.items()}
    waiting = sum(
        count for person_id, count in counts.items() if places.of(person_id)[0] is ToldStatus.WAITING
    )
    passed = sum(len(entry.passed) for entries in plan.entries.values() for entry in entries)
    return SweepCounts(
        told=sum(counts.values()) - waiting,
        digests=len(places.new),
        added_to=len(places.standing),
        waiting=waiting,
        superseded=passed + len(plan.superseded),
        withdrawn=len(plan.withdrawn),
    )
