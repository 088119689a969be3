"""A task with everything that hangs on it (档), as the papers that leave the house need it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from core.workdays import WorkCalendar
from models.enums import ApprovalLevel, ClosureStage, DayUnit, Decision
from models.organisation import Person, Unit
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
from rectification.actors import Actor
from rectification.drafting import code_order
from rectification.filters import TaskFilter
from rectification.lifecycle import approval_level
from rectification.queries import TaskRow, list_tasks

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure that stands; dropped ones are history."""

    position: int
    text: str
    owner: str
    due_on: date | None
    done_on: date | None


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """One report of progress."""

    reported_on: date
    person: str
    text: str
    late_reason: str
    needs_decision: str


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A file or a paper that proves something. `sha256` is empty for a paper in the archive.

    `is_signed_paper` is the scan of a paper an action was recorded from: it proves the action alone.
    """

    id: int
    sha256: str
    file_name: str
    size: int
    archive_no: str
    note: str
    own_date: date | None
    uploaded_at: datetime
    uploaded_by: str
    is_signed_paper: bool
    is_purged: bool
    purge_reason: str

    @property
    def name(self) -> str:
        """What to call it in a list."""
        return self.file_name or f"纸质档号 {self.archive_no}"


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """A request for more time and what was decided."""

    asked_on: date
    reason: str
    due_before: date
    due_wanted: date
    decision: Decision | None
    decided_on: date | None
    due_granted: date | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """A signed stage of a closure."""

    stage: ClosureStage
    person: str
    recorder: str
    signed_on: date
    verdict: str
    paper_no: str
    paper_date: date | None


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """One round of closing."""

    round: int
    statement: str
    publicise_until: date | None
    steps: tuple[StepLine, ...]

    def last(self, stage: ClosureStage) -> StepLine | None:
        """The latest signature at this stage."""
        return next((step for step in reversed(self.steps) if step.stage is stage), None)


@dataclass(frozen=True, slots=True)
class LookBackLine:
    """A later check of a closed task."""

    drawn_on: date
    reason: str
    due_on: date
    checked_on: date | None
    checked_by: str
    finding: str
    has_reopened: bool


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One task, whole. `approval_level` is the one in force: what recurs or is listed needs the chief."""

    row: TaskRow
    category: str
    goal: str
    remark: str
    approval_level: ApprovalLevel
    limit_days: int | None
    limit_unit: DayUnit | None
    submitted_on: date | None
    closed_on: date | None
    is_confirmed: bool
    is_supervised: bool
    is_recurring: bool
    is_restricted: bool
    is_publicity_required: bool
    count_total: int | None
    count_done: int | None
    units: tuple[str, ...]
    people: tuple[str, ...]
    measures: tuple[MeasureLine, ...]
    progress: tuple[ProgressLine, ...]
    evidence: tuple[EvidenceLine, ...]
    extensions: tuple[ExtensionLine, ...]
    closures: tuple[ClosureLine, ...]
    look_backs: tuple[LookBackLine, ...]


def case_files(
    session: Session,
    today: date,
    calendar: WorkCalendar,
    *,
    actor: Actor | None = None,
    filters: TaskFilter | None = None,
) -> list[CaseFile]:
    """The tasks `actor` may see, whole, by code; a fixed number of queries however many there are."""
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
        self._look_backs = _grouped(self._look_back_lines())

    def case_file(self, row: TaskRow) -> CaseFile:
        task = self._tasks[row.id]
        return CaseFile(
            row=row,
            category=task.category,
            goal=task.goal,
            remark=task.remark,
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
            yield row.task_id, MeasureLine(row.position, row.text, owner or "", row.due_on, row.done_on)

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
        query = (
            select(Evidence, Person.name)
            .join(Person, Person.id == Evidence.uploader_id)
            .order_by(Evidence.uploaded_at, Evidence.id)
        )
        for row, person in self._of(query, Evidence.task_id):
            yield (
                row.task_id,
                EvidenceLine(
                    id=row.id,
                    sha256=row.sha256 or "",
                    file_name=row.file_name,
                    size=row.size,
                    archive_no=row.archive_no,
                    note=row.note,
                    own_date=row.own_date,
                    uploaded_at=row.uploaded_at,
                    uploaded_by=person,
                    is_signed_paper=row.is_signed_paper,
                    is_purged=row.purged_at is not None,
                    purge_reason=row.purge_reason,
                ),
            )

    def _extension_lines(self) -> Iterable[tuple[int, ExtensionLine]]:
        query = select(Extension).order_by(Extension.asked_on, Extension.id)
        for (row,) in self._of(query, Extension.task_id):
            yield (
                row.task_id,
                ExtensionLine(
                    row.asked_on,
                    row.reason,
                    row.due_before,
                    row.due_wanted,
                    row.decision,
                    row.decided_on,
                    row.due_granted,
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
                    row.stage,
                    person,
                    recorded_by or "",
                    row.signed_on,
                    row.verdict,
                    row.paper_no,
                    row.paper_date,
                )
            )
        for (row,) in self._of(select(Closure).order_by(Closure.round), Closure.task_id):
            yield (
                row.task_id,
                ClosureLine(row.round, row.statement, row.publicise_until, tuple(steps[row.id])),
            )

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
