"""Tasks with everything that hangs on them, read from the ledger: a fixed number of queries however many there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from core.workdays import WorkCalendar
from models.organisation import Person, Unit
from models.task import (
    Checkpoint,
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
    CheckpointLine,
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

T = TypeVar("T")


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
    hanging = _Hanging(session, [row.id for row in rows])
    return [hanging.case_file(row) for row in rows]


class _Hanging:
    """What hangs on many tasks, read once per table."""

    def __init__(self, session: Session, ids: Collection[int]) -> None:
        self._session = session
        self._ids = ids
        self._tasks = {task.id: task for (task,) in self._of(select(RectificationTask), RectificationTask.id)}
        self._measures = _grouped(self._measure_lines())
        self._units, self._people = self._participants()
        self._progress = _grouped(self._progress_lines())
        self._evidence = _grouped(self._evidence_lines())
        self._extensions = _grouped(self._extension_lines())
        self._closures = _grouped(self._closure_lines())
        self._checkpoints = _grouped(self._checkpoint_lines())
        self._look_backs = _grouped(self._look_back_lines())

    def case_file(self, row: TaskRow) -> CaseFile:
        task = self._tasks[row.id]
        return CaseFile(
            row=row,
            category=task.category,
            goal=task.goal,
            remark=task.remark,
            lead_unit_id=task.lead_unit_id,
            officer_id=task.officer_id,
            approval_level=approval_level(task),
            limit_days=task.limit_days,
            limit_unit=task.limit_unit,
            submitted_on=task.submitted_on,
            closed_on=task.closed_on,
            is_confirmed=task.is_confirmed,
            is_supervised=task.is_supervised,
            is_recurring=task.is_recurring,
            is_restricted=task.is_restricted,
            is_publicity_required=task.is_publicity_required,
            count_total=task.count_total,
            count_done=task.count_done,
            units=tuple(self._units[row.id]),
            people=tuple(self._people[row.id]),
            measures=tuple(self._measures[row.id]),
            progress=tuple(self._progress[row.id]),
            evidence=tuple(self._evidence[row.id]),
            extensions=tuple(self._extensions[row.id]),
            closures=tuple(self._closures[row.id]),
            checkpoints=tuple(self._checkpoints[row.id]),
            look_backs=tuple(self._look_backs[row.id]),
        )

    def _of(self, query: Select[Any], task_id: Any) -> Iterable[Any]:
        """The rows of these tasks, a thousand at a time: databases limit the parameters of one query."""
        ids = sorted(self._ids)
        for start in range(0, len(ids), 1000):
            yield from self._session.execute(query.where(task_id.in_(ids[start : start + 1000])))

    def _measure_lines(self) -> Iterable[tuple[int, MeasureLine]]:
        query = (
            select(Measure, Person.name)
            .outerjoin(Person, Person.id == Measure.owner_id)
            .where(Measure.is_dropped.is_(False))
            .order_by(Measure.position, Measure.id)
        )
        for row, owner in self._of(query, Measure.task_id):
            yield (
                row.task_id,
                MeasureLine(row.position, row.text, owner or "", row.due_on, row.confirmed_on, row.done_on),
            )

    def _participants(self) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
        units: dict[int, list[str]] = defaultdict(list)
        people: dict[int, list[str]] = defaultdict(list)
        query = (
            select(Participant.task_id, Unit.name, Person.name)
            .outerjoin(Unit, Unit.id == Participant.unit_id)
            .outerjoin(Person, Person.id == Participant.person_id)
            .order_by(Participant.id)
        )
        for task_id, unit, person in self._of(query, Participant.task_id):
            (units if unit else people)[task_id].append(unit or person)
        return units, people

    def _progress_lines(self) -> Iterable[tuple[int, ProgressLine]]:
        query = (
            select(Progress, Person.name)
            .join(Person, Person.id == Progress.person_id)
            .order_by(Progress.reported_on, Progress.id)
        )
        for row, person in self._of(query, Progress.task_id):
            yield (
                row.task_id,
                ProgressLine(row.reported_on, person, row.text, row.late_reason, row.needs_decision),
            )

    def _evidence_lines(self) -> Iterable[tuple[int, EvidenceLine]]:
        purger, witness = aliased(Person), aliased(Person)
        query = (
            select(Evidence, Person.name, purger.name, witness.name)
            .join(Person, Person.id == Evidence.uploader_id)
            .outerjoin(purger, purger.id == Evidence.purged_by_id)
            .outerjoin(witness, witness.id == Evidence.purge_witness_id)
            .order_by(Evidence.uploaded_at, Evidence.id)
        )
        for row, uploader, purged_by, witnessed_by in self._of(query, Evidence.task_id):
            yield (
                row.task_id,
                EvidenceLine(
                    id=row.id,
                    sha256=row.sha256 or "",
                    file_name=row.file_name,
                    media_type=row.media_type,
                    size=row.size,
                    archive_no=row.archive_no,
                    note=row.note,
                    own_date=row.own_date,
                    uploaded_at=row.uploaded_at,
                    uploaded_by=uploader,
                    is_signed_paper=row.is_signed_paper,
                    is_notice_only=row.is_notice_only,
                    purged_at=row.purged_at,
                    purge_reason=row.purge_reason,
                    purged_by=purged_by or "",
                    purge_witness=witnessed_by or "",
                ),
            )

    def _extension_lines(self) -> Iterable[tuple[int, ExtensionLine]]:
        decider = aliased(Person)
        query = (
            select(Extension, Person.name, decider.name)
            .join(Person, Person.id == Extension.asked_by_id)
            .outerjoin(decider, decider.id == Extension.decided_by_id)
            .order_by(Extension.asked_on, Extension.id)
        )
        for row, asked_by, decided_by in self._of(query, Extension.task_id):
            yield (
                row.task_id,
                ExtensionLine(
                    asked_by=asked_by,
                    asked_on=row.asked_on,
                    reason=row.reason,
                    due_before=row.due_before,
                    due_wanted=row.due_wanted,
                    decision=row.decision,
                    decided_by=decided_by or "",
                    decided_on=row.decided_on,
                    due_granted=row.due_granted,
                    decision_reason=row.decision_reason,
                ),
            )

    def _closure_lines(self) -> Iterable[tuple[int, ClosureLine]]:
        recorder = aliased(Person)
        steps: dict[int, list[StepLine]] = defaultdict(list)
        query = (
            select(ClosureStep, Person.name, recorder.name)
            .join(Closure, Closure.id == ClosureStep.closure_id)
            .join(Person, Person.id == ClosureStep.person_id)
            .outerjoin(recorder, recorder.id == ClosureStep.recorder_id)
            .order_by(ClosureStep.id)
        )
        for row, person, recorded_by in self._of(query, Closure.task_id):
            steps[row.closure_id].append(
                StepLine(
                    stage=row.stage,
                    person=person,
                    recorder=recorded_by or "",
                    signed_on=row.signed_on,
                    verdict=row.verdict,
                    paper_no=row.paper_no,
                    paper_date=row.paper_date,
                    minutes_no=row.minutes_no,
                    override_reason=row.override_reason,
                )
            )
        for (row,) in self._of(select(Closure).order_by(Closure.round), Closure.task_id):
            warnings = tuple(warning["text"] for warning in row.warnings)
            signed = tuple(steps[row.id])
            yield (
                row.task_id,
                ClosureLine(row.round, row.statement, warnings, row.publicise_until, signed),
            )

    def _checkpoint_lines(self) -> Iterable[tuple[int, CheckpointLine]]:
        query = (
            select(Checkpoint, Person.name)
            .join(Person, Person.id == Checkpoint.person_id)
            .order_by(Checkpoint.concluded_on, Checkpoint.id)
        )
        for row, person in self._of(query, Checkpoint.task_id):
            yield row.task_id, CheckpointLine(row.due_on, row.concluded_on, row.conclusion, person)

    def _look_back_lines(self) -> Iterable[tuple[int, LookBackLine]]:
        query = (
            select(LookBack, Person.name)
            .outerjoin(Person, Person.id == LookBack.checked_by_id)
            .order_by(LookBack.drawn_on, LookBack.id)
        )
        for row, person in self._of(query, LookBack.task_id):
            yield (
                row.task_id,
                LookBackLine(
                    row.drawn_on,
                    row.reason,
                    row.due_on,
                    row.checked_on,
                    person or "",
                    row.finding,
                    row.has_reopened,
                ),
            )


def _grouped(pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    groups: dict[int, list[T]] = defaultdict(list)
    for task_id, line in pairs:
        groups[task_id].append(line)
    return groups
