"""撤并: a department is closed from a day on; people, tasks under way and whatever is below it go to another, all or nothing.

What has ended stays with the old unit, whose row and name stay for the papers that say it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.errors import Conflict, Refused
from models.enums import OfficeVerb, Status, Verb
from models.organisation import BodyMember, Person, Unit
from models.task import Participant, RectificationTask
from rectification.casework.handover import require_mover, under_leader_of
from rectification.casework.lines import LineTask, line_task
from rectification.casework.moving import close_case, open_case
from rectification.casework.task_in_hand import Given
from rectification.office.chain import KeptRows
from rectification.office.journal import By, change
from rectification.office.units import require_department
from rectification.task.lifecycle import OPEN

Task = RectificationTask


@dataclass(frozen=True, slots=True)
class ClosedUnit:
    """What went along when a unit was closed."""

    tasks: tuple[LineTask, ...]
    people: tuple[str, ...]
    units: tuple[str, ...]


def close_unit(
    session: Session, by: By, unit: Unit, into: Unit | None, closed_on: date, reason: str = ""
) -> ClosedUnit:
    """撤并: `unit` ends with `closed_on` and becomes part of `into`. Roll it back to see what would go along.

    Without `into` nothing may hang on it any more: no people, no task under way, no unit below.

    Raises: Refused, naming what hangs or cannot go along; Forbidden, where there are tasks and it is no clerk.
    """
    _check(by, unit, into, closed_on)
    people = session.scalars(
        select(Person).where(Person.unit_id == unit.id, Person.is_active).order_by(Person.id)
    ).all()
    below = session.scalars(
        select(Unit).where(Unit.parent_id == unit.id, Unit.is_active).order_by(Unit.id)
    ).all()
    partner = select(Participant.task_id).where(Participant.unit_id == unit.id)
    tasks = session.scalars(
        select(Task)
        .where(
            Task.status.in_(OPEN | {Status.DRAFT}), or_(Task.lead_unit_id == unit.id, Task.id.in_(partner))
        )
        .order_by(Task.id)
    ).all()
    counted = ((len(people), "人在岗"), (len(tasks), "项未办结的任务"), (len(below), "个下级科室"))
    if into is None and any(count for count, _ in counted):
        hangs = "、".join(f"{count} {what}" for count, what in counted if count)
        raise Refused(f"“{unit.name}”不能撤销", f"名下还有{hangs}", "请选择并入哪个科室，或先把它们移走")
    require_mover(by, len(tasks), f"“{unit.name}”没有撤并")
    words = f"{unit.name}{f'并入{into.name}' if into else '撤销'}（{closed_on}）"
    words = "；".join(filter(None, (words, reason)))
    with change(session, by, OfficeVerb.CLOSE_UNIT, words) as rows:
        for person in people if into else ():
            rows.alter(person).unit_id = into.id if into else unit.id
            person.version += 1
        session.flush()
        moved = tuple(_move_all(session, by, tasks, unit, into, words)) if into else ()
        for each in below if into else ():
            rows.alter(each).parent_id = into.id if into and each.id != into.id else unit.parent_id
        _leave_bodies(session, rows, unit, into)
        rows.alter(unit)
        unit.is_active, unit.closed_on, unit.merged_into_id = False, closed_on, into.id if into else None
        unit.version += 1
    return ClosedUnit(moved, tuple(each.name for each in people), tuple(each.name for each in below))


def _check(by: By, unit: Unit, into: Unit | None, closed_on: date) -> None:
    require_department(unit)
    if not unit.is_active:
        raise Conflict(f"“{unit.name}”已于 {unit.closed_on} 撤并", "", "请刷新后查看")
    if into is not None and (into.id == unit.id or into.bureau_id != unit.bureau_id or not into.is_active):
        raise Refused(f"“{unit.name}”不能并入“{into.name}”", "须是本单位另一个现有的科室", "请另选")
    if closed_on > by.clock.today:
        raise Refused(f"“{unit.name}”没有撤并", f"{closed_on} 还没有到", "请在那一天或之后办理")


def _move_all(
    session: Session, by: By, tasks: Sequence[Task], unit: Unit, into: Unit, words: str
) -> Iterator[LineTask]:
    failed: list[str] = []
    for task in tasks:
        before = (task.leader_id, task.approver_id)
        is_led = task.lead_unit_id == unit.id
        try:
            _move_one(session, by, task, unit, into, words)
        except Refused as refusal:
            failed.append(f"{task.code}：{refusal.why}")
            continue
        part = f"{'责任单位' if is_led else '配合单位'}：{unit.name} → {into.name}"
        told = line_task(session, task, *before)
        has_leader = is_led and task.status is not Status.DRAFT
        yield replace(told, unit=unit.name, becomes=f"{part}；{told.becomes}" if has_leader else part)
    if failed:
        raise Refused(
            f"“{unit.name}”没有并入“{into.name}”", "；".join(failed), "请先单独转办这些任务，再办撤并"
        )


def _move_one(session: Session, by: By, task: Task, unit: Unit, into: Unit, words: str) -> None:
    verb = Verb.EDIT if task.status is Status.DRAFT else Verb.TRANSFER
    case = open_case(session, by.clock, by.acting, task.code, verb, Given(words))
    if task.lead_unit_id == unit.id:
        hands = under_leader_of(case, into) if verb is Verb.TRANSFER else {}
        for part, held in {**hands, "lead_unit_id": into.id}.items():
            setattr(task, part, held)
    partners = session.scalars(select(Participant).where(Participant.task_id == task.id)).all()
    has_into = task.lead_unit_id == into.id or any(each.unit_id == into.id for each in partners)
    for row in partners:
        if row.unit_id == unit.id and not has_into:
            case.rows.alter(row).unit_id = into.id
        elif row.unit_id == unit.id or (row.unit_id == into.id and task.lead_unit_id == into.id):
            case.rows.remove(row)
    close_case(case)


def _leave_bodies(session: Session, rows: KeptRows, unit: Unit, into: Unit | None) -> None:
    """A member of a body that hears is now the unit it became part of."""
    for row in session.scalars(select(BodyMember).where(BodyMember.unit_id == unit.id)).all():
        is_there = into is not None and session.scalar(
            select(BodyMember.id).where(
                BodyMember.bureau_id == row.bureau_id,
                BodyMember.body == row.body,
                BodyMember.unit_id == into.id,
            )
        )
        if into is None or is_there:
            rows.remove(row)
        else:
            rows.alter(row).unit_id = into.id
