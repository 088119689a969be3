"""Checks digests again just before they are sent: tasks that changed meanwhile drop out, an empty digest is withdrawn."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.bulk import among
from core.workdays import WorkCalendar
from models.enums import ToldStatus
from models.mail import OutboxMessage
from notifications import outbox, told_once
from notifications.digest_notes import NO_NOTE, Note
from notifications.digests import Desk, Item, desks, digest_of
from notifications.happened import items_of, still_said
from notifications.letterhead import Letterhead
from notifications.render import Rendered, render
from notifications.rulebook import load_rulebook
from notifications.tellers import event_of
from notifications.told_once import TOLD, Key
from rectification.office.calendar import load_calendar
from rectification.reminders.facts import Directory, load_directory, tasks_by_id
from rectification.reminders.happenings import EVENT, events_by_id
from rectification.reminders.rules import mentions
from rectification.task.lifecycle import OPEN


class Unsent(NamedTuple):
    """A digest that has not gone yet."""

    id: int
    bureau_id: int
    person_id: int
    day: date
    address: str


class Checked(NamedTuple):
    """A digest that may go: what it says still holds. `tasks` are the bureau and code of each task it names."""

    id: int
    name: str
    tasks: tuple[tuple[int, str], ...]


class ToldEntry(NamedTuple):
    """What a digest says: a told row, of a task or of none."""

    id: int
    task_id: int | None
    subject: str
    due_on: date
    rung: int


@dataclass(frozen=True, slots=True)
class _Now:
    """The ledger as it is, as far as some digests of one day speak of it."""

    directory: Directory
    items: dict[Key, Item]
    notes: Mapping[Key, Note]
    desks: Mapping[int, Desk]


def check(
    session: Session, letterhead: Letterhead, unsent: Collection[Unsent], *, rewrite: bool = False
) -> list[Checked]:
    """Hold digests against the ledger as it is now: those that changed get new words, those left out are withdrawn.

    With `rewrite` every one gets new words: entries were added.
    """
    calendar = load_calendar(session)
    by_day = sorted(unsent, key=lambda message: (message.day, message.id))
    return [
        checked
        for day, messages in groupby(by_day, key=lambda message: message.day)
        for checked in _check_day(session, letterhead, calendar, day, list(messages), rewrite=rewrite)
    ]


def unsent_by_id(session: Session, message_ids: Collection[int]) -> list[Unsent]:
    """Digests by their numbers."""
    columns = (OutboxMessage.id, OutboxMessage.bureau_id, OutboxMessage.person_id)
    query = select(*columns, OutboxMessage.day, OutboxMessage.address)
    return [Unsent(*row) for row in session.execute(query.where(OutboxMessage.id.in_(message_ids)))]


def _check_day(
    session: Session,
    letterhead: Letterhead,
    calendar: WorkCalendar,
    day: date,
    messages: Sequence[Unsent],
    *,
    rewrite: bool,
) -> Iterator[Checked]:
    entries = _entries(session, [message.id for message in messages])
    now = _load(session, letterhead, messages, entries, day, calendar)
    words: dict[int, Rendered] = {}
    for message in messages:
        kept, note, dropped = _held(now, message.person_id, entries.get(message.id, ()))
        told_once.drop(session, dropped, ToldStatus.WITHDRAWN)
        to = now.directory.recipients.get(message.person_id)
        is_to_sign = bool(note.accounts) or any(item.mention.is_to_sign for item in kept)
        if to is None or not to.is_reached_by_mail(is_to_sign=is_to_sign) or not (kept or any(note)):
            told_once.wait_again(session, [message.id])
            outbox.withdraw(session, message.id)
            continue
        if rewrite or dropped or any(note):  # a note may say less than it did, or other things
            words[message.id] = render(digest_of(to, kept, now.desks[to.bureau_id], note))
        if to.address != message.address:
            outbox.readdress(session, message.id, to.address)
        tasks = dict.fromkeys((item.task.bureau_id, item.task.code) for item in kept)
        yield Checked(message.id, to.name, tuple(tasks))
    outbox.rewrite(session, words)


def _held(now: _Now, person_id: int, said: Collection[ToldEntry]) -> tuple[list[Item], Note, list[int]]:
    """What of a digest still holds, of tasks and beside them; and the told rows that do not."""
    kept: list[Item] = []
    note = NO_NOTE
    dropped: list[int] = []
    for entry in said:
        key = Key(person_id, entry.task_id, entry.subject, entry.due_on)
        item = now.items.get(key)
        if key in now.notes:
            note = note.beside(now.notes[key])
        elif item is None or item.mention.rung < entry.rung:
            dropped.append(entry.id)
        else:
            kept.append(item._replace(mention=item.mention._replace(rung=entry.rung)))
    return kept, note, dropped


def _entries(session: Session, message_ids: Collection[int]) -> dict[int, list[ToldEntry]]:
    found: dict[int, list[ToldEntry]] = {}
    columns = (TOLD.c.message_id, TOLD.c.id, TOLD.c.task_id, TOLD.c.subject, TOLD.c.due_on, TOLD.c.rung)
    query = select(*columns).where(
        among(session, TOLD.c.message_id, message_ids), TOLD.c.status == ToldStatus.TOLD
    )
    for message_id, *entry in session.connection().execute(query.order_by(TOLD.c.id)):
        found.setdefault(message_id, []).append(ToldEntry(*entry))
    return found


def _load(
    session: Session,
    letterhead: Letterhead,
    messages: Sequence[Unsent],
    entries: Mapping[int, Collection[ToldEntry]],
    day: date,
    calendar: WorkCalendar,
) -> _Now:
    said = [entry for of_message in entries.values() for entry in of_message]
    task_ids = {entry.task_id for entry in said if entry.task_id is not None}
    beside = [
        Key(message.person_id, None, entry.subject, entry.due_on)
        for message in messages
        for entry in entries.get(message.id, ())
        if entry.task_id is None
    ]
    event_ids = [event_of(entry.subject) for entry in said if entry.subject.startswith(EVENT)]
    bureau_ids = {message.bureau_id for message in messages}
    rulebook = load_rulebook(session, bureau_ids, day, calendar)
    tasks = tasks_by_id(session, task_ids, with_text_of=rulebook.texts)
    directory = load_directory(session, bureau_ids, day)
    items = {
        Key(mention.person_id, task.id, mention.subject, mention.due_on): Item(task, mention)
        for task in tasks.values()
        if task.status in OPEN
        for mention in mentions(task, directory.roster, rulebook.rules[task.bureau_id])
    }
    items |= items_of(session, events_by_id(session, event_ids), tasks, rulebook, directory)
    return _Now(
        directory,
        items,
        notes=still_said(session, rulebook, directory.roster, beside),
        desks=desks(session, rulebook, directory, letterhead),
    )
