"""What the ledger says of a cut-off today that a frozen version does not: told beside the version, not written into it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from models.enums import TimeLimit
from models.review import ReviewCycle
from rectification.halfyear.duty import DutyFacts, Meeting
from rectification.halfyear.freezing import Frozen, Version, compute_cycle
from rectification.labels import TASK_NOUN, status_label
from rectification.lists.figures import Row
from rectification.task.drafting import code_order
from rectification.task.time_limits import day_text


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One difference between two versions: a column's value before and after, or a row come or gone.

    `code` is empty where it is no task that changed.
    """

    code: str
    column: str
    before: str
    after: str


_COLUMNS: Final = {
    "kind": "类别",
    "title": "任务名称",
    "text": "内容",
    "cause": "产生原因",
    "unit": "责任单位",
    "officer": "责任人",
    "leader": "责任领导",
    "source": "来源",
    "source_paper": "来源文号",
    "status": "状态",
    "time_limit": "时限类型",
    "deadline_on": "时限",
    "overdue_days": "超期天数",
    "extensions": "延期次数",
    "submitted_on": "申请日期",
    "ended_on": "办结日期",
    "progress": "进展",
    "statement": "成效",
    "late_reason": "超期原因",
    "needs_decision": "提请研究事项",
}
"""What of a row a list of changes tells, by its name there."""


def later_changes(
    session: Session, cycle: ReviewCycle, version: Version, *, said_by: date
) -> list[VersionChange]:
    """What the ledger says of the same cut-off today that the version does not."""
    return changes(version.frozen, compute_cycle(session, cycle, said_by=said_by))


def changes(before: Frozen, after: Frozen) -> list[VersionChange]:
    """The differences between two states of one cut-off: tasks by code and column, then meetings."""
    return [*_row_changes(before.rows, after.rows), *_meeting_changes(before.duty, after.duty)]


def _row_changes(before: Sequence[Row], after: Sequence[Row]) -> list[VersionChange]:
    old, new = {row.code: row for row in before}, {row.code: row for row in after}
    found = [VersionChange(code, "整项", "有", "无") for code in old if code not in new]
    for code, row in new.items():
        if code not in old:
            found.append(VersionChange(code, "整项", "无", "有"))
            continue
        for column, name in _COLUMNS.items():
            was, now = getattr(old[code], column), getattr(row, column)
            if was != now and not (column == "cause" and was is None):
                found.append(
                    VersionChange(code, name, _told(column, was, old[code]), _told(column, now, row))
                )
    return sorted(found, key=lambda change: code_order(change.code))


def _meeting_changes(before: DutyFacts, after: DutyFacts) -> list[VersionChange]:
    was, now = ([replace(each, presided_by="") for each in facts.hearings] for facts in (before, after))
    gone = [meeting for meeting in was if meeting not in now]
    come = [meeting for meeting in now if meeting not in was]
    return [
        *(VersionChange("", "听取汇报", _meeting(meeting), "") for meeting in gone),
        *(VersionChange("", "听取汇报", "", _meeting(meeting)) for meeting in come),
    ]


def _meeting(meeting: Meeting) -> str:
    parts = (day_text(meeting.held_on), meeting.body, meeting.topic, meeting.minutes_no)
    return "，".join(part for part in parts if part)


def _told(column: str, value: Any, row: Row) -> str:
    if column == "status":
        return status_label(value, row.kind)
    if column == "kind":
        return TASK_NOUN[value]
    if column == "time_limit":
        return TimeLimit(value).word
    return day_text(value) if isinstance(value, date) else str(value if value is not None else "")
