"""The closed lists the tables speak of, each entry with the word people read for it.

Pages and papers take the words from rectification/labels.py, which knows what a plan calls otherwise.
"""

from enum import StrEnum
from typing import Self


class Worded(StrEnum):
    """A closed list whose entries are stored by their value and read by their word."""

    word: str

    def __new__(cls, value: str, word: str = "") -> Self:
        entry = str.__new__(cls, value)
        entry._value_, entry.word = value, word
        return entry


class UnitKind(Worded):
    GOVERNMENT = "government", "政府"
    BUREAU = "bureau", "单位"
    DEPARTMENT = "department", "科室"


class Role(Worded):
    OFFICER = "officer", "责任人"
    UNIT_HEAD = "unit_head", "科室负责人"
    CLERK = "clerk", "台账管理员"
    REVIEWER = "reviewer", "复核人"
    LEADER = "leader", "分管领导"
    CHIEF = "chief", "主要负责人"
    ADMIN = "admin", "系统管理员"
    AUDITOR = "auditor", "查阅人员"


class BodyPart(Worded):
    """What somebody is in a body that hears."""

    HEAD = "head", "组长"
    DEPUTY = "deputy", "副组长"
    MEMBER = "member", "成员单位"


class ItemKind(Worded):
    """What a report item or a task is: a finding comes from another source than the own report."""

    SHORTCOMING = "shortcoming", "不足"
    PLAN = "plan", "计划"
    FINDING = "finding", "问题"

    @property
    def is_problem(self) -> bool:
        """Problems end in 销号 and count in the rectification rate; plans end in 办结 and do not."""
        return self is not ItemKind.PLAN


class Status(Worded):
    DRAFT = "draft", "待确认"
    ASSIGNED = "assigned", "待签收"
    IN_PROGRESS = "in_progress", "整改中"
    SUBMITTED = "submitted", "待复核"
    VERIFIED = "verified", "待审签"
    PUBLICISED = "publicised", "公示中"
    CLOSED = "closed", "已销号"
    TERMINATED = "terminated", "已终止"
    ARCHIVED = "archived", "仅存档"


class Verb(Worded):
    """Everything that can happen to a task, by the name used in code, command and address."""

    DRAFT = "draft", "拟定"
    ISSUE = "issue", "下达"
    ARCHIVE = "archive", "仅存档"
    MERGE = "merge", "并入已有任务"
    EDIT = "edit", "修改草稿"
    SPLIT = "split", "拆分草稿"
    JOIN = "join", "合并草稿"
    RESTORE = "restore", "恢复草稿"
    PASS_ON = "pass_on", "交办下级单位"
    ACCEPT = "accept", "签收"
    REFUSE = "refuse", "退回（非本单位职责）"
    PROGRESS = "progress", "报进展"
    REQUEST_EXTENSION = "request_extension", "申请延期"
    GRANT_EXTENSION = "grant_extension", "同意延期"
    DENY_EXTENSION = "deny_extension", "不同意延期"
    REQUEST_REDATE = "request_redate", "申请重定时限"
    REDATE = "redate", "重定时限"
    SUBMIT = "submit", "申请销号"
    WITHDRAW = "withdraw", "撤回申请"
    CONFIRM = "confirm", "科室审核同意"
    VERIFY = "verify", "复核通过"
    RETURN = "return", "退回整改"
    APPROVE = "approve", "审签同意"
    CLOSE = "close", "公示期满销号"
    OBJECT = "object", "公示有异议"
    TERMINATE = "terminate", "终止（不再整改）"
    CARRY_OVER = "carry_over", "结转"
    CHECKPOINT = "checkpoint", "登记检查结论"
    MAKE_LONG_TERM = "make_long_term", "转为长期坚持"
    REOPEN = "reopen", "回头看重开"
    TRANSFER = "transfer", "转办"
    HAND_OVER = "hand_over", "交接"
    CORRECT = "correct", "更正"
    INSTRUCT = "instruct", "批示"
    SUPERVISE = "supervise", "挂牌督办"
    MEASURE = "measure", "拟定整改措施"
    SET_GOAL = "set_goal", "写明整改目标"
    CONFIRM_MEASURES = "confirm_measures", "确认整改措施"
    FINISH_MEASURE = "finish_measure", "完成整改措施"
    DROP_MEASURE = "drop_measure", "取消整改措施"
    PARTICIPATE = "participate", "调整配合单位和经办人"
    EVIDENCE = "evidence", "提交佐证材料"
    TIE = "tie", "标明证明事项"
    DETACH = "detach", "取出误放材料"
    PURGE_EVIDENCE = "purge_evidence", "误传清除"
    LOOK_BACK = "look_back", "登记回头看"
    DUPLICATE = "duplicate", "登记为重复"
    UNDO = "undo", "撤销误办"
    AMEND = "amend", "更正办理记录"
    REDACT = "redact", "清除记录文字"
    RECOMPUTE = "recompute", "按工作日历重算"
    DRAW_LOOK_BACK = "draw_look_back", "抽中回头看"
    BASELINE = "baseline", "补记基线"


class TimeLimit(Worded):
    IMMEDIATE = "immediate", "立行立改"
    DATED = "dated", "限期整改"
    LONG_TERM = "long_term", "长期坚持"


class DayUnit(Worded):
    WORKING = "working", "工作日"
    NATURAL = "natural", "自然日"


class Light(Worded):
    """What a task's light says; the last two, of long-term tasks at their checkpoints, have another's colour."""

    GREEN = "green", "正常"
    YELLOW = "yellow", "临期"
    RED = "red", "超期"
    BLUE = "blue", "已结"
    MISSED = "missed", "节点超期"
    STATED = "stated", "待检查"

    @property
    def colour(self) -> str:
        return {Light.MISSED: "red", Light.STATED: "green"}.get(self, self.value)


class Trait(Worded):
    """Why an open task asks for a leader's eye."""

    NEEDS_DECISION = "needs_decision", "提请研究事项"
    RECURRING = "recurring", "反复出现"
    SUPERVISED = "supervised", "挂牌督办"
    EXTENDED = "extended", "已延期"


class Channel(Worded):
    """Through which door a change came in."""

    WEB = "web", "网页"
    API = "api", "程序接口"
    CLI = "cli", "命令行代录"
    EXCEL = "excel", "表格导入"
    FLOW = "flow", "系统自动"


class ApprovalLevel(Worded):
    LEADER = "leader", "分管领导审签"
    CHIEF = "chief", "主要负责人审签"
    MEETING = "meeting", "会议审定"


class EvidenceKind(Worded):
    """What a piece of evidence is. A meeting or a notice shows that people met or were told, and no result."""

    RULE = "rule", "制度文件"
    CASE = "case", "案卷"
    PHOTO = "photo", "照片"
    REGISTER = "register", "台账"
    MEETING = "meeting", "会议、通知"
    OTHER = "other", "其他"


class StepKind(Worded):
    """What is done about a source beside its tasks, and what is counted of it."""

    CLUE = "clue", "问题线索"
    LISTED = "listed", "列入清单"
    TALK = "talk", "约谈"
    CRITICISM = "criticism", "通报批评"
    VISIT = "visit", "回访"
    STAGE = "stage", "阶段"
    OTHER = "other", "其他"

    @property
    def usual_unit(self) -> str:
        """What its number counts, where nobody says otherwise; empty where there is no usual one."""
        units = {"talk": "人次", "criticism": "个单位", "clue": "条", "listed": "项", "visit": "件"}
        return units.get(self.value, "")


class Rating(Worded):
    """What a person who was asked again says of the service (政务服务“好差评”), or that nobody answered."""

    VERY_GOOD = "very_good", "非常满意"
    GOOD = "good", "满意"
    FAIR = "fair", "基本满意"
    BAD = "bad", "不满意"
    VERY_BAD = "very_bad", "非常不满意"
    UNREACHED = "unreached", "未能联系"


class ClosureStage(Worded):
    SUBMIT = "submit", "申请"
    CONFIRM = "confirm", "科室审核"
    VERIFY = "verify", "复核"
    APPROVE = "approve", "审签"
    PUBLICISE = "publicise", "公示"
    CLOSE = "close", "公示期满"
    RETURN = "return", "退回"
    WITHDRAW = "withdraw", "撤回"
    OBJECT = "object", "公示异议"
    TERMINATE = "terminate", "终止"


class Decision(Worded):
    """`lapsed`: the task was submitted, terminated or given a new date before anybody decided."""

    GRANTED = "granted", "同意"
    DENIED = "denied", "不同意"
    LAPSED = "lapsed", "未批即失效"


class OutboxStatus(Worded):
    """`written` is a mail put into the folder: nobody received it."""

    QUEUED = "queued", "待发送"
    CLAIMED = "claimed", "发送中"
    SENT = "sent", "已发送"
    WRITTEN = "written", "已写入文件夹"
    UNDELIVERED = "undelivered", "未送达"
    SUPERSEDED = "superseded", "已并入次日提醒"
    WITHDRAWN = "withdrawn", "已撤回"
    EXPIRED = "expired", "已过期"


class ToldStatus(Worded):
    """`told` stands in a message or on the telephone list, `waiting` for the next digest."""

    TOLD = "told", "已告知"
    WAITING = "waiting", "待下一封"
    SUPERSEDED = "superseded", "已由另一条代替"
    WITHDRAWN = "withdrawn", "已收回"


class OfficeVerb(Worded):
    """Everything that can happen to the office itself: its people and their ways in, units, settings, calendar and sources."""

    BASELINE = "baseline", "补记基线"
    ADD_PERSON = "add_person", "登记人员"
    UPDATE_PERSON = "update_person", "更新人员"
    MOVE_PERSON = "move_person", "人员调动"
    SET_ROLES = "set_roles", "改定角色"
    LIMIT_AUDITOR = "limit_auditor", "限定查阅范围"
    SET_MAIL = "set_mail", "开关邮件提醒"
    SET_PASSWORD = "set_password", "设置密码"
    LEAVE = "leave", "办理离岗"
    COME_BACK = "come_back", "恢复在岗"
    ADD_UNIT = "add_unit", "登记单位"
    ADD_ALIAS = "add_alias", "登记别名"
    RENAME_UNIT = "rename_unit", "单位改名"
    SET_LINE = "set_line", "改定分管领导"
    PLACE_UNIT = "place_unit", "改定上级单位"
    CLOSE_UNIT = "close_unit", "单位撤并"
    REMOVE_UNIT = "remove_unit", "删去误登的单位"
    SET_BODY = "set_body", "改定领导小组"
    ISSUE_CODE = "issue_code", "发放登录码"
    USE_CODE = "use_code", "使用登录码或链接"
    ASK_ROLES = "ask_roles", "申请授予角色"
    ASK_CODE = "ask_code", "申请发放登录码"
    ASK_COVER = "ask_cover", "申请登记AB岗"
    CONFIRM = "confirm", "第二人确认"
    DECLINE = "decline", "不予确认"
    SIGN_IN = "sign_in", "登录"
    SIGN_OUT = "sign_out", "退出登录"
    FAIL_SIGN_IN = "fail_sign_in", "登录未成功"
    DELAY_SIGN_IN = "delay_sign_in", "登录受限"
    MAKE_TOKEN = "make_token", "生成令牌"
    REVOKE_TOKEN = "revoke_token", "停用令牌"
    EXPORT = "export", "导出台账"
    BACK_UP = "back_up", "备份"
    RESTORE = "restore", "恢复备份"
    PURGE_EVIDENCE = "purge_evidence", "误传清除"
    RELEASE_ROWS = "release_rows", "开关向上级公开明细"
    ADD_SUBSTITUTE = "add_substitute", "登记AB岗"
    END_SUBSTITUTE = "end_substitute", "结束AB岗"
    SET_POLICY = "set_policy", "修改设置"
    SET_CALENDAR = "set_calendar", "录入工作日历"
    ADD_KIND = "add_kind", "增加来源种类"
    RENAME_KIND = "rename_kind", "来源种类改名"
    RETIRE_KIND = "retire_kind", "停用来源种类"
    ADD_SOURCE = "add_source", "登记来源"
    RENUMBER_SOURCE = "renumber_source", "登记来源文号"
    PUBLISH_SOURCE = "publish_source", "改来源是否公开"
    CORRECT_SOURCE = "correct_source", "更正来源"
    MARK_SENT = "mark_sent", "登记报送"
    ADD_STEP = "add_step", "登记来文工作情况"
    CORRECT_STEP = "correct_step", "更正来文工作情况"
    REMOVE_STEP = "remove_step", "删去来文工作情况"
    ADD_FORM = "add_form", "登记上级表样"
    CHANGE_FORM = "change_form", "修改上级表样"
    REMOVE_FORM = "remove_form", "删去上级表样"
    WITHDRAW_REPORT = "withdraw_report", "撤回导入"
    PLAN_HEARING = "plan_hearing", "安排听取汇报"
    CHANGE_HEARING = "change_hearing", "调整会议安排"
    CALL_OFF_HEARING = "call_off_hearing", "取消会议安排"
    RECORD_HEARING = "record_hearing", "登记听取汇报"


class Fault(Worded):
    """How a history's chain, or a task beside it, can fail to verify."""

    EDITED = "edited", "被改动过"
    REMOVED = "removed", "缺失或序号不对"
    REORDERED = "reordered", "与前一条接不上（被调换或替换）"
    TEXT_CHANGED = "text_changed", "的文字被改动或删除"
    TAIL_CUT = "tail_cut", "起的结尾被截去"
    TASK_ALTERED = "task_altered", "之后，任务被绕过系统直接改动"
    TASK_DELETED = "task_deleted", "之后，任务被绕过系统删除"
    OFFICE_ALTERED = "office_altered", "之后，单位、人员或设置被绕过系统直接改动"


class EvidenceFault(Worded):
    """How the store of evidence can differ from the ledger."""

    MISSING = "missing", "不见了"
    ALTERED = "altered", "被改动过"
    NOT_DESTROYED = "not_destroyed", "已登记误传清除，但仍在硬盘上"
    UNKNOWN = "unknown", "不属于任何任务"


class TokenScope(Worded):
    """How far a personal token reaches: reading what its person may see, or acting as well."""

    READ = "read", "只读"
    ACT = "act", "读取并办理"


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    FIRST_START = "first_start"
    INVITATION = "invitation"
    RESET = "reset"


class Cadence(Worded):
    """How often the work is heard."""

    YEARLY = "yearly", "每年一次"
    HALF_YEARLY = "half_yearly", "每半年一次"
    QUARTERLY = "quarterly", "每季度一次"


class AnnualStage(Worded):
    """The stages of an annual report, in their order."""

    COLLECT = "collect", "征集材料"
    DRAFT = "draft", "起草报告"
    SECRECY = "secrecy", "保密审查"
    SIGN = "sign", "主要负责人签发"
    SEND = "send", "报送"
    PUBLISH = "publish", "公开发布"


class ItemChange(Worded):
    """What a new version of a report did to an item of the versions before."""

    SAME = "same", "未变"
    REWORDED = "reworded", "改写"
    ADDED = "added", "新增"
    DROPPED = "dropped", "已删去"


class Ground(Worded):
    """Why the clerk is proposed to do something with a draft."""

    COVERED = "covered", "已有任务在办同一件事："
    STUDY = "study", "学习、思想类要求，难以举证"
    DROPPED = "dropped", "报告新版本中已没有这一条"
    STILL = "still", "写着“仍”“依然”，可能是反复出现的问题"
