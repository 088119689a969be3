"""Rules and dates in words: for the machine, for the mail, for the mail log."""

from datetime import date
from typing import Final

from core.workdays import WorkCalendar
from models.enums import Status
from notifications.tellers import Teller
from rectification.labels import TASK_NOUN, closing_noun
from rectification.reminders.rules import CHECKPOINT, EXTENSION, MEASURE, REVIEW, WAIT, Mention, TaskFacts
from rectification.roles_in_task import Part

PART: Final = {
    Part.UNIT_HEAD: "本科室",
    Part.PARTICIPANT: "参与",
    Part.CLERK: "无人负责",
}


NOTE_NAME: Final = {
    Teller.ANNUAL_REPORT: "年度报告环节",
    Teller.PROGRESS_SUMMARY: "整改进展通报",
    Teller.SEMIANNUAL_REVIEW: "半年调度和会议安排",
    Teller.CLOSURE_CHECK: "本周检查事项",
    Teller.DAILY_REMINDERS: "邮件未送达和须办事项",
}
"""What each flow says beside tasks, for who is rung."""


def role_words(mention: Mention) -> str:
    """Why it is told to somebody beside the officer."""
    if mention.subject == CHECKPOINT and mention.part is Part.REVIEWER:
        return "待登记结论的"
    return PART.get(mention.part, "")


_WAITS: Final = {Status.ASSIGNED: "accept", Status.SUBMITTED: "verify", Status.VERIFIED: "approve"}
_ASKED: Final = {
    "accept": "待签收",
    "verify": "{closing}申请待复核",
    "approve": "{closing}申请待审签",
    EXTENSION: "延期申请待审批",
}


def rule_name(subject: str, rung: int) -> str:
    """The rule by its short name: before-7, due, overdue-5, issued, wait-verify-3, measure-overdue-1 …"""
    if subject.startswith(WAIT):
        wait = _wait(subject)
        return "issued" if wait == "accept" and rung == 0 else f"wait-{wait}-{rung}"
    step = "due" if rung == 0 else f"before-{-rung}" if rung < 0 else f"overdue-{rung}"
    return f"{_prefix(subject)}{step}"


def rule_label(subject: str, rung: int) -> str:
    """The rule as the mail log shows it."""
    if subject.startswith(WAIT):
        wait = _ASKED[_wait(subject)].format(closing="销号（办结）")
        return "新下达" if rung == 0 else f"{wait}满{rung}个工作日"
    step = "到期当日" if rung == 0 else f"到期前{-rung}个工作日" if rung < 0 else f"超期第{rung}个工作日"
    return {"measure-": "整改措施", "checkpoint-": "检查节点", "review-": "情况说明"}.get(
        _prefix(subject), ""
    ) + step


def kind_of(task: TaskFacts, subject: str) -> str:
    """What the date belongs to."""
    if subject == CHECKPOINT:
        return "检查节点"
    if subject == REVIEW:
        return "半年调度情况说明"
    return "措施" if subject.startswith(MEASURE) else TASK_NOUN[task.kind]


def asked_of(task: TaskFacts, subject: str) -> str:
    """What waits for the person who is told."""
    return _ASKED[_wait(subject)].format(closing=closing_noun(task.kind))


def reason(mention: Mention, day: date, calendar: WorkCalendar) -> str:
    """Why the person is told, counted from the day of the message."""
    if mention.subject.startswith(WAIT):
        waited = calendar.between(mention.due_on, day)
        return "新下达" if mention.rung == 0 else f"已等待{waited}个工作日"
    if mention.rung > 0:
        return f"已超期{(day - mention.due_on).days}天"
    if day == mention.due_on:
        return "今天到期"
    left = calendar.between(day, mention.due_on)
    return f"还有{left}个工作日" if left else "今天是到期前最后一个工作日"


def _wait(subject: str) -> str:
    name = subject.removeprefix(WAIT)
    return name if name == EXTENSION else _WAITS[Status(name)]


def _prefix(subject: str) -> str:
    if subject in (CHECKPOINT, REVIEW):
        return f"{subject}-"
    return "measure-" if subject.startswith(MEASURE) else ""
