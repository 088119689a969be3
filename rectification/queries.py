"""Reading the ledger into frozen rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import add
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, exists, func, select, union_all
from sqlalchemy.orm import Session, aliased

from core.workdays import WorkCalendar
from models.enums import Channel, ItemKind, Light, Status, TimeLimit, Verb
from models.history import EventText, TaskEvent
from models.organisation import Person, Unit
from models.report import Report, ReportItem, Source, SourceKind
from models.task import Extension, RectificationTask
from rectification.actors import Actor
from rectification.conditions import is_overdue
from rectification.deadlines import Timing, light, overdue_days
from rectification.filters import TaskFilter, branches, conditions
from rectification.parts import Part
from rectification.policy import Policy, policies
from rectification.waiting import waits_for

Task = RectificationTask

_COLUMNS: Final = (
    *(Task.id, Task.code, Task.version, Task.bureau_id, Task.kind, Task.title, Task.text, Task.cause),
    *(Task.status, Task.lead_unit_id, Task.officer_id, Task.leader_id, Task.reviewer_id, Task.approver_id),
    *(Task.time_limit, Task.issued_on, Task.due_on, Task.original_due_on, Task.deadline_on),
    *(Task.is_confirmed, Task.approval_level, Task.is_recurring, Task.is_supervised),
    exists().where(Extension.task_id == Task.id, Extension.decision.is_(None)).label("is_asked"),
    *(Task.next_checkpoint_on, Task.waiting_since, Task.days_overdue_at_submission, Task.extension_count),
    SourceKind.name.label("source_kind"),
    Source.paper_no,
    Source.title.label("source_title"),
    Report.year,
    ReportItem.section,
)
_ROWS: Final[Select[Any]] = (
    select(*_COLUMNS)
    .select_from(Task)
    .join(Source, Source.id == Task.source_id)
    .join(SourceKind, SourceKind.id == Source.kind_id)
    .outerjoin(ReportItem, ReportItem.id == Task.report_item_id)
    .outerjoin(Report, Report.id == ReportItem.report_id)
)
_ROWS_BY_ID: Final = _ROWS.where(Task.id.in_(bindparam("ids", expanding=True)))
_PEOPLE: Final = select(Person.id, Person.name, Person.login)
_PEOPLE_BY_ID: Final = _PEOPLE.where(Person.id.in_(bindparam("ids", expanding=True)))
_UNITS_BY_BUREAU: Final = select(Unit.id, Unit.name).where(
    Unit.bureau_id.in_(bindparam("bureaus", expanding=True))
)
_SHORT: Final = 500
"""Up to so many ids are asked for by name; of more tasks the bureaus' people are read."""


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
    waits_for: Part | None
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
    wanted = filters or TaskFilter()
    if limit is None:
        rows = session.execute(_ROWS.where(*conditions(wanted, actor, today)).order_by(*order)).all()
    else:
        # A page's ids first: sorting whole rows to show fifty of them cost nine tenths of the time at 100,000 tasks.
        if wanted.is_overdue and not is_by_id:
            page = _most_overdue(branches(wanted, actor, today), limit, offset)
        else:
            page = select(Task.id).where(*conditions(wanted, actor, today)).order_by(*order)
            page = page.limit(limit).offset(offset)
        ids = session.scalars(page).all()
        found = {row.id: row for row in session.execute(_ROWS_BY_ID, {"ids": ids})}
        rows = [found[each] for each in ids]
    names = _names(session, rows)
    in_force = policies(session, {row.bureau_id for row in rows}, today)
    return [_row(row, names, today, calendar, in_force) for row in rows]


def _most_overdue(
    found: Sequence[Sequence[ColumnElement[bool]]], limit: int, offset: int
) -> Select[tuple[int]]:
    """The ids on a page of overdue tasks, the first of each branch by themselves: an index gives them in their order."""
    by_deadline = (Task.deadline_on, Task.id)
    firsts = [
        select(Task.id, Task.deadline_on).where(*each).order_by(*by_deadline).limit(limit + offset).subquery()
        for each in found
    ]
    both = union_all(*(select(first.c.id, first.c.deadline_on) for first in firsts)).subquery()
    return select(both.c.id).order_by(both.c.deadline_on, both.c.id).limit(limit).offset(offset)


def count_tasks(
    session: Session, today: date, *, actor: Actor | None = None, filters: TaskFilter | None = None
) -> int:
    """How many rows `list_tasks` has without a limit."""
    counts = (
        select(func.count()).select_from(Task).where(*each).scalar_subquery()
        for each in branches(filters or TaskFilter(), actor, today)
    )
    return session.scalar(select(reduce(add, counts))) or 0


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


@dataclass(frozen=True, slots=True)
class _Names:
    """What people and units of some tasks are called: two short queries, where six joins took ten times as long."""

    people: dict[int, tuple[str, str]]
    units: dict[int, str]

    def person(self, person_id: int | None) -> str:
        return self.people[person_id][0] if person_id else ""

    def login(self, person_id: int | None) -> str:
        return self.people[person_id][1] if person_id else ""

    def unit(self, unit_id: int | None) -> str:
        return self.units[unit_id] if unit_id else ""


def _names(session: Session, tasks: Sequence[Row[Any]]) -> _Names:
    people = {
        each
        for task in tasks
        for each in (task.officer_id, task.leader_id, task.reviewer_id, task.approver_id)
        if each is not None
    }
    bureaus = {task.bureau_id for task in tasks}
    if len(people) <= _SHORT:
        named = session.execute(_PEOPLE_BY_ID, {"ids": list(people)})
    else:
        named = session.execute(_PEOPLE.where(Person.bureau_id.in_(bureaus)))
    called = session.execute(_UNITS_BY_BUREAU, {"bureaus": list(bureaus)})
    return _Names({found: (name, login) for found, name, login in named}, dict(called.tuples().all()))


def _row(
    task: Row[Any],
    names: _Names,
    today: date,
    calendar: WorkCalendar,
    in_force: dict[int, Policy],
) -> TaskRow:
    timing = Timing(task.status, task.time_limit, task.deadline_on, task.days_overdue_at_submission)
    return TaskRow(
        id=task.id,
        code=task.code,
        version=task.version,
        bureau_id=task.bureau_id,
        org=names.unit(task.bureau_id),
        kind=task.kind,
        title=task.title,
        text=task.text,
        cause=task.cause,
        status=task.status,
        unit=names.unit(task.lead_unit_id),
        officer=names.person(task.officer_id),
        officer_login=names.login(task.officer_id),
        leader=names.person(task.leader_id),
        reviewer=names.person(task.reviewer_id),
        approver=names.person(task.approver_id),
        time_limit=task.time_limit,
        issued_on=task.issued_on,
        due_on=task.due_on,
        original_due_on=task.original_due_on,
        deadline_on=task.deadline_on,
        next_checkpoint_on=task.next_checkpoint_on,
        waiting_since=task.waiting_since,
        waits_for=waits_for(cast("Task", task), in_force[task.bureau_id], has_request=task.is_asked),
        overdue_days=overdue_days(timing, today),
        light=light(timing, today, calendar, in_force[task.bureau_id]),
        extension_count=task.extension_count,
        source_kind=task.source_kind,
        source_number=task.paper_no,
        source_year=task.year,
        source_section=task.section or "",
        source_title=task.source_title,
    )
