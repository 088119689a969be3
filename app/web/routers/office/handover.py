"""People change: a person's open tasks go to a colleague at once (交接), somebody stands in for a while (AB岗)."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Response
from pydantic import Field as Limits

from app.web.actions import choices_for
from app.web.forms import Choice, Control, Form, LongText, RecordId
from app.web.page_request import Visitor
from app.web.pages import back_to, redirect, render
from rectification import casework
from rectification.office.actors import Acting, Paper
from rectification.office.people import list_people
from rectification.office.second_person import WAITS, Cover
from rectification.office.substitutes import arrange_substitute, end_substitute, list_substitutes
from rectification.roles_in_task import Part

router = APIRouter(prefix="/people")

_PARTS: Final = {
    "officer": ("责任人", Part.OFFICER),
    "leader": ("责任领导（由其审签的一并移交）", Part.LEADER),
    "reviewer": ("复核人（含待回头看）", Part.REVIEWER),
    "approver": ("审签人", Part.APPROVER),
    "participant": ("经办人和措施承担人", Part.PARTICIPANT),
}


class HandOverForm(Form):
    """Whose tasks go to whom; without a choice of parts, everything does."""

    leaver_id: Annotated[RecordId, Control("移交人", "select", "离岗、调动的人也可以选", "everybody")]
    successor_id: Annotated[RecordId, Control("接手人", "select", "", "people")]
    part: Annotated[str, Control("只移交作为", "select", "不选就是全部身份", "parts")] = ""
    reason: Annotated[LongText, Control("交接原因", "area", "如轮岗、调离、长期请假", rows=2)]
    paper_no: Annotated[str, Limits(max_length=200), Control("依据文号", hint="有任免或分工文件的填写")] = ""
    paper_date: Annotated[date | None, Control("文件日期", "date", "填了文号的须填")] = None


class SubstituteForm(Form):
    """Who stands in for whom, both days included."""

    person_id: Annotated[RecordId, Control("A岗（不在岗的人）", "select", "", "people")]
    substitute_id: Annotated[RecordId, Control("B岗（代办的人）", "select", "", "people")]
    starts_on: Annotated[date, Control("从", "date")]
    ends_on: Annotated[date, Control("到", "date", "含当天")]


@router.get("/hand-over", name="hand_over")
def hand_over(visit: Visitor) -> Response:
    """The form; `?leaver=` names the one who leaves the office (离岗)."""
    asked = visit.request.query_params
    proposed = {"leaver_id": asked.get("leaver", ""), "part": asked.get("part", "")}
    everybody = [
        Choice(str(each.id), f"{each.name}（{each.unit}{'' if each.is_active else '，已离岗'}）")
        for each in list_people(visit.session, visit.actor.bureau_id)
    ]
    choices = {
        **choices_for(visit.session, visit.actor.bureau_id),
        "everybody": everybody,
        "parts": [Choice(name, label) for name, (label, _) in _PARTS.items()],
    }
    filled = visit.filled(HandOverForm, proposed)
    leaves = proposed["leaver_id"] or visit.text("leaves")
    return render(visit, "handover.html", fields=filled.fields(choices), leaves=leaves)


@router.post("/hand-over", name="hand_over_post")
@back_to(hand_over)
def hand_over_post(visit: Visitor) -> Response:
    """Hand over all, or nothing and the tasks that cannot go."""
    form = visit.read(HandOverForm)
    paper = Paper(form.paper_date, form.paper_no) if form.paper_date else None
    acting = Acting(visit.actor, visit.channel, paper=paper)
    parts = [_PARTS[form.part][1]] if form.part in _PARTS else []
    with visit.unit_of_work() as session:
        codes = casework.hand_over(
            session, visit.clock, acting, form.leaver_id, form.successor_id, form.reason, parts=parts
        )
    note = f"已交接 {len(codes)} 项：{'、'.join(codes[:20])}"
    if visit.text("leaves"):
        return redirect(visit, "person_leave", person_id=form.leaver_id, note=note)
    return redirect(visit, "people", note=note)


@router.get("/substitutes", name="substitutes")
def substitutes_page(visit: Visitor) -> Response:
    """Who stands in today or soon."""
    bureau_id, today = visit.actor.bureau_id, visit.clock.today
    filled = visit.filled(SubstituteForm, {"starts_on": today.isoformat()})
    return render(
        visit,
        "substitutes.html",
        rows=list_substitutes(visit.session, bureau_id, today),
        fields=filled.fields(choices_for(visit.session, bureau_id)),
    )


@router.post("/substitutes", name="substitutes_post")
@back_to(substitutes_page)
def substitutes_post(visit: Visitor) -> Response:
    """One more arrangement."""
    form = visit.read(SubstituteForm)
    with visit.unit_of_work() as session:
        cover = Cover(form.substitute_id, form.starts_on, form.ends_on)
        made = arrange_substitute(session, visit.by, visit.actor.bureau_id, form.person_id, cover)
        note = "AB岗已登记，代岗期间可以代办，也会收到提醒" if made else f"AB岗{WAITS}，确认前不生效"
    return redirect(visit, "substitutes", note=note)


@router.post("/substitutes/{row_id}/end", name="substitute_end_post")
def substitute_end_post(visit: Visitor, row_id: int) -> Response:
    """End one from today."""
    with visit.unit_of_work() as session:
        end_substitute(session, visit.by, visit.actor.bureau_id, row_id)
    return redirect(visit, "substitutes", note="已结束")
