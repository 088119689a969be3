"""A task with everything that hangs on it (档): the values that its page, its papers and programs are given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from models.enums import ApprovalLevel, ClosureStage, DayUnit, Decision, EvidenceKind, ItemKind, Status
from rectification.labels import merged_words, passed_words, signed_by, status_label
from rectification.lists.rows import TaskRow
from rectification.task.doubts import Doubt


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure that stands; dropped ones are history."""

    position: int
    text: str
    owner: str
    due_on: date | None
    confirmed_on: date | None
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

    `proves` are the places of the measures it proves, 0 for the whole. `is_signed_paper` is the scan of a paper an action was recorded from: it proves the action alone.
    """

    id: int
    sha256: str
    file_name: str
    media_type: str
    size: int
    archive_no: str
    note: str
    own_date: date | None
    uploaded_at: datetime
    uploaded_by: str
    is_signed_paper: bool
    kind: EvidenceKind | None
    proves: tuple[int, ...]
    purged_at: datetime | None
    purge_reason: str
    purged_by: str
    purge_witness: str

    @property
    def is_purged(self) -> bool:
        """Not of the task's file any more: destroyed, or taken out as another task's."""
        return self.purged_at is not None

    @property
    def gone_words(self) -> str:
        """How it left the file, and why; a destroyed one's hash, reason and the two names are kept."""
        return (
            f"{'误传清除' if self.purge_witness else '已取出'}：{self.purge_reason}" if self.is_purged else ""
        )

    @property
    def name(self) -> str:
        """What to call it in a list."""
        return self.file_name or f"纸质档号 {self.archive_no}"


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """A request for more time and what was decided; a late one asks for a new date after the old was missed."""

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
    is_late: bool


@dataclass(frozen=True, slots=True)
class StepLine:
    """A signed stage of a closure; `recorder` wrote it down from the paper where it was not signed here.

    `minutes_no` is the paper of the meeting that decided; `answers` are what was said to each doubt, by its code.
    """

    stage: ClosureStage
    person: str
    stands_in_for: str
    recorder: str
    signed_on: date
    verdict: str
    paper_no: str
    paper_date: date | None
    minutes_no: str
    override_reason: str
    answers: Mapping[str, str]

    @property
    def who(self) -> str:
        """Who signed, and in whose place."""
        return signed_by(self.person, self.stands_in_for)

    @property
    def opinion(self) -> str:
        """The verdict, with the meeting that decided."""
        decided = f"{self.minutes_no} 审定" if self.minutes_no else ""
        return "\n".join(part for part in (self.verdict, decided) if part)


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """What looked like a closing on paper only when somebody last looked: its kind by code, and what gave rise to it."""

    code: str
    text: str

    @property
    def word(self) -> str:
        """The kind of doubt in words."""
        return Doubt(self.code).word


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """One round of closing. One that `must_be_defended` has an answer to each doubt before it is signed."""

    round: int
    statement: str
    must_be_defended: bool
    doubts: tuple[DoubtLine, ...]
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
class LinkedLine:
    """Another entry this one is tied to: merged one into the other, or passed on between bureaus (交办)."""

    code: str
    bureau: str
    source: str
    text: str
    status: Status
    kind: ItemKind
    is_restricted: bool

    @property
    def state(self) -> str:
        return status_label(self.status, self.kind)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One task, whole, each list oldest first.

    `approval_level` is the one in force: what recurs or is listed needs the chief. `merged` are the findings this task
    covers as well; `passed_to` is what became of it at bureaus below.
    """

    row: TaskRow
    lead_unit_id: int | None
    officer_id: int | None
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
    merged_into: LinkedLine | None = None
    merged: tuple[LinkedLine, ...] = ()
    passed_from: LinkedLine | None = None
    passed_to: tuple[LinkedLine, ...] = ()

    @property
    def signer(self) -> str:
        """Who signs its end, or did: by name, or 主要负责人 where the level rose above the approver's."""
        signed = self.closures[-1].last(ClosureStage.APPROVE) if self.closures else None
        return signed.who if signed else self.row.approver

    @property
    def ended_on(self) -> date | None:
        """The day it was closed or given up; None while it goes on."""
        is_given_up = self.row.status is Status.TERMINATED and self.closures
        step = self.closures[-1].last(ClosureStage.TERMINATE) if is_given_up else None
        return step.signed_on if step else self.closed_on

    @property
    def to_look_at(self) -> tuple[ProgressLine, ...]:
        """What was said of a long-term task since the last look at it."""
        first = self.row.stated_on
        return tuple(each for each in self.progress if first and each.reported_on >= first)

    @property
    def is_due_with_measures(self) -> bool:
        """Whether an open measure is due on the task's own day: it moves with it."""
        own = self.row.due_on
        return own is not None and any(not each.done_on and each.due_on == own for each in self.measures)

    @property
    def elsewhere(self) -> str:
        """Where what is not tracked here is looked after; empty for a task of its own."""
        if self.merged_into is not None:
            return merged_words(self.merged_into.code)
        return "；".join(passed_words(each.bureau, each.code, each.state) for each in self.passed_to)
