"""What the responsible unit does: accept, report, prove, ask for time, keep its measures."""

from datetime import date
from typing import Annotated, Final

from pydantic import Field as Limits

from app.web.actions.action import Action, Deed, LongText, NoForm, RecordId, Whole, words
from app.web.forms import Control, Form
from models.enums import TimeLimit, Verb
from models.task import RectificationTask
from rectification import casework
from rectification.lists.case_file import CaseFile


class AcceptForm(Form):
    officer_id: Annotated[
        RecordId | None, Control("责任人", "select", "已有责任人的可以不改", "own_officers")
    ] = None
    measures: Annotated[LongText, Control("措施", "area", "一行一条；以后还可以补充", rows=4)] = ""


class ProgressForm(Form):
    text: Annotated[LongText, Control("进展", "area", "做了什么、取得什么效果；写给领导看的一段话", rows=6)]
    late_reason: Annotated[LongText, Control("超期原因", "area", "已超期或预计要超期时写", rows=2)] = ""
    needs_decision: Annotated[
        LongText, Control("需提请协调事项", "area", "需要领导或上级协调的事；没有就留空", rows=2)
    ] = ""
    count_done: Annotated[Whole | None, Control("已完成数", "number", "按总数计的任务才填")] = None


class EvidenceForm(Form):
    archive_no: Annotated[
        str, Limits(max_length=200), Control("纸质档号", hint="没有电子文件时填，例如 2026-法规-永久-012")
    ] = ""
    note: Annotated[str, Limits(max_length=2000), Control("说明", hint="这份材料证明什么")] = ""
    own_date: Annotated[date | None, Control("材料本身的日期", "date")] = None
    is_notice_only: Annotated[bool, Control("只是会议、通知一类", "check")] = False


class ExtensionForm(Form):
    reason: Annotated[LongText, Control("延期原因", "area", "依据和已做的工作", rows=4)]
    new_on: Annotated[date, Control("延到哪一天", "date", "须写明具体日期")]


class MeasureForm(Form):
    text: Annotated[LongText, Control("措施", "area", rows=3)]
    due_on: Annotated[date | None, Control("这条措施的时限", "date")] = None
    owner_id: Annotated[RecordId | None, Control("承担人", "select", "留空为责任人", "people")] = None


class FinishMeasureForm(Form):
    position: Annotated[Whole, Control("完成了哪一条", "select", "", "open_measures")]
    text: Annotated[LongText, Control("完成情况", "area", rows=3)] = ""


class DropMeasureForm(Form):
    position: Annotated[Whole, Control("取消哪一条", "select", "", "open_measures")]
    reason: Annotated[LongText, Control("取消原因", "area", rows=3)]


def _accept(deed: Deed, form: AcceptForm) -> RectificationTask:
    steps = [casework.NewMeasure(line.strip()) for line in form.measures.splitlines() if line.strip()]
    return deed.do(casework.accept, officer_id=form.officer_id, measures=steps)


def _progress(deed: Deed, form: ProgressForm) -> RectificationTask:
    return deed.do(casework.progress, **form.model_dump())


def _confirm_measures(deed: Deed, form: NoForm) -> RectificationTask:
    del form
    return deed.do(casework.confirm_measures)


def _evidence(deed: Deed, form: EvidenceForm) -> RectificationTask:
    return deed.do(casework.evidence, casework.NewEvidence(file=deed.file, **form.model_dump()))


def _is_dated(file: CaseFile) -> bool:
    return file.row.time_limit is not TimeLimit.LONG_TERM


def _may_ask(file: CaseFile) -> bool:
    return _is_dated(file) and not file.row.overdue_days and not has_pending_extension(file)


def _has_open_measures(file: CaseFile) -> bool:
    return any(measure.done_on is None for measure in file.measures)


def has_pending_extension(file: CaseFile) -> bool:
    """Whether a request for more time waits."""
    return any(each.decision is None for each in file.extensions)


def wanted_extension(file: CaseFile) -> dict[str, str]:
    """The date asked for, as a proposal to whoever decides."""
    wanted = next((each.due_wanted for each in file.extensions if each.decision is None), None)
    return {"new_on": wanted.isoformat()} if wanted else {}


HANDLING: Final[dict[Verb, Action]] = {
    Verb.ACCEPT: Action(AcceptForm, "签收后开始办理，按时限提醒。", _accept),
    Verb.REFUSE: Action(
        words("退回理由", "为什么不是本单位的职责，应由谁办"),
        "退回台账管理员重新下达。",
        lambda deed, form: deed.do(casework.refuse, form.words),
    ),
    Verb.PROGRESS: Action(ProgressForm, "写入办理记录，半年调度和汇报材料直接取用。", _progress),
    Verb.EVIDENCE: Action(
        EvidenceForm, "上传文件，或登记纸质档号；申请销号至少要有一份。", _evidence, takes_file=True
    ),
    Verb.REQUEST_EXTENSION: Action(
        ExtensionForm,
        "须在到期前申请，由审签领导批准；原时限会一直保留。",
        lambda deed, form: deed.do(casework.request_extension, form.reason, form.new_on),
        fits=_may_ask,
    ),
    Verb.MEASURE: Action(
        MeasureForm,
        "拟定一条措施；责任人拟的经科室负责人或台账管理员确认后生效。",
        lambda deed, form: deed.do(casework.measure, form.text, due_on=form.due_on, owner_id=form.owner_id),
    ),
    Verb.CONFIRM_MEASURES: Action(
        NoForm,
        "确认后只有科室负责人和台账管理员可以取消。",
        _confirm_measures,
        fits=_has_open_measures,
    ),
    Verb.FINISH_MEASURE: Action(
        FinishMeasureForm,
        "登记一条措施已经完成。",
        lambda deed, form: deed.do(casework.finish_measure, form.position, form.text),
        fits=_has_open_measures,
    ),
    Verb.DROP_MEASURE: Action(
        DropMeasureForm,
        "取消后仍留在记录里。",
        lambda deed, form: deed.do(casework.drop_measure, form.position, form.reason),
        fits=_has_open_measures,
    ),
}
