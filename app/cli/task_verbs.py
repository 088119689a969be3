"""Every verb of a task as `rectify task VERB`: one line of the table each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import typer

from app.cli.verbs import (
    Command,
    Deed,
    choice,
    day,
    destroy_purged_files,
    flag,
    keep_file,
    login,
    number,
    path,
    several,
    text,
)
from models.enums import ApprovalLevel, DayUnit, ItemKind, Role, TimeLimit, Verb

REASON: Final = text("reason", "理由", "为什么")
MAY_SAY_WHY: Final = text("reason", "理由", is_required=False)
VERDICT: Final = text("verdict", "意见", is_required=False)
NEW_DATE: Final = day("new_date", "新的日期", is_required=True)
MINUTES: Final = text("minutes_no", "编号", "会议审定的，写会议纪要编号", is_required=False)


def _only(*names: str) -> Any:
    """The options of these names, in order, as the verb's arguments."""
    return lambda deed: [deed[name] for name in names]


def _issue(deed: Deed) -> Sequence[Any]:
    from rectification.casework import IssueOrder, NewMeasure

    if deed["due"] and deed["days"]:
        raise typer.BadParameter("--due 和 --days 只能写一个")
    return [
        IssueOrder(
            lead_unit_id=deed.unit("unit"),
            officer_id=deed.person("officer", Role.OFFICER),
            leader_id=deed.person("leader"),
            reviewer_id=deed.person("reviewer", Role.REVIEWER),
            approver_id=deed.person("approver"),
            approval_level=deed["level"],
            time_limit=deed["limit"],
            due_on=deed["due"],
            limit_days=deed["days"],
            limit_unit=deed["day_unit"],
            checkpoint_on=deed["checkpoint"],
            title=deed["title"],
            goal=deed["goal"],
            count_total=deed["count"],
            is_publicity_required=deed["publicity"],
            measures=tuple(NewMeasure(words) for words in deed["measure"] or ()),
        )
    ]


def _accept(deed: Deed) -> dict[str, Any]:
    from rectification.casework import NewMeasure

    return {
        "officer_id": deed.person("officer"),
        "measures": [NewMeasure(words) for words in deed["measure"] or ()],
    }


def _evidence(deed: Deed) -> Sequence[Any]:
    from rectification.casework import NewEvidence

    return [
        NewEvidence(deed["file"], deed["archive_no"], deed["note"], deed["own_date"], deed["notice_only"])
    ]


def _hands(deed: Deed) -> Sequence[Any]:
    from rectification.casework import NewHands

    hands = NewHands(
        lead_unit_id=deed.unit("unit"),
        officer_id=deed.person("officer"),
        leader_id=deed.person("leader"),
        reviewer_id=deed.person("reviewer"),
        approver_id=deed.person("approver"),
    )
    return [deed["reason"], hands]


def _correction(deed: Deed, **more: Any) -> Any:
    from rectification.casework import Correction

    return Correction(
        **{name: deed[name] for name in ("title", "text", "cause", "category", "goal", "remark")},
        **more,
        due_on=deed["due"],
        count_total=deed["count"],
        is_recurring=deed["recurring"],
        is_restricted=deed["restricted"],
        is_publicity_required=deed["publicity"],
    )


def _participants(deed: Deed) -> dict[str, Any]:
    return {
        "add_people": deed.people("add"),
        "add_units": deed.units("add_unit"),
        "remove_people": deed.people("remove"),
        "remove_units": deed.units("remove_unit"),
    }


def _purge(deed: Deed) -> Sequence[Any]:
    return [deed["evidence"], deed["reason"], deed.person("witness")]


_CORRECTED: Final = [
    *(
        choice(name, str, explained)
        for name, explained in (
            ("title", "任务名称"),
            ("text", "具体问题"),
            ("cause", "产生原因"),
            ("category", "问题类别"),
            ("goal", "整改目标"),
            ("remark", "备注"),
        )
    ),
    number("count", "总数"),
    flag("recurring", "是否反复出现"),
    flag("restricted", "是否仅限指定人员"),
    flag("publicity", "审签后是否公示"),
]
_HOLDERS: Final = [
    text("unit", "科室", "牵头科室；写了责任人可省", is_required=False),
    login("officer", "责任人"),
    login("leader", "责任领导"),
    login("reviewer", "复核人"),
    login("approver", "审签领导"),
]

COMMANDS: Final = (
    Command(
        Verb.ISSUE,
        "下达：草稿成为某科室的任务。",
        [
            *_HOLDERS,
            choice("level", ApprovalLevel, "审签层级"),
            choice("limit", TimeLimit, "时限类型；默认按草稿的建议"),
            day("due", "整改时限；默认按草稿的建议"),
            number("days", "几天内完成，与 --due 二选一"),
            choice("day_unit", DayUnit, "按工作日还是自然日计", DayUnit.WORKING),
            day("checkpoint", "长期坚持的首个检查节点"),
            text("title", "任务名称", "会写进提醒邮件，勿含内部内容；不写则用拟定的", is_required=False),
            text("goal", "目标", "整改目标", is_required=False),
            several("measure", "措施", "整改措施，可多次写"),
            number("count", "总数，如 72 项隐患"),
            flag("publicity", "审签后是否公示"),
        ],
        _issue,
    ),
    Command(Verb.ARCHIVE, "仅存档：这一项不跟踪。", [MAY_SAY_WHY], _only("reason")),
    Command(
        Verb.MERGE,
        "并入已有任务。",
        [text("into", "编号", "并入哪项办理中的任务"), MAY_SAY_WHY],
        _only("into", "reason"),
    ),
    Command(
        Verb.EDIT,
        "修改草稿：下达前改种类、任务名称和文字。",
        [*_CORRECTED, choice("kind", ItemKind, "种类"), day("due", "拟定的时限"), MAY_SAY_WHY],
        lambda deed: [_correction(deed, kind=deed["kind"]), deed["reason"]],
    ),
    Command(
        Verb.SPLIT,
        "拆分草稿：第一段留下，其余各成一条草稿。",
        [several("part", "文字", "拆成的一段，写两次以上")],
        lambda deed: [deed["part"] or ()],
    ),
    Command(
        Verb.JOIN, "合并草稿：另一条的文字并进来。", [text("other", "编号", "并进来的草稿")], _only("other")
    ),
    Command(
        Verb.ACCEPT,
        "签收。",
        [
            login("officer", "科室负责人签收时指定责任人"),
            several("measure", "措施", "整改措施，可多次写"),
        ],
        _only(),
        _accept,
    ),
    Command(Verb.REFUSE, "退回（非本单位职责）。", [REASON], _only("reason")),
    Command(
        Verb.PROGRESS,
        "报进展。",
        [
            text("text", "进展", "做了什么"),
            text("late_reason", "原因", "超期原因", is_required=False),
            text("needs_decision", "事项", "需提请协调事项", is_required=False),
            number("count_done", "已完成数", least=0),
        ],
        _only("text"),
        lambda deed: {name: deed[name] for name in ("late_reason", "needs_decision", "count_done")},
    ),
    Command(
        Verb.MEASURE,
        "拟定一条措施。",
        [text("text", "措施"), day("due", "措施的完成日期"), login("owner", "措施承担人")],
        _only("text"),
        lambda deed: {"due_on": deed["due"], "owner_id": deed.person("owner")},
    ),
    Command(Verb.CONFIRM_MEASURES, "确认已拟定的措施。", [], _only()),
    Command(
        Verb.FINISH_MEASURE,
        "完成一条措施。",
        [number("position", "第几条", is_required=True), text("text", "说明", is_required=False)],
        _only("position", "text"),
    ),
    Command(
        Verb.DROP_MEASURE,
        "取消一条措施。",
        [number("position", "第几条", is_required=True), REASON],
        _only("position", "reason"),
    ),
    Command(
        Verb.PARTICIPATE,
        "增减经办人和配合单位。",
        [
            several("add", "登录名", "增加经办人，可多次写"),
            several("add_unit", "科室", "增加配合单位，可多次写"),
            several("remove", "登录名", "减少经办人"),
            several("remove_unit", "科室", "减少配合单位"),
        ],
        _only(),
        _participants,
    ),
    Command(
        Verb.EVIDENCE,
        "上传佐证材料，或登记纸质档号。本系统为非涉密系统，严禁上传国家秘密。",
        [
            path("file", "办公文件、图片或纯文本"),
            text("archive_no", "档号", "纸质材料的档号", is_required=False),
            text("note", "说明", is_required=False),
            day("own_date", "材料本身的日期"),
            choice("notice_only", bool, "只是会议、通知一类", default=False),
        ],
        _evidence,
        prepare=keep_file,
    ),
    Command(
        Verb.PURGE_EVIDENCE,
        "误传清除：材料不再可读，留下校验码、理由和两人姓名。",
        [
            number("evidence", "材料序号，见 task show", is_required=True),
            REASON,
            login("witness", "见证人", is_required=True),
        ],
        _purge,
        finish=destroy_purged_files,
    ),
    Command(
        Verb.REQUEST_EXTENSION, "申请延期，须在到期前。", [REASON, NEW_DATE], _only("reason", "new_date")
    ),
    Command(
        Verb.GRANT_EXTENSION,
        "同意延期。",
        [day("new_date", "另定的日期；默认按申请"), MAY_SAY_WHY],
        _only("new_date", "reason"),
    ),
    Command(Verb.DENY_EXTENSION, "不同意延期。", [REASON], _only("reason")),
    Command(Verb.REDATE, "逾期后重定时限。", [REASON, NEW_DATE], _only("reason", "new_date")),
    Command(
        Verb.MAKE_LONG_TERM,
        "转为长期坚持；新日期是首个检查节点。",
        [REASON, NEW_DATE],
        _only("reason", "new_date"),
    ),
    Command(Verb.SUBMIT, "申请销号（工作任务为申请办结）。", [text("statement", "说明")], _only("statement")),
    Command(Verb.WITHDRAW, "撤回申请。", [MAY_SAY_WHY], _only("reason")),
    Command(Verb.CONFIRM, "科室审核同意。", [VERDICT], _only("verdict")),
    Command(
        Verb.VERIFY,
        "复核通过。",
        [
            text("verdict", "意见"),
            text("override", "理由", "复核人就在牵头科室时，写明为何仍由其复核", is_required=False),
        ],
        _only("verdict"),
        lambda deed: {"override": deed["override"]},
    ),
    Command(Verb.RETURN, "退回整改。", [REASON], _only("reason")),
    Command(
        Verb.APPROVE,
        "审签同意。",
        [VERDICT, MINUTES],
        _only("verdict"),
        lambda deed: {"minutes_no": deed["minutes_no"]},
    ),
    Command(Verb.CLOSE, "公示期满销号。", [VERDICT], _only("verdict")),
    Command(Verb.OBJECT, "公示有异议。", [REASON], _only("reason")),
    Command(
        Verb.TERMINATE,
        "终止（不再整改）。",
        [REASON, MINUTES],
        _only("reason"),
        lambda deed: {"minutes_no": deed["minutes_no"]},
    ),
    Command(
        Verb.CARRY_OVER,
        "结转：登记年度结论和下一节点。",
        [text("conclusion", "结论"), NEW_DATE],
        _only("conclusion", "new_date"),
    ),
    Command(
        Verb.CHECKPOINT,
        "检查节点：登记检查结论和下一节点。",
        [text("conclusion", "结论"), NEW_DATE],
        _only("conclusion", "new_date"),
    ),
    Command(
        Verb.REOPEN,
        "回头看重开；原销号留存。",
        [text("finding", "问题", "回头看发现了什么"), day("due", "新的时限；默认接续原来剩下的时间")],
        _only("finding"),
        lambda deed: {"due_on": deed["due"]},
    ),
    Command(Verb.LOOK_BACK, "回头看：查过，整改属实。", [text("finding", "情况")], _only("finding")),
    Command(Verb.TRANSFER, "转办给别的科室或人员。", [REASON, *_HOLDERS], _hands),
    Command(
        Verb.CORRECT,
        "更正录入错误；不是延期。",
        [
            REASON,
            *_CORRECTED,
            day("due", "更正后的时限，须写明依据文件"),
        ],
        lambda deed: [deed["reason"], _correction(deed)],
    ),
    Command(Verb.INSTRUCT, "领导批示。", [text("text", "批示")], _only("text")),
    Command(Verb.SUPERVISE, "挂牌督办。", [REASON], _only("reason")),
    Command(
        Verb.REDACT,
        "清除一条办理记录中的文字；谁在何时做了什么仍在。",
        [number("event", "记录序号，见 task show --json", is_required=True), REASON],
        _only("event", "reason"),
    ),
)


def add_to(cli: typer.Typer) -> None:
    """Put every verb beside `task list` and `task show`."""
    for command in COMMANDS:
        command.add_to(cli)
