"""The telephone list (待电话通知): whom to ring about what, the tick once rung, and the notice to hand over."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.web.forms import RecordId
from app.web.page_request import Visitor
from app.web.pages import DOCX, download, redirect, render
from core.errors import NotFound, RectifyError, Refused
from documents.task.papers import NOTES, reminder_note
from models.organisation import Unit
from notifications.phone import call_list, calls_made, tick

router = APIRouter(prefix="/calls")

_CALLED: Final = 100
_NOBODY: Final = "待电话通知名单上没有这个人"


class TickForm(BaseModel):
    """Who was rung."""

    person_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    note: Annotated[str, Field(max_length=200)] = ""


@router.get("", name="calls")
def calls(visit: Visitor, done: Annotated[bool, Query()] = False) -> Response:
    """Who is to be rung, or who was and by whom."""
    waiting = call_list(visit.session, visit.clock.today, visit.actor.bureau_id)
    called = calls_made(visit.session, visit.actor.bureau_id)[:_CALLED] if done else []
    return render(visit, "telephone.html", callees=waiting, called=called, done=done)


@router.post("", name="calls_post")
def calls_post(visit: Visitor) -> Response:
    """Tick a person: told by telephone, of everything on the list."""
    sent = {"person_id": visit.text("person_id"), "note": visit.text("note")}
    try:
        form = TickForm.model_validate(sent)
    except ValueError as error:
        raise Refused("没有登记", "这一行的内容不完整", "请刷新名单后再试") from error
    try:
        with visit.unit_of_work() as session:
            tick(session, visit.clock, visit.actor, person_id=form.person_id, note=form.note)
    except RectifyError as error:
        return redirect(visit, "calls", note=error.line)
    return redirect(visit, "calls", note="已登记电话通知")


@router.get("/{person_id}/{paper}.docx", name="calls_notice")
def notice(visit: Visitor, person_id: RecordId, paper: Literal["notice", "signing"]) -> Response:
    """催办通知单, or 呈签提示单 of what waits for a signature, to be printed, handed over and signed for."""
    today, signs = visit.clock.today, paper == "signing"
    waiting = call_list(visit.session, today, visit.actor.bureau_id)
    callee = next((each for each in waiting if each.person_id == person_id), None)
    lines = [
        (item.row, item.request)
        for item in (callee.items if callee else ())
        if item.is_own and item.is_to_sign is signs
    ]
    if callee is None or not lines:
        raise NotFound(_NOBODY, "", "可能已经登记过电话通知；请刷新名单")
    bureau = visit.session.get_one(Unit, visit.actor.bureau_id).name
    to = bureau, callee.unit, callee.name
    made = reminder_note(to, lines, today, visit.calendar, is_to_sign=signs)
    return download(made.to_bytes(), f"{NOTES[signs][0]}{callee.name}{today.isoformat()}.docx", DOCX)
