"""A task changes hands: to another unit or person (转办), a person's open tasks all at once (交接), helpers come and go."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Forbidden, Refused
from models.enums import ApprovalLevel, Role, Status, Verb
from models.organisation import Person, Unit
from models.task import LookBack, Measure, Participant, RectificationTask
from rectification.casework.assignment import check_named
from rectification.casework.moving import close_case, open_case, task_verb
from rectification.casework.task_in_hand import Case, Given
from rectification.office.actors import Acting, actor_of
from rectification.office.journal import By
from rectification.office.people import in_office
from rectification.roles_in_task import Part
from rectification.task.interest import interest_in
from rectification.task.lifecycle import OPEN, approval_level

Task = RectificationTask
_Key = tuple[int | None, int | None]
"""A participant: a person, or a unit."""


@dataclass(frozen=True, slots=True)
class NewHands:
    """Who has a task from now on; None leaves the part where it is. A new unit without an officer must be unaccepted."""

    lead_unit_id: int | None = None
    officer_id: int | None = None
    leader_id: int | None = None
    reviewer_id: int | None = None
    approver_id: int | None = None


@task_verb(Verb.TRANSFER)
def transfer(case: Case, reason: str, to: NewHands) -> None:
    """转办: other hands, the same task, date and history; who had it stays interested in it.

    Another unit brings its own leader along unless one is named; where the leader signs, the new one does.

    Raises: Refused, where the people do not fit together, or nothing changes.
    """
    named = {part: person for part, person in asdict(to).items() if person is not None}
    check_named(case, named)
    officer = case.session.get(Person, to.officer_id) if to.officer_id else None
    if officer is not None:
        named.setdefault("lead_unit_id", officer.unit_id)
    unit = case.session.get(Unit, named.get("lead_unit_id", 0))
    if unit is not None and unit.id != case.task.lead_unit_id and to.leader_id is None:
        named = under_leader_of(case, unit) | named
    if all(getattr(case.task, part) == person for part, person in named.items()):
        raise case.refuse("没有写明转给谁", "请选择新的科室、责任人、复核人或审签人")
    for part, person in named.items():
        setattr(case.task, part, person)
    if case.before["lead_unit_id"] != case.task.lead_unit_id and officer is None:
        case.task.officer_id = None
        if case.task.status is not Status.ASSIGNED:
            raise case.refuse("已签收的任务转给别的科室，须同时指定责任人", "请选择新的责任人")


def under_leader_of(case: Case, unit: Unit) -> dict[str, int | None]:
    """The parts that a unit's leader brings along: where the leader signs, the new one does."""
    if unit.leader_id is None:
        return {}
    is_signer = case.task.approver_id == case.task.leader_id
    signs = {"approver_id": _signs_after(case, unit.leader_id)} if is_signer else {}
    return {"leader_id": unit.leader_id, **signs}


def require_mover(by: By, count: int, what: str) -> None:
    """Raises: Forbidden, where a change of the office takes tasks along and it is no clerk's."""
    actor = by.acting.actor
    if count and actor.id is not None and not actor.has(Role.CLERK):
        raise Forbidden(what, f"涉及 {count} 项办理中的任务", "请由台账管理员办理")


def hand_over(
    session: Session,
    clock: Clock,
    acting: Acting,
    leaver_id: int,
    successor_id: int,
    reason: str,
    *,
    parts: Collection[Part] = (),
    units: Collection[int] = (),
) -> list[str]:
    """交接: everything open that `leaver_id` holds goes to `successor_id`, all or nothing; returns the codes.

    `parts` narrows it to some of officer, leader (who also signs where the leader does), reviewer (with the look-backs
    that wait), approver and participant (which includes measures); `units` to what these units lead.

    Raises: Refused, naming the tasks the successor cannot take, or where there is nothing to hand over.
    """
    leaver, successor = session.get(Person, leaver_id), session.get(Person, successor_id)
    bureau_id = acting.actor.bureau_id
    if leaver is None or successor is None or {leaver.bureau_id, successor.bureau_id} != {bureau_id}:
        raise Forbidden("不能交接", "交接双方须都是本单位的人员", "请重新选择")
    if leaver.id == successor.id or not successor.is_active:
        raise Refused("不能交接", "接手人须是另一位在岗人员", "请重新选择")
    wanted = frozenset(parts) or frozenset(_TAKES_OVER)
    codes = held_codes(session, leaver, wanted, units)
    if Part.REVIEWER in wanted and not units:
        codes += look_back_codes(session, leaver)
    if not codes:
        raise Refused(
            f"“{leaver.name}”名下没有可交接的办理中任务",
            "",
            "请核对移交人",
            command=f"rectify task list --officer {leaver.login}",
        )
    failed: list[str] = []
    for code in codes:
        try:
            _hand_over_one(session, clock, acting, code, reason, leaver, successor, wanted)
        except Refused as refusal:
            failed.append(f"{code}：{refusal.why}")
    if failed:
        raise Refused(
            f"“{leaver.name}”的任务没有交接给“{successor.name}”",
            "；".join(failed),
            "请先单独转办这些任务，或另选接手人",
        )
    return codes


def held_codes(
    session: Session, person: Person, parts: Collection[Part] = (), units: Collection[int] = ()
) -> list[str]:
    """The open tasks (of these units) that hang on a person in any of these parts; none named is all."""
    held = _held_by(person.id, frozenset(parts) or frozenset(_TAKES_OVER))
    query = select(Task.code).where(Task.bureau_id == person.bureau_id, Task.status.in_(OPEN), held)
    if units:
        query = query.where(Task.lead_unit_id.in_(units))
    return list(session.scalars(query.order_by(Task.id)))


def look_back_codes(session: Session, reviewer: Person) -> list[str]:
    """The closed tasks a reviewer is to look at again."""
    waiting = select(LookBack.task_id).where(LookBack.checked_on.is_(None))
    query = select(Task.code).where(
        Task.reviewer_id == reviewer.id, Task.status == Status.CLOSED, Task.id.in_(waiting)
    )
    return list(session.scalars(query.order_by(Task.id)))


@task_verb(Verb.PARTICIPATE)
def participate(
    case: Case,
    *,
    add_people: Sequence[int] = (),
    add_units: Sequence[int] = (),
    remove_people: Sequence[int] = (),
    remove_units: Sequence[int] = (),
) -> None:
    """配合单位和经办人: who takes part beside the lead officer; the lead unit itself does not take part twice.

    Raises: Refused, for strangers to the bureau, or where nothing changes.
    """
    standing = {
        (row.person_id, row.unit_id): row
        for row in case.session.scalars(select(Participant).where(Participant.task_id == case.task.id))
    }
    added: list[_Key] = [(_colleague(case, person), None) for person in add_people]
    added += [(None, _unit(case, unit)) for unit in add_units]
    new = [key for key in dict.fromkeys(added) if key not in standing]
    gone: list[_Key] = [(person, None) for person in remove_people]
    gone += [(None, unit) for unit in remove_units]
    leaving = [standing[key] for key in gone if key in standing]
    if not new and not leaving:
        raise case.refuse("没有变化", "请选择要增加或减少的经办人、配合单位")
    for row in leaving:
        case.rows.remove(row)
    for person, unit in new:
        case.rows.add(Participant(task_id=case.task.id, person_id=person, unit_id=unit))


def _hand_over_one(
    session: Session,
    clock: Clock,
    acting: Acting,
    code: str,
    reason: str,
    leaver: Person,
    successor: Person,
    wanted: frozenset[Part],
) -> None:
    case = open_case(session, clock, acting, code, Verb.HAND_OVER, Given(reason))
    task = case.task
    if task.status is Status.CLOSED:  # of what is closed the look-back alone is still to be done
        wanted = wanted & {Part.REVIEWER}
        if interest_in(session, task).binds(actor_of(session, successor, today=clock.today)):
            raise case.refuse(f"“{successor.name}”与本任务有关，不能回头看", "请另选核查人")
    if Part.LEADER in wanted and task.leader_id == task.approver_id == leaver.id:
        task.approver_id = _signs_after(case, successor.id)
    for part in wanted & frozenset(_COLUMN):
        if getattr(task, _COLUMN[part]) == leaver.id:
            setattr(task, _COLUMN[part], successor.id)
    if Part.PARTICIPANT in wanted:
        _hand_over_help(case, leaver, successor)
    close_case(case)


def _signs_after(case: Case, leader_id: int) -> int | None:
    """Who signs where the leader did: the new one; what the chief must sign is the chief's, where there is just one."""
    if approval_level(case.task) is not ApprovalLevel.CHIEF:
        return leader_id
    query = in_office(case.day, Role.CHIEF).where(Person.bureau_id == case.task.bureau_id)
    chiefs = case.session.scalars(query).all()
    return chiefs[0] if len(chiefs) == 1 else case.task.approver_id


def _hand_over_help(case: Case, leaver: Person, successor: Person) -> None:
    """Measures not done yet and the place among the participants; a place the successor has already is given up."""
    session, task = case.session, case.task
    steps = session.scalars(
        select(Measure).where(_open_measures(leaver.id), Measure.task_id == task.id)
    ).all()
    for step in steps:
        case.rows.alter(step).owner_id = successor.id
    places = {
        row.person_id: row
        for row in session.scalars(select(Participant).where(Participant.task_id == task.id))
    }
    if leaver.id in places:
        if successor.id in places:
            case.rows.remove(places[leaver.id])
        else:
            case.rows.alter(places[leaver.id]).person_id = successor.id


_COLUMN: Final = {
    Part.OFFICER: "officer_id",
    Part.LEADER: "leader_id",
    Part.REVIEWER: "reviewer_id",
    Part.APPROVER: "approver_id",
}
_TAKES_OVER: Final = (*_COLUMN, Part.PARTICIPANT)


def _open_measures(person_id: int) -> ColumnElement[bool]:
    return (Measure.owner_id == person_id) & Measure.done_on.is_(None) & ~Measure.is_dropped


def _held_by(person_id: int, parts: frozenset[Part]) -> ColumnElement[bool]:
    held: list[ColumnElement[bool]] = [
        getattr(Task, column) == person_id for part, column in _COLUMN.items() if part in parts
    ]
    if Part.PARTICIPANT in parts:
        held.append(Task.id.in_(select(Participant.task_id).where(Participant.person_id == person_id)))
        held.append(Task.id.in_(select(Measure.task_id).where(_open_measures(person_id))))
    return or_(*held)


def _colleague(case: Case, person_id: int) -> int:
    person = case.colleague(person_id, "经办人")
    if person.id == case.task.officer_id:
        raise case.refuse(f"“{person.name}”已是责任人", "请另选经办人")
    return person.id


def _unit(case: Case, unit_id: int) -> int:
    unit = case.session.get(Unit, unit_id)
    if unit is None or unit.bureau_id != case.task.bureau_id:
        raise case.refuse("配合单位不是本单位的科室", "请重新选择")
    if unit.id == case.task.lead_unit_id:
        raise case.refuse(f"“{unit.name}”已是责任单位", "请另选配合单位")
    return unit.id
