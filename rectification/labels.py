"""Every Chinese word the heart has for its own terms; templates and mails take them from here."""

from typing import Final

from models.enums import (
    AnnualStage,
    ApprovalLevel,
    Cadence,
    Channel,
    ClosureStage,
    DayUnit,
    Decision,
    EvidenceFault,
    Fault,
    Ground,
    ItemChange,
    ItemKind,
    Light,
    OfficeVerb,
    OutboxStatus,
    Role,
    Status,
    TimeLimit,
    TokenScope,
    Trait,
    Verb,
)
from rectification.roles_in_task import Part

ROLE: Final = {
    Role.OFFICER: "责任人",
    Role.UNIT_HEAD: "科室负责人",
    Role.CLERK: "台账管理员",
    Role.REVIEWER: "复核人",
    Role.LEADER: "分管领导",
    Role.CHIEF: "主要负责人",
    Role.ADMIN: "系统管理员",
    Role.AUDITOR: "查阅人员",
}

PART: Final = {
    Part.SYSTEM: "系统",
    Part.OFFICER: "责任人",
    Part.UNIT_HEAD: "科室负责人",
    Part.PARTICIPANT: "经办人",
    Part.REVIEWER: "复核人",
    Part.APPROVER: "审签人",
    Part.CLERK: "台账管理员",
    Part.LEADER: "责任领导",
    Part.CHIEF: "主要负责人",
}
ITEM_KIND: Final = {ItemKind.SHORTCOMING: "不足", ItemKind.PLAN: "计划", ItemKind.FINDING: "问题"}
TASK_NOUN: Final = {
    ItemKind.SHORTCOMING: "整改任务",
    ItemKind.FINDING: "整改任务",
    ItemKind.PLAN: "工作任务",
}
LIGHT: Final = {Light.GREEN: "正常", Light.YELLOW: "临期", Light.RED: "超期", Light.BLUE: "已结"}
TRAIT: Final = {
    Trait.NEEDS_DECISION: "提请研究事项",
    Trait.RECURRING: "反复出现",
    Trait.SUPERVISED: "挂牌督办",
    Trait.EXTENDED: "已延期",
}
PROVISIONAL_YEAR: Final = "放假通知尚未录入，暂按周一至周五、法定节假日放假计算（暂定，调休和补班未定）"
TIME_LIMIT: Final = {
    TimeLimit.IMMEDIATE: "立行立改",
    TimeLimit.DATED: "限期整改",
    TimeLimit.LONG_TERM: "长期坚持",
}
DAY_UNIT: Final = {DayUnit.WORKING: "工作日", DayUnit.NATURAL: "自然日"}
APPROVAL_LEVEL: Final = {
    ApprovalLevel.LEADER: "分管领导审签",
    ApprovalLevel.CHIEF: "主要负责人审签",
    ApprovalLevel.MEETING: "会议审定",
}
CHANNEL: Final = {
    Channel.WEB: "网页",
    Channel.API: "程序接口",
    Channel.CLI: "命令行代录",
    Channel.EXCEL: "表格导入",
    Channel.FLOW: "系统自动",
}
PUBLISHED: Final = {True: "已公开", False: "未公开"}
MAIL: Final = {True: "开", False: "关"}
MAIL_OFF: Final = "关闭后，等本人审签、复核、批准的事项仍发邮件；本人名下任务的提醒改由台账管理员电话通知；其他告知（下属任务超期、每月数据）不再发"
TOKEN_SCOPE: Final = {TokenScope.READ: "只读", TokenScope.ACT: "读取并办理"}
DECISION: Final = {Decision.GRANTED: "同意", Decision.DENIED: "不同意", Decision.LAPSED: "未批即失效"}
CLOSURE_STAGE: Final = {
    ClosureStage.SUBMIT: "申请",
    ClosureStage.CONFIRM: "科室审核",
    ClosureStage.VERIFY: "复核",
    ClosureStage.APPROVE: "审签",
    ClosureStage.PUBLICISE: "公示",
    ClosureStage.CLOSE: "公示期满",
    ClosureStage.RETURN: "退回",
    ClosureStage.WITHDRAW: "撤回",
    ClosureStage.OBJECT: "公示异议",
}
OUTBOX_STATUS: Final = {
    OutboxStatus.QUEUED: "待发送",
    OutboxStatus.CLAIMED: "发送中",
    OutboxStatus.SENT: "已发送",
    OutboxStatus.WRITTEN: "已写入文件夹",
    OutboxStatus.UNDELIVERED: "未送达",
    OutboxStatus.SUPERSEDED: "已并入次日提醒",
    OutboxStatus.WITHDRAWN: "已撤回",
    OutboxStatus.EXPIRED: "已过期",
}

FAULT: Final = {
    Fault.EDITED: "被改动过",
    Fault.REMOVED: "缺失或序号不对",
    Fault.REORDERED: "与前一条接不上（被调换或替换）",
    Fault.TEXT_CHANGED: "的文字被改动或删除",
    Fault.TAIL_CUT: "起的结尾被截去",
    Fault.TASK_ALTERED: "之后，任务被绕过系统直接改动",
    Fault.TASK_DELETED: "之后，任务被绕过系统删除",
    Fault.OFFICE_ALTERED: "之后，单位、人员或设置被绕过系统直接改动",
}

OFFICE_VERB: Final = {
    OfficeVerb.BASELINE: "补记基线",
    OfficeVerb.ADD_PERSON: "登记人员",
    OfficeVerb.UPDATE_PERSON: "更新人员",
    OfficeVerb.SET_ROLES: "改定角色",
    OfficeVerb.LIMIT_AUDITOR: "限定查阅范围",
    OfficeVerb.SET_MAIL: "开关邮件提醒",
    OfficeVerb.SET_PASSWORD: "设置密码",
    OfficeVerb.LEAVE: "办理离岗",
    OfficeVerb.COME_BACK: "恢复在岗",
    OfficeVerb.ADD_UNIT: "登记单位",
    OfficeVerb.ADD_ALIAS: "登记别名",
    OfficeVerb.RENAME_UNIT: "单位改名",
    OfficeVerb.SET_LINE: "改定分管领导",
    OfficeVerb.PLACE_UNIT: "改定上级单位",
    OfficeVerb.RELEASE_ROWS: "开关向上级公开明细",
    OfficeVerb.ADD_SUBSTITUTE: "登记AB岗",
    OfficeVerb.END_SUBSTITUTE: "结束AB岗",
    OfficeVerb.SET_POLICY: "修改设置",
    OfficeVerb.SET_CALENDAR: "录入工作日历",
    OfficeVerb.ADD_KIND: "增加来源种类",
    OfficeVerb.RENAME_KIND: "来源种类改名",
    OfficeVerb.RETIRE_KIND: "停用来源种类",
    OfficeVerb.ADD_SOURCE: "登记来源",
    OfficeVerb.RENUMBER_SOURCE: "登记来源文号",
    OfficeVerb.PUBLISH_SOURCE: "改来源是否公开",
}

_ROW: Final = {
    "rectification_task": "任务",
    "participant": "经办人或配合单位",
    "measure": "整改措施",
    "progress": "整改进展",
    "evidence": "佐证材料",
    "extension": "延期",
    "closure": "销号申请",
    "closure_step": "签批",
    "checkpoint": "检查结论",
    "look_back": "回头看",
    "unit": "单位",
    "unit_alias": "别名",
    "person": "人员",
    "person_role": "角色",
    "substitute": "AB岗",
    "bureau_setting": "设置",
    "source_kind": "来源种类",
    "source": "问题来源",
    "calendar_year": "工作日历",
}
_COLUMN: Final = {
    "title": "任务名称",
    "text": "内容",
    "cause": "产生原因",
    "goal": "整改目标",
    "category": "问题类别",
    "remark": "备注",
    "status": "状态",
    "lead_unit_id": "责任单位",
    "officer_id": "责任人",
    "leader_id": "责任领导",
    "reviewer_id": "复核人",
    "approver_id": "审签人",
    "owner_id": "承担人",
    "due_on": "时限",
    "original_due_on": "原定时限",
    "deadline_on": "到期日",
    "next_checkpoint_on": "下一检查节点",
    "done_on": "完成日期",
    "sha256": "文件",
    "own_date": "材料日期",
    "uploaded_at": "上传时间",
    "uploader_id": "上传人",
    "name": "名称",
    "role": "角色",
    "email": "邮箱",
    "wants_mail": "邮件提醒",
    "password_hash": "密码",
    "value": "值",
    "days": "放假和补班",
    "is_published": "是否公开",
}


def row_label(row: str) -> str:
    """A row of the ledger as an event names it: 佐证材料第 12 号."""
    table, _, number = row.partition(":")
    return f"{_ROW.get(table, table)}第 {number} 号"


def column_label(column: str) -> str:
    """A column of the ledger in words, or by its name where people never see it."""
    return _COLUMN.get(column, column)


EVIDENCE_FAULT: Final = {
    EvidenceFault.MISSING: "不见了",
    EvidenceFault.ALTERED: "被改动过",
    EvidenceFault.NOT_DESTROYED: "已登记误传清除，但仍在硬盘上",
    EvidenceFault.UNKNOWN: "不属于任何任务",
}

_STATUS: Final = {
    Status.DRAFT: "待确认",
    Status.ASSIGNED: "待签收",
    Status.IN_PROGRESS: "整改中",
    Status.SUBMITTED: "待复核",
    Status.VERIFIED: "待审签",
    Status.PUBLICISED: "公示中",
    Status.CLOSED: "已销号",
    Status.TERMINATED: "已终止",
    Status.ARCHIVED: "仅存档",
}
_PLAN_STATUS: Final = {Status.IN_PROGRESS: "办理中", Status.CLOSED: "已办结"}

_VERB: Final = {
    Verb.DRAFT: "拟定",
    Verb.ISSUE: "下达",
    Verb.ARCHIVE: "仅存档",
    Verb.MERGE: "并入已有任务",
    Verb.EDIT: "修改草稿",
    Verb.SPLIT: "拆分草稿",
    Verb.JOIN: "合并草稿",
    Verb.RESTORE: "恢复草稿",
    Verb.ACCEPT: "签收",
    Verb.REFUSE: "退回（非本单位职责）",
    Verb.PROGRESS: "报进展",
    Verb.REQUEST_EXTENSION: "申请延期",
    Verb.GRANT_EXTENSION: "同意延期",
    Verb.DENY_EXTENSION: "不同意延期",
    Verb.REDATE: "重定时限",
    Verb.SUBMIT: "申请销号",
    Verb.WITHDRAW: "撤回申请",
    Verb.CONFIRM: "科室审核同意",
    Verb.VERIFY: "复核通过",
    Verb.RETURN: "退回整改",
    Verb.APPROVE: "审签同意",
    Verb.CLOSE: "公示期满销号",
    Verb.OBJECT: "公示有异议",
    Verb.TERMINATE: "终止（不再整改）",
    Verb.CARRY_OVER: "结转",
    Verb.CHECKPOINT: "登记检查结论",
    Verb.MAKE_LONG_TERM: "转为长期坚持",
    Verb.REOPEN: "回头看重开",
    Verb.TRANSFER: "转办",
    Verb.HAND_OVER: "交接",
    Verb.CORRECT: "更正",
    Verb.INSTRUCT: "批示",
    Verb.SUPERVISE: "挂牌督办",
    Verb.MEASURE: "拟定整改措施",
    Verb.CONFIRM_MEASURES: "确认整改措施",
    Verb.FINISH_MEASURE: "完成整改措施",
    Verb.DROP_MEASURE: "取消整改措施",
    Verb.PARTICIPATE: "调整配合单位和经办人",
    Verb.EVIDENCE: "提交佐证材料",
    Verb.PURGE_EVIDENCE: "误传清除",
    Verb.LOOK_BACK: "登记回头看",
    Verb.REDACT: "清除记录文字",
    Verb.RECOMPUTE: "按工作日历重算",
    Verb.DRAW_LOOK_BACK: "抽中回头看",
    Verb.BASELINE: "补记基线",
}
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


def status_label(status: Status, kind: ItemKind) -> str:
    """The status as a person of this office says it: plans are 办结, problems 销号."""
    return _STATUS[status] if kind.is_problem else _PLAN_STATUS.get(status, _STATUS[status])


def verb_label(verb: Verb, kind: ItemKind) -> str:
    """The action's name on buttons, in the history and in messages."""
    return _VERB[verb] if kind.is_problem else _PLAN_VERB.get(verb, _VERB[verb])


def closing_noun(kind: ItemKind) -> str:
    """销号 for problems, 办结 for plans."""
    return "销号" if kind.is_problem else "办结"


CADENCE: Final = {
    Cadence.HALF_YEARLY: "每半年一次",
    Cadence.YEARLY: "每年一次",
    Cadence.QUARTERLY: "每季度一次",
}

ANNUAL_STAGE: Final = {
    AnnualStage.COLLECT: "征集材料",
    AnnualStage.DRAFT: "起草报告",
    AnnualStage.SECRECY: "保密审查",
    AnnualStage.SIGN: "主要负责人签发",
    AnnualStage.SEND: "报送",
    AnnualStage.PUBLISH: "公开发布",
}

CHANGE: Final = {
    ItemChange.SAME: "未变",
    ItemChange.REWORDED: "改写",
    ItemChange.ADDED: "新增",
    ItemChange.DROPPED: "已删去",
}
GROUND: Final = {
    Ground.COVERED: "已有任务在办同一件事：",
    Ground.STUDY: "学习、思想类要求，难以举证",
    Ground.DROPPED: "报告新版本中已没有这一条",
    Ground.STILL: "写着“仍”“依然”，可能是反复出现的问题",
}
MENDED: Final = {Verb.SPLIT: "拆分", Verb.JOIN: "合并", Verb.EDIT: "移动", Verb.DRAFT: "补列"}
"""What the clerk put right in the reading of a report."""
JOB: Final = {
    "annual_report": "年度报告",
    "progress_summary": "进展通报",
    "semiannual_review": "半年调度",
    "closure_check": "销号检查",
    "daily_reminders": "每日提醒",
}
"""The flows that tell people, briefly."""

JOB_COUNT: Final = {
    "told": "提醒事项",
    "digests": "新写提醒",
    "added_to": "并入待发提醒",
    "calls": "待电话通知",
    "let_go": "放行提醒",
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
    "bodies": "清除正文",
    "uploads": "清除未导入的报告",
    "drawn": "抽取回头看",
}
