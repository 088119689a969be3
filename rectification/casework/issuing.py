"""Drafts leave the clerk's desk: issued to a unit, or archived."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import ApprovalLevel, DayUnit, Role, TimeLimit, Verb
from models.organisation import Person, PersonRole, Unit
from models.task import RectificationTask
from rectification.actors import Acting
from rectification.calendar import load_calendar
from rectification.casework.moving import Case, close_case, open_case, required
from rectification.deadlines import half_year_end, limit_to_date
from rectification.policy import policy_of


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """Who is to do what by when. What is left out is proposed: see `complete`.

    A limit is a printed date (`due_on`), or `limit_days` of `limit_unit` from the day of issue.
    """

    lead_unit_id: int | None = None
    officer_id: int | None = None
    leader_id: int | None = None
    reviewer_id: int | None = None
    approver_id: int | None = None
    approval_level: ApprovalLevel | None = None
    time_limit: TimeLimit | None = None
    due_on: date | None = None
    limit_days: int | None = None
    limit_unit: DayUnit = DayUnit.WORKING
    checkpoint_on: date | None = None
    title: str = ""
    goal: str = ""


def issue(
    session: Session,
    clock: Clock,
    acting: Acting,
    code: str,
    order: IssueOrder,
    *,
    seen_version: int | None = None,
) -> RectificationTask:
    """下达: a draft becomes a task of a unit, with a leader, a reviewer, an approver and a time limit.

    Raises: Refused, naming everything that is still missing.
    """
    case = open_case(session, clock, acting, code, Verb.ISSUE, seen_version=seen_version)
    _assign(case, order)
    _set_limit(case, order)
    if order.title.strip():
        case.task.title = " ".join(order.title.split())[:200]
    if order.goal.strip():
        case.task.goal = order.goal.strip()
    return close_case(case)


def archive(
    session: Session,
    clock: Clock,
    acting: Acting,
    code: str,
    reason: str = "",
    *,
    seen_version: int | None = None,
) -> RectificationTask:
    """仅存档: nobody tracks this item; a normal choice for plans of study and attitude."""
    case = open_case(session, clock, acting, code, Verb.ARCHIVE, seen_version=seen_version)
    return close_case(case, reason.strip() and required(case, reason, "理由"))


def _assign(case: Case, order: IssueOrder) -> None:
    task = case.task
    officer = _person(case, order.officer_id, Role.OFFICER, "责任人")
    unit_id = order.lead_unit_id or (officer.unit_id if officer else None)
    unit = case.session.get(Unit, unit_id) if unit_id else None
    if unit is None or unit.bureau_id != task.bureau_id:
        raise case.refuse("没有指定牵头科室", "请选择牵头科室，或直接指定责任人")
    if officer and officer.unit_id != unit.id:
        raise case.refuse(f"责任人“{officer.name}”不在牵头科室“{unit.name}”", "请改选责任人或牵头科室")
    leader = _person(case, order.leader_id or unit.leader_id, Role.LEADER, "责任领导") or _only(
        case, Role.LEADER
    )
    reviewer = _person(case, order.reviewer_id, Role.REVIEWER, "复核人") or _only(
        case, Role.REVIEWER, not_in=unit
    )
    approver = _person(case, order.approver_id, None, "审签领导") or leader
    if leader is None or reviewer is None or approver is None:
        named = {"责任领导": leader, "复核人": reviewer, "审签领导": approver}
        missing = "、".join(what for what, person in named.items() if person is None)
        raise case.refuse(f"还没有指定{missing}", "请逐项指定后再下达")
    if reviewer.unit_id == unit.id:
        raise case.refuse(f"复核人“{reviewer.name}”就在牵头科室“{unit.name}”", "请选择牵头科室以外的复核人")
    if officer and officer.id in (reviewer.id, approver.id):
        raise case.refuse(f"“{officer.name}”不能既是责任人又复核或审签", "请另选复核人或审签领导")
    task.lead_unit_id, task.officer_id = unit.id, officer.id if officer else None
    task.leader_id, task.reviewer_id, task.approver_id = leader.id, reviewer.id, approver.id
    if order.approval_level:
        task.approval_level = order.approval_level


def _person(case: Case, person_id: int | None, role: Role | None, what: str) -> Person | None:
    if person_id is None:
        return None
    person = case.session.get(Person, person_id)
    if person is None or person.bureau_id != case.task.bureau_id or not person.is_active:
        raise case.refuse(f"{what}不是本单位的在岗人员", "请重新选择")
    allowed = (role,) if role else (Role.LEADER, Role.CHIEF)
    held = case.session.scalars(select(PersonRole.role).where(PersonRole.person_id == person.id)).all()
    if not set(allowed) & set(held):
        raise case.refuse(f"“{person.name}”不能作{what}，没有相应角色", "请先在人员中增加角色，或另选一人")
    return person


def _only(case: Case, role: Role, *, not_in: Unit | None = None) -> Person | None:
    """The one active person of the bureau with this role, where there is just one."""
    query = (
        select(Person)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(Person.bureau_id == case.task.bureau_id, Person.is_active, PersonRole.role == role)
    )
    if not_in is not None:
        query = query.where(Person.unit_id != not_in.id)
    found = case.session.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def _set_limit(case: Case, order: IssueOrder) -> None:
    task, day = case.task, case.acting.effective_on(case.clock.today)
    policy = policy_of(case.session, task.bureau_id, day)
    task.time_limit = order.time_limit or task.time_limit
    task.issued_on = day
    if task.time_limit is TimeLimit.LONG_TERM:
        task.due_on = task.limit_days = task.limit_unit = None
        task.next_checkpoint_on = order.checkpoint_on or half_year_end(day)
        _must_be_ahead(case, task.next_checkpoint_on)
        return
    days = order.limit_days or (
        policy.immediate_days if task.time_limit is TimeLimit.IMMEDIATE and order.due_on is None else None
    )
    if days is not None:
        task.limit_days, task.limit_unit = days, order.limit_unit
        task.due_on = limit_to_date(day, days, order.limit_unit, load_calendar(case.session))
    else:
        task.limit_days = task.limit_unit = None
        task.due_on = order.due_on or task.due_on
    if task.due_on is None:
        raise case.refuse("没有整改时限", "请写明日期，或几个工作日内完成")
    _must_be_ahead(case, task.due_on)
    task.original_due_on = task.due_on
    task.next_checkpoint_on = None


def _must_be_ahead(case: Case, day: date) -> None:
    if day < case.acting.effective_on(case.clock.today):
        raise case.refuse(f"时限 {day} 已经过去", "请改为今天或以后的日期")
