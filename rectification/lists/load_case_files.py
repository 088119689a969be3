"""Tasks with everything that hangs on them, read from the ledger: a fixed number of queries however many there are."""

from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.bulk import chunks
from core.workdays import WorkCalendar
from models.base import frozen, frozen_all
from models.task import (
    Closure,
    ClosureStep,
    Evidence,
    Extension,
    LookBack,
    Measure,
    Participant,
    Progress,
    RectificationTask,
)
from rectification.lists.case_file import (
    CaseFile,
    ClosureLine,
    EvidenceLine,
    ExtensionLine,
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

Task = RectificationTask

_WHOLE: Final = select(Task).options(
    selectinload(Task.participants).options(joinedload(Participant.unit), joinedload(Participant.person)),
    selectinload(Task.measures.and_(~Measure.is_dropped)).joinedload(Measure.owner),
    selectinload(Task.progress).joinedload(Progress.person),
    selectinload(Task.evidence).options(
        joinedload(Evidence.uploaded_by), joinedload(Evidence.purged_by), joinedload(Evidence.purge_witness)
    ),
    selectinload(Task.extensions).options(joinedload(Extension.asked_by), joinedload(Extension.decided_by)),
    selectinload(Task.closures)
    .selectinload(Closure.steps)
    .options(
        joinedload(ClosureStep.person),
        joinedload(ClosureStep.recorder),
        joinedload(ClosureStep.stands_in_for),
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
    found: dict[int, CaseFile] = {}
    for some in chunks(rows, 500):
        by_id = {row.id: row for row in some}
        whole = _WHOLE.where(Task.id.in_(by_id)).execution_options(populate_existing=True)
        for task in session.scalars(whole):
            found[task.id] = _case_file(by_id[task.id], task)
    return [found[row.id] for row in rows]


def _case_file(row: TaskRow, task: RectificationTask) -> CaseFile:
    closures = (
        frozen(
            ClosureLine,
            each,
            warnings=tuple(warning["text"] for warning in each.warnings),
            steps=frozen_all(StepLine, each.steps),
        )
        for each in task.closures
    )
    return frozen(
        CaseFile,
        task,
        row=row,
        approval_level=approval_level(task),
        units=tuple(each.unit.name for each in task.participants if each.unit),
        people=tuple(each.person.name for each in task.participants if each.person),
        measures=frozen_all(MeasureLine, task.measures),
        progress=frozen_all(ProgressLine, task.progress),
        evidence=frozen_all(EvidenceLine, task.evidence),
        extensions=frozen_all(ExtensionLine, task.extensions),
        closures=tuple(closures),
        look_backs=frozen_all(LookBackLine, task.look_backs),
    )
