"""What would go out if nobody acted: the sweep's own rules, day after day, writing nothing.

The first day tells what happened before it and what still waits, as the sweep would; LEFT_OUT says what is not foretold.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta, tzinfo
from typing import Final, NamedTuple

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from core.workdays import WorkCalendar
from models.enums import OutboxStatus, ToldStatus
from models.mail import OutboxMessage, Told
from models.organisation import Person, Unit
from notifications.digest_notes import Note, foreseen_notes
from notifications.digests import Item
from notifications.happened import cover_news, still_said, untold
from notifications.messages import Digest
from notifications.rulebook import Rulebook, load_rulebook
from notifications.tellers import Teller, teller_of
from notifications.told_once import Key, noted
from notifications.told_once import waiting as waiting_rows
from notifications.wording import foretold, happened, rule_name
from rectification.office.calendar import load_calendar
from rectification.office.names import has_login
from rectification.reminders.facts import Directory, Remindable, load_directory, stream_tasks
from rectification.reminders.happenings import EVENT
from rectification.reminders.rules import WAIT, Mention, mentions, unsaid
from rectification.reminders.task_facts import TaskFacts

PHONE: Final = "phone"
LEFT_OUT: Final = (
    "不含：当天已写好、等待发出的邮件（见邮件记录）；今后新发生的转办、退回等事项（发生后才知道）；"
    "群消息（每个工作日至多一条，只有数量，不按人列出）"
)


@dataclass(frozen=True, slots=True)
class SimulatedTask:
    """A task a message would name, the rule that makes it, by its short name and in words, and the flow that writes it.

    `due_on` is the date it has to be done by, `since` the day its rule counts from: for a wait another.
    """

    code: str
    rule: str
    flow: Teller = field(default=Teller.DAILY_REMINDERS, compare=False)
    title: str = field(default="", compare=False)
    label: str = field(default="", compare=False)
    due_on: date | None = field(default=None, compare=False)
    since: date | None = field(default=None, compare=False)


class SimulatedNote(NamedTuple):
    """What a message would say beside tasks, the flow that writes it, and the rule where the flow has several."""

    text: str
    flow: Teller
    rule: str = ""


@dataclass(frozen=True, slots=True)
class SimulatedMessage:
    """One message; `to` is a login name, `template` "phone" where the person would have to be rung."""

    date: date
    to: str
    template: str
    tasks: tuple[SimulatedTask, ...]
    notes: tuple[SimulatedNote, ...] = ()


def simulate(
    session: Session,
    first: date,
    last: date,
    *,
    login: str | None = None,
    leaves: bool = True,
    zone: tzinfo = UTC,
) -> Iterator[SimulatedMessage]:
    """Every message from `first` to `last`, by day and login name, or to one person."""
    calendar = load_calendar(session)
    bureau_ids = session.scalars(_bureaus(login)).all()
    if not bureau_ids:
        return
    unsent = _unsent(session, bureau_ids, first, leaves=leaves)
    ledger = _load(session, bureau_ids, first, last, calendar, unsent)
    written = noted(session, bureau_ids, first, last)
    waiting = {**waiting_rows(session, bureau_ids, first), **unsent}
    covered: dict[tuple[int, str], date] = {}
    days = (first + timedelta(days=passed) for passed in range((last - first).days + 1))
    for number, day in enumerate(filter(calendar.is_workday, days)):
        rulebook = load_rulebook(session, bureau_ids, day, calendar, ahead_of=first)
        directory = load_directory(session, bureau_ids, day)
        notes: dict[int, list[SimulatedNote]] = {}
        for (person, _, subject, _), note in cover_news(session, bureau_ids, directory.roster, day, covered):
            covered[person, subject] = day
            notes.setdefault(person, []).extend(_beside(note, Teller.DAILY_REMINDERS))
        steps: Sequence[Item] = ()
        if number == 0:
            of_steps = {key: 0 for key in waiting if key.subject.startswith(EVENT)}
            steps = [item for item, _ in untold(session, rulebook, directory, zone, of_steps)]
            of_none = [key for key in waiting if key.task_id is None]
            for key, note in still_said(session, rulebook, directory.roster, of_none).items():
                notes.setdefault(key.person_id, []).extend(_beside(note, teller_of(key.subject)))
        for teller in Teller:
            foreseen = foreseen_notes(session, rulebook, directory.roster, teller, is_next=number == 0)
            for person, note in foreseen.items():
                if (person, teller.note, day) not in written:
                    notes.setdefault(person, []).extend(_beside(note, teller))
        messages = _day(rulebook, directory, ledger, notes, steps)
        yield from (each for each in messages if login is None or each.to.lower() == login.lower())


def _bureaus(login: str | None) -> Select[tuple[int]]:
    """The bureaus that must be looked at: a person is told of the tasks of their own."""
    query = select(Unit.id).where(Unit.bureau_id == Unit.id, Unit.is_active)
    if login is not None:
        query = query.where(Unit.id.in_(select(Person.bureau_id).where(has_login(login))))
    return query


def _load(
    session: Session,
    bureau_ids: Collection[int],
    first: date,
    last: date,
    calendar: WorkCalendar,
    unsent: Mapping[Key, int],
) -> list[Remindable]:
    """Every task that speaks by `last`; what stands in digests that have not gone counts as not heard."""
    horizon = load_rulebook(session, bureau_ids, last, calendar).horizon
    ledger = list(stream_tasks(session, bureau_ids, horizon, before=first, asking=bureau_ids))
    for task, heard in ledger if unsent else ():
        for person_id, subject, due_on in tuple(heard):
            rung = unsent.get(Key(person_id, task.id, subject, due_on))
            if rung is not None:
                heard[person_id, subject, due_on] = rung - 1
    return ledger


def _unsent(session: Session, bureau_ids: Collection[int], first: date, *, leaves: bool) -> dict[Key, int]:
    statuses = {OutboxStatus.QUEUED} | ({OutboxStatus.WRITTEN} if leaves else set())
    rows = session.execute(
        select(Told.person_id, Told.task_id, Told.subject, Told.due_on, Told.rung)
        .join(OutboxMessage, OutboxMessage.id == Told.message_id)
        .where(
            and_(Told.bureau_id.in_(bureau_ids), Told.status == ToldStatus.TOLD),
            and_(OutboxMessage.status.in_(statuses), OutboxMessage.day < first),
        )
        .order_by(Told.rung.desc())
    )
    return {Key(*key): rung for *key, rung in rows}


def _day(
    rulebook: Rulebook,
    directory: Directory,
    ledger: list[Remindable],
    notes: Mapping[int, list[SimulatedNote]],
    steps: Sequence[Item],
) -> list[SimulatedMessage]:
    named: dict[int, list[SimulatedTask]] = {person: [] for person in notes}
    signers: set[int] = set()
    for task, mention, step in steps:
        label = happened(step, task, rulebook.calendar) if step else ""
        named.setdefault(mention.person_id, []).append(_told(task, mention, label, task.deadline_on))
    for task, heard in ledger:
        rules = rulebook.rules[task.bureau_id]
        for mention, _ in unsaid(mentions(task, directory.roster, rules), task, rules, heard):
            label = foretold(mention, rulebook.day, rulebook.calendar)
            due_on = task.deadline_on if mention.subject.startswith(WAIT) else mention.due_on
            named.setdefault(mention.person_id, []).append(_told(task, mention, label, due_on))
            if mention.is_to_sign:
                signers.add(mention.person_id)
            heard[mention.person_id, mention.subject, mention.due_on] = mention.rung
    messages = []
    for person_id, tasks in named.items():
        to = directory.recipients[person_id]
        is_mailed = to.is_reached_by_mail(is_to_sign=person_id in signers)
        template = Digest.template if is_mailed else PHONE
        beside = tuple(notes.get(person_id, ()))
        messages.append(SimulatedMessage(rulebook.day, to.login, template, tuple(tasks), beside))
    return sorted(messages, key=lambda message: message.to)


def _told(task: TaskFacts, mention: Mention, label: str, due_on: date | None) -> SimulatedTask:
    rule = rule_name(mention.subject, mention.rung)
    return SimulatedTask(
        task.code, rule, teller_of(mention.subject), task.title, label, due_on, mention.due_on
    )


def _beside(note: Note, teller: Teller) -> Iterator[SimulatedNote]:
    for rule, text, _ in note.said:
        yield SimulatedNote(text, teller, rule)
    rest = note._replace(covers=(), accounts=(), reviews=(), office=(), stages=())
    for text in (*rest.headlines, *(("整改进展通报",) if note.summaries else ())):
        yield SimulatedNote(text, teller)
