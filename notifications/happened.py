"""Decides whom the day's sweep tells of what happened, and holds it against the ledger before it goes."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, tzinfo
from types import MappingProxyType

from sqlalchemy.orm import Session

from models.enums import Verb
from models.history import TaskEvent
from notifications import told_once as told
from notifications.digest_notes import LOOKS_BACK, NO_NOTE, Note, notes_of, told_since
from notifications.digests import Item
from notifications.office_notes import Matter
from notifications.rulebook import Rulebook
from notifications.tellers import Teller, event_of, teller_of
from notifications.told_once import Key
from notifications.wording import ISSUED, cover_words
from rectification.reminders.facts import Directory, tasks_by_id
from rectification.reminders.happenings import COVER, EVENT, arranged_by, covers, entered, happenings
from rectification.reminders.task_facts import Roster, TaskFacts


def items_of(
    session: Session,
    events: Collection[TaskEvent],
    tasks: Mapping[int, TaskFacts],
    rulebook: Rulebook,
    directory: Directory,
) -> dict[Key, Item]:
    """What of these steps is to be told, and to whom."""
    found = happenings(session, events, tasks, directory.roster, with_text_of=rulebook.texts)
    return {
        Key(step.mention.person_id, task.id, step.mention.subject, step.mention.due_on): Item(
            task, step.mention, step
        )
        for task, step in found
    }


def untold(
    session: Session,
    rulebook: Rulebook,
    directory: Directory,
    zone: tzinfo,
    waiting: Mapping[Key, int],
) -> Iterator[tuple[Item, int | None]]:
    """What happened since the reminders last told of it, and of what waited what still holds, with its told row.

    Of an issue nobody is told who was asked to accept the task.
    """
    since = told_since(session, rulebook, Teller.DAILY_REMINDERS, rulebook.day)
    events = entered(session, since, rulebook.day, zone, also=[event_of(key.subject) for key in waiting])
    tasks = tasks_by_id(session, {event.task_id for event in events}, with_text_of=rulebook.texts)
    said = told.said_of_tasks(session, tasks.keys(), f"{EVENT}%", ISSUED)
    of_events = {subject for _, _, subject in said}
    for key, item in items_of(session, events, tasks, rulebook, directory).items():
        is_asked = (key.person_id, key.task_id, ISSUED) in said
        is_known = item.step is not None and item.step.verb is Verb.ISSUE and is_asked
        if key in waiting or not (key.subject in of_events or is_known):
            yield item, waiting.get(key)


def cover_news(
    session: Session,
    bureau_ids: Collection[int],
    roster: Roster,
    day: date,
    ahead: Mapping[tuple[int, str], date] = MappingProxyType({}),
) -> Iterator[tuple[Key, Note]]:
    """Who is newly told of who stands in for whom, but for who made the arrangement; `ahead` is what will have been told."""
    found = covers(session, bureau_ids, day - LOOKS_BACK)
    people = {person for cover in found.values() for person in (cover.person_id, cover.substitute_id)}
    said = told.said_beside(session, people & set(roster.people) - set(roster.muted), f"{COVER}%") | dict(
        ahead
    )
    news = [(number, *each) for number, cover in found.items() for each in cover.news(day, said)]
    made = arranged_by(session, {number for number, *_ in news})
    for number, person, subject, due_on in news:
        if person in roster.people and person not in roster.muted and (number, person) not in made:
            words = cover_words(found[number], subject, person)
            yield Key(person, None, subject, due_on), Note(covers=(Matter("cover", words),))


def still_said(
    session: Session, rulebook: Rulebook, roster: Roster, keys: Collection[Key]
) -> dict[Key, Note]:
    """What of these told rows of no task still holds."""
    of_covers = {key: int(key.subject.split(":")[1]) for key in keys if key.subject.startswith(COVER)}
    found = covers(session, rulebook.rules.keys(), rulebook.day - LOOKS_BACK) if of_covers else {}
    decided = {(teller_of(key.subject), key.due_on) for key in keys if key not in of_covers}
    noted = {pair: notes_of(session, rulebook, roster, *pair) for pair in decided}
    notes = {}
    for key in keys:
        if key not in of_covers:
            notes[key] = noted[teller_of(key.subject), key.due_on].get(key.person_id, NO_NOTE)
            continue
        cover = found.get(of_covers[key])
        if cover and cover.stages(rulebook.day).get(key.subject) == key.due_on:
            notes[key] = Note(covers=(Matter("cover", cover_words(cover, key.subject, key.person_id)),))
    return {key: note for key, note in notes.items() if any(note)}
