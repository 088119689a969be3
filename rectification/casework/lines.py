"""分管调整: units come under another leader, and what is under way in them goes along, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Forbidden, Refused
from models.enums import ApprovalLevel, ItemKind, Role, Status
from models.organisation import Person, Unit
from models.task import RectificationTask
from rectification.casework.handover import hand_over, held_codes
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
    status: Status
    kind: ItemKind
    becomes: str

    @property
    def state(self) -> str:
        return status_label(self.status, self.kind)


def set_line(
    session: Session, by: By, units: Sequence[Unit], leader: Person | None, reason: str = ""
) -> list[LineTask]:
    """分管调整: these units come under `leader`; what their leaders of before led or were to sign in them goes along.

    What somebody else was named for stays, and what the chief must sign stays the chief's. Roll it back to see what would
    become of each task.

    Raises: Refused, naming the tasks the new leader cannot take; Forbidden, where tasks go along and a clerk must do it.
    """
    if not units:
        raise Refused("没有选科室", "", "请选择要调整的科室")
    if leader is not None:
        fit = in_office(by.clock.today, Role.LEADER, Role.CHIEF).where(Person.id == leader.id)
        if session.scalar(fit.limit(1)) is None:
            raise Refused(
                f"“{leader.name}”不能分管科室", "不是在岗的分管领导或主要负责人", "请另选一人，或先增加角色"
            )
    ids = [unit.id for unit in units]
    query = select(Task).where(Task.lead_unit_id.in_(ids), Task.status.in_(OPEN)).order_by(Task.id)
    before = [(task, task.leader_id, task.approver_id) for task in session.scalars(query)]
    if leader is not None:
        _move(session, by, units, leader, reason)
    for unit in units:
        set_line_leader(session, by, unit, leader)
    return [_line_task(session, *each) for each in before]


def _move(session: Session, by: By, units: Sequence[Unit], leader: Person, reason: str) -> None:
    names = "、".join(unit.name for unit in units)
    words = "；".join(filter(None, (f"分管调整：{names}改由{leader.name}分管", reason)))
    actor = by.acting.actor
    for old_id in dict.fromkeys(unit.leader_id for unit in units):
        old = session.get(Person, old_id) if old_id not in (None, leader.id) else None
        its = [unit.id for unit in units if unit.leader_id == old_id]
        if old is None or not (codes := held_codes(session, old, [Part.LEADER], its)):
            continue
        if actor.id is not None and not actor.has(Role.CLERK):
            raise Forbidden("分管没有调整", f"有 {len(codes)} 项办理中的任务要一并移交", "请由台账管理员办理")
        hand_over(session, by.clock, by.acting, old.id, leader.id, words, parts=[Part.LEADER], units=its)


def _line_task(session: Session, task: Task, leader_id: int | None, approver_id: int | None) -> LineTask:
    def name(person_id: int | None) -> str:
        return session.get_one(Person, person_id).name if person_id else "未定"

    def told(part: str, before: int | None, after: int | None) -> str:
        return f"{part}仍为{name(after)}" if before == after else f"{part}：{name(before)} → {name(after)}"

    said = [told("责任领导", leader_id, task.leader_id), told("审签人", approver_id, task.approver_id)]
    if approval_level(task) is ApprovalLevel.CHIEF:
        said.append("仍由主要负责人审签")
    elif task.status is Status.VERIFIED and task.approver_id != approver_id:
        said.append(f"待审签的转{name(task.approver_id)}")
    unit = session.get_one(Unit, task.lead_unit_id).name
    return LineTask(task.code, task.title, unit, task.status, task.kind, "；".join(said))
