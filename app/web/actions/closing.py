"""How a task ends: request, confirmation, verification, signature, publicity, and looking back."""

from datetime import date
from typing import Annotated, Final

from pydantic import Field as Limits

from app.web.actions.action import Action, LongText, RecordId, Whole, words
from app.web.forms import Control, Form
from models.enums import Verb
from rectification import casework
from rectification.lists.case_file import CaseFile


class VerifyForm(Form):
    verdict: Annotated[LongText, Control("复核意见", "area", "看了哪些材料，是否属实，问题是否真正解决")]
    override: Annotated[
        LongText, Control("本人在牵头科室的理由", "area", "只有复核人就在牵头科室时才写，会留痕", rows=2)
    ] = ""


class SignForm(Form):
    verdict: Annotated[LongText, Control("审签意见", "area", rows=3)] = ""
    minutes_no: Annotated[str, Limits(max_length=200), Control("会议纪要号", hint="须经会议审定的才填")] = ""


class TerminateForm(Form):
    reason: Annotated[LongText, Control("终止理由", "area", "如职能划转、政策调整")]
    minutes_no: Annotated[str, Limits(max_length=200), Control("会议纪要号", hint="须经会议审定的才填")] = ""


class ReopenForm(Form):
    finding: Annotated[LongText, Control("回头看发现", "area", "为什么说没有真正整改到位")]
    due_on: Annotated[date | None, Control("新的时限", "date", "留空则接着原时限计算")] = None


class PurgeForm(Form):
    evidence_id: Annotated[RecordId, Control("清除哪一份", "select", "", "files")]
    reason: Annotated[LongText, Control("清除理由", "area", "文件销毁，校验码、理由和两人姓名保留", rows=3)]
    witness_id: Annotated[RecordId, Control("见证人", "select", "须另一人在场", "people")]


class RedactForm(Form):
    sequence: Annotated[Whole, Control("清除哪一条", "select", "", "events")]
    reason: Annotated[
        LongText,
        Control("清除理由", "area", "如写入了个人信息；文字不可恢复，谁、何时、为何清除会留痕", rows=3),
    ]


def _has_files(file: CaseFile) -> bool:
    return any(each.sha256 and not each.is_purged for each in file.evidence)


CLOSING: Final[dict[Verb, Action]] = {
    Verb.SUBMIT: Action(
        words("情况说明", "整改做了什么、结果怎样、如何防止再发生", rows=8),
        "提交后由复核人核查；等待复核的时间不算超期。",
        lambda deed, form: deed.do(casework.submit, form.words),
        shows_proof=True,
    ),
    Verb.WITHDRAW: Action(
        words("撤回理由", is_optional=True, rows=2),
        "复核之前可以撤回，修改后再申请。",
        lambda deed, form: deed.do(casework.withdraw, form.words),
    ),
    Verb.CONFIRM: Action(
        words("审核意见", is_optional=True, rows=3),
        "科室负责人对申请内容负责。",
        lambda deed, form: deed.do(casework.confirm, form.words),
        shows_proof=True,
    ),
    Verb.VERIFY: Action(
        VerifyForm,
        "核对材料和措施后写下意见，转审签领导。",
        lambda deed, form: deed.do(casework.verify, form.verdict, override=form.override),
        shows_proof=True,
    ),
    Verb.RETURN: Action(
        words("退回理由", "哪里没有到位，要补什么"),
        "退回责任人继续办理，复核和审签占用的天数会补给时限。",
        lambda deed, form: deed.do(casework.return_, form.words),
        shows_proof=True,
    ),
    Verb.APPROVE: Action(
        SignForm,
        "同意后销号；须公示的先公示。",
        lambda deed, form: deed.do(casework.approve, form.verdict, minutes_no=form.minutes_no),
        shows_proof=True,
    ),
    Verb.CLOSE: Action(
        words("公示情况", is_optional=True, rows=2),
        "公示期满且无异议。",
        lambda deed, form: deed.do(casework.close, form.words),
    ),
    Verb.OBJECT: Action(
        words("异议内容"),
        "退回责任人继续办理。",
        lambda deed, form: deed.do(casework.object_, form.words),
    ),
    Verb.TERMINATE: Action(
        TerminateForm,
        "不再整改，按销号的级别审签。",
        lambda deed, form: deed.do(casework.terminate, form.reason, minutes_no=form.minutes_no),
    ),
    Verb.REOPEN: Action(
        ReopenForm,
        "重新整改，原来的销号记录保留。",
        lambda deed, form: deed.do(casework.reopen, form.finding, due_on=form.due_on),
    ),
    Verb.LOOK_BACK: Action(
        words("回头看结论", "现场或抽查的情况"),
        "核查后仍然属实。",
        lambda deed, form: deed.do(casework.look_back, form.words),
        shows_proof=True,
    ),
    Verb.PURGE_EVIDENCE: Action(
        PurgeForm,
        "误传的文件（例如涉密、隐私）从系统中销毁。",
        lambda deed, form: deed.do(casework.purge_evidence, form.evidence_id, form.reason, form.witness_id),
        fits=_has_files,
    ),
    Verb.REDACT: Action(
        RedactForm,
        "抹去一条办理记录里的文字，任务中同样的文字一并抹去。",
        lambda deed, form: deed.do(casework.redact, form.sequence, form.reason),
    ),
}
