"""The Chinese words the heart has beside those of the closed lists (models/enums.py): templates and mails take them from here."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from models.enums import (
    ApprovalLevel,
    ItemKind,
    Light,
    Role,
    Status,
    Verb,
)

TASK_NOUN: Final = {
    ItemKind.SHORTCOMING: "整改任务",
    ItemKind.FINDING: "整改任务",
    ItemKind.PLAN: "工作任务",
}
LIGHT_COLOUR: Final = {
    Light.GREEN: "#1d6b45",
    Light.YELLOW: "#855100",
    Light.RED: "#b3261e",
    Light.BLUE: "#2a5a93",
}
"""The lights' colours in ink; the pages' own, where they are called --green and so on, are tested to be the same."""
PROVISIONAL_YEAR: Final = "放假通知尚未录入，暂按周一至周五、法定节假日放假计算（暂定，调休和补班未定）"
PROVISIONAL_DAY: Final = "日历暂定"
PUBLISHED: Final = {True: "已公开", False: "未公开"}
MAIL: Final = {True: "开", False: "关"}
MAIL_OFF: Final = "关闭后，等本人审签、复核、批准的事项仍发邮件，本人账户的变动也仍告知；本人名下任务的提醒改由台账管理员电话通知；其他告知（下属任务超期、每月数据）不再发"
WITHDRAWN: Final = "（已撤回）"
"""Beside the name of a source whose report was withdrawn."""
SOURCE_FIELD: Final = {
    "title": "文件或事项名称",
    "paper_no": "文号",
    "issuing_body": "来文单位",
    "received_on": "收文日期",
    "plan_due_on": "何时报整改方案",
    "result_due_on": "何时报整改结果",
    "plan_sent_on": "整改方案报送日期",
    "plan_sent_no": "整改方案报送文号",
    "result_sent_on": "整改结果报送日期",
    "result_sent_no": "整改结果报送文号",
}
STEP_FIELD: Final = {
    "kind": "事项",
    "day": "日期",
    "until": "结束日期",
    "number": "数量",
    "unit": "计量单位",
    "rating": "评价",
    "paper_no": "文号",
    "text": "说明",
}
SENT: Final = {"plan": "整改方案", "result": "整改结果"}
"""What is sent to whoever a source is from."""


def row_word(table: str) -> str:
    """What a row of this table is."""
    return _stored()["rows"].get(table, table)


def row_label(row: str) -> str:
    """A row of the ledger as an event names it: 佐证材料第 12 号."""
    table, _, number = row.partition(":")
    return f"{row_word(table)}第 {number} 号"


def column_label(column: str) -> str:
    """A column of the ledger in words, or by its name where people never see it."""
    return _stored()["columns"].get(column, column)


def copied_out(name: str) -> str:
    """What only copies of everything name: a table or column, or `table.column`; empty for what has a word above."""
    return _stored()["copied_out"].get(name, "")


@cache
def _stored() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))
    return words


_PLAN_STATUS: Final = {Status.IN_PROGRESS: "办理中", Status.CLOSED: "已办结"}

_PLAN_VERB: Final = {
    Verb.SUBMIT: "申请办结",
    Verb.RETURN: "退回办理",
    Verb.CLOSE: "公示期满办结",
    Verb.TERMINATE: "终止（不再办理）",
    Verb.MEASURE: "拟定工作措施",
    Verb.CONFIRM_MEASURES: "确认工作措施",
    Verb.FINISH_MEASURE: "完成工作措施",
    Verb.DROP_MEASURE: "取消工作措施",
}

_DONE: Final = {
    Verb.ARCHIVE: "已存档",
    Verb.REFUSE: "任务已退回",
    Verb.PROGRESS: "进展已报送",
    Verb.SUBMIT: "申请已提交",
    Verb.GRANT_EXTENSION: "已同意延期",
    Verb.DENY_EXTENSION: "未同意延期",
    Verb.CLOSE: "公示期满，任务已了结",
    Verb.OBJECT: "已登记异议",
    Verb.REOPEN: "已重开",
    Verb.PURGE_EVIDENCE: "误传的材料已清除",
}


def role_words(roles: Iterable[Role]) -> str:
    """Roles as people read them, always in one order."""
    held = set(roles)
    return "、".join(role.word for role in Role if role in held)


def status_label(status: Status, kind: ItemKind) -> str:
    """The status as a person of this office says it: plans are 办结, problems 销号."""
    return status.word if kind.is_problem else _PLAN_STATUS.get(status, status.word)


NOT_ALL_DONE: Final = "没有全部完成的理由："
"""What stands before the reason, where a closing states why not all of its count was done."""


def late_words(overdue_days: int, missed_days: int) -> str:
    """超期9天; of a long-term task's checkpoint 节点超期9天; empty where it is neither."""
    if missed_days:
        return f"{Light.MISSED.word}{missed_days}天"
    return f"{Light.RED.word}{overdue_days}天" if overdue_days else ""


def verb_label(verb: Verb, kind: ItemKind) -> str:
    """The action's name on buttons, in the history and in messages."""
    return verb.word if kind.is_problem else _PLAN_VERB.get(verb, verb.word)


ERRAND: Final = {
    Verb.CONFIRM: "审核",
    Verb.VERIFY: "复核",
    Verb.APPROVE: "审签",
    Verb.GRANT_EXTENSION: "批延期",
    Verb.DENY_EXTENSION: "答复不同意延期",
    Verb.CLOSE: "办结公示",
    Verb.OBJECT: "登记公示异议",
}
"""What one goes to do, where that is not yet what comes of it."""


def errand(verb: Verb, kind: ItemKind) -> str:
    """What one goes to do, on the buttons that lead there: 复核 may end in 复核通过 or in 退回整改."""
    return ERRAND.get(verb) or verb_label(verb, kind)


def done_words(verb: Verb, kind: ItemKind) -> str:
    """What whoever has just done it is told, as officials write it."""
    return _DONE.get(verb) or f"已{errand(verb, kind)}"


def signed_by(person: str, lender: str) -> str:
    """Who signed, and in whose place: 赵副（代李主要）."""
    return f"{person}（代{lender}）" if lender else person


def level_words(level: ApprovalLevel, *, is_recurring: bool, is_supervised: bool) -> str:
    """Who signs a task's end, by level, with what raised it to the chief."""
    why = "反复出现" if is_recurring else "挂牌督办" if is_supervised else ""
    return f"{why}，由{level.word}" if why and level is ApprovalLevel.CHIEF else level.word


def merged_words(code: str) -> str:
    """What stands in the place of a finding that another task covers."""
    return f"并入 {code}，见其整改情况"


def passed_words(bureau: str, code: str, state: str) -> str:
    """What stands in the place of a finding that a bureau below puts right."""
    return f"已交办{bureau}（{code}），现为“{state}”"


NOT_PUBLIC: Final = "仅限指定人员，来源未公开，或尚未下达、仅存档"
"""Why something stands on no 公开稿."""


def closing_noun(kind: ItemKind) -> str:
    """销号 for problems, 办结 for plans."""
    return "销号" if kind.is_problem else "办结"


MENDED: Final = {Verb.SPLIT: "拆分", Verb.JOIN: "合并", Verb.EDIT: "移动", Verb.DRAFT: "补列"}
"""What the clerk put right in the reading of a report."""
JOB: Final = {
    "backup": "每日备份",
    "day_figures": "当日数字",
    "annual_report": "年度报告",
    "progress_summary": "进展通报",
    "semiannual_review": "半年调度",
    "closure_check": "销号检查",
    "daily_reminders": "每日提醒",
    "intake": "读入报告",
}
"""A job as people read it."""

JOB_COUNT: Final = {
    "told": "提醒事项",
    "digests": "新写提醒",
    "added_to": "并入待发提醒",
    "let_go": "放行提醒",
    "groups": "群消息",
    "waiting": "留待下一工作日",
    "carried": "转入今日",
    "superseded": "被更高一级取代",
    "withdrawn": "撤回",
    "rows": "台账记录",
    "evidence": "佐证材料",
    "missing": "缺失的佐证材料",
    "bytes": "字节",
    "dropped": "清理旧备份",
    "report": "报告编号",
    "new": "新报告",
    "shortcomings": "不足",
    "plans": "计划",
    "opened": "开启调度",
    "pages": "进展通报",
    "papers": "写出材料",
    "failed": "未能写出的材料",
    "bodies": "清除正文",
    "uploads": "清除未导入的报告",
    "drawn": "抽取回头看",
}
