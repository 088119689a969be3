"""The telephone list (待电话通知): whom to ring about what, the tick once rung, and the notice to hand over."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.web.forms import RecordId
from app.web.page_request import Visit, Visitor
from app.web.pages import DOCX, download, redirect, render
from core.errors import NotFound, RectifyError, Refused
from documents.task.papers import ReminderLine, reminder_note
from models.organisation import Unit
from notifications.phone import Callee, call_list, callees, tick

router = APIRouter(prefix="/calls")

_CALLED: Final = 100
_NOBODY: Final = "待电话通知名单上没有这个人"


class TickForm(BaseModel):
    """Who was rung, about which days' reminders."""

    person_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    days: tuple[date, ...] = Field(min_length=1, max_length=400)
    note: Annotated[str, Field(max_length=200)] = ""


@router.get("", name="calls")
def calls(visit: Visitor, done: Annotated[bool, Query()] = False) -> Response:
    """Who is to be rung, or who was and by whom."""
    rows = call_list(visit.session, visit.actor.bureau_id, with_called=done)
    called = sorted(
        (row for row in rows if row.called_at), key=lambda row: (row.day, row.login), reverse=True
    )
    return render(visit, "telephone.html", callees=callees(rows), called=called[:_CALLED], done=done)


@router.post("", name="calls_post")
def calls_post(visit: Visitor) -> Response:
    """Tick a person: told by telephone, of everything on the list."""
    sent = {
        "person_id": visit.text("person_id"),
        "days": visit.form.getlist("day"),
        "note": visit.text("note"),
    }
    try:
        form = TickForm.model_validate(sent)
    except ValueError as error:
        raise Refused("没有登记", "这一行的内容不完整", "请刷新名单后再试") from error
    try:
        with visit.unit_of_work() as session:
            for day in form.days:
                tick(session, visit.clock, visit.actor, person_id=form.person_id, day=day, note=form.note)
    except RectifyError as error:
        return redirect(visit, "calls", note=error.line)
    return redirect(visit, "calls", note="已登记电话通知")


@router.get("/{person_id}/notice.docx", name="calls_notice")
def notice(visit: Visitor, person_id: RecordId) -> Response:
    """催办通知单 of a person on the list, to be printed, handed over and signed for."""
    waiting = callees(call_list(visit.session, visit.actor.bureau_id))
    callee = next((each for each in waiting if each.row.person_id == person_id and each.items), None)
    if callee is None:
        raise NotFound(_NOBODY, "", "可能已经登记过电话通知；请刷新名单")
    bureau = visit.session.get_one(Unit, visit.actor.bureau_id).name
    row, today = callee.row, visit.clock.today
    paper = reminder_note(bureau, row.unit, row.name, _lines(visit, callee), today)
    return download(paper.to_bytes(), f"催办通知单{row.name}{today.isoformat()}.docx", DOCX)


def _lines(visit: Visit, callee: Callee) -> list[ReminderLine]:
    today = visit.clock.today
    return [
        ReminderLine(
            code=item.reason.code,
            title=item.title,
            deadline=None if item.is_request else item.due_on,
            overdue_days=0 if item.is_request else max((today - item.due_on).days, 0),
            days_left=visit.calendar.between(today, item.due_on),
            request=item.reason.label if item.is_request else "",
        )
        for item in callee.items
    ]
