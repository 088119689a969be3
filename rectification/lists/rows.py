"""Reading the ledger into frozen rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Row, Select, bindparam, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.workdays import WorkCalendar
from models.enums import ItemKind, Light, Status, TimeLimit, Verb
from models.organisation import Person, Unit
from models.report import Report, ReportItem, Source, SourceKind
from models.task import Extension, RectificationTask
from rectification.labels import WITHDRAWN
from rectification.lists.conditions import stated_on
from rectification.lists.filters import TaskFilter, conditions
from rectification.lists.paging import order_of, page_of
from rectification.lists.whose_move import Hands, is_chiefs, is_heads_own, is_raised, whose_move
from rectification.office.actors import Actor
from rectification.office.settings import Policy, policies
from rectification.roles_in_task import Part
from rectification.task.deadlines import Timing, due_instead, light, look_since, missed_days, overdue_days
from rectification.task.time_limits import moved_text

Task = RectificationTask
_Bureau, _Lead = aliased(Unit), aliased(Unit)
_Officer, _Leader, _Reviewer, _Approver = (aliased(Person) for _ in range(4))


def _named(name: InstrumentedAttribute[str]) -> ColumnElement[str]:
    return func.coalesce(name, "")


_IS_REDATED: Final = (func.coalesce(Task.days_overdue_at_redating, 0) > 0).label("was_redated")


def _signer() -> ColumnElement[str]:
    return case((is_raised(), Part.CHIEF.word), else_=_named(_Approver.name))


_SOURCE: Final = case((Source.withdrawn_on.is_(None), Source.title), else_=Source.title + WITHDRAWN)
_SHOWN: Final = (
    *(Task.id, Task.code, Task.version, Task.bureau_id, _Bureau.name, Task.kind, Task.title, Task.text),
    *(Task.cause, Task.status, _named(_Lead.name).label("unit")),
    *(_named(_Officer.name).label("officer"), _named(_Officer.login), _named(_Leader.name).label("leader")),
    *(_named(_Reviewer.name).label("reviewer"), _signer().label("approver"), Task.time_limit),
    *(Task.issued_on, Task.due_on, Task.original_due_on, Task.deadline_on, Task.next_checkpoint_on),
    *(Task.waiting_since, Task.extension_count, _IS_REDATED, SourceKind.name, Source.paper_no, Report.year),
    *(_named(ReportItem.section), _SOURCE, Source.is_published),
)
"""What a TaskRow takes over as it is, in the order of its fields after the first ten, which are judged."""
_TODAY: Final = bindparam("today", type_=Date)
_JUDGED: Final = (
    *(Task.officer_id, Task.leader_id, Task.reviewer_id, Task.approver_id, Task.is_confirmed),
    is_chiefs().label("is_chiefs"),
    is_heads_own(_TODAY).label("is_heads_own"),
    stated_on(_TODAY).label("stated_on"),
    select(func.max(Extension.asked_on))
    .where(Extension.task_id == Task.id, Extension.decision.is_(None))
    .scalar_subquery()
    .label("asked_on"),
    Task.days_overdue_at_submission,
)
_ROWS: Final[Select[Any]] = (
    select(*_SHOWN, *_JUDGED)
    .select_from(Task)
    .join(Source, Source.id == Task.source_id)
    .join(SourceKind, SourceKind.id == Source.kind_id)
    .join(_Bureau, _Bureau.id == Task.bureau_id)
    .outerjoin(_Lead, _Lead.id == Task.lead_unit_id)
    .outerjoin(_Officer, _Officer.id == Task.officer_id)
    .outerjoin(_Leader, _Leader.id == Task.leader_id)
    .outerjoin(_Reviewer, _Reviewer.id == Task.reviewer_id)
    .outerjoin(_Approver, _Approver.id == Task.approver_id)
    .outerjoin(ReportItem, ReportItem.id == Task.report_item_id)
    .outerjoin(Report, Report.id == ReportItem.report_id)
)
_ROWS_BY_ID: Final = _ROWS.where(Task.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as lists show it, `whose_move` in words. Texts are in full: a page cuts them, not the query.

    `due_instead` is proposed for a draft whose own date, `due_on`, has passed. `approver` signs its end: 主要负责人 where the
    level rose. `step` is what is to be done (复核), `moves_since` since when, `next_verb` the verb that does it.
    """

    waits_for: Part | None
    whose_move: str
    step: str
    moves_since: date | None
    overdue_days: int
    missed_days: int
    light: Light | None
    stated_on: date | None
    due_instead: date | None
    next_verb: Verb | None
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
    extension_count: int
    was_redated: bool
    source_kind: str
    source_number: str
    source_year: int | None
    source_section: str
    source_title: str
    is_source_published: bool

    @property
    def proposed_on(self) -> date | None:
        """The date the task has, or a draft would be issued with; none for a long-term one."""
        return None if self.time_limit is TimeLimit.LONG_TERM else self.due_instead or self.due_on

    @property
    def moved(self) -> str:
        """How the deadline came to be another than the task was issued with; empty where it is the same."""
        return moved_text(
            self.due_on,
            self.original_due_on,
            self.deadline_on,
            extensions=self.extension_count,
            was_redated=self.was_redated,
        )


def list_tasks(
    session: Session,
    today: date,
    calendar: WorkCalendar,
    *,
    actor: Actor | None = None,
    filters: TaskFilter | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[TaskRow]:
    """Tasks `actor` may see (all of the installation without one), the longest overdue first where no order is asked."""
    wanted = filters or TaskFilter()
    if limit is not None:
        page = page_of(session, today, limit=limit, offset=offset, actor=actor, filters=wanted)
        return rows_of(session, page, today, calendar)
    found = _ROWS.where(*conditions(wanted, actor, today)).order_by(*order_of(wanted.order, today))
    return _rows(session, session.execute(found, {"today": today}).all(), today, calendar)


def rows_of(
    session: Session,
    ids: Sequence[int],
    today: date,
    calendar: WorkCalendar,
    policy: Policy | None = None,
) -> list[TaskRow]:
    """The tasks with these ids, in their order; whoever asks has made sure of who may see them.

    `policy` spares looking for the settings where all are one bureau's.
    """
    if not ids:
        return []
    # Of the connection, not of the session, which would look for objects in columns: a quarter of the time.
    found = {row.id: row for row in session.connection().execute(_ROWS_BY_ID, {"ids": ids, "today": today})}
    return _rows(session, [found[each] for each in ids], today, calendar, policy)


def _rows(
    session: Session,
    found: Sequence[Row[Any]],
    today: date,
    calendar: WorkCalendar,
    policy: Policy | None = None,
) -> list[TaskRow]:
    bureaus = {row.bureau_id for row in found}
    in_force = policies(session, bureaus, today) if policy is None else dict.fromkeys(bureaus, policy)
    return [_row(row, today, calendar, in_force[row.bureau_id]) for row in found]


def _row(task: Row[Any], today: date, calendar: WorkCalendar, policy: Policy) -> TaskRow:
    timing = Timing(
        task.status, task.time_limit, task.deadline_on, task.days_overdue_at_submission, task.stated_on
    )
    hands = Hands(
        task.status,
        task.officer_id,
        task.leader_id,
        task.reviewer_id,
        task.approver_id,
        is_chiefs=task.is_chiefs,
        is_confirmed=task.is_confirmed,
        is_heads_own=task.is_heads_own,
        waiting_since=task.waiting_since,
        asked_on=task.asked_on,
        deadline_on=task.deadline_on,
        look_since=look_since(timing, today),
    )
    move = whose_move(hands, policy)
    names = {
        Part.OFFICER: task.officer,
        Part.LEADER: task.leader,
        Part.REVIEWER: task.reviewer,
        Part.APPROVER: task.approver,
    }
    return TaskRow(
        move.part if move else None,
        move.words(names.get(move.part, ""), task.unit) if move else "",
        move.step if move else "",
        move.since if move else None,
        overdue_days(timing, today),
        missed_days(timing, today),
        light(timing, today, calendar, policy),
        task.stated_on,
        due_instead(task.kind, task.time_limit, task.due_on, today) if task.status is Status.DRAFT else None,
        move.verb if move else None,
        *task[: len(_SHOWN)],
    )
