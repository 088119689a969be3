"""Tasks with everything that hangs on them, read from the ledger: a fixed number of queries however many there are."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.bulk import among
from core.workdays import WorkCalendar
from models.base import frozen, frozen_all
from models.enums import ClosureStage, Status
from models.organisation import Unit
from models.report import Source
from models.task import (
    Closure,
    ClosureStep,
    Evidence,
    Extension,
    LookBack,
    Measure,
    Participant,
    Progress,
    Proof,
    RectificationTask,
)
from rectification.lists.case_file import (
    CaseFile,
    ClosureLine,
    DoubtLine,
    EvidenceLine,
    ExtensionLine,
    LinkedLine,
    LookBackLine,
    MeasureLine,
    ProgressLine,
    StepLine,
)
from rectification.lists.filters import TaskFilter
from rectification.lists.rows import TaskRow, list_tasks
from rectification.office.actors import Actor
from rectification.task.drafting import code_order
from rectification.task.lifecycle import approval_level
from rectification.task.proof import provable
from rectification.task.proof_facts import places

Task = RectificationTask
_Linked = tuple[int, int | None, int | None, LinkedLine]
"""An entry by its number, with those it was merged into and passed on from."""

_WHOLE: Final = select(Task).options(
    selectinload(Task.participants).options(joinedload(Participant.unit), joinedload(Participant.person)),
    selectinload(Task.measures.and_(~Measure.is_dropped)).joinedload(Measure.owner),
    selectinload(Task.progress).joinedload(Progress.person),
    selectinload(Task.evidence).options(
        joinedload(Evidence.uploaded_by),
        joinedload(Evidence.purged_by),
        joinedload(Evidence.purge_witness),
        selectinload(Evidence.proofs).joinedload(Proof.measure).joinedload(Measure.owner),
    ),
    selectinload(Task.extensions).options(joinedload(Extension.asked_by), joinedload(Extension.decided_by)),
    selectinload(Task.closures)
    .selectinload(Closure.steps)
    .options(
        joinedload(ClosureStep.person),
        joinedload(ClosureStep.recorder),
        joinedload(ClosureStep.stands_in_for),
        selectinload(ClosureStep.answers),
    ),
    selectinload(Task.look_backs).joinedload(LookBack.checked_by),
)


def case_files(
    session: Session,
    today: date,
    calendar: WorkCalendar,
    *,
    actor: Actor | None = None,
    filters: TaskFilter | None = None,
) -> list[CaseFile]:
    """The tasks `actor` may see, whole, by code."""
    rows = list_tasks(session, today, calendar, actor=actor, filters=filters)
    rows.sort(key=lambda row: code_order(row.code))
    whole = _WHOLE.where(among(session, Task.id, [row.id for row in rows]))
    tasks = {task.id: task for task in session.scalars(whole.execution_options(populate_existing=True))}
    linked = _linked(session, [*tasks.values()])
    return [_case_file(row, tasks[row.id], linked) for row in rows]


def _linked(session: Session, tasks: Sequence[Task]) -> list[_Linked]:
    """The entries tied to these tasks, and those they point at, oldest first."""
    ids = [task.id for task in tasks]
    pointed = {each for task in tasks for each in (task.merged_into_id, task.passed_from_id) if each}
    line = (Task.code, Unit.name, Source.title, Task.text, Task.status, Task.kind, Task.is_restricted)
    query = (
        select(Task.id, Task.merged_into_id, Task.passed_from_id, *line)
        .join(Unit, Unit.id == Task.bureau_id)
        .join(Source, Source.id == Task.source_id)
        .where(
            or_(
                among(session, Task.id, pointed),
                among(session, Task.merged_into_id, ids),
                among(session, Task.passed_from_id, ids),
            )
        )
        .order_by(Task.id)
    )
    return [(*row[:3], LinkedLine(*row[3:])) for row in session.execute(query)]


def _case_file(row: TaskRow, task: RectificationTask, linked: Sequence[_Linked]) -> CaseFile:
    lines = {number: line for number, _, _, line in linked}
    closures = (
        frozen(
            ClosureLine,
            DoubtLine,
            each,
            doubts=tuple(DoubtLine(warning["code"], warning["text"]) for warning in each.warnings),
            steps=tuple(
                frozen(StepLine, step, answers={answer.code: answer.words for answer in step.answers})
                for step in each.steps
            ),
        )
        for each in task.closures
    )
    able = provable((each.position for each in task.measures), is_counted=task.count_total is not None)
    return frozen(
        CaseFile,
        task,
        row=row,
        approval_level=approval_level(task),
        units=tuple(each.unit.name for each in task.participants if each.unit),
        people=tuple(each.person.name for each in task.participants if each.person),
        measures=frozen_all(MeasureLine, task.measures),
        progress=frozen_all(ProgressLine, task.progress),
        evidence=tuple(frozen(EvidenceLine, each, proves=places(each, able)) for each in task.evidence),
        extensions=frozen_all(ExtensionLine, task.extensions),
        closures=tuple(closures),
        look_backs=frozen_all(LookBackLine, task.look_backs),
        merged_into=lines.get(task.merged_into_id or 0),
        merged=tuple(
            line
            for _, into, _, line in linked
            if into == task.id and (task.is_restricted or not line.is_restricted)
        ),
        passed_from=lines.get(task.passed_from_id or 0),
        passed_to=tuple(line for _, _, passed_from, line in linked if passed_from == task.id),
    )


def years_ended(session: Session, bureau_id: int) -> list[int]:
    """The years something of a bureau ended in that is not 仅限指定人员 (CaseFile.ended_on), the newest first."""
    given_up = (
        select(func.max(ClosureStep.signed_on))
        .join(Closure, Closure.id == ClosureStep.closure_id)
        .where(Closure.task_id == Task.id, ClosureStep.stage == ClosureStage.TERMINATE)
        .scalar_subquery()
    )
    ended_on = case((Task.status == Status.TERMINATED, given_up), else_=Task.closed_on)
    ended = Task.status.in_((Status.CLOSED, Status.TERMINATED)), Task.is_restricted.is_(False)
    days = session.scalars(select(ended_on).where(Task.bureau_id == bureau_id, *ended).distinct())
    return sorted({day.year for day in days if day}, reverse=True)
