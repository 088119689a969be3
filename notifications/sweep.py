"""The daily sweep: decides whom to tell today and writes the rows that say so, in one transaction."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import ToldStatus
from models.organisation import Unit
from notifications import outbox, recheck
from notifications import told_once as told
from notifications.digest_notes import NO_NOTE, notes_of
from notifications.digests import Item, digest_of
from notifications.letterhead import Letterhead
from notifications.outbox import DigestsOfDay
from notifications.render import Rendered, render
from notifications.rulebook import Rulebook, load_rulebook
from notifications.told_once import Carried, Key, ToldRow
from rectification.halfyear.summary_versions import mark_told
from rectification.office.calendar import load_calendar
from rectification.reminders.facts import Directory, Recipient, load_directory, stream_tasks
from rectification.reminders.rules import mentions, unsaid


@dataclass(frozen=True, slots=True)
class SweepCounts:
    """What one sweep did. `waiting` entries go into the next working day's digest."""

    told: int = 0
    digests: int = 0
    added_to: int = 0
    calls: int = 0
    waiting: int = 0
    superseded: int = 0
    withdrawn: int = 0


class DayEntry(NamedTuple):
    """One entry of a person's day. `waited` is the told row where it had waited, `passed` the rungs it stands for."""

    item: Item
    passed: tuple[int, ...]
    waited: int | None


@dataclass(slots=True)
class _Plan:
    """What is to be said, by person, and the waiting entries that will not be."""

    desk: dict[int, list[DayEntry]] = field(default_factory=dict)
    superseded: list[int] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)


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


def sweep(session: Session, clock: Clock, bureau_ids: Collection[int], letterhead: Letterhead) -> SweepCounts:
    """Decide who must be told today in these bureaus and write told rows and digests; on a rest day nothing.

    A second sweep of the day adds to digests that have not gone, and lets the rest wait.
    """
    calendar = load_calendar(session)
    if not bureau_ids or not calendar.is_workday(clock.today):
        return SweepCounts()
    _take_turns(session, bureau_ids)
    rulebook = load_rulebook(session, bureau_ids, clock.today, calendar)
    directory = load_directory(session, bureau_ids, clock.today)
    in_flight = outbox.retire_earlier(session, bureau_ids, clock.today, leaves=letterhead.leaves)
    plan = _decide(session, rulebook, directory)
    return _write(session, clock, letterhead, rulebook, directory, plan, in_flight)


def _take_turns(session: Session, bureau_ids: Collection[int]) -> None:
    """One sweep of a bureau at a time; rows that point to the bureau may still be written meanwhile."""
    session.execute(
        select(Unit.id).where(Unit.id.in_(bureau_ids)).order_by(Unit.id).with_for_update(key_share=True)
    ).all()


def _decide(session: Session, rulebook: Rulebook, directory: Directory) -> _Plan:
    plan = _Plan()
    waiting = told.waiting(session, rulebook.rules.keys(), rulebook.day)
    stream = stream_tasks(
        session,
        rulebook.rules.keys(),
        rulebook.horizon,
        before=rulebook.day,
        with_text_of=rulebook.texts,
        asking=rulebook.asking,
    )
    for task, heard in stream:
        rules = rulebook.rules[task.bureau_id]
        for mention, passed in unsaid(mentions(task, directory.roster, rules), task, rules, heard):
            waited: dict[int, int] = {}
            if waiting:
                waited = waiting.pop(Key(mention.person_id, task.id, mention.subject, mention.due_on), waited)
            told_id = waited.pop(mention.rung, None)
            plan.superseded.extend(waited.values())
            skipped = tuple(rung for rung in passed if rung not in waited)
            plan.desk.setdefault(mention.person_id, []).append(
                DayEntry(Item(task, mention), skipped, told_id)
            )
    plan.withdrawn.extend(told_id for rungs in waiting.values() for told_id in rungs.values())
    return plan


def _write(
    session: Session,
    clock: Clock,
    letterhead: Letterhead,
    rulebook: Rulebook,
    directory: Directory,
    plan: _Plan,
    in_flight: Collection[int],
) -> SweepCounts:
    day = clock.today
    notes = notes_of(session, rulebook, directory.roster)
    stands = outbox.standing(session, rulebook.rules.keys(), day) if plan.desk or notes else DigestsOfDay()
    places = _place(session, plan, notes, directory, stands, shut={*stands.closed, *in_flight})

    def digests() -> Iterator[tuple[int, Recipient, Rendered]]:
        for person_id, number in places.new.items():
            to = directory.recipients[person_id]
            items = (decision.item for decision in plan.desk.get(person_id, ()))
            note = notes.get(person_id, NO_NOTE)
            digest = digest_of(to.name, items, day, rulebook.calendar, letterhead, note)
            yield number, to, render(digest)

    outbox.write_digests(session, letterhead, clock.now, day, digests())
    new_calls = sorted(places.calls - stands.called)
    outbox.write_calls(session, (directory.recipients[person_id] for person_id in new_calls), day)
    told.insert(session, _told_rows(plan, places, day))
    told.carry(session, day, _carried(plan, places))
    told.drop(session, plan.superseded, ToldStatus.SUPERSEDED)
    told.drop(session, plan.withdrawn, ToldStatus.WITHDRAWN)
    if places.standing:
        added_to = recheck.unsent_by_id(session, places.standing.values())
        recheck.check(session, letterhead, added_to, rewrite=True)
    mark_told(session, rulebook.rules.keys(), day)
    return _counted(plan, places, calls=len(new_calls))


def _place(
    session: Session,
    plan: _Plan,
    notes: Collection[int],
    directory: Directory,
    stands: DigestsOfDay,
    *,
    shut: Collection[int],
) -> _Places:
    free = [person_id for person_id in sorted(plan.desk.keys() | set(notes)) if person_id not in shut]
    reachable = [
        person_id
        for person_id in free
        if directory.recipients[person_id].is_reached_by_mail(
            is_to_sign=any(decision.item.mention.is_to_sign for decision in plan.desk.get(person_id, ()))
        )
    ]
    new = [person_id for person_id in reachable if person_id not in stands.open_ids]
    return _Places(
        new=dict(zip(new, outbox.reserve(session, len(new)), strict=True)),
        standing={
            person_id: stands.open_ids[person_id]
            for person_id in reachable
            if person_id in plan.desk and person_id in stands.open_ids
        },
        calls=frozenset(plan.desk.keys() & set(free) - set(reachable)),
    )


def _told_rows(plan: _Plan, places: _Places, day: date) -> Iterator[ToldRow]:
    for person_id, decisions in plan.desk.items():
        status, message_id = places.of(person_id)
        for (task, mention), passed, waited in decisions:
            head = (task.bureau_id, person_id, task.id, mention.subject)
            tail = (mention.due_on, mention.part.value, day)
            if waited is None:
                yield ToldRow(*head, mention.rung, *tail, status.value, message_id)
            for rung in passed:
                yield ToldRow(*head, rung, *tail, ToldStatus.SUPERSEDED.value, None)


def _carried(plan: _Plan, places: _Places) -> list[Carried]:
    carried = []
    for person_id, decisions in plan.desk.items():
        status, message_id = places.of(person_id)
        if status is ToldStatus.TOLD:
            carried += [Carried(d.waited, message_id) for d in decisions if d.waited is not None]
    return carried


def _counted(plan: _Plan, places: _Places, *, calls: int) -> SweepCounts:
    entries = {person_id: len(decisions) for person_id, decisions in plan.desk.items()}
    waiting = sum(
        count for person_id, count in entries.items() if places.of(person_id)[0] is ToldStatus.WAITING
    )
    passed = sum(len(d.passed) for decisions in plan.desk.values() for d in decisions)
    return SweepCounts(
        told=sum(entries.values()) - waiting,
        digests=len(places.new),
        added_to=len(places.standing),
        calls=calls,
        waiting=waiting,
        superseded=passed + len(plan.superseded),
        withdrawn=len(plan.withdrawn),
    )
