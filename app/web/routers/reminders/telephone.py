"""The telephone list (待电话通知): whom to ring about what, the tick once rung, and the notice to hand over."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from app.web.forms import Form, Mistyped, RecordId
from app.web.page_request import Visitor
from app.web.pages import DOCX, back_to, download, redirect, render
from core.errors import NotFound
from documents.task.papers import task_note
from models.organisation import Unit
from notifications.phone import call_list, calls_made, tick

router = APIRouter(prefix="/calls")

_CALLED: Final = 100


class TickForm(Form):
    """Who was rung."""

    person_id: Annotated[RecordId, Field(title="谁接的电话")]
    note: Annotated[str, Field(max_length=200, title="备注")] = ""


@router.get("", name="calls")
def calls(visit: Visitor, done: Annotated[bool, Query()] = False) -> Response:
    """Who is to be rung, or who was and by whom."""
    waiting = call_list(visit.session, visit.clock.today, visit.actor.bureau_id)
    called = calls_made(visit.session, visit.actor.bureau_id)[:_CALLED] if done else []
    return render(visit, "telephone.html", callees=waiting, called=called, done=done)


@router.post("", name="calls_post")
@back_to(calls, but=(Mistyped,))
def calls_post(visit: Visitor) -> Response:
    """Tick a person: told by telephone, of everything on the list."""
    form = visit.read(TickForm)
    with visit.unit_of_work() as session:
        tick(session, visit.clock, visit.actor, person_id=form.person_id, note=form.note)
    return redirect(visit, "calls", note="已登记电话通知")


@router.get("/{person_id}/{paper}.docx", name="calls_notice")
def notice(visit: Visitor, person_id: RecordId, paper: Literal["notice", "signing"]) -> Response:
    """催办通知单, or 呈签提示单 of what waits for a signature, to be printed, handed over and signed for."""
    today, signs = visit.clock.today, paper == "signing"
    waiting = call_list(visit.session, today, visit.actor.bureau_id)
    callee = next((each for each in waiting if each.person_id == person_id), None)
    lines = callee.asked(signs=signs) if callee else []
    if callee is None or not lines:
        raise NotFound("待电话通知名单上没有这个人", "", "可能已经登记过电话通知；请刷新名单")
    bureau = visit.session.get_one(Unit, visit.actor.bureau_id).name
    made = task_note(bureau, callee.unit, callee.name, lines, today, visit.calendar, signs=signs)
    title = "呈签提示单" if signs else "催办通知单"
    return download(made.to_bytes(), f"{title}{callee.name}{today.isoformat()}.docx", DOCX)
