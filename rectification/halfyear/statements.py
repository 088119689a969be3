"""Statements (情况说明): what the owner of each open task says in a review. One text serves all.

A statement is no record of its own: progress reported in the window is one, and so is a request to close. Asking,
chasing and the briefing all go by that, so nothing is written twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.clock import Clock
from core.errors import Refused
from core.text import tidied
from models.base import frozen
from models.enums import ItemKind, Status, Verb
from models.history import TaskEvent
from models.review import ReviewCycle
from models.task import Progress, RectificationTask
from rectification import casework
from rectification.halfyear.review_days import ReviewWindow
from rectification.office.actors import Acting
from rectification.task.deadlines import Timing, overdue_days
from rectification.task.drafting import code_order

Task = RectificationTask


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One task of a review: what was said of it so far, and whether that was in the window.

    `text`, `late_reason` and `needs_decision` are the latest words, to begin from. `stated_on` is None while the
    statement is missing; `is_request` marks a request to close.
    """

    task_id: int
    code: str
    kind: ItemKind
    title: str
    problem: str
    status: Status
    version: int
    unit: str
    officer_id: int | None
    officer: str
    deadline_on: date | None
    overdue_days: int
    text: str
    late_reason: str
    needs_decision: str
    stated_on: date | None
    is_request: bool

    @property
    def is_missing(self) -> bool:
        """Whether the owner is still to speak; what waits for its reviewer has said all."""
        return self.stated_on is None and self.status is Status.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class Answer:
    """What an owner states of one task on the review's page; `is_done` asks to close it with the same words."""

    code: str
    text: str
    late_reason: str = ""
    needs_decision: str = ""
    is_done: bool = False
    seen_version: int | None = None
    despite_doubts: bool = False


def statement_lines(
    session: Session, cycle: ReviewCycle, today: date, *, officer_ids: Iterable[int] | None = None
) -> list[StatementLine]:
    """The open tasks a review asks about, and those a request to close has answered for, by unit and code.

    What was opened again after the cut-off is none: the next review asks about it.
    """
    reopened = set(session.scalars(_reopened_after(cycle.bureau_id, cycle.cut_off_on)))
    asked = (Status.IN_PROGRESS, Status.SUBMITTED, Status.VERIFIED, Status.PUBLICISED)
    wanted = and_(
        Task.bureau_id == cycle.bureau_id,
        Task.issued_on <= cycle.cut_off_on,
        or_(
            Task.status.in_(asked),
            and_(Task.status == Status.CLOSED, Task.submitted_on >= cycle.opens_on),
        ),
    )
    if officer_ids is not None:
        wanted = and_(wanted, Task.officer_id.in_(list(officer_ids)))
    tasks = session.scalars(
        select(Task)
        .where(wanted)
        .options(
            joinedload(Task.lead_unit),
            joinedload(Task.officer),
            selectinload(Task.progress),
            selectinload(Task.closures),
        )
        .execution_options(populate_existing=True)
    )
    lines = [_line(task, cycle, today) for task in tasks if task.id not in reopened]
    return sorted(lines, key=lambda line: (line.unit, code_order(line.code)))


def count_missing(session: Session, bureau_id: int, review: ReviewCycle | ReviewWindow) -> int:
    """How many statements are still to come."""
    stated = select(Progress.task_id).where(Progress.reported_on >= review.opens_on)
    return (
        session.scalar(
            select(func.count())
            .select_from(Task)
            .where(
                Task.bureau_id == bureau_id,
                Task.status == Status.IN_PROGRESS,
                Task.issued_on <= review.cut_off_on,
                Task.id.not_in(stated),
                Task.id.not_in(_reopened_after(bureau_id, review.cut_off_on)),
            )
        )
        or 0
    )


def _reopened_after(bureau_id: int, cut_off_on: date) -> Select[tuple[int]]:
    """What had ended at the cut-off and was opened again since: the next review asks about it."""
    return select(TaskEvent.task_id).where(
        TaskEvent.bureau_id == bureau_id, TaskEvent.verb == Verb.REOPEN, TaskEvent.effective_on > cut_off_on
    )


def state(
    session: Session, clock: Clock, acting: Acting, answers: Iterable[Answer]
) -> list[RectificationTask]:
    """Take an owner's statements on one page; an answer without words is left for later.

    Raises: Refused, for an overdue task without a reason, and whatever the verbs refuse: then nothing is taken.
    """
    stated = []
    for answer in answers:
        if not tidied(answer.text):
            continue
        task = casework.progress.seen(answer.seen_version)(
            session,
            clock,
            acting,
            answer.code,
            answer.text,
            late_reason=answer.late_reason,
            needs_decision=answer.needs_decision,
        )
        late = overdue_days(Timing.of(task), acting.effective_on(clock.today))
        if late and not tidied(answer.late_reason):
            raise Refused(f"任务 {task.code} 已超期 {late} 天，没有写超期原因", "", "请写明超期原因后再提交")
        if answer.is_done:
            asked = (session, clock, acting, answer.code, answer.text)
            task = casework.submit(*asked, despite_doubts=answer.despite_doubts)
        stated.append(task)
    return stated


def _line(task: Task, cycle: ReviewCycle, today: date) -> StatementLine:
    waits = task.status is not Status.IN_PROGRESS
    progress = task.progress[-1] if task.progress else None
    request = task.closures[-1].statement if task.closures else ""
    requested_on = task.submitted_on if waits else None
    is_request = requested_on is not None and requested_on >= cycle.opens_on
    said_on = progress.reported_on if progress and progress.reported_on >= cycle.opens_on else None
    return frozen(
        StatementLine,
        task,
        task_id=task.id,
        problem=task.text,
        unit=task.lead_unit.name if task.lead_unit else "",
        overdue_days=overdue_days(Timing.of(task), today),
        text=request if waits and request else progress.text if progress else "",
        late_reason=progress.late_reason if progress else "",
        needs_decision=progress.needs_decision if progress else "",
        stated_on=requested_on if is_request else said_on,
        is_request=is_request,
    )
