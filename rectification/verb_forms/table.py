"""The VerbForm of every verb, in the words of pages, programs and commands alike."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from models.enums import ApprovalLevel, DayUnit, EvidenceKind, ItemKind, Role, TimeLimit, Verb
from rectification.verb_forms.shape import Field, Kind, VerbForm


def _maker(kind: Kind) -> Callable[..., Field]:
    def make(key: str, label: str, hint: str = "", *, must: bool = False, **more: Any) -> Field:
        return Field(key, kind, label, hint, must, **more)

    return make


_line, _text, _day, _number = map(_maker, (Kind.LINE, Kind.TEXT, Kind.DAY, Kind.NUMBER))
_flag, _choice, _person, _unit = map(_maker, (Kind.FLAG, Kind.CHOICE, Kind.PERSON, Kind.UNIT))
_people, _units = map(_maker, (Kind.PEOPLE, Kind.UNITS))


def _reason(label: str, hint: str = "", *, must: bool = True, rows: int = 4) -> Field:
    return _text("reason", label, hint, must=must, rows=rows)


def _hands(prefix: str = "", hint: str = "") -> tuple[Field, ...]:
    """Who has a task in hand."""
    return (
        _unit("lead_unit_id", f"{prefix}责任单位", hint or "写了责任人可以留空", offers="units"),
        _person(
            "officer_id",
            f"{prefix}责任人",
            hint or "可以留空，由科室负责人签收时指定",
            offers="officers",
            role=Role.OFFICER,
        ),
        _person("leader_id", f"{prefix}责任领导", hint or "留空则取科室的分管领导", offers="leaders"),
        _person(
            "reviewer_id",
            f"{prefix}复核人",
            hint or "须在责任单位以外",
            offers="reviewers",
            role=Role.REVIEWER,
        ),
        _person(
            "approver_id",
            f"{prefix}审签人",
            hint or "留空则为责任领导，须主要负责人审签的为主要负责人",
            offers="approvers",
        ),
    )


_TITLE: Final = _line("title", "任务名称", "邮件和列表只显示名称，不要写入敏感内容", stands=True)
_GOAL: Final = _text("goal", "整改目标", rows=2, stands=True)
_MEASURES: Final = Field("measures", Kind.LINES, "措施", "一行一条；以后还可以补充")
_COUNT: Final = _number("count_total", "总数", "按总数计的任务才填，如 72 项隐患")
_PUBLICITY: Final = _flag("is_publicity_required", "销号前须公示", stands=True)
_RECURRING: Final = _flag("is_recurring", "反复出现（由主要负责人审签）", stands=True)
_CAUSE: Final = _text("cause", "产生原因", rows=2, stands=True)
_CATEGORY: Final = _line("category", "问题类别", stands=True)
_WORDS: Final = (
    _GOAL,
    _CATEGORY,
    _text("remark", "备注", rows=2, stands=True),
    _COUNT,
    _flag("is_restricted", "仅限指定人员（不进总览、邮件和导出）", stands=True),
)
_LEVEL: Final = _choice("approval_level", "审签级别", of=ApprovalLevel, offers="approval_levels", stands=True)
_VERDICT: Final = _text("verdict", "审核意见", rows=3)
_MINUTES: Final = _line("minutes_no", "会议纪要号", "须经会议审定的才填，照纪要写明编号")
_ANSWER: Final = Field(
    "answer", Kind.ANSWERS, "对疑点的答复", "写明核实的情况；认为不成立的，写“不成立”和理由", rows=2
)
_PROVES: Final = Field(
    "proves",
    Kind.STEPS,
    "证明什么",
    "可以多选；只有一项可证明的不用选",
    offers="provable",
    command="task show",
)
_EVIDENCE_KIND: Final = _choice("kind", "材料种类", of=EvidenceKind, offers="evidence_kinds")
_CHECKPOINT: Final = _day("checkpoint_on", "下一检查节点", "至少半年一次", must=True)
_KEEP_MEASURES: Final = _flag(
    "keep_measures", "措施的日期不一起改", "不勾选：与原时限同一天、还没有完成的措施，一并改到新的时限"
)
_MEASURE_NO: Final = _number("position", "哪一条", must=True, offers="open_measures", command="task show")


def _form(verb: Verb, explains: str, *fields: Field) -> VerbForm:
    return VerbForm(verb, explains, fields)


V = Verb
_ALL: Final = (
    _form(
        V.ISSUE,
        "下达后通知责任单位签收。",
        _TITLE,
        *_hands(),
        _LEVEL,
        _choice("time_limit", "时限类型", of=TimeLimit, offers="time_limits", stands=True),
        _day("due_on", "完成时限", "限期整改填日期", stands=True),
        _number(
            "limit_days",
            "或：几天内完成",
            "立行立改常用；填了就不看上面的日期",
            most=400,
            instead_of="due_on",
        ),
        _choice("limit_unit", "按工作日还是自然日计", "留空为工作日", of=DayUnit, offers="day_units"),
        _day("checkpoint_on", "下一检查节点", "长期坚持填；留空为本半年末"),
        replace(_GOAL, hint="做到什么程度算完成"),
        _MEASURES,
        _COUNT,
        _PUBLICITY,
    ),
    _form(
        V.ARCHIVE,
        "只留存，不跟踪，不催办。",
        _reason("理由", "可以不写；学习、思想类条目常用", must=False, rows=2),
    ),
    _form(
        V.MERGE,
        "已有任务在办同一件事，这一条并入它，不再单列。",
        _line("into", "并入的任务编号", "从相近的任务中选，或写编号", must=True, suggests="alike"),
        _reason("说明", must=False, rows=2),
    ),
    _form(
        V.EDIT,
        "报告原文不变，原来的草稿留在办理记录里。",
        _choice("kind", "种类", of=ItemKind, offers="kinds", must=True, stands=True),
        _TITLE,
        _text("text", "问题或计划", rows=5, must=True, stands=True),
        _CAUSE,
        _RECURRING,
        *_WORDS,
        _PUBLICITY,
        _day("due_on", "拟定的时限", "不变就留空"),
        _reason("理由", must=False, rows=2),
    ),
    _form(
        V.SPLIT,
        "一条里说了几件事，分成几条下达。",
        Field("parts", Kind.PARTS, "在要拆开的地方空一行", "每一段成为一条草稿", is_required=True, rows=7),
    ),
    _form(
        V.JOIN,
        "几条说的是一件事，合成一条。",
        _line("other", "把哪一条草稿并进来", must=True, offers="drafts"),
    ),
    _form(
        V.PASS_ON,
        "下级单位收到一条草稿，由它下达整改；本单位这一条存档，两边都看得到进展。",
        _line("to", "交办给哪个单位", must=True, offers="bureaus_below"),
        _reason("说明", must=False, rows=2),
    ),
    _form(V.RESTORE, "撤销存档或合并，重新成为草稿。", _reason("理由", must=False, rows=2)),
    _form(
        V.ACCEPT,
        "签收后开始办理，按时限提醒。",
        _person("officer_id", "责任人", "已有责任人的可以不改", offers="own_officers"),
        replace(_GOAL, hint="做到什么程度算完成；现在定不了的，申请销号前再写"),
        _MEASURES,
    ),
    _form(V.REFUSE, "退回台账管理员重新下达。", _reason("退回理由", "为什么不是本单位的职责，应由谁办")),
    _form(
        V.PROGRESS,
        "写入办理记录，半年调度和汇报材料直接取用。",
        _text("text", "进展", "做了什么、取得什么效果；写给领导看的一段话", must=True, rows=6),
        _text("late_reason", "超期原因", "已超期或预计要超期时写", rows=2),
        _text("needs_decision", "提请研究事项", "需要领导或上级协调的事；没有就留空", rows=2),
        _number("count_done", "已完成数", "按总数计的任务才填", least=0),
    ),
    _form(
        V.EVIDENCE,
        "上传文件，或登记纸质档号；申请销号至少要有一份。",
        Field("file", Kind.FILE, "文件", "办公文档、PDF、图片或纯文本；严禁上传国家秘密"),
        _line("archive_no", "纸质档号", "没有电子文件时填，例如 2026-法规-永久-012"),
        _line("note", "说明", "是什么材料，看得出什么", most=2000),
        _day("own_date", "材料本身的日期"),
        _EVIDENCE_KIND,
        _PROVES,
    ),
    _form(
        V.REQUEST_EXTENSION,
        "须在到期前申请，由审签人批准；原时限会一直保留。",
        _reason("延期原因", "依据和已做的工作"),
        _day("due_on", "延到哪一天", "须写明具体日期", must=True),
    ),
    _form(
        V.MEASURE,
        "拟定一条措施；责任人拟的经科室负责人或台账管理员确认后生效。",
        _text("text", "措施", "一次写一条；有几条分几次拟定", must=True, rows=3),
        _day("due_on", "这条措施的时限"),
        _person("owner_id", "承担人", "留空为责任人", offers="people"),
    ),
    _form(
        V.SET_GOAL,
        "申请销号前须写明；写明后要改由台账管理员更正。",
        _text("goal", "整改目标", "做到什么程度算完成", must=True, rows=3),
    ),
    _form(V.CONFIRM_MEASURES, "确认后只有科室负责人和台账管理员可以取消。"),
    _form(
        V.FINISH_MEASURE,
        "登记一条措施已经完成。",
        replace(_MEASURE_NO, label="完成了哪一条"),
        _text("text", "完成情况", rows=3),
        _day("done_on", "完成日期", "留空为今天"),
    ),
    _form(
        V.DROP_MEASURE,
        "取消后仍留在记录里。",
        replace(_MEASURE_NO, label="取消哪一条"),
        _reason("取消原因", rows=3),
    ),
    _form(
        V.PARTICIPATE,
        "让更多人看得到、报得了进展、收得到提醒。",
        _people("add_people", "增加经办人", offers="people"),
        _units("add_units", "增加配合单位", offers="units"),
        _people("remove_people", "减少经办人", offers="present_people"),
        _units("remove_units", "减少配合单位", offers="present_units"),
    ),
    _form(
        V.SUBMIT,
        "提交后由复核人核查；等待复核的时间不算超期。",
        _text("statement", "情况说明", "整改做了什么、结果怎样、如何防止再发生", must=True, rows=8),
        _text("count_reason", "总数没有全部完成的理由", "全部完成的不用写", rows=2),
        _flag("despite_doubts", "疑点属实，仍然申请（由复核人和审签人逐条答复）"),
    ),
    _form(V.WITHDRAW, "复核之前可以撤回，修改后再申请。", _reason("撤回理由", must=False, rows=2)),
    _form(V.CONFIRM, "科室负责人对申请内容负责。", _VERDICT),
    _form(
        V.VERIFY,
        "核对材料和措施后写下意见，转审签人。",
        _text("verdict", "复核意见", "看了哪些材料，是否属实，问题是否真正解决", must=True),
        _text("override", "本人在责任单位的理由", "只有复核人就在责任单位时才写，会留痕", rows=2),
        _ANSWER,
    ),
    _form(
        V.RETURN,
        "退回责任人继续办理，复核和审签占用的天数会补给时限。",
        _reason("退回理由", "哪里没有到位，要补什么"),
    ),
    _form(V.APPROVE, "同意后销号；须公示的先公示。", replace(_VERDICT, label="审签意见"), _MINUTES, _ANSWER),
    _form(V.CLOSE, "公示期满且无异议。", replace(_VERDICT, label="公示情况", rows=2)),
    _form(V.OBJECT, "退回责任人继续办理。", _reason("异议内容")),
    _form(V.TERMINATE, "不再整改，按销号的级别审签。", _reason("终止理由", "如职能划转、政策调整"), _MINUTES),
    _form(
        V.REOPEN,
        "重新整改，原来的销号记录保留。",
        _text("finding", "回头看发现", "为什么说没有真正整改到位", must=True),
        _day("due_on", "新的时限", "留空则接着原时限计算"),
    ),
    _form(V.LOOK_BACK, "核查后仍然属实。", _text("finding", "回头看结论", "现场或抽查的情况", must=True)),
    _form(
        V.PURGE_EVIDENCE,
        "误传的文件（例如涉密、隐私）从系统中销毁。",
        _number("evidence_id", "清除哪一份", must=True, offers="files", command="task show"),
        _reason("清除理由", "文件销毁，校验码、理由和两人姓名保留", rows=3),
        _person("witness_id", "见证人", "须另一人在场", must=True, offers="people"),
        Field("also", Kind.LINES, "同时清除", "同一文件还在哪些任务里，一行写一个编号；不写就不清除", rows=2),
    ),
    _form(
        V.DETACH,
        "放错任务的文件、写错的档号移出本任务；文件不销毁，别的任务里的不动。",
        _number("evidence_id", "取出哪一份", must=True, offers="pieces", command="task show"),
        _reason("取出理由", "如应放入哪一项任务", rows=2),
    ),
    _form(
        V.TIE,
        "写明一份材料证明哪条措施，或总数；原来写的作废。",
        _number("evidence_id", "哪一份", must=True, offers="pieces", command="task show"),
        replace(_PROVES, is_required=True),
        _EVIDENCE_KIND,
    ),
    _form(
        V.DUPLICATE,
        "同一件事下达了两次，这一条不再统计、催办；办理记录保留。由审签人确认。",
        _line("other", "与哪一项重复", "保留的那一项，可从相近的任务中选", must=True, suggests="alike"),
        _reason("说明", rows=2),
    ),
    _form(
        V.UNDO,
        "一步办错了，恢复到这一步之前；这一步和撤销都留在办理记录里，不作统计。",
        _number("sequence", "撤销哪一条", "留空为最后一步", offers="steps", command="task show"),
        _reason("撤销理由", rows=2),
    ),
    _form(
        V.AMEND,
        "按纸面登记的日期、档号、纪要号写错了，在这里改正；新旧都留痕，以后的步骤一并核对。",
        _number("sequence", "更正哪一条", must=True, offers="steps", command="task show"),
        _reason("更正理由", rows=2),
        _day("dated", "正确的纸面日期", "不变就留空"),
        _line("number", "正确的文号或档号", "不变就留空"),
        replace(_MINUTES, hint="原来写错了才填"),
    ),
    _form(
        V.REDACT,
        "抹去一条办理记录里的文字，任务中同样的文字一并抹去。",
        _number("sequence", "清除哪一条", must=True, offers="events", command="task show --json"),
        _reason("清除理由", "如写入了个人信息；文字不可恢复，谁、何时、为何清除会留痕", rows=3),
    ),
    _form(
        V.GRANT_EXTENSION,
        "批准后时限改变，原时限和次数保留。",
        _day("due_on", "延到哪一天", "留空则按申请的日期"),
        _reason("批复意见", must=False, rows=2),
        _KEEP_MEASURES,
    ),
    _form(V.DENY_EXTENSION, "时限不变。", _reason("不同意的理由")),
    _form(
        V.REQUEST_REDATE,
        "已经超期的，请审签人另定日期；超期的事实保留，不算延期。",
        _reason("超期原因", "为什么没有按期完成，现在到哪一步"),
        _day("due_on", "申请的新时限", "须写明具体日期", must=True),
    ),
    _form(
        V.REDATE,
        "已经超期的任务重新定一个日期。",
        _reason("原因", "超期的事实会保留在记录里", rows=3),
        _day("due_on", "新的时限", "有申请的可以留空，按申请的日期"),
        _KEEP_MEASURES,
    ),
    _form(
        V.MAKE_LONG_TERM,
        "不再限期，改为定期检查。",
        _reason("原因", "为什么不能限期完成", rows=3),
        replace(_CHECKPOINT, label="第一个检查节点"),
    ),
    _form(
        V.CHECKPOINT,
        "登记这次检查的结论，定下次检查的日期。",
        _text("conclusion", "检查结论", must=True),
        _CHECKPOINT,
    ),
    _form(
        V.CARRY_OVER,
        "写下本年结论，继续办理。",
        _text("conclusion", "本年结论", must=True),
        _day("due_on", "结转到哪一天", must=True),
        _KEEP_MEASURES,
    ),
    _form(
        V.TRANSFER,
        "换人或换科室，任务、时限和办理记录不变；换了科室又没有写责任领导的，为新科室的分管领导。",
        _reason("转办原因", "如轮岗、职责调整", rows=2),
        *_hands("新的", "不变就留空"),
    ),
    _form(
        V.CORRECT,
        "改正录入错误，新旧内容都留痕；改期不算更正。",
        _reason("更正原因", "原来的内容会留在办理记录里", rows=2),
        replace(_TITLE, hint=""),
        _text("text", "问题或计划的原文", stands=True),
        _CAUSE,
        *_WORDS,
        replace(_RECURRING, label="反复出现的问题"),
        _LEVEL,
        _PUBLICITY,
        _day("due_on", "更正后的时限", "录错了日期才填，须写明载有正确日期的文件编号"),
    ),
    _form(V.INSTRUCT, "写入办理记录。", _text("text", "批示", "经办的人都看得到", must=True)),
    _form(V.SUPERVISE, "此后只有主要负责人或会议可以同意销号。", _reason("挂牌督办的理由")),
)
FORMS: Final = {form.verb: form for form in _ALL}
"""Every verb that acts on one task by its code, in the order pages and programs list them."""

ENTRY: Final = _form(
    V.DRAFT,
    "督察、评查、信访、会议等来源的问题；本单位报告请直接上传",
    _number("source_id", "来源", "没有的先登记来源", must=True, offers="sources", command="source list"),
    _choice("kind", "类别", "默认为问题", of=ItemKind, offers="kinds", stands=True),
    _text("text", "具体问题或任务", "照来文写", must=True, rows=5),
    replace(_TITLE, hint="会写进邮件和列表；留空则按来源是否公开来拟"),
    _CAUSE,
    _CATEGORY,
    _GOAL,
    _choice("time_limit", "时限类型", "默认为限期整改", of=TimeLimit, offers="time_limits", stands=True),
    _day("due_on", "拟定时限", "留空用来源的反馈日期；下达时再定"),
    replace(_COUNT, hint="如 72 项隐患，不必拆成 72 条"),
    replace(_RECURRING, label="反复出现的问题"),
)
"""What a task is entered with that comes from another source than the own report; it has no code yet."""


def words_label(verb: Verb) -> str:
    """What the words that must be given with an action are called: a report, a verdict, or else a reason."""
    asked = FORMS[verb].fields if verb in FORMS else ()
    return next(
        (
            field.label
            for field in asked
            if field.kind is Kind.TEXT and field.is_required and field.key != "reason"
        ),
        "理由",
    )
