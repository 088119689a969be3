"""What the clerk does with a draft before it is issued: write it otherwise, split it, join it with another."""

import re
from typing import Annotated, Final

from pydantic import Field as Limits

from app.web.actions.action import Action, Deed, LongText
from app.web.forms import Control, Form
from models.enums import ItemKind, Verb
from models.task import RectificationTask
from rectification import casework
from rectification.lists.case_file import CaseFile

_BLANK_LINE: Final = re.compile(r"\n[ \t\u3000]*\n")


class EditForm(Form):
    """What the draft should say."""

    kind: Annotated[ItemKind, Control("种类", "select", choices="kinds")]
    title: Annotated[
        str | None, Limits(max_length=200), Control("任务名称", hint="邮件只显示名称，不要写入敏感内容")
    ] = None
    text: Annotated[LongText, Control("问题或计划", "area", rows=5)]
    cause: Annotated[LongText, Control("产生原因", "area", rows=2)] = ""
    is_recurring: Annotated[bool, Control("反复出现（由主要负责人审签）", "check")] = False


class SplitForm(Form):
    parts: Annotated[LongText, Control("在要拆开的地方空一行", "area", "每一段成为一条草稿", rows=7)]


class JoinForm(Form):
    other: Annotated[str, Control("把哪一条草稿并进来", "select", choices="drafts")]


def _edit(deed: Deed, form: EditForm) -> RectificationTask:
    return deed.do(casework.edit, casework.Correction(**form.model_dump()))


def _split(deed: Deed, form: SplitForm) -> RectificationTask:
    return deed.do(casework.split, _BLANK_LINE.split(form.parts.replace("\r\n", "\n")))


def _as_it_stands(file: CaseFile) -> dict[str, str]:
    row = file.row
    flags = {"is_recurring": "on"} if file.is_recurring else {}
    return {"kind": row.kind.value, "title": row.title, "text": row.text, "cause": row.cause, **flags}


DRAFTING: Final[dict[Verb, Action]] = {
    Verb.EDIT: Action(EditForm, "报告原文不变，原来的草稿留在办理记录里。", _edit, _as_it_stands),
    Verb.SPLIT: Action(
        SplitForm, "一条里说了几件事，分成几条下达。", _split, lambda file: {"parts": file.row.text}
    ),
    Verb.JOIN: Action(
        JoinForm, "几条说的是一件事，合成一条。", lambda deed, form: deed.do(casework.join, form.other)
    ),
}
