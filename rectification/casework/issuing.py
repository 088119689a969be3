"""A draft ends as one: it is issued to a unit, archived, or merged into a task that covers it already."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core.text import one_line, tidied
from models.enums import ApprovalLevel, DayUnit, Role, TimeLimit, Verb
from models.organisation import Person, Unit
from models.task import RectificationTask
from rectification.casework.assignment import HANDS, check_named
from rectification.casework.measures import drop_proposed, propose
from rectification.casework.moving import close_case, open_case, task_verb
from rectification.casework.task_in_hand import Case, Given
from rectification.labels import level_words, status_label
from rectification.office.actors import Acting
from rectification.office.calendar import load_calendar
from rectification.office.people import in_office
from rectification.task.access import seen_task
from rectification.task.deadlines import due_instead, half_year_end, limit_to_date
from rectification.task.drafting import NewMeasure
from rectification.task.lifecycle import ISSUED, OPEN, approval_level
from rectification.task.time_limits import day_text, passed_text


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """Who is to do what by when. What is left out is proposed from the unit's line and the bureau's only candidate.

    `dropped` are places of measures the draft brought along, which bind nobody yet. A limit is a printed date (`due_on`), or `limit_days` of `limit_unit` from the day of issue.
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
    count_total: int | None = None
    is_publicity_required: bool | None = None
    is_restricted: bool | None = None
    measures: tuple[NewMeasure, ...] = ()
    dropped: tuple[int, ...] = ()


@task_verb(Verb.ISSUE)
def issue(case: Case, order: IssueOrder) -> str:
    """下达: a draft becomes a task of a unit, with a leader, a reviewer, an approver and a time limit.

    Raises: Refused, naming everything that is still missing.
    """
    _assign(case, order)
    moved = _set_limit(case, order)
    renamed = _describe(case.task, order)
    drop_proposed(case, order.dropped)
    propose(case, order.measures)
    words = (moved, renamed, _raised(case.task), *(tidied(measure.text) for measure in order.measures))
    return "\n".join(filter(None, words))


@task_verb(Verb.ARCHIVE)
def archive(case: Case, reason: str = "", *, is_withdrawn: bool = False) -> None:
    """仅存档: nobody tracks this item; a normal choice for plans of study and attitude. Its report may be withdrawn."""
    if is_withdrawn:
        case.task.report_item_id = None


def lock_both(session: Session, acting: Acting, code: str, other: str, reason: str = "") -> None:
    """Lock tasks in one order for everybody, so that two clerks never wait for each other."""
    del reason
    for each in sorted({code, other}):
        seen_task(session, acting.actor, each, lock=True)


def _lock_into(session: Session, acting: Acting, code: str, into: str, reason: str = "") -> None:
    lock_both(session, acting, code, into, reason)


@task_verb(Verb.MERGE, first=_lock_into)
def merge(case: Case, into: str, reason: str = "") -> str:
    """并入已有任务: an open task with the code `into` covers this draft already.

    That task's history says so; where the draft recurs, so does the task from now on.

    Raises: NotFound, Refused, where that task is not open.
    """
    other = seen_task(case.session, case.acting.actor, into)
    if other.status not in OPEN:
        raise case.refuse(
            f"任务 {into} 是“{status_label(other.status, other.kind)}”，不在办理中", "请选择办理中的任务"
        )
    case.task.merged_into_id = other.id
    words = f"{case.task.code}（{case.task.title}）并入"
    taking = open_case(case.session, case.clock, case.acting, into, Verb.CORRECT, Given(words))
    level = approval_level(other)
    other.is_recurring = other.is_recurring or case.task.is_recurring
    if (raised := approval_level(other)) is not level:
        words += f"；{level_words(raised, is_recurring=True, is_supervised=False)}"
    close_case(taking, words)
    return "\n".join(filter(None, (f"并入 {other.code}", case.words)))


@task_verb(Verb.DUPLICATE, first=lock_both)
def duplicate(case: Case, other: str, reason: str) -> str:
    """登记为重复: the same was issued twice; this one counts nowhere any more, the one with the code `other` stays.

    Raises: NotFound; Refused, where that one is this task, a draft or put aside.
    """
    kept = seen_task(case.session, case.acting.actor, other)
    if kept.id == case.task.id or kept.status not in ISSUED:
        label = "本任务" if kept.id == case.task.id else f"“{status_label(kept.status, kept.kind)}”的任务"
        raise case.refuse(f"{other} 是{label}", "请写另一项已经下达的任务")
    case.task.duplicate_of_id = kept.id
    return f"与 {kept.code} 重复：{case.words}"


def _assign(case: Case, order: IssueOrder) -> None:
    """Fill in the people of a task; whether they fit together is the table's need."""
    task, session = case.task, case.session
    check_named(case, {column: getattr(order, column) for column in HANDS})
    officer = session.get(Person, order.officer_id) if order.officer_id else None
    unit_id = order.lead_unit_id or (officer.unit_id if officer else None)
    if unit_id is not None:  # otherwise what the draft proposes
        task.lead_unit_id, task.officer_id = unit_id, order.officer_id
    unit = session.get(Unit, task.lead_unit_id) if task.lead_unit_id else None
    task.leader_id = order.leader_id or (unit.leader_id if unit else None) or _only(case, Role.LEADER)
    task.reviewer_id = order.reviewer_id or _only(case, Role.REVIEWER, not_in=unit)
    task.approval_level = order.approval_level or task.approval_level or ApprovalLevel.LEADER
    is_chiefs = approval_level(task) is ApprovalLevel.CHIEF
    task.approver_id = order.approver_id or (_only(case, Role.CHIEF) if is_chiefs else task.leader_id)


def _raised(task: RectificationTask) -> str:
    """That another level signs than the one ordered, and why; empty where it is that one."""
    if (level := approval_level(task)) is task.approval_level:
        return ""
    return level_words(level, is_recurring=task.is_recurring, is_supervised=task.is_supervised)


def _only(case: Case, role: Role, *, not_in: Unit | None = None) -> int | None:
    """The one active person of the bureau with this role, where there is just one."""
    query = in_office(case.day, role).where(Person.bureau_id == case.task.bureau_id)
    if not_in is not None:
        query = query.where(Person.unit_id != not_in.id)
    found = case.session.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def _set_limit(case: Case, order: IssueOrder) -> str:
    """Give the task its limit; why it is not the draft's own, where that had passed and no other was ordered."""
    task = case.task
    is_dated = order.due_on is not None or order.limit_days is not None
    task.time_limit = order.time_limit or (TimeLimit.DATED if is_dated else task.time_limit)
    if is_dated and task.time_limit is TimeLimit.LONG_TERM:
        raise case.refuse("长期坚持的任务没有时限，只有检查节点", "请清空完成时限，或改为限期整改")
    task.issued_on = case.day
    checkpoint = task.next_checkpoint_on
    task.next_checkpoint_on = task.limit_days = task.limit_unit = None
    if task.time_limit is TimeLimit.LONG_TERM:
        task.due_on = None
        ahead = checkpoint if checkpoint and checkpoint >= case.day else half_year_end(case.day)
        task.next_checkpoint_on = order.checkpoint_on or ahead
        return ""
    days, moved = order.limit_days, ""
    if days is None and order.due_on is None and task.time_limit is TimeLimit.IMMEDIATE:
        days = case.policy.immediate_days
    if days is None:
        instead = due_instead(task.kind, task.time_limit, task.due_on, case.day)
        if instead and task.due_on and order.due_on is None:
            moved = f"时限改为{day_text(instead)}（{passed_text(task.due_on)}）"
        task.due_on = order.due_on or instead or task.due_on
    elif days < 1:
        raise case.refuse(f"时限 {days} 天不成立", "请写 1 天以上")
    else:
        task.limit_days, task.limit_unit = days, order.limit_unit
        task.due_on = limit_to_date(case.day, days, order.limit_unit, load_calendar(case.session))
    task.original_due_on = task.original_due_on or task.due_on
    return moved


def _describe(task: RectificationTask, order: IssueOrder) -> str:
    """Name and goal as the order has them; how the name was changed, in words."""
    proposed, task.title = task.title, one_line(order.title)[:200] or task.title
    task.goal = tidied(order.goal) or task.goal
    if order.count_total is not None:
        task.count_total, task.count_done = order.count_total, task.count_done or 0
    if order.is_publicity_required is not None:
        task.is_publicity_required = order.is_publicity_required
    if order.is_restricted is not None:
        task.is_restricted = order.is_restricted
    return "" if task.title == proposed else f"任务名称：{proposed} → {task.title}"
