"""Who sees which tasks, and what part a person has in one: the one table for queries, pages, verbs and mail.

Source: docs/access.md is generated from this table.
"""

from collections.abc import Collection, Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true, union_all
from sqlalchemy.orm import Session, aliased

from core.errors import Forbidden, NotFound
from models.enums import Role, Status, Verb, Worded
from models.organisation import PersonRole, Unit
from models.task import Measure, Participant, RectificationTask
from rectification.labels import verb_label
from rectification.office.actors import Actor
from rectification.roles_in_task import Part
from rectification.task import history
from rectification.task.lifecycle import TRANSITIONS

Task = RectificationTask


class Scope(Worded):
    """How far a role sees, beyond the tasks a person takes part in, as docs/access.md says it."""

    OWN = "own", "the tasks the person takes part in"
    UNIT = "unit", "the tasks of the unit"
    LINE = "line", "the tasks of the leader's line"
    SOURCE = "source", "the bureau, or one source where the grant names it"
    BUREAU = "bureau", "the bureau"


VISIBILITY: Final[dict[Role, Scope]] = {
    Role.OFFICER: Scope.OWN,
    Role.REVIEWER: Scope.OWN,
    Role.ADMIN: Scope.OWN,
    Role.UNIT_HEAD: Scope.UNIT,
    Role.LEADER: Scope.LINE,
    Role.AUDITOR: Scope.SOURCE,
    Role.CLERK: Scope.BUREAU,
    Role.CHIEF: Scope.BUREAU,
}


@lru_cache(maxsize=1_000)  # it is put together of forty parts, for every verb and page of the same few people
def visible(actor: Actor, *, with_duplicates: bool = False) -> ColumnElement[bool]:
    """The SQL condition for the tasks `actor` may see. Drafts and what is kept aside are the clerk's alone, but for the
    duplicate of another task that somebody asks for by its number.

    A restricted task (仅限指定人员) is seen only by those who take part in it and by the clerk.
    """
    own_bureau = Task.bureau_id == actor.bureau_id
    if actor.id is None or actor.has(Role.CLERK):
        return own_bureau
    scopes = {VISIBILITY[role] for role in actor.roles}
    theirs = (condition for scope, condition in _beyond_own(actor) if scope in scopes)
    seen = or_(takes_part(actor), and_(Task.is_restricted.is_(False), or_(false(), *theirs)))
    is_issued = Task.status.not_in((Status.DRAFT, Status.ARCHIVED))
    shown = or_(is_issued, Task.duplicate_of_id.is_not(None)) if with_duplicates else is_issued
    return and_(own_bureau, shown, seen)


def sees_the_bureau(actor: Actor) -> bool:
    """Whether `actor` sees what a whole bureau has issued, but for what is restricted."""
    return actor.id is None or any(VISIBILITY[role] is Scope.BUREAU for role in actor.roles)


def reads_the_bureau(session: Session, actor: Actor) -> bool:
    """Whether a page on the whole bureau is for `actor`: not for who is an auditor of one source and nothing else."""
    if actor.roles - {Role.AUDITOR}:
        return True
    return bool(session.scalar(select(_grant(actor).where(PersonRole.source_id.is_(None)).exists())))


def takes_part(actor: Actor) -> ColumnElement[bool]:
    """The SQL condition for the tasks in which `actor` has a part of his own."""
    return Task.id.in_(union_all(*_own_tasks(actor)))


def _own_tasks(actor: Actor) -> Iterator[Select[tuple[int]]]:
    """Their ids, part by part: each comes off an index, where the parts' OR would look at every task of the bureau."""
    task, ids = aliased(Task), actor.ids
    for holder in (task.officer_id, task.leader_id, task.reviewer_id, task.approver_id):
        yield select(task.id).where(holder.in_(ids))
    yield select(task.id).where(task.officer_id.is_(None), task.lead_unit_id.in_(actor.headed_units))
    yield select(Participant.task_id).where(Participant.person_id.in_(ids))
    yield select(Participant.task_id).where(Participant.unit_id.in_(_units_of(actor)))
    yield select(Measure.task_id).where(Measure.owner_id.in_(ids))


def _units_of(actor: Actor) -> frozenset[int]:
    """The units whose part in a task is the actor's: his own, and those for whose head he stands in."""
    return actor.headed_units | {actor.unit_id}


def _beyond_own(actor: Actor) -> Iterator[tuple[Scope, ColumnElement[bool]]]:
    """What each scope adds to the tasks the person takes part in."""
    yield Scope.UNIT, Task.lead_unit_id.in_(actor.headed_units)
    yield Scope.LINE, Task.lead_unit_id.in_(select(Unit.id).where(Unit.leader_id.in_(actor.ids)))
    yield Scope.SOURCE, _of_source(actor)
    yield Scope.BUREAU, true()


def _of_source(actor: Actor) -> ColumnElement[bool]:
    """An auditor without a source sees the bureau; with one, the tasks of that source."""
    grant = _grant(actor)
    return or_(
        grant.where(PersonRole.source_id.is_(None)).exists(),
        grant.where(PersonRole.source_id == Task.source_id).exists(),
    )


def _grant(actor: Actor) -> Select[tuple[int]]:
    return select(PersonRole.id).where(PersonRole.person_id.in_(actor.ids), PersonRole.role == Role.AUDITOR)


def seen_task(session: Session, actor: Actor, code: str, *, lock: bool = False) -> RectificationTask:
    """The task with this code, if `actor` may see it; on PostgreSQL its row is locked where `lock` is set.

    Raises: NotFound, alike where there is none and where it is not for this person.
    """
    query = select(Task).where(Task.code == code, visible(actor, with_duplicates=True))
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    task = session.scalar(query)
    if task is None:
        raise NotFound(
            f"没有编号为“{code}”的任务",
            "或者您无权查看",
            "请在“我的任务”或台账中查看编号",
            command="rectify task list",
        )
    return task


def parts_in(session: Session, actor: Actor, task: RectificationTask) -> frozenset[Part]:
    """What `actor` is to `task`. Another bureau's people are nothing to it."""
    if actor.bureau_id != task.bureau_id:
        return frozenset()
    if actor.id is None:
        return frozenset({Part.SYSTEM, Part.CLERK})
    parts = {part for part, holder in HOLDERS.items() if getattr(task, holder) in actor.ids}
    if actor.has(Role.CLERK):
        parts.add(Part.CLERK)
    if actor.has(Role.CHIEF):
        parts.add(Part.CHIEF)
    if task.lead_unit_id in actor.headed_units:
        parts.add(Part.UNIT_HEAD)
    if _participates(session, actor, task):
        parts.add(Part.PARTICIPANT)
    return frozenset(parts)


def parts_then(session: Session, actor: Actor, task: RectificationTask, dated: date) -> frozenset[Part]:
    """What the signer of a paper was to `task` on its day, where the part changed hands since (转办, 交接)."""
    then: dict[Part, int | None] = {}
    for event in reversed(history.events_of(session, task.id)):
        if event.effective_on >= dated:
            then |= {part: event.changes[name][0] for part, name in HOLDERS.items() if name in event.changes}
    return frozenset(part for part, holder in then.items() if holder in actor.ids)


def must_be_by(verb: Verb, parts: frozenset[Part], name: str, task: RectificationTask) -> None:
    """Raises: Forbidden, where whoever is called `name` is nothing to the task that may do it."""
    if not parts & TRANSITIONS[verb].by:
        raise Forbidden(
            f"{name}不能在任务 {task.code} 办理“{verb_label(verb, task.kind)}”",
            "这一步由别的角色办理",
            "请由该角色本人办理，或由台账管理员依据签批件代录",
        )


HOLDERS: Final = {
    Part.OFFICER: "officer_id",
    Part.LEADER: "leader_id",
    Part.REVIEWER: "reviewer_id",
    Part.APPROVER: "approver_id",
}


def _participates(session: Session, actor: Actor, task: RectificationTask) -> bool:
    rows: Collection[tuple[int | None, int | None]] = [
        (person, unit)
        for person, unit in session.execute(
            select(Participant.person_id, Participant.unit_id).where(Participant.task_id == task.id)
        )
    ]
    owners = session.scalars(select(Measure.owner_id).where(Measure.task_id == task.id, ~Measure.is_dropped))
    units = _units_of(actor)
    return any(person in actor.ids or unit in units for person, unit in rows) or not actor.ids.isdisjoint(
        owner for owner in owners if owner is not None
    )
