"""Whose move it is, since when, and whether that is too long: the rule over values, its SQL form, its words."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import BindParameter, ColumnElement, and_, func, or_, select, true, union_all
from sqlalchemy.orm import Session, defer

from core.workdays import WorkCalendar
from models.base import frozen
from models.enums import ApprovalLevel, ItemKind, Role, Status, Verb
from models.organisation import Person, Unit
from models.task import Closure, Extension, RectificationTask
from rectification.labels import ERRAND
from rectification.lists.conditions import awaits_look, stated_on
from rectification.office.actors import Actor
from rectification.office.people import in_office
from rectification.office.settings import Policy, policies
from rectification.roles_in_task import Part
from rectification.task.deadlines import Timing, is_asked_late, look_since
from rectification.task.lifecycle import ENDED, OPEN, heads_stage

Task = RectificationTask


@dataclass(frozen=True, slots=True)
class Hands:
    """What of a task decides whose move it is.

    `is_chiefs`: the chief must sign (`lifecycle.approval_level`); `is_heads_own`: the officer heads the lead unit.
    `asked_on` is when a new date was asked for that nobody decided, `waiting_since` when the present wait began,
    `look_since` when a long-term task's began for the look at it, `publicised_until` the last day of its publicity.
    """

    status: Status
    officer_id: int | None
    leader_id: int | None
    reviewer_id: int | None
    approver_id: int | None
    is_chiefs: bool
    is_confirmed: bool
    is_heads_own: bool
    waiting_since: date | None = None
    asked_on: date | None = None
    deadline_on: date | None = None
    look_since: date | None = None
    publicised_until: date | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """The part whose move it is, since when, and the verb that is to come.

    `person_id` is who was named for the part; None where the office says who has it: the heads of the lead unit, the
    bureau's chief, its clerks.
    """

    part: Part
    person_id: int | None
    since: date | None
    verb: Verb

    @property
    def step(self) -> str:
        """What is to be done, in a word: 复核."""
        return "办理" if self.verb is Verb.PROGRESS else ERRAND.get(self.verb, self.verb.word)

    def words(self, name: str, unit: str) -> str:
        """方核复核: `name` is the named person's, `unit` the lead unit's."""
        holder = {Part.UNIT_HEAD: f"{unit}负责人", Part.OFFICER: name or unit}.get(self.part, name)
        return f"{holder or self.part.word}{self.step}"


_NEXT: Final = {
    Status.DRAFT: Verb.ISSUE,
    Status.ASSIGNED: Verb.ACCEPT,
    Status.IN_PROGRESS: Verb.PROGRESS,
    Status.SUBMITTED: Verb.VERIFY,
    Status.VERIFIED: Verb.APPROVE,
    Status.PUBLICISED: Verb.CLOSE,
}


def whose_move(task: Hands, policy: Policy) -> Move | None:
    """Whose move it is; None once the task has ended."""
    if task.status in ENDED:
        return None
    part, verb, since = Part.CLERK, _NEXT[task.status], task.waiting_since
    if task.status is Status.ASSIGNED:
        part = Part.OFFICER if task.officer_id else Part.UNIT_HEAD
    elif task.status is Status.IN_PROGRESS:
        part = Part.OFFICER
        if task.asked_on is not None:
            is_late = is_asked_late(task.asked_on, task.deadline_on)
            verb = Verb.REDATE if is_late else Verb.GRANT_EXTENSION
            part, since = _signer(task), task.asked_on
        elif task.look_since is not None:
            part, verb, since = Part.REVIEWER, Verb.CHECKPOINT, task.look_since
    elif task.status is Status.SUBMITTED:
        part = Part.REVIEWER
        if policy.requires_unit_head and not task.is_confirmed:
            part, verb = heads_stage(is_heads_own=task.is_heads_own), Verb.CONFIRM
    elif task.status is Status.VERIFIED:
        part = _signer(task)
    elif task.publicised_until is not None:
        since = task.publicised_until + timedelta(days=1)
    named = {
        Part.OFFICER: task.officer_id,
        Part.LEADER: task.leader_id,
        Part.REVIEWER: task.reviewer_id,
        Part.APPROVER: task.approver_id,
    }
    return Move(part, named.get(part), since, verb)


def _signer(task: Hands) -> Part:
    return Part.CHIEF if task.is_chiefs else Part.APPROVER


def is_move_of(actor: Actor, today: date, *, heads_confirm: bool = False) -> ColumnElement[bool]:
    """`whose_move(task, …)` is this person's; `heads_confirm` is the bureau's `requires_unit_head`.

    Part by part: each comes off an index, where the parts' OR would look at every open task of the bureau.
    """
    parts = _parts_held(actor, today, heads_confirm=heads_confirm)
    return Task.id.in_(union_all(*(select(Task.id).where(part).correlate(None) for part in parts)))


def _parts_held(actor: Actor, today: date, *, heads_confirm: bool) -> Iterator[ColumnElement[bool]]:
    """What makes the move this person's, status by status."""
    mine, heads = actor.ids, Task.lead_unit_id.in_(actor.headed_units)
    is_mine, reviews, signs = (
        holder.in_(mine) for holder in (Task.officer_id, Task.reviewer_id, Task.approver_id)
    )
    is_asked = Task.id.in_(select(Extension.task_id).where(Extension.decision.is_(None)))
    checks = awaits_look(today)
    in_bureau = Task.bureau_id == actor.bureau_id
    if actor.has(Role.CLERK):
        yield and_(in_bureau, Task.status.in_((Status.DRAFT, Status.PUBLICISED)))
    if actor.has(Role.CHIEF):
        yield and_(Task.status == Status.IN_PROGRESS, is_asked, is_chiefs(), in_bureau)
        yield and_(in_bureau, Task.status == Status.VERIFIED, is_chiefs())
    yield and_(Task.status == Status.ASSIGNED, is_mine)
    yield and_(Task.status == Status.ASSIGNED, Task.officer_id.is_(None), heads)
    yield and_(Task.status == Status.IN_PROGRESS, is_mine, ~is_asked, ~checks)
    yield and_(reviews, checks, ~is_asked)
    yield and_(Task.status == Status.IN_PROGRESS, is_asked, ~is_chiefs(), signs)
    if heads_confirm:
        is_waiting = and_(Task.status == Status.SUBMITTED, Task.is_confirmed.is_(False))
        yield and_(is_waiting, heads, ~is_heads_own(today))
        yield and_(is_waiting, Task.leader_id.in_(mine), is_heads_own(today))
    is_confirmed = Task.is_confirmed if heads_confirm else true()
    yield and_(Task.status == Status.SUBMITTED, reviews, is_confirmed)
    yield and_(Task.status == Status.VERIFIED, signs, ~is_chiefs())


def is_chiefs() -> ColumnElement[bool]:
    """`lifecycle.approval_level(task) is CHIEF`."""
    return or_(Task.approval_level == ApprovalLevel.CHIEF, is_raised())


def is_raised() -> ColumnElement[bool]:
    """The chief signs in the approver's place: it recurs or is listed."""
    return and_(Task.approval_level == ApprovalLevel.LEADER, or_(Task.is_recurring, Task.is_supervised))


def raised_above(session: Session, approver_id: int) -> int:
    """How many open tasks of which a person is the approver the chief signs now."""
    query = select(func.count(Task.id)).where(
        Task.approver_id == approver_id, Task.status.in_(OPEN), is_raised()
    )
    return session.scalars(query).one()


def is_heads_own(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """The officer heads the lead unit."""
    heads = in_office(today, Role.UNIT_HEAD)
    return heads.where(Person.id == Task.officer_id, Person.unit_id == Task.lead_unit_id).exists()


@dataclass(frozen=True, slots=True)
class WaitRow:
    """A task that waits for somebody to act. `workdays` is how long; `is_too_long` says it is all the setting allows.

    `person` is empty where nobody is named for the part (the clerk, the chief, a unit's head); `waits_for` says whose
    move it is in words.
    """

    code: str
    title: str
    kind: ItemKind
    status: Status
    part: Part
    person: str
    waits_for: str
    unit_id: int | None
    since: date
    workdays: int
    is_too_long: bool


def overlong(
    session: Session, bureau_ids: Collection[int], today: date, calendar: WorkCalendar
) -> dict[int, list[WaitRow]]:
    """What waits too long, by bureau, the longest first. Restricted tasks (仅限指定人员) are left out: this is mailed."""
    theirs = and_(Task.bureau_id.in_(bureau_ids), Task.is_restricted.is_(False))
    found: dict[int, list[WaitRow]] = {}
    for bureau_id, row in waits(session, today, calendar, theirs):
        if row.is_too_long:
            found.setdefault(bureau_id, []).append(row)
    return found


def waits(
    session: Session, today: date, calendar: WorkCalendar, whose: ColumnElement[bool]
) -> list[tuple[int, WaitRow]]:
    """What waits for somebody, with its bureau, the longest first; work in progress does not wait."""
    last_day = select(func.max(Closure.publicise_until)).where(Closure.task_id == Task.id).scalar_subquery()
    judged = (is_chiefs(), is_heads_own(today), Unit.name, last_day, stated_on(today))
    rows = session.execute(
        select(Task, Extension.asked_on, *judged)
        .outerjoin(Extension, and_(Extension.task_id == Task.id, Extension.decision.is_(None)))
        .outerjoin(Unit, Unit.id == Task.lead_unit_id)
        .where(
            whose,
            Task.status.not_in(ENDED),
            or_(Task.status != Status.IN_PROGRESS, Extension.id.isnot(None), awaits_look(today)),
        )
        .order_by(Task.waiting_since, Task.id)
        .options(defer(Task.text), defer(Task.cause))
    ).all()
    bureau_ids = {row.RectificationTask.bureau_id for row in rows}
    in_force = policies(session, bureau_ids, today)
    people = select(Person.id, Person.name).where(Person.bureau_id.in_(bureau_ids))
    names = dict(session.execute(people).tuples().all())
    found = []
    for task, asked_on, chiefs, heads_own, unit, until, stated in rows:
        policy = in_force[task.bureau_id]
        hands = frozen(
            Hands,
            task,
            is_chiefs=chiefs,
            is_heads_own=heads_own,
            asked_on=asked_on,
            look_since=look_since(frozen(Timing, task, stated_on=stated), today),
            publicised_until=until if task.status is Status.PUBLICISED else None,
        )
        move = whose_move(hands, policy)
        if move is None or move.since is None:
            continue
        person = names.get(move.person_id or 0, "")
        workdays = max(calendar.between(move.since, today), 0)
        row = frozen(
            WaitRow,
            task,
            part=move.part,
            person=person,
            waits_for=move.words(person, unit or ""),
            unit_id=task.lead_unit_id,
            since=move.since,
            workdays=workdays,
            is_too_long=workdays >= (policy.draft_days if task.status is Status.DRAFT else policy.wait_days),
        )
        found.append((task.bureau_id, row))
    return sorted(found, key=lambda pair: -pair[1].workdays)
