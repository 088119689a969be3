"""The ledger (台账) as offices keep it: its seventeen usual columns, what each says of a task, and who may read it.

Pure functions over case_files; documents/tables/ledger.py lays them out as a workbook.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from models.enums import ClosureStage, ItemKind, Light, Status, TimeLimit
from rectification.labels import closing_noun, late_words, status_label
from rectification.lists.case_file import CaseFile, ClosureLine
from rectification.lists.figures import whole_of
from rectification.office.sources import MEETING
from rectification.tables.measure_lines import measures_cell
from rectification.task.lifecycle import ISSUED, OPEN
from rectification.task.time_limits import Limit, day_text, limit_text, original_text

_NUMBERS: Final = r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{17}[\dXx])(?!\d)"
"""Telephone and identity numbers."""


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """One column. `says` gives its text for a task.

    `says_publicly` is its text in a public export; None leaves the column out of it. `is_editable`: a changed
    cell is taken in on import; any other column is the verbs' alone. `plan_head` is its name where it lists plans.
    """

    head: str
    plan_head: str
    says: Callable[[CaseFile], str]
    says_publicly: Callable[[CaseFile], str] | None = None
    is_editable: bool = False


def source_text(case_file: CaseFile) -> str:
    """Where the task comes from: kind, with the paper's number, a report's year, or the title in brackets."""
    row = case_file.row
    paper = row.source_number or (f"{row.source_year}年度" if row.source_year else row.source_title)
    return f"{row.source_kind}（{paper}）" if paper else row.source_kind


def measures_text(case_file: CaseFile) -> str:
    """The measures, numbered where there are several, each with its owner and date."""
    return measures_cell(case_file.measures)


def limit_of(case_file: CaseFile) -> Limit:
    """The task's limit as it stands; a draft's as it would be issued."""
    row = case_file.row
    proposed = row.next_checkpoint_on if row.time_limit is TimeLimit.LONG_TERM else row.proposed_on
    return Limit(row.time_limit, day=row.deadline_on or proposed)


def due_text(case_file: CaseFile) -> str:
    """The limit, with the original date where it was moved."""
    row = case_file.row
    return f"{limit_text(limit_of(case_file))}{original_text(row.original_due_on, row.moved)}"


def progress_text(case_file: CaseFile) -> str:
    """What a closed task was closed with; else the latest report of progress under its date, with why it is late and what
    needs a decision above.
    """
    if closed_with := result_text(case_file):
        return closed_with
    if not case_file.progress:
        return ""
    last = case_file.progress[-1]
    parts = [
        f"{day_text(last.reported_on)}：{last.text}",
        last.late_reason and f"超期原因：{last.late_reason}",
        last.needs_decision and f"提请研究事项：{last.needs_decision}",
    ]
    return "\n".join(part for part in parts if part)


def state_text(case_file: CaseFile) -> str:
    """Status, with what stands out: how many are done, its light in words, listed for supervision, recurring."""
    row = case_file.row
    if row.status is Status.ARCHIVED and case_file.elsewhere:
        return case_file.elsewhere
    notes = [
        f"共{case_file.count_total}项，已完成{case_file.count_done or 0}项" if case_file.count_total else "",
        late_words(row.overdue_days, row.missed_days)
        or (row.light.word if row.light and row.light is not Light.BLUE else ""),
        "挂牌督办" if case_file.is_supervised else "",
        "反复出现" if case_file.is_recurring else "",
    ]
    said = "，".join(note for note in notes if note)
    label = status_label(row.status, row.kind)
    return f"{label}\n（{said}）" if said else label


def evidence_text(case_file: CaseFile) -> str:
    """The names of the files and archived papers that prove it."""
    return "\n".join(line.name for line in case_file.evidence if not (line.is_purged or line.is_signed_paper))


def closing_text(case_file: CaseFile) -> str:
    """When it was closed and who signed; or how far the request has come."""
    row, closure = case_file.row, case_file.closures[-1] if case_file.closures else None
    if row.status is Status.CLOSED and case_file.closed_on is not None:
        signed = _signers(closure) if closure else ""
        return f"{day_text(case_file.closed_on)}{closing_noun(row.kind)}" + (f"\n{signed}" if signed else "")
    if row.status is Status.TERMINATED:
        step = closure.last(ClosureStage.TERMINATE) if closure else None
        return f"{day_text(step.signed_on)}终止\n审签：{step.who}" if step else "已终止"
    if row.status in (Status.SUBMITTED, Status.VERIFIED, Status.PUBLICISED) and case_file.submitted_on:
        return f"{day_text(case_file.submitted_on)}申请{closing_noun(row.kind)}"
    return ""


def result_text(case_file: CaseFile) -> str:
    """Only what a reviewer has judged: the statement a finished task was closed with."""
    if case_file.row.status is not Status.CLOSED or not case_file.closures:
        return ""
    return case_file.closures[-1].statement


def without_names(people: Collection[str], units: Collection[str]) -> Callable[[str], str]:
    """Hides in a public text people's names (also written 陈　路), telephone and identity numbers; a unit's name stays."""
    names = sorted({*units, *(name for name in people if len(name) > 1)}, key=len, reverse=True)
    found = re.compile("|".join((_NUMBERS, *("[ 　]*".join(map(re.escape, name)) for name in names))))
    return lambda text: found.sub(lambda each: each[0] if each[0] in units else "×××", text)


def _public_source(case_file: CaseFile) -> str:
    kind = case_file.row.source_kind
    return "本单位安排" if kind == MEETING else kind


def _public_measures(case_file: CaseFile) -> str:
    return measures_cell(
        [replace(measure, owner="", due_on=None, done_on=None) for measure in case_file.measures]
    )


def _public_state(case_file: CaseFile) -> str:
    """Whose signature an open task waits for is nobody's business outside."""
    row = case_file.row
    is_inside = row.status in OPEN and row.status is not Status.PUBLICISED
    return status_label(Status.IN_PROGRESS if is_inside else row.status, row.kind)


def _public_result(case_file: CaseFile) -> str:
    """What is still open has no words a reviewer has judged: it is said to be under way, and until when."""
    row = case_file.row
    if row.status not in OPEN or row.status is Status.PUBLICISED:
        return result_text(case_file)
    doing = f"正在{'整改' if row.kind.is_problem else '办理'}"
    return (
        doing if row.overdue_days or row.missed_days else f"{doing}，时限：{limit_text(limit_of(case_file))}"
    )


def _public_closing(case_file: CaseFile) -> str:
    return day_text(case_file.closed_on) if case_file.row.status is Status.CLOSED else ""


NUMBER: Final = "序号"
SOURCE: Final = LedgerColumn("问题来源", "任务来源", source_text, _public_source)
CATEGORY: Final = LedgerColumn(
    "问题类别", "任务类别", lambda d: d.category, lambda d: d.category, is_editable=True
)
TEXT: Final = LedgerColumn(
    "具体问题", "具体任务", lambda d: d.row.text, lambda d: d.row.text, is_editable=True
)
CAUSE: Final = LedgerColumn("产生原因", "任务背景", lambda d: d.row.cause, is_editable=True)
GOAL: Final = LedgerColumn("整改目标", "工作目标", lambda d: d.goal, lambda d: d.goal, is_editable=True)
MEASURES: Final = LedgerColumn("整改措施", "工作措施", measures_text, _public_measures, is_editable=True)
LEADER: Final = LedgerColumn("责任领导", "责任领导", lambda d: d.row.leader)
OTHER_HEADS: Final = {
    "牵头单位": "责任单位",
    "牵头科室": "责任单位",
    "责任科室": "责任单位",
}
"""What offices and earlier versions write over a column, and its name here."""

UNIT: Final = LedgerColumn("责任单位", "责任单位", lambda d: d.row.unit, lambda d: d.row.unit)
PARTNERS: Final = LedgerColumn(
    "配合单位", "配合单位", lambda d: "、".join(d.units), lambda d: "、".join(d.units), is_editable=True
)
OFFICER: Final = LedgerColumn("责任人", "责任人", lambda d: d.row.officer)
DUE: Final = LedgerColumn("整改时限", "完成时限", due_text, due_text)
PROGRESS: Final = LedgerColumn(
    "整改进展/成效", "工作进展/成效", progress_text, _public_result, is_editable=True
)
STATE: Final = LedgerColumn("完成状态", "完成状态", state_text, _public_state)
EVIDENCE: Final = LedgerColumn("佐证材料", "佐证材料", evidence_text)
CLOSING: Final = LedgerColumn("销号情况", "办结情况", closing_text, _public_closing)
REMARK: Final = LedgerColumn("备注", "备注", lambda d: d.remark, is_editable=True)

COLUMNS: Final = (
    SOURCE,
    CATEGORY,
    TEXT,
    CAUSE,
    GOAL,
    MEASURES,
    LEADER,
    UNIT,
    PARTNERS,
    OFFICER,
    DUE,
    PROGRESS,
    STATE,
    EVIDENCE,
    CLOSING,
    REMARK,
)
"""With 序号 before them, the seventeen usual columns in their usual order."""


def listed(
    case_files: Collection[CaseFile], *, is_issued: bool = True, is_public: bool = False
) -> tuple[CaseFile, ...]:
    """The tasks an export holds, none that is 仅限指定人员; or what was never issued (待确认、仅存档), which is no task.

    `is_public`: those alone whose source is published.
    """
    return tuple(
        case_file
        for case_file in case_files
        if not case_file.is_restricted
        and (case_file.row.status in ISSUED) is is_issued
        and (case_file.row.is_source_published or not is_public)
    )


def scope_of(case_files: Collection[CaseFile], day: date) -> str:
    """What a ledger holds of problems or plans (口径)."""
    return whole_of([(each.row.status, each.row.issued_on) for each in case_files], day).scope


def problems_of(case_files: Collection[CaseFile]) -> tuple[CaseFile, ...]:
    return tuple(case_file for case_file in case_files if case_file.row.kind.is_problem)


def plans_of(case_files: Collection[CaseFile]) -> tuple[CaseFile, ...]:
    return tuple(case_file for case_file in case_files if case_file.row.kind is ItemKind.PLAN)


def _signers(closure: ClosureLine) -> str:
    stages = ((ClosureStage.VERIFY, "复核"), (ClosureStage.APPROVE, "审签"))
    signed = ((name, closure.last(stage)) for stage, name in stages)
    return "，".join(f"{name}：{step.who}" for name, step in signed if step)
