"""Everything that hangs on one task, as frozen rows for its page and for `task show --json`.

Who may see a task is asked before (`rectification.access.seen_task`): these rows go with the task.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.enums import ClosureStage, Decision
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
)


@dataclass(frozen=True, slots=True)
class MeasureRow:
    position: int
    text: str
    owner: str
    due_on: date | None
    confirmed_on: date | None
    done_on: date | None
    is_dropped: bool


@dataclass(frozen=True, slots=True)
class ProgressRow:
    person: str
    text: str
    late_reason: str
    needs_decision: str
    reported_on: date


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A purged file keeps hash, reason and the two names; its bytes are gone."""

    id: int
    file_name: str
    media_type: str
    size: int
    sha256: str
    archive_no: str
    note: str
    own_date: date | None
    uploaded_at: datetime
    uploader: str
    is_notice_only: bool
    is_signed_paper: bool
    purged_at: datetime | None
    purge_reason: str
    purged_by: str
    purge_witness: str


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    asked_by: str
    asked_on: date
    reason: str
    due_before: date
    due_wanted: date
    decision: Decision | None
    decided_by: str
    decided_on: date | None
    due_granted: date | None
    decision_reason: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A signed stage; `recorder` wrote it down from the paper where it was not signed here."""

    stage: ClosureStage
    person: str
    recorder: str
    signed_on: date
    verdict: str
    paper_no: str
    paper_date: date | None
    minutes_no: str
    override_reason: str


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """One closing, round by round; `warnings` are what looked like paper only when it was submitted."""

    round: int
    statement: str
    warnings: tuple[str, ...]
    publicise_until: date | None
    steps: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """A person with his unit, or a unit as a whole."""

    person: str
    unit: str
    person_id: int | None
    unit_id: int | None


@dataclass(frozen=True, slots=True)
class CheckpointRow:
    due_on: date
    concluded_on: date
    conclusion: str
    person: str


@dataclass(frozen=True, slots=True)
class LookBackRow:
    drawn_on: date
    reason: str
    due_on: date
    checked_on: date | None
    checked_by: str
    finding: str
    has_reopened: bool


@dataclass(frozen=True, slots=True)
class TaskFile:
    """What hangs on a task, each list oldest first."""

    participants: tuple[ParticipantRow, ...]
    measures: tuple[MeasureRow, ...]
    progress: tuple[ProgressRow, ...]
    evidence: tuple[EvidenceRow, ...]
    extensions: tuple[ExtensionRow, ...]
    closures: tuple[ClosureRow, ...]
    checkpoints: tuple[CheckpointRow, ...]
    look_backs: tuple[LookBackRow, ...]


def task_file(session: Session, task_id: int) -> TaskFile:
    """The file of one task."""
    return TaskFile(
        participants=_participants(session, task_id),
        measures=_measures(session, task_id),
        progress=_progress(session, task_id),
        evidence=_evidence(session, task_id),
        extensions=_extensions(session, task_id),
        closures=_closures(session, task_id),
        checkpoints=_checkpoints(session, task_id),
        look_backs=_look_backs(session, task_id),
    )


def _participants(session: Session, task_id: int) -> tuple[ParticipantRow, ...]:
    of_person = aliased(Unit)
    rows = session.execute(
        select(Participant, Person.name, of_person.name, Unit.name)
        .outerjoin(Person, Person.id == Participant.person_id)
        .outerjoin(of_person, of_person.id == Person.unit_id)
        .outerjoin(Unit, Unit.id == Participant.unit_id)
        .where(Participant.task_id == task_id)
        .order_by(Participant.id)
    )
    return tuple(
        ParticipantRow(person or "", unit or own_unit or "", row.person_id, row.unit_id)
        for row, person, own_unit, unit in rows
    )


def _measures(session: Session, task_id: int) -> tuple[MeasureRow, ...]:
    rows = session.execute(
        select(Measure, Person.name)
        .outerjoin(Person, Person.id == Measure.owner_id)
        .where(Measure.task_id == task_id)
        .order_by(Measure.position)
    )
    return tuple(
        MeasureRow(
            position=row.position,
            text=row.text,
            owner=owner or "",
            due_on=row.due_on,
            confirmed_on=row.confirmed_on,
            done_on=row.done_on,
            is_dropped=row.is_dropped,
        )
        for row, owner in rows
    )


def _progress(session: Session, task_id: int) -> tuple[ProgressRow, ...]:
    rows = session.execute(
        select(Progress, Person.name)
        .join(Person, Person.id == Progress.person_id)
        .where(Progress.task_id == task_id)
        .order_by(Progress.id)
    )
    return tuple(
        ProgressRow(name, row.text, row.late_reason, row.needs_decision, row.reported_on)
        for row, name in rows
    )


def _evidence(session: Session, task_id: int) -> tuple[EvidenceRow, ...]:
    uploader, purger, witness = aliased(Person), aliased(Person), aliased(Person)
    rows = session.execute(
        select(Evidence, uploader.name, purger.name, witness.name)
        .join(uploader, uploader.id == Evidence.uploader_id)
        .outerjoin(purger, purger.id == Evidence.purged_by_id)
        .outerjoin(witness, witness.id == Evidence.purge_witness_id)
        .where(Evidence.task_id == task_id)
        .order_by(Evidence.id)
    )
    return tuple(
        EvidenceRow(
            id=row.id,
            file_name=row.file_name,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            archive_no=row.archive_no,
            note=row.note,
            own_date=row.own_date,
            uploaded_at=row.uploaded_at,
            uploader=name,
            is_notice_only=row.is_notice_only,
            is_signed_paper=row.is_signed_paper,
            purged_at=row.purged_at,
            purge_reason=row.purge_reason,
            purged_by=purged_by or "",
            purge_witness=witnessed_by or "",
        )
        for row, name, purged_by, witnessed_by in rows
    )


def _extensions(session: Session, task_id: int) -> tuple[ExtensionRow, ...]:
    asker, decider = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Extension, asker.name, decider.name)
        .join(asker, asker.id == Extension.asked_by_id)
        .outerjoin(decider, decider.id == Extension.decided_by_id)
        .where(Extension.task_id == task_id)
        .order_by(Extension.id)
    )
    return tuple(
        ExtensionRow(
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
        )
        for row, asked_by, decided_by in rows
    )


def _closures(session: Session, task_id: int) -> tuple[ClosureRow, ...]:
    closings: Sequence[Closure] = session.scalars(
        select(Closure).where(Closure.task_id == task_id).order_by(Closure.round)
    ).all()
    signer, recorder = aliased(Person), aliased(Person)
    steps: dict[int, list[StepRow]] = {closing.id: [] for closing in closings}
    rows = session.execute(
        select(ClosureStep, signer.name, recorder.name)
        .join(signer, signer.id == ClosureStep.person_id)
        .outerjoin(recorder, recorder.id == ClosureStep.recorder_id)
        .where(ClosureStep.closure_id.in_(steps))
        .order_by(ClosureStep.id)
    )
    for row, signed_by, recorded_by in rows:
        steps[row.closure_id].append(
            StepRow(
                stage=row.stage,
                person=signed_by,
                recorder=recorded_by or "",
                signed_on=row.signed_on,
                verdict=row.verdict,
                paper_no=row.paper_no,
                paper_date=row.paper_date,
                minutes_no=row.minutes_no,
                override_reason=row.override_reason,
            )
        )
    return tuple(
        ClosureRow(
            closing.round,
            closing.statement,
            _texts(closing.warnings),
            closing.publicise_until,
            tuple(steps[closing.id]),
        )
        for closing in closings
    )


def _texts(warnings: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(warning["text"] for warning in warnings)


def _checkpoints(session: Session, task_id: int) -> tuple[CheckpointRow, ...]:
    rows = session.execute(
        select(Checkpoint, Person.name)
        .join(Person, Person.id == Checkpoint.person_id)
        .where(Checkpoint.task_id == task_id)
        .order_by(Checkpoint.id)
    )
    return tuple(CheckpointRow(row.due_on, row.concluded_on, row.conclusion, name) for row, name in rows)


def _look_backs(session: Session, task_id: int) -> tuple[LookBackRow, ...]:
    rows = session.execute(
        select(LookBack, Person.name)
        .outerjoin(Person, Person.id == LookBack.checked_by_id)
        .where(LookBack.task_id == task_id)
        .order_by(LookBack.id)
    )
    return tuple(
        LookBackRow(
            drawn_on=row.drawn_on,
            reason=row.reason,
            due_on=row.due_on,
            checked_on=row.checked_on,
            checked_by=name or "",
            finding=row.finding,
            has_reopened=row.has_reopened,
        )
        for row, name in rows
    )
