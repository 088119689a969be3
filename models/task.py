"""The rectification task and what hangs on it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Code, Name, Numbered, Sha256, UTCDateTime, enum_text, way
from models.enums import (
    ApprovalLevel,
    ClosureStage,
    DayUnit,
    Decision,
    EvidenceKind,
    ItemKind,
    Status,
    TimeLimit,
)
from models.organisation import Person, Unit


def _where(name: str, column: str, condition: str) -> Index:
    """An index of the few rows that meet a condition."""
    return Index(name, column, postgresql_where=text(condition), sqlite_where=text(condition))


class RectificationTask(Numbered, Base):
    """One promise, tracked. Whether it is overdue is computed (rectification/task/deadlines.py), never stored.

    `title` is neutral until the clerk writes one: it is what mail may carry. `original_due_on` is set at issue and
    never changes. `paused_days` are natural days it waited for reviewer or approver before being returned.
    `deadline_on` is the one date queries and reminders go by: due_on plus the paused days, or a long-term task's
    next checkpoint (rectification/task/deadlines.py sets it). `days_overdue_at_redating` keeps the overdue that a new date
    ended. `version` counts changes and guards against two people
    acting at once. `waiting_since` is the day the task began to wait for whoever must act on its present status.
    """

    __table_args__ = (
        UniqueConstraint("bureau_id", "code"),
        Index(
            "ix_rectification_task_bureau_id_status_deadline_on_id",
            "bureau_id",
            "status",
            "deadline_on",
            "id",
        ),
        Index("ix_rectification_task_officer_id_status", "officer_id", "status"),
        Index("ix_rectification_task_lead_unit_id_status", "lead_unit_id", "status"),
        _where(
            "ix_rectification_task_attention",
            "bureau_id",
            "is_recurring OR is_supervised OR extension_count > 0",
        ),
    )

    bureau_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    code: Mapped[str] = mapped_column(Code)
    kind: Mapped[ItemKind] = mapped_column(enum_text(ItemKind))
    status: Mapped[Status] = mapped_column(enum_text(Status))
    version: Mapped[int] = mapped_column(Integer, default=1)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(Name, default="")
    goal: Mapped[str] = mapped_column(Text, default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    source_id: Mapped[int] = mapped_column(BigId, ForeignKey("source.id"), index=True)
    report_item_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("report_item.id"), index=True)

    lead_unit_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"))
    officer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    leader_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    reviewer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    approver_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    approval_level: Mapped[ApprovalLevel] = mapped_column(
        enum_text(ApprovalLevel), default=ApprovalLevel.LEADER
    )

    time_limit: Mapped[TimeLimit] = mapped_column(enum_text(TimeLimit))
    limit_days: Mapped[int | None] = mapped_column(Integer)
    limit_unit: Mapped[DayUnit | None] = mapped_column(enum_text(DayUnit))
    issued_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    original_due_on: Mapped[date | None] = mapped_column(Date)
    next_checkpoint_on: Mapped[date | None] = mapped_column(Date)
    paused_days: Mapped[int] = mapped_column(Integer, default=0)
    deadline_on: Mapped[date | None] = mapped_column(Date)
    extension_count: Mapped[int] = mapped_column(Integer, default=0)

    waiting_since: Mapped[date | None] = mapped_column(Date)
    submitted_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    days_overdue_at_submission: Mapped[int | None] = mapped_column(Integer)
    days_overdue_at_redating: Mapped[int] = mapped_column(Integer, default=0)
    is_confirmed: Mapped[bool] = mapped_column(Boolean, default=False)

    count_total: Mapped[int | None] = mapped_column(Integer)
    count_done: Mapped[int | None] = mapped_column(Integer)
    is_supervised: Mapped[bool] = mapped_column(Boolean, default=False)
    is_recurring: Mapped[bool] = mapped_column(Boolean, default=False)
    is_restricted: Mapped[bool] = mapped_column(Boolean, default=False)
    is_publicity_required: Mapped[bool] = mapped_column(Boolean, default=False)
    recurs_of_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("rectification_task.id"))
    merged_into_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("rectification_task.id"))
    duplicate_of_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("rectification_task.id"))
    passed_from_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("rectification_task.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    lead_unit: Mapped[Unit | None] = way(lead_unit_id)
    officer: Mapped[Person | None] = way(officer_id)
    reviewer: Mapped[Person | None] = way(reviewer_id)
    participants: Mapped[list["Participant"]] = way(order_by="Participant.id")
    measures: Mapped[list["Measure"]] = way(order_by="(Measure.position, Measure.id)")
    progress: Mapped[list["Progress"]] = way(order_by="(Progress.reported_on, Progress.id)")
    evidence: Mapped[list["Evidence"]] = way(order_by="(Evidence.uploaded_at, Evidence.id)")
    extensions: Mapped[list["Extension"]] = way(order_by="(Extension.asked_on, Extension.id)")
    closures: Mapped[list["Closure"]] = way(order_by="Closure.round")
    look_backs: Mapped[list["LookBack"]] = way(order_by="(LookBack.drawn_on, LookBack.id)")


class Participant(Numbered, Base):
    """A person (经办人) or unit (配合单位) that takes part beside the lead officer; exactly one of the two is set."""

    __table_args__ = (UniqueConstraint("task_id", "person_id"), UniqueConstraint("task_id", "unit_id"))

    task_id: Mapped[int] = mapped_column(BigId, ForeignKey("rectification_task.id"))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("unit.id"), index=True)

    person: Mapped[Person | None] = way(person_id)
    unit: Mapped[Unit | None] = way(unit_id)


class Measure(Numbered, Base):
    """A step (整改措施) with its own date and owner; once confirmed by unit head or clerk it binds."""

    task_id: Mapped[int] = mapped_column(BigId, ForeignKey("rectification_task.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    due_on: Mapped[date | None] = mapped_column(Date)
    confirmed_on: Mapped[date | None] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    is_dropped: Mapped[bool] = mapped_column(Boolean, default=False)

    owner: Mapped[Person | None] = way(owner_id)


class Progress(Numbered, Base):
    """What the owner says (整改进展), with why it is late and what needs a decision above."""

    __table_args__ = (
        Index("ix_progress_task_id_reported_on", "task_id", "reported_on"),
        _where("ix_progress_needs_decision", "task_id", "needs_decision <> ''"),
    )

    task_id: Mapped[int] = mapped_column(BigId, ForeignKey("rectification_task.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    late_reason: Mapped[str] = mapped_column(Text, default="")
    needs_decision: Mapped[str] = mapped_column(Text, default="")
    reported_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = way(person_id)


class Evidence(Numbered, Base):
    """佐证材料: a stored file by its SHA-256, or a paper archive number.

    `own_text` is what the file itself says, read once for the doubts alone: no page, paper or mail shows it. `own_date` is the date of the paper itself. `is_signed_paper` marks the scan an action was recorded from (代录),
    which proves that action and nothing of the rectification. A file destroyed as 误传 keeps hash, reason and two names
    in the columns of `purge`; what was taken out of the task's file as another's (取出) has no witness, and its bytes stay.
    """

    task_id: Mapped[int] = mapped_column(BigId, ForeignKey("rectification_task.id"), index=True)
    uploader_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    sha256: Mapped[str] = mapped_column(Sha256, default="", index=True)
    file_name: Mapped[str] = mapped_column(String(400), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int] = mapped_column(Integer, default=0)
    archive_no: Mapped[str] = mapped_column(Name, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    own_date: Mapped[date | None] = mapped_column(Date)
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[EvidenceKind | None] = mapped_column(enum_text(EvidenceKind))
    own_text: Mapped[str] = mapped_column(Text, default="", server_default="", deferred=True)
    is_signed_paper: Mapped[bool] = mapped_column(Boolean, default=False)
    purged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    purge_reason: Mapped[str] = mapped_column(Text, default="")
    purged_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    purge_witness_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))

    uploaded_by: Mapped[Person] = way(uploader_id)
    purged_by: Mapped[Person | None] = way(purged_by_id)
    purge_witness: Mapped[Person | None] = way(purge_witness_id)
    proofs: Mapped[list["Proof"]] = way(order_by="Proof.id")


class Proof(Numbered, Base):
    """What a piece of evidence proves: a measure, or without one the whole: the task's count, or else its result."""

    __table_args__ = (UniqueConstraint("evidence_id", "measure_id"),)

    evidence_id: Mapped[int] = mapped_column(BigId, ForeignKey("evidence.id"))
    measure_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("measure.id"), index=True)

    measure: Mapped[Measure | None] = way(measure_id)


class Extension(Numbered, Base):
    """延期: asked before the due date, decided once; the dates before and after stay.

    What was asked after the date had passed is a request for a new one (申请重定时限), no extension.
    """

    task_id: Mapped[int] = mapped_column(BigId, ForeignKey("rectification_task.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    asked_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    due_before: Mapped[date] = mapped_column(Date)
    due_wanted: Mapped[date] = mapped_column(Date)
    decision: Mapped[Decision | None] = mapped_column(enum_text(Decision))
    decided_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    decided_on: Mapped[date | None] = mapped_column(Date)
    due_granted: Mapped[date | None] = mapped_column(Date)
    decision_reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def is_late(self) -> bool:
        """Whether it was asked for after the date had passed."""
        return self.asked_on > self.due_before

    asked_by: Mapped[Person] = way(asked_by_id)
    decided_by: Mapped[Person | None] = way(decided_by_id)


class Closure(Numbered, Base):
    """One closing of a task, round by round: a returned or reopened one stays.

    `warnings` are its doubts, as last looked at; `must_be_defended` is not said of one that was asked for before goal,
    proof and answers were.
    """

    __table_args__ = (UniqueConstraint("task_id", "round"),)

    task_id: Mapped[int] = mapped_column(BigId, ForeignKey("rectification_task.id"))
    round: Mapped[int] = mapped_column(Integer)
    statement: Mapped[str] = mapped_column(Text)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    publicise_until: Mapped[date | None] = mapped_column(Date)
    must_be_defended: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())

    steps: Mapped[list["ClosureStep"]] = way(order_by="ClosureStep.id")


class ClosureStep(Numbered, Base):
    """A signed stage of a closure: who, in whose place, when, with which verdict, on which paper."""

    closure_id: Mapped[int] = mapped_column(BigId, ForeignKey("closure.id"), index=True)
    stage: Mapped[ClosureStage] = mapped_column(enum_text(ClosureStage))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    stands_in_for_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    recorder_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    signed_on: Mapped[date] = mapped_column(Date)
    verdict: Mapped[str] = mapped_column(Text, default="")
    paper_no: Mapped[str] = mapped_column(Name, default="")
    paper_date: Mapped[date | None] = mapped_column(Date)
    minutes_no: Mapped[str] = mapped_column(Name, default="")
    override_reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = way(person_id)
    stands_in_for: Mapped[Person | None] = way(stands_in_for_id)
    recorder: Mapped[Person | None] = way(recorder_id)
    answers: Mapped[list["DoubtAnswer"]] = way(order_by="DoubtAnswer.id")


class DoubtAnswer(Numbered, Base):
    """What who signed a stage says to a doubt, by its code: what was found, or why it does not hold (不成立)."""

    __table_args__ = (UniqueConstraint("step_id", "code"),)

    step_id: Mapped[int] = mapped_column(BigId, ForeignKey("closure_step.id"))
    code: Mapped[str] = mapped_column(Code)
    words: Mapped[str] = mapped_column(Text)


class Checkpoint(Numbered, Base):
    """检查节点: a look at a task that goes on, with its conclusion; the next one stands in the task itself."""

    task_id: Mapped[int] = mapped_column(BigId, ForeignKey("rectification_task.id"), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    concluded_on: Mapped[date] = mapped_column(Date)
    conclusion: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))


class LookBack(Numbered, Base):
    """回头看: a closed task drawn for a later check, and what was found; `closure_id` is the closing looked back at."""

    __table_args__ = (UniqueConstraint("task_id", "drawn_on"),)

    task_id: Mapped[int] = mapped_column(BigId, ForeignKey("rectification_task.id"))
    drawn_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Name)
    due_on: Mapped[date] = mapped_column(Date)
    checked_on: Mapped[date | None] = mapped_column(Date)
    checked_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    finding: Mapped[str] = mapped_column(Text, default="")
    has_reopened: Mapped[bool] = mapped_column(Boolean, default=False)
    closure_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("closure.id"))

    task: Mapped[RectificationTask] = way(task_id)
    checked_by: Mapped[Person | None] = way(checked_by_id)
