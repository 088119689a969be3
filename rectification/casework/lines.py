"""分管调整: units come under another leader, and what is under way in them goes along, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Refused
from models.enums import ApprovalLevel, Role
from models.organisation import Person, Unit
from models.task import RectificationTask
from rectification.casework.handover import hand_over, held_codes, require_mover
from rectification.labels import status_label
from rectification.office.journal import By
from rectification.office.people import in_office
from rectification.office.units import set_line_leader
from rectification.roles_in_task import Part
from rectification.task.lifecycle import OPEN, approval_level

Task = RectificationTask


@dataclass(frozen=True, slots=True)
class LineTask:
    """An open task of units whose leader changes, and what becomes of it."""

    code: str
    title: str
    unit: str
    state: str
    becomes: str


def set_line(
    session: Session, by: By, units: Sequence[Unit], leader: Person | None, reason: str = ""
) -> list[LineTask]:
    """分管调整: these units come under `leader`; what their leaders of before led or were to sign in them goes along.

    What somebody else was named for stays, and what the chief must sign stays the chief's. Roll it back to see what would
    become of each task.

    Raises: Refused, naming the tasks the new leader cannot take; Forbidden, where there are tasks and it is no clerk.
    """
    if not units:
        raise Refused("分管没有调整", "没有选科室", "请选择要调整的科室")
    fit = in_office(by.clock.today, Role.LEADER, Role.CHIEF).where(Person.id == (leader and leader.id))
    if leader is not None and session.scalar(fit.limit(1)) is None:
        why = f"“{leader.name}”不是在岗的分管领导或主要负责人"
        raise Refused("分管没有调整", why, "请另选一人，或先增加角色")
    of_units = Task.lead_unit_id.in_([unit.id for unit in units])
    tasks = session.scalars(select(Task).where(of_units, Task.status.in_(OPEN)).order_by(Task.id)).all()
    before = [(task, task.leader_id, task.approver_id) for task in tasks]
    require_mover(by, len(tasks), "分管没有调整")
    if leader is not None:
        words = f"分管调整：{'、'.join(unit.name for unit in units)}改由{leader.name}分管"
        _move(session, by, units, leader, "；".join(filter(None, (words, reason))))
    for unit in units:
        set_line_leader(session, by, unit, leader)
    return [line_task(session, *each) for each in before]


def _move(session: Session, by: By, units: Sequence[Unit], leader: Person, words: str) -> None:
    for old_id in dict.fromkeys(unit.leader_id for unit in units):
        its = [unit.id for unit in units if unit.leader_id == old_id]
        old = session.get(Person, old_id) if old_id not in (None, leader.id) else None
        if old is not None and held_codes(session, old, [Part.LEADER], its):
            hand_over(session, by.clock, by.acting, old.id, leader.id, words, parts=[Part.LEADER], units=its)


def line_task(session: Session, task: Task, leader_id: int | None, approver_id: int | None) -> LineTask:
    """What became of a task led and signed by these two before."""

    def told(part: str, *people: int | None) -> str:
        before, after = (session.get_one(Person, each).name if each else "未定" for each in people)
        return f"{part}仍为{after}" if before == after else f"{part}：{before} → {after}"

    said = [told("责任领导", leader_id, task.leader_id), told("审签人", approver_id, task.approver_id)]
    if approval_level(task) is ApprovalLevel.CHIEF:
        said.append("仍由主要负责人审签")
    unit, state = session.get_one(Unit, task.lead_unit_id).name, status_label(task.status, task.kind)
    return LineTask(task.code, task.title, unit, state, "；".join(said))
