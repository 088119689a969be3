"""Reading the ledger into frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.orm import Session, aliased

from core.workdays import WorkCalendar
from models.enums import Channel, ItemKind, Light, Status, TimeLimit, Verb
from models.history import EventText, TaskEvent
from models.organisation import Person, Unit
from models.report import Report, ReportItem, Source, SourceKind
from models.task import RectificationTask
from rectification.actors import Actor
from rectification.conditions import is_overdue
from rectification.deadlines import Timing, light, overdue_days
from rectification.filters import TaskFilter, conditions
from rectification.policy import Policy, policies

Task = RectificationTask

_Columns = tuple[Task, str, str, Person, str, str, str, str, str, int, str, str]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as lists show it. Texts are in full: a page cuts them, not the query."""

    id: int
    code: str
    version: int
    bureau_id: int
    org: str
    kind: ItemKind
    title: str
    text: str
    cause: str
    status: Status
    unit: str
    officer: str
    officer_login: str
    leader: str
    reviewer: str
    approver: str
    time_limit: TimeLimit
    issued_on: date | None
    due_on: date | None
    original_due_on: date | None
    deadline_on: date | None
    next_checkpoint_on: date | None
    waiting_since: date | None
    overdue_days: int
    light: Light | None
    extension_count: int
    source_kind: str
    source_number: str
    source_year: int | None
    source_section: str
    source_title: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of a task's history; a redacted text is empty."""

    sequence: int
    at: datetime
    effective_on: date
    verb: Verb
    old_status: Status | None
    new_status: Status
    actor: str
    recorder: str
    channel: Channel
    paper_no: str
    paper_date: date | None
    text: str


_officer, _leader, _reviewer, _approver = (aliased(Person) for _ in range(4))
_unit, _bureau = aliased(Unit), aliased(Unit)


def list_tasks(
    session: Session,
    today: date,
    calendar: WorkCalendar,
    *,
    actor: Actor | None = None,
    filters: TaskFilter | None = None,
    limit: int | None = None,
    offset: int = 0,
    is_by_id: bool = False,
) -> list[TaskRow]:
    """Tasks `actor` may see (all of the installation without one), the longest overdue first.

    `is_by_id` puts them in the order they came in, which does not change while somebody reads page after page.
    """
    urgency = case((is_overdue(today), 0), else_=1), Task.deadline_on.is_(None), Task.deadline_on
    order = (*(() if is_by_id else urgency), Task.id)
    wanted = conditions(filters or TaskFilter(), actor, today)
    if limit is not None:
        # A page's ids first: sorting whole rows to show fifty of them cost nine tenths of the time at 100,000 tasks.
        chosen = select(Task.id).where(*wanted).order_by(*order).limit(limit).offset(offset)
        wanted = [Task.id.in_(session.scalars(chosen).all())]
    rows = session.execute(_rows().where(*wanted).order_by(*order)).all()
    in_force = policies(session, {row[0].bureau_id for row in rows}, today)
    return [_row(row, today, calendar, in_force) for row in rows]


def count_tasks(
    session: Session, today: date, *, actor: Actor | None = None, filters: TaskFilter | None = None
) -> int:
    """How many rows `list_tasks` has without a limit."""
    query = select(func.count(Task.id)).where(*conditions(filters or TaskFilter(), actor, today))
    return session.scalar(query) or 0


def timeline(session: Session, task_id: int) -> list[EventRow]:
    """The history of a task, oldest first."""
    actor, recorder = aliased(Person), aliased(Person)
    rows = session.execute(
        select(TaskEvent, actor.name, recorder.name, EventText.text, EventText.is_redacted)
        .outerjoin(actor, actor.id == TaskEvent.actor_id)
        .outerjoin(recorder, recorder.id == TaskEvent.recorder_id)
        .outerjoin(EventText, EventText.event_id == TaskEvent.id)
        .where(TaskEvent.task_id == task_id)
        .order_by(TaskEvent.sequence)
    )
    return [
        EventRow(
            sequence=event.sequence,
            at=event.at,
            effective_on=event.effective_on,
            verb=event.verb,
            old_status=event.old_status,
            new_status=event.new_status,
            actor=actor_name or "系统",
            recorder=recorder_name or "",
            channel=event.channel,
            paper_no=event.paper_no,
            paper_date=event.paper_date,
            text="（内容已清除）" if is_redacted else (text or ""),
        )
        for event, actor_name, recorder_name, text, is_redacted in rows
    ]


def _rows() -> Select[_Columns]:
    return (
        select(
            Task,
            _bureau.name,
            _unit.name,
            _officer,
            _leader.name,
            _reviewer.name,
            _approver.name,
            SourceKind.name,
            Source.paper_no,
            Report.year,
            ReportItem.section,
            Source.title,
        )
        .select_from(Task)
        .join(_bureau, _bureau.id == Task.bureau_id)
        .outerjoin(_unit, _unit.id == Task.lead_unit_id)
        .outerjoin(_officer, _officer.id == Task.officer_id)
        .join(Source, Source.id == Task.source_id)
        .join(SourceKind, SourceKind.id == Source.kind_id)
        .outerjoin(_leader, _leader.id == Task.leader_id)
        .outerjoin(_reviewer, _reviewer.id == Task.reviewer_id)
        .outerjoin(_approver, _approver.id == Task.approver_id)
        .outerjoin(ReportItem, ReportItem.id == Task.report_item_id)
        .outerjoin(Report, Report.id == ReportItem.report_id)
    )


def _row(row: Row[_Columns], today: date, calendar: WorkCalendar, in_force: dict[int, Policy]) -> TaskRow:
    task, bureau, unit, officer, leader, reviewer, approver, kind, number, year, section, title = row
    timing = Timing.of(task)
    return TaskRow(
        id=task.id,
        code=task.code,
        version=task.version,
        bureau_id=task.bureau_id,
        org=bureau,
        kind=task.kind,
        title=task.title,
        text=task.text,
        cause=task.cause,
        status=task.status,
        unit=unit or "",
        officer=officer.name if officer else "",
        officer_login=officer.login if officer else "",
        leader=leader or "",
        reviewer=reviewer or "",
        approver=approver or "",
        time_limit=task.time_limit,
        issued_on=task.issued_on,
        due_on=task.due_on,
        original_due_on=task.original_due_on,
        deadline_on=task.deadline_on,
        next_checkpoint_on=task.next_checkpoint_on,
        waiting_since=task.waiting_since,
        overdue_days=overdue_days(timing, today),
        light=light(timing, today, calendar, in_force[task.bureau_id]),
        extension_count=task.extension_count,
        source_kind=kind,
        source_number=number,
        source_year=year,
        source_section=section or "",
        source_title=title,
    )
