"""What the clerk does: issue, archive, merge, transfer, correct, call for participants."""

from datetime import date
from typing import Annotated, Final

from pydantic import Field as Limits

from app.web.actions.action import Action, Deed, LongText, RecordId, words
from app.web.forms import Control, Form
from models.enums import ApprovalLevel, DayUnit, TimeLimit, Verb
from models.task import RectificationTask
from rectification import casework
from rectification.lists.case_file import CaseFile


class IssueForm(Form):
    """Who is to do what by when."""

    title: Annotated[
        str, Limits(max_length=200), Control("任务名称", hint="邮件和列表只显示名称，不要写入敏感内容")
    ] = ""
    lead_unit_id: Annotated[RecordId, Control("牵头科室", "select", choices="units")]
    officer_id: Annotated[
        RecordId | None, Control("责任人", "select", "可以留空，由科室负责人签收时指定", "officers")
    ] = None
    leader_id: Annotated[
        RecordId | None, Control("责任领导", "select", "留空则取科室的分管领导", "leaders")
    ] = None
    reviewer_id: Annotated[RecordId | None, Control("复核人", "select", "须在牵头科室以外", "reviewers")] = (
        None
    )
    approver_id: Annotated[
        RecordId | None, Control("审签领导", "select", "留空则为责任领导", "approvers")
    ] = None
    approval_level: Annotated[ApprovalLevel, Control("审签级别", "select", "", "approval_levels")] = (
        ApprovalLevel.LEADER
    )
    time_limit: Annotated[TimeLimit, Control("时限类型", "select", "", "time_limits")] = TimeLimit.DATED
    due_on: Annotated[date | None, Control("完成时限", "date", "限期整改填日期")] = None
    limit_days: Annotated[
        int | None,
        Limits(ge=1, le=400),
        Control("或：几个工作日内完成", "number", "立行立改常用；填了就不看上面的日期"),
    ] = None
    checkpoint_on: Annotated[date | None, Control("下一检查节点", "date", "长期坚持填；留空为本半年末")] = (
        None
    )
    goal: Annotated[LongText, Control("整改目标", "area", "做到什么程度算完成", rows=2)] = ""


class MergeForm(Form):
    into: Annotated[
        str, Limits(max_length=64), Control("并入的任务编号", hint="一项还在办理的任务，例如 2025-003")
    ]
    reason: Annotated[LongText, Control("说明", "area", rows=2)] = ""


class TransferForm(Form):
    """Who has the task from now on; what stays empty stays."""

    reason: Annotated[LongText, Control("转办原因", "area", "如轮岗、职责调整", rows=2)]
    lead_unit_id: Annotated[RecordId | None, Control("新的牵头科室", "select", "不变就留空", "units")] = None
    officer_id: Annotated[RecordId | None, Control("新的责任人", "select", "不变就留空", "officers")] = None
    leader_id: Annotated[RecordId | None, Control("新的责任领导", "select", "不变就留空", "leaders")] = None
    reviewer_id: Annotated[RecordId | None, Control("新的复核人", "select", "不变就留空", "reviewers")] = None
    approver_id: Annotated[RecordId | None, Control("新的审签领导", "select", "不变就留空", "approvers")] = (
        None
    )


class CorrectForm(Form):
    """What should stand; what is not changed is taken as it is."""

    reason: Annotated[LongText, Control("更正原因", "area", "原来的内容会留在办理记录里", rows=2)]
    title: Annotated[str | None, Limits(max_length=200), Control("任务名称")] = None
    text: Annotated[LongText | None, Control("问题或计划的原文", "area", rows=4)] = None
    cause: Annotated[LongText | None, Control("产生原因", "area", rows=2)] = None
    goal: Annotated[LongText | None, Control("整改目标", "area", rows=2)] = None
    category: Annotated[str | None, Limits(max_length=200), Control("问题类别")] = None
    remark: Annotated[LongText | None, Control("备注", "area", rows=2)] = None
    is_restricted: Annotated[bool, Control("仅限指定人员（不进总览、邮件和导出）", "check")] = False
    is_recurring: Annotated[bool, Control("反复出现的问题", "check")] = False
    is_publicity_required: Annotated[bool, Control("销号前须公示", "check")] = False


class ParticipateForm(Form):
    person_id: Annotated[RecordId | None, Control("增加经办人", "select", "", "people")] = None
    unit_id: Annotated[RecordId | None, Control("增加配合单位", "select", "", "units")] = None
    gone_person_id: Annotated[RecordId | None, Control("减少经办人", "select", "", "present_people")] = None
    gone_unit_id: Annotated[RecordId | None, Control("减少配合单位", "select", "", "present_units")] = None


def _issue(deed: Deed, form: IssueForm) -> RectificationTask:
    return deed.do(casework.issue, casework.IssueOrder(**form.model_dump(), limit_unit=DayUnit.WORKING))


def _transfer(deed: Deed, form: TransferForm) -> RectificationTask:
    hands = casework.NewHands(**form.model_dump(exclude={"reason"}))
    return deed.do(casework.transfer, form.reason, hands)


def _correct(deed: Deed, form: CorrectForm) -> RectificationTask:
    correction = casework.Correction(**form.model_dump(exclude={"reason"}))
    return deed.do(casework.correct, form.reason, correction)


def _participate(deed: Deed, form: ParticipateForm) -> RectificationTask:
    return deed.do(
        casework.participate,
        add_people=_one(form.person_id),
        add_units=_one(form.unit_id),
        remove_people=_one(form.gone_person_id),
        remove_units=_one(form.gone_unit_id),
    )


def _one(row_id: int | None) -> list[int]:
    return [] if row_id is None else [row_id]


def _proposed_issue(file: CaseFile) -> dict[str, str]:
    row = file.row
    return {
        "title": row.title,
        "time_limit": row.time_limit.value,
        "due_on": row.proposed_on.isoformat() if row.proposed_on else "",
        "approval_level": file.approval_level.value,
        "goal": file.goal,
    }


def _as_it_stands(file: CaseFile) -> dict[str, str]:
    row = file.row
    flags = {
        "is_restricted": file.is_restricted,
        "is_recurring": file.is_recurring,
        "is_publicity_required": file.is_publicity_required,
    }
    return {
        "title": row.title,
        "text": row.text,
        "cause": row.cause,
        "goal": file.goal,
        "category": file.category,
        "remark": file.remark,
        **{name: "on" for name, is_set in flags.items() if is_set},
    }


ASSIGNING: Final[dict[Verb, Action]] = {
    Verb.ISSUE: Action(IssueForm, "下达后通知牵头科室签收。", _issue, _proposed_issue),
    Verb.ARCHIVE: Action(
        words("理由", "可以不写；学习、思想类条目常用", is_optional=True, rows=2),
        "只留存，不跟踪，不催办。",
        lambda deed, form: deed.do(casework.archive, form.words),
    ),
    Verb.MERGE: Action(
        MergeForm,
        "已有任务在办同一件事，这一条并入它，不再单列。",
        lambda deed, form: deed.do(casework.merge, form.into, form.reason),
    ),
    Verb.TRANSFER: Action(TransferForm, "换人或换科室，任务、时限和办理记录不变。", _transfer),
    Verb.CORRECT: Action(
        CorrectForm, "改正录入错误，新旧内容都留痕；改期不算更正。", _correct, _as_it_stands
    ),
    Verb.PARTICIPATE: Action(ParticipateForm, "让更多人看得到、报得了进展、收得到提醒。", _participate),
}
