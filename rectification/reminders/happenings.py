"""What happened to people: the steps of a task that those concerned are told of on the next working day, once.

The source is the task's own history. A step that was taken back is not told, nor one that the task has left behind, and
nobody is told what he did himself. Beside tasks: who stands in for whom (AB岗).
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, tzinfo
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload

from core.bulk import among
from models.enums import OfficeVerb, Status, Verb
from models.history import OfficeEvent, TaskEvent
from models.organisation import Person, Substitute, Unit
from models.report import Source
from models.review import Resolution
from models.task import RectificationTask
from rectification.lists.event_words import change_words, names_in
from rectification.reminders.rules import Mention, participants_of, responsible_for, with_substitutes
from rectification.reminders.task_facts import Roster, TaskFacts
from rectification.roles_in_task import Part
from rectification.task.access import HOLDERS
from rectification.task.lifecycle import OPEN
from rectification.task.standing import undone

EVENT: Final = "event:"
COVER: Final = "cover:"


class Way(StrEnum):
    """Which way a step went for a person: the task came to him, left him, or changed in his hands."""

    CAME = "came"
    LEFT = "left"
    CHANGED = "changed"


class Happening(NamedTuple):
    """One step told to one person. `changes` says in words who has the task now, or whose resolution it is.

    `reason` is the step's own text, `until` the date it set.
    """

    mention: Mention
    verb: Verb
    way: Way
    changes: str = ""
    reason: str = ""
    until: date | None = None


Audience = tuple[Way, Mapping[int, Part]]
"""Some people and what they are to the task."""

_HANDS: Final = frozenset({Verb.ACCEPT, Verb.TRANSFER, Verb.HAND_OVER, Verb.PARTICIPATE, Verb.MEASURE})
_WORKERS: Final = frozenset(
    {Verb.RETURN, Verb.OBJECT, Verb.REOPEN, Verb.GRANT_EXTENSION, Verb.DENY_EXTENSION, Verb.REDATE}
)
_ALL: Final = frozenset({Verb.TERMINATE, Verb.INSTRUCT, Verb.SUPERVISE})
TOLD: Final = _HANDS | _WORKERS | _ALL | {Verb.ISSUE, Verb.REFUSE, Verb.DRAW_LOOK_BACK}
"""The steps that are told."""
_WHILE: Final[Mapping[Verb, Collection[Status]]] = {
    Verb.REFUSE: {Status.DRAFT},
    Verb.TERMINATE: {Status.TERMINATED},
    Verb.DRAW_LOOK_BACK: {Status.CLOSED},
    Verb.HAND_OVER: OPEN | {Status.CLOSED},
}
"""What the task must still be for the step to be told; where nothing is said, open."""


def holders(task: TaskFacts, roster: Roster) -> dict[Part, tuple[int, ...]]:
    """Who in office has which part in a task."""
    owners = (measure.owner_id for measure in task.measures)
    named: dict[Part, tuple[int | None, ...]] = {
        Part.OFFICER: (task.officer_id,),
        Part.UNIT_HEAD: roster.heads.get(task.lead_unit_id or 0, ()),
        Part.PARTICIPANT: (*participants_of(task, roster), *owners),
        Part.REVIEWER: (task.reviewer_id,),
        Part.APPROVER: (task.approver_id,),
        Part.LEADER: (task.leader_id,),
        Part.CHIEF: roster.chiefs.get(task.bureau_id, ()),
        Part.CLERK: roster.clerks.get(task.bureau_id, ()),
    }
    return {
        part: tuple(person for person in people if person is not None and person in roster.people)
        for part, people in named.items()
    }


def stood_in_for(person_id: int, part: Part, task: TaskFacts, roster: Roster) -> int | None:
    """In whose place a person has this part in a task; None for who has it in their own right."""
    held = holders(task, roster)[part]
    if person_id in held:
        return None
    return next((holder for holder in held if person_id in roster.substitutes.get(holder, ())), None)


def still_sees(person_id: int, task: TaskFacts, roster: Roster) -> bool:
    """Whether a person whom a task has left has another part in it."""
    return any(person_id in held for held in holders(task, roster).values())


def audiences(task: TaskFacts, event: TaskEvent, roster: Roster) -> Iterator[Audience]:
    """Whom a step concerns, as the task is now."""
    held = holders(task, roster)
    responsible = responsible_for(task, roster)
    workers = dict.fromkeys(held[Part.PARTICIPANT], Part.PARTICIPANT) | responsible
    if event.verb is Verb.ISSUE:
        yield Way.CAME, workers
    elif event.verb in _HANDS:
        yield from _moved(event, task, roster, responsible)
    elif event.verb in _WORKERS:
        yield Way.CHANGED, workers
    elif event.verb in _ALL:
        yield Way.CHANGED, dict.fromkeys(held[Part.UNIT_HEAD], Part.UNIT_HEAD) | workers
    elif event.verb is Verb.REFUSE:
        yield Way.CHANGED, dict.fromkeys(held[Part.CLERK], Part.CLERK)
    elif event.verb is Verb.DRAW_LOOK_BACK:
        yield Way.CAME, dict.fromkeys(held[Part.REVIEWER], Part.REVIEWER)


def _moved(
    event: TaskEvent, task: TaskFacts, roster: Roster, responsible: Mapping[int, Part]
) -> Iterator[Audience]:
    """Who got a part in a task and who lost one; a unit without an officer has it by its heads."""
    came: dict[int, Part] = {}
    left: dict[int, Part] = {}
    for part, column in HOLDERS.items():
        old, new = event.changes.get(column, (None, None))
        came |= {new: part} if new else {}
        left |= {old: part} if old else {}
    old_unit, new_unit = event.changes.get("lead_unit_id", (None, None))
    if new_unit and task.officer_id is None:
        came |= responsible
    if old_unit and "officer_id" not in event.changes:
        left |= dict.fromkeys(roster.heads.get(old_unit, ()), Part.UNIT_HEAD)
    for key, (before, after) in event.changes.items():
        if key.partition(":")[0] in ("participant", "measure"):
            was, has = _helpers(before or {}, roster), _helpers(after or {}, roster)
            came |= dict.fromkeys(has - was, Part.PARTICIPANT)
            left |= dict.fromkeys(was - has, Part.PARTICIPANT)
    held = holders(task, roster)
    yield Way.LEFT, {person: part for person, part in left.items() if person not in held[part]}
    yield Way.CAME, {person: part for person, part in came.items() if person in held[part]}


def _helpers(row: Mapping[str, int], roster: Roster) -> set[int]:
    """The person or the heads of the unit a participant's or a measure's row names."""
    named = {row.get("person_id"), row.get("owner_id"), *roster.heads.get(row.get("unit_id") or 0, ())}
    return {person for person in named if person is not None}


def entered(
    session: Session, since: Mapping[int, date], day: date, zone: tzinfo, also: Collection[int] = ()
) -> list[TaskEvent]:
    """The steps to be told that were entered from each bureau's day of `since` on and before `day`; `also` some by number.

    A step recorded from paper was entered when it was recorded, whatever its paper's date; where the business day is
    moved (`--on`) nobody knows when that was, and the next run takes it.
    """
    other = aliased(TaskEvent)
    own = other.bureau_id == Unit.id, other.effective_on < min(since.values()), other.paper_date.is_(None)
    newest = other.effective_on.desc(), other.sequence.desc()
    last = select(other.sequence).where(*own).order_by(*newest).limit(1).correlate(Unit).scalar_subquery()
    begun = (
        select(Unit.id.label("bureau_id"), func.coalesce(last, 0).label("sequence"))
        .where(Unit.id.in_(since.keys()))
        .subquery()
    )
    of_late = (
        select(TaskEvent)
        .join(begun, begun.c.bureau_id == TaskEvent.bureau_id)
        .where(TaskEvent.sequence > begun.c.sequence, TaskEvent.verb.in_(TOLD))
    )
    found = [
        event
        for event in session.scalars(of_late.options(_WHOLE))
        if since[event.bureau_id] <= _entered_on(event, day, zone, since[event.bureau_id]) < day
    ]
    known = {event.id for event in found}
    found += events_by_id(session, [number for number in also if number not in known])
    return sorted(found, key=lambda event: event.id)


_WHOLE: Final = joinedload(TaskEvent.words)


def events_by_id(session: Session, numbers: Collection[int]) -> list[TaskEvent]:
    """These steps, with their words."""
    wanted = select(TaskEvent).where(among(session, TaskEvent.id, numbers)).options(_WHOLE)
    return list(session.scalars(wanted)) if numbers else []


def _entered_on(event: TaskEvent, day: date, zone: tzinfo, since: date) -> date:
    if event.paper_date is None:
        return event.effective_on
    recorded_on = event.at.astimezone(zone).date()
    return recorded_on if recorded_on <= day else since


def happenings(
    session: Session,
    events: Collection[TaskEvent],
    tasks: Mapping[int, TaskFacts],
    roster: Roster,
    *,
    with_text_of: Collection[int] = (),
) -> Iterator[tuple[TaskFacts, Happening]]:
    """What of these steps is to be told, with the task as it is; what was taken back is not.

    `with_text_of` are the bureaus whose mail may carry a step's own text.
    """
    taken_back = _undone(session, tasks.keys()) if events else {}
    standing = [
        each for each in events if each.task_id in tasks and each.sequence not in taken_back[each.task_id]
    ]
    names, resolved = names_in(session, standing), _resolved(session, standing)
    for event in standing:
        task = tasks[event.task_id]
        if task.status not in _WHILE.get(event.verb, OPEN):
            continue
        not_told = {event.actor_id, event.recorder_id, *roster.muted}
        words = resolved.get(event.task_id, "") if event.verb is Verb.ISSUE else ""
        words = "，".join(change_words(event, names)) if event.verb in _HANDS else words
        has_text = event.words and not event.words.is_redacted and event.bureau_id in with_text_of
        reason = event.words.text if event.words and has_text else ""
        for way, people in audiences(task, event, roster):
            concerned = people if way is Way.LEFT else with_substitutes(people, roster)
            for person, part in concerned.items():
                if person in roster.people and person not in not_told:
                    subject = f"{EVENT}{event.id}"
                    mention = Mention(person, part, subject, event.effective_on, 0, 0)
                    yield task, Happening(mention, event.verb, way, words, reason, _set_date(event))


def _undone(session: Session, task_ids: Collection[int]) -> dict[int, Collection[int]]:
    """The numbers of the steps of each task that were taken back."""
    steps: dict[int, list[TaskEvent]] = {task_id: [] for task_id in task_ids}
    query = select(TaskEvent).where(among(session, TaskEvent.task_id, task_ids), TaskEvent.verb == Verb.UNDO)
    for event in session.scalars(query):
        steps[event.task_id].append(event)
    return {task_id: undone(events) for task_id, events in steps.items()}


def _resolved(session: Session, events: Collection[TaskEvent]) -> dict[int, str]:
    """The meeting whose resolution a task is that was issued."""
    issued = {event.task_id for event in events if event.verb is Verb.ISSUE}
    query = (
        select(Resolution.task_id, Source.title)
        .join(RectificationTask, RectificationTask.id == Resolution.task_id)
        .join(Source, Source.id == RectificationTask.source_id)
        .where(among(session, Resolution.task_id, issued))
    )
    return dict(session.execute(query).tuples().all()) if issued else {}


def _set_date(event: TaskEvent) -> date | None:
    """The date a decision set, or by which to look back."""
    rows = event.changes.items() if event.verb is Verb.DRAW_LOOK_BACK else ()
    drawn = (after["due_on"] for key, (_, after) in rows if key.startswith("look_back:"))
    day = next(drawn, event.changes.get("due_on", (None, None))[1])
    return date.fromisoformat(day) if day else None


class Cover(NamedTuple):
    """An arrangement (AB岗): `substitute` stands in for `person`, both days included."""

    id: int
    person_id: int
    substitute_id: int
    person: str
    substitute: str
    starts_on: date
    ends_on: date

    def stages(self, day: date) -> dict[str, date]:
        """What can be told of it on a day, by subject, each with the day it is of: it is known, it has begun, it is over."""
        subject, is_over = f"{COVER}{self.id}", self.ends_on < day
        if is_over:
            return {f"{subject}:ended": self.ends_on}
        begun = {f"{subject}:begun": self.starts_on} if self.starts_on <= day else {}
        return {subject: self.starts_on} | begun

    def news(self, day: date, said: Mapping[tuple[int, str], date]) -> Iterator[tuple[int, str, date]]:
        """Who is told what of it on a day: both that it is and was, who stands in of its first day; `said` is when what was."""
        known = f"{COVER}{self.id}"
        for person in (self.substitute_id, self.person_id):
            known_on = said.get((person, known))
            for subject, due_on in self.stages(day).items():
                is_due = (known_on is None) is (subject == known)
                is_own = person == self.substitute_id and (known_on or day) < self.starts_on
                if is_due and (person, subject) not in said and (is_own or not subject.endswith(":begun")):
                    yield person, subject, due_on


def covers(session: Session, bureau_ids: Collection[int], since: date) -> dict[int, Cover]:
    """The arrangements of some bureaus that were in force on a day or later, by number."""
    covered, other = aliased(Person), aliased(Person)
    query = (
        select(*_COVER, covered.name, other.name, Substitute.starts_on, Substitute.ends_on)
        .join(covered, covered.id == Substitute.person_id)
        .join(other, other.id == Substitute.substitute_id)
        .where(covered.bureau_id.in_(bureau_ids), Substitute.ends_on >= since)
    )
    return {row.id: Cover(*row) for row in session.execute(query.order_by(Substitute.id))}


_COVER: Final = (Substitute.id, Substitute.person_id, Substitute.substitute_id)


def arranged_by(session: Session, cover_ids: Collection[int]) -> set[tuple[int, int | None]]:
    """Each of these arrangements with who made it: that person knows."""
    wanted = {f"substitute:{number}": number for number in cover_ids}
    made = select(OfficeEvent.changes, OfficeEvent.actor_id).where(
        OfficeEvent.verb == OfficeVerb.ADD_SUBSTITUTE
    )
    events = session.execute(made) if wanted else ()
    return {(wanted[row], by) for changes, by in events for row in changes if row in wanted}
