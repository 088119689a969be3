"""What leaders and keepers decide on the way: dates, checkpoints, instructions, supervision."""

from datetime import date
from typing import Annotated, Final

from app.web.actions.action import Action, LongText, words
from app.web.actions.handling import has_pending_extension, wanted_extension
from app.web.forms import Control, Form
from models.enums import ItemKind, TimeLimit, Verb
from rectification import casework
from rectification.lists.case_file import CaseFile


class GrantForm(Form):
    new_on: Annotated[date | None, Control("延到哪一天", "date", "留空则按申请的日期")] = None
    reason: Annotated[LongText, Control("批复意见", "area", rows=2)] = ""


class RedateForm(Form):
    reason: Annotated[LongText, Control("原因", "area", "超期的事实会保留在记录里", rows=3)]
    new_on: Annotated[date, Control("新的时限", "date")]


class LongTermForm(Form):
    reason: Annotated[LongText, Control("原因", "area", "为什么不能限期完成", rows=3)]
    new_on: Annotated[date, Control("第一个检查节点", "date", "至少半年一次")]


class CheckpointForm(Form):
    conclusion: Annotated[LongText, Control("检查结论", "area", rows=4)]
    new_on: Annotated[date, Control("下一检查节点", "date", "至少半年一次")]


class CarryOverForm(Form):
    conclusion: Annotated[LongText, Control("本年结论", "area", rows=4)]
    new_on: Annotated[date, Control("结转到哪一天", "date")]


def _is_long_term(file: CaseFile) -> bool:
    return file.row.time_limit is TimeLimit.LONG_TERM


def _is_overdue(file: CaseFile) -> bool:
    return file.row.overdue_days > 0 and not _is_long_term(file)


def _carries_on(file: CaseFile) -> bool:
    return _is_long_term(file) or file.row.kind is ItemKind.PLAN


STEERING: Final[dict[Verb, Action]] = {
    Verb.GRANT_EXTENSION: Action(
        GrantForm,
        "批准后时限改变，原时限和次数保留。",
        lambda deed, form: deed.do(casework.grant_extension, form.new_on, form.reason),
        wanted_extension,
        has_pending_extension,
    ),
    Verb.DENY_EXTENSION: Action(
        words("不同意的理由"),
        "时限不变。",
        lambda deed, form: deed.do(casework.deny_extension, form.words),
        fits=has_pending_extension,
    ),
    Verb.REDATE: Action(
        RedateForm,
        "已经超期的任务重新定一个日期。",
        lambda deed, form: deed.do(casework.redate, form.reason, form.new_on),
        fits=_is_overdue,
    ),
    Verb.MAKE_LONG_TERM: Action(
        LongTermForm,
        "不再限期，改为定期检查。",
        lambda deed, form: deed.do(casework.make_long_term, form.reason, form.new_on),
        fits=lambda file: not _is_long_term(file),
    ),
    Verb.CHECKPOINT: Action(
        CheckpointForm,
        "登记这次检查的结论，定下次检查的日期。",
        lambda deed, form: deed.do(casework.checkpoint, form.conclusion, form.new_on),
        fits=_is_long_term,
    ),
    Verb.CARRY_OVER: Action(
        CarryOverForm,
        "写下本年结论，继续办理。",
        lambda deed, form: deed.do(casework.carry_over, form.conclusion, form.new_on),
        fits=_carries_on,
    ),
    Verb.INSTRUCT: Action(
        words("批示", "经办的人都看得到"),
        "写入办理记录。",
        lambda deed, form: deed.do(casework.instruct, form.words),
    ),
    Verb.SUPERVISE: Action(
        words("挂牌督办的理由"),
        "此后只有主要负责人或会议可以同意销号。",
        lambda deed, form: deed.do(casework.supervise, form.words),
        fits=lambda file: not file.is_supervised,
    ),
}
