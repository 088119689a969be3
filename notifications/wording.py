"""Rules and dates in words: for the machine, for the mail, for the mail log."""

from datetime import date
from typing import Final

from core.workdays import WorkCalendar
from models.enums import Status, Verb
from notifications.tellers import Teller
from rectification.labels import TASK_NOUN, closing_noun, verb_label
from rectification.reminders.happenings import EVENT, Cover, Happening, Way
from rectification.reminders.rules import CHECKPOINT, EXTENSION, MEASURE, REVIEW, WAIT, Mention
from rectification.reminders.task_facts import TaskFacts
from rectification.roles_in_task import Part
from rectification.task.deadlines import is_asked_late
from rectification.task.time_limits import day_text, provisional, until_text

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
    return "" if mention.subject.startswith(EVENT) else PART.get(mention.part, "")


ISSUED: Final = f"{WAIT}{Status.ASSIGNED}"
_WAITS: Final = {Status.ASSIGNED: "accept", Status.SUBMITTED: "verify", Status.VERIFIED: "approve"}
_ASKED: Final = {
    "accept": "待签收",
    "verify": "{closing}申请待复核",
    "approve": "{closing}申请待审签",
    EXTENSION: "{request}申请待审批",
    CHECKPOINT: "检查节点待检查",
}
_AT_ONCE: Final = {"accept": "新下达", CHECKPOINT: "请登记检查结论"}


def rule_name(subject: str, rung: int) -> str:
    """The rule by its short name: before-7, due, overdue-5, issued, wait-verify-3, measure-overdue-1, happened …"""
    if subject.startswith(EVENT):
        return "happened"
    if subject.startswith(WAIT):
        wait = _wait(subject)
        return "issued" if wait == "accept" and rung == 0 else f"wait-{wait}-{rung}"
    step = "due" if rung == 0 else f"before-{-rung}" if rung < 0 else f"overdue-{rung}"
    return f"{_prefix(subject)}{step}"


_STEP_OF: Final = {"measure-": "整改措施", "checkpoint-": "检查节点", "review-": "情况说明"}


def rule_label(subject: str, rung: int) -> str:
    """The rule as the mail log shows it."""
    if subject.startswith(EVENT):
        return "任务有新情况"
    if subject.startswith(WAIT):
        wait = _ASKED[_wait(subject)].format(closing="销号（办结）", request="延期（重定时限）")
        return f"{wait}满{rung}个工作日" if rung else _AT_ONCE[_wait(subject)]
    step = "到期当日" if rung == 0 else f"到期前{-rung}个工作日" if rung < 0 else f"超期第{rung}个工作日"
    return _STEP_OF.get(_prefix(subject), "") + step


def foretold(mention: Mention, day: date, calendar: WorkCalendar) -> str:
    """The rule to who looks ahead: a step before a date speaks when its week begins, so what is left is counted from then."""
    if mention.subject.startswith((EVENT, WAIT)) or mention.rung >= 0:
        return rule_label(mention.subject, mention.rung)
    return _STEP_OF.get(_prefix(mention.subject), "") + until_text(mention.due_on, day, calendar)


def kind_of(task: TaskFacts, subject: str) -> str:
    """What the date belongs to."""
    if subject == CHECKPOINT:
        return "检查节点"
    if subject == REVIEW:
        return "半年调度情况说明"
    return "措施" if subject.startswith(MEASURE) else TASK_NOUN[task.kind]


def request_word(task: TaskFacts) -> str:
    """What was asked for: 延期, or 重定时限 once the date had passed."""
    is_late = task.asked_on is not None and is_asked_late(task.asked_on, task.deadline_on)
    return "重定时限" if is_late else "延期"


def wait_words(task: TaskFacts, mention: Mention, why: str) -> str:
    """What waits for the person who is told, and for how long; that it is new comes first."""
    asked = _ASKED[_wait(mention.subject)].format(closing=closing_noun(task.kind), request=request_word(task))
    is_new = mention.subject == ISSUED and mention.rung == 0
    return "，".join(filter(None, (why, asked) if is_new else (asked, why)))


def reason(mention: Mention, day: date, calendar: WorkCalendar) -> str:
    """Why the person is told, counted from the day of the message; what went up says so, and how often it was in vain."""
    since = _since(mention, day, calendar)
    vain = f"，已提醒{mention.vain}次以上未办" if mention.vain else ""
    is_raised = mention.vain or (mention.level and mention.subject.startswith(WAIT))
    return f"{since}{vain}，现报您知悉" if is_raised else since


def _since(mention: Mention, day: date, calendar: WorkCalendar) -> str:
    if mention.subject.startswith(WAIT):
        waited = calendar.between(mention.due_on, day)
        return f"已等待{waited}个工作日" if mention.rung else _AT_ONCE[_wait(mention.subject)]
    if mention.rung > 0:
        late = "节点超期" if mention.subject == CHECKPOINT else "已超期"
        return f"{late}{(day - mention.due_on).days}天"
    return until_text(mention.due_on, day, calendar)


def dated(day: date, calendar: WorkCalendar) -> str:
    """A date, marked where the days of rest of its year are not announced yet."""
    return day_text(day) + provisional(day, calendar)


_CAME: Final = {
    Verb.ISSUE: "新下达",
    Verb.ACCEPT: "签收后由您办理",
    Verb.TRANSFER: "转办给您",
    Verb.HAND_OVER: "交接给您",
    Verb.PARTICIPATE: "请您配合",
    Verb.MEASURE: "请您承担整改措施",
    Verb.DRAW_LOOK_BACK: "请您回头看",
}
_WITH_WORDS: Final = {
    Verb.INSTRUCT: "内容",
    **dict.fromkeys((Verb.RETURN, Verb.OBJECT, Verb.REOPEN, Verb.DENY_EXTENSION), "理由"),
    **dict.fromkeys((Verb.TERMINATE, Verb.REFUSE, Verb.SUPERVISE, Verb.REDATE), "理由"),
}


def happened(step: Happening, task: TaskFacts, calendar: WorkCalendar) -> str:
    """A step of a task as the person is told of it; its words stand in the mail or on the page."""
    verb, part = step.verb, step.mention.part
    label = verb_label(verb, task.kind)
    if step.way is Way.LEFT:
        return f"已{label}（{step.changes}）"
    if step.way is Way.CAME:
        beside = f"任{part.word}" if verb in (Verb.ACCEPT, Verb.TRANSFER, Verb.HAND_OVER) else step.changes
        said = f"{_CAME[verb]}（{beside}）" if beside else _CAME[verb]
        return (
            f"{said}，{dated(step.until, calendar)}前完成"
            if verb is Verb.DRAW_LOOK_BACK and step.until
            else said
        )
    said = f"{day_text(step.mention.due_on)}{label}"
    if step.until is not None:
        said += f"，时限改为{dated(step.until, calendar)}"
    elif verb is Verb.DENY_EXTENSION:
        said += "，时限不变"
    return f"{said}，{_WITH_WORDS[verb]}见任务页" if verb in _WITH_WORDS and not step.reason else said


def cover_words(cover: Cover, subject: str, person_id: int) -> str:
    """What is told of who stands in for whom, to one of the two."""
    days = f"{day_text(cover.starts_on)}至{day_text(cover.ends_on)}"
    if subject.endswith(":ended"):
        return f"{cover.substitute}代{cover.person}的AB岗已于{day_text(cover.ends_on)}结束"
    if person_id == cover.person_id:
        return f"{days}由{cover.substitute}代您办理，提醒同时发给两人"
    begun = "今天起" if subject.endswith(":begun") else ""
    return f"{begun}您代{cover.person}办理（AB岗，{days}）；为其代办的事项，邮件中都写明“代{cover.person}”"


def _wait(subject: str) -> str:
    name = subject.removeprefix(WAIT)
    return name if name in (EXTENSION, CHECKPOINT) else _WAITS[Status(name)]


def _prefix(subject: str) -> str:
    if subject in (CHECKPOINT, REVIEW):
        return f"{subject}-"
    return "measure-" if subject.startswith(MEASURE) else ""
