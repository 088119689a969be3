"""听取汇报: meetings as they are planned, recorded and completed, their papers as heard, what they decided."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Response
from pydantic import Field

from app.web.forms import Choice, Control, Form, RecordId, Ticked
from app.web.page_request import Visit, Visitor
from app.web.pages import back_to, redirect, render, to_save
from app.web.presenting import people_choices
from app.web.task_in_view import stored_place
from app.web.uploads import stored_uploads
from core.errors import NotFound, Refused
from models.enums import ItemKind, Role
from rectification.halfyear import cycles, hearing_plans, hearings
from rectification.halfyear.hearing_plans import NewPlan
from rectification.halfyear.hearings import HearingRow, NewHearing, NewResolution
from rectification.office.bodies import bodies_of
from rectification.office.people import list_people

router = APIRouter(prefix="/reviews/hearings")

_TOLD: Final = "下一个工作日的当日提醒会告知参加人员；没有邮箱的列入待电话通知"

_DEFAULT: Final = "留空则为已冻结而尚未听取的最早一期；没有的，为开会时开启的一期"
_KINDS: Final = (
    Choice(ItemKind.PLAN.value, "工作任务"),
    Choice(ItemKind.FINDING.value, ItemKind.FINDING.word),
)


class PlanForm(Form):
    """A meeting as it is planned."""

    meets_on: Annotated[date, Control("会议日期", "date")]
    place: Annotated[str, Field(max_length=200), Control("时间和地点", hint="例如：上午9点，三楼会议室")] = ""
    body: Annotated[str, Control("会议", "select", choices="bodies", hint="名单可在“设置”中修改")]
    topic: Annotated[str, Field(max_length=400), Control("议题", hint="例如：听取上半年法治建设工作情况汇报")]
    guest: Annotated[Ticked[RecordId], Control("参加人员", "ticks")] = ()


class HearingForm(Form):
    """A meeting as it is recorded."""

    held_on: Annotated[date, Control("会议日期", "date")]
    body: Annotated[str, Control("会议", "select", choices="bodies", hint="名单可在“设置”中修改")]
    topic: Annotated[str, Field(max_length=400), Control("议题", hint="例如：听取上半年法治建设工作情况汇报")]
    presided_by_id: Annotated[int | None, Control("主持人", "select", choices="chairs")] = None
    cycle_id: Annotated[int | None, Control("听取哪一期", "select", choices="cycles", hint=_DEFAULT)] = None
    minutes_no: Annotated[
        str, Field(max_length=200), Control("纪要编号", hint="还没有印发的可以先不填，印发后在会议页面补上")
    ] = ""
    note: Annotated[str, Field(max_length=2_000), Control("备注", "area", rows=2)] = ""


class MinutesForm(Form):
    """The number of a meeting's minutes."""

    minutes_no: Annotated[str, Field(max_length=200), Control("纪要编号")]


class ResolutionForm(Form):
    """One thing a meeting decided."""

    text: Annotated[str, Field(max_length=hearings.MAX_TEXT), Control("议定事项", "area", rows=2)]
    kind: Annotated[
        ItemKind, Control("作为", "select", choices="kinds", hint="工作任务以办结结束，问题以销号结束")
    ] = ItemKind.PLAN
    due_on: Annotated[date | None, Control("时限", "date", hint="会议没有定的可以留空，下达时再定")] = None


@router.get("/plans", name="hearing_plan")
def plan_page(visit: Visitor, plan: RecordId | None = None) -> Response:
    """A planned meeting: who is to be there, what was changed, how to record or call it off; or the form for a new one."""
    planned = hearing_plans.plan_of(visit.session, visit.actor, plan) if plan else None
    cycle = hearing_plans.cycle_to_hear(visit.session, planned) if planned else None
    names = ("meets_on", "place", "body", "topic") if planned else ()
    guests = hearing_plans.invited(planned) if planned else ()
    said = {name: str(getattr(planned, name)) for name in names}
    filled = visit.filled(PlanForm, {**said, "guest": ",".join(str(each.person_id) for each in guests)})
    return render(
        visit,
        "hearing_plan.html",
        planned=planned,
        cycle=cycle,
        term=cycles.term_of_cycle(cycle).label if cycle else "",
        history=hearing_plans.history_of(visit.session, planned) if planned else (),
        fields=filled.fields({"bodies": _bodies(visit)}),
        people=[each for each in list_people(visit.session, visit.actor.bureau_id) if each.is_active],
        guests=filled.typed.get("guest", "").split(","),
    )


@router.post("/plans", name="hearing_plan_post")
@back_to(plan_page)
def keep_plan(visit: Visitor, plan: RecordId | None = None) -> Response:
    """Plan a meeting, or change a planned one."""
    form = visit.read(PlanForm)
    with visit.unit_of_work() as session:
        planned = hearing_plans.plan_of(session, visit.actor, plan) if plan else None
        new = NewPlan(form.meets_on, form.body, form.topic, form.guest, form.place)
        number = hearing_plans.plan_hearing(session, visit.by, new, planned).id
    note, query = f"已保存，{_TOLD}", {"plan": str(number)}
    return redirect(visit, "hearing_plan", note=note, query=query, made=number)


@router.post("/plans/call-off", name="hearing_call_off_post")
@back_to(plan_page)
def call_off(visit: Visitor, plan: RecordId) -> Response:
    """There will be no such meeting."""
    with visit.unit_of_work() as session:
        planned = hearing_plans.plan_of(session, visit.actor, plan)
        hearing_plans.call_off(session, visit.by, planned)
    return redirect(visit, "hearing_plan", note=f"已取消，{_TOLD}", query={"plan": str(plan)})


@router.get("/new", name="hearing_new")
def new_page(visit: Visitor, plan: RecordId | None = None) -> Response:
    """The form for one more meeting, with what was planned of it."""
    planned = hearing_plans.plan_of(visit.session, visit.actor, plan) if plan else None
    bureau_id = visit.actor.bureau_id
    choices = {
        "bodies": _bodies(visit),
        "chairs": people_choices(
            list_people(visit.session, bureau_id), Role.CHIEF, Role.LEADER, is_told=False
        ),
        "cycles": tuple(
            Choice(str(cycle.id), cycles.term_of_cycle(cycle).label)
            for cycle in cycles.list_cycles(visit.session, bureau_id)
        ),
    }
    today = visit.clock.today
    known, cycle = {"held_on": today.isoformat()}, hearings.cycle_on(visit.session, bureau_id, today)
    if planned:
        held_on, cycle = planned.meets_on, hearing_plans.cycle_to_hear(visit.session, planned)
        known = {"body": planned.body, "topic": planned.topic}
        if held_on <= today:  # one held earlier than planned says on which day
            known["held_on"] = held_on.isoformat()
    known |= {"cycle_id": str(cycle.id)} if cycle else {}
    return render(
        visit,
        "hearing_new.html",
        fields=visit.filled(HearingForm, known).fields(choices),
        planned=planned,
        plans=() if planned else hearing_plans.list_plans(visit.session, bureau_id),
    )


@router.post("", name="hearing_post")
@back_to(new_page)
def hearing(visit: Visitor, plan: RecordId | None = None) -> Response:
    """Record a meeting, planned or not, and the papers that come with the form."""
    form, bureau_id = visit.read(HearingForm), visit.actor.bureau_id
    files = stored_uploads(visit, "papers")
    with visit.unit_of_work() as session:
        cycle = cycles.cycle_of_bureau(session, bureau_id, form.cycle_id) if form.cycle_id else None
        new = NewHearing(
            form.held_on, form.body, form.topic, form.minutes_no, form.presided_by_id, form.note, cycle
        )
        planned = hearing_plans.plan_of(session, visit.actor, plan) if plan else None
        held = hearing_plans.record_hearing(session, visit.by, new, planned)
        for file in files:
            hearings.add_paper(session, visit.clock, visit.actor, held, file)
        number = held.id
    return redirect(visit, "hearing", note="已登记，请接着登记议定事项", hearing_id=number, made=number)


@router.get("/{hearing_id}", name="hearing")
def hearing_page(visit: Visitor, hearing_id: int) -> Response:
    """One meeting with what it decided."""
    row = _row(visit, hearing_id)
    return render(
        visit,
        "hearing.html",
        hearing=row,
        body=bodies_of(visit.session, visit.actor.bureau_id).get(row.body),
        decided=visit.filled(ResolutionForm).fields({"kinds": _KINDS}),
        number=visit.filled(MinutesForm, {"minutes_no": row.minutes_no}).fields(),
    )


@router.post("/{hearing_id}/minutes", name="minutes_post")
@back_to(hearing_page)
def minutes(visit: Visitor, hearing_id: int) -> Response:
    """Add or set right the number of the minutes."""
    form = visit.read(MinutesForm)
    with visit.unit_of_work() as session:
        held = hearings.hearing_of(session, visit.actor, hearing_id)
        hearings.number_minutes(session, visit.by, held, form.minutes_no)
    return redirect(visit, "hearing", note="纪要编号已登记", hearing_id=hearing_id)


@router.post("/{hearing_id}/papers", name="hearing_paper_post")
@back_to(hearing_page)
def papers(visit: Visitor, hearing_id: int) -> Response:
    """Keep papers as they were heard."""
    files = stored_uploads(visit, "papers")
    if not files:
        raise Refused("没有选择文件", "", "请先选择会上所用的材料")
    with visit.unit_of_work() as session:
        held = hearings.hearing_of(session, visit.actor, hearing_id)
        for file in files:
            hearings.add_paper(session, visit.clock, visit.actor, held, file)
    return redirect(visit, "hearing", note=f"已存放 {len(files)} 份材料", hearing_id=hearing_id)


@router.get("/{hearing_id}/papers/{paper_id}", name="hearing_paper")
def paper(visit: Visitor, hearing_id: int, paper_id: int) -> Response:
    """A paper as it was heard, always to be saved, never shown inside a page."""
    row = _row(visit, hearing_id)
    line = next((each for each in row.papers if each.id == paper_id), None)
    if line:
        return to_save(stored_place(visit, line.sha256, line.file_name), line.file_name)
    raise NotFound("没有这份会议材料", "", "请从会议页面打开")


@router.post("/{hearing_id}/resolutions", name="resolution_post")
@back_to(hearing_page)
def resolution(visit: Visitor, hearing_id: int) -> Response:
    """Record one thing decided, which becomes a draft."""
    form = visit.read(ResolutionForm)
    with visit.unit_of_work() as session:
        held = hearings.hearing_of(session, visit.actor, hearing_id)
        new = NewResolution(form.text, form.kind, form.due_on)
        code = hearings.resolve(session, visit.clock, visit.acting, held, new).code
    note = f"已成为待确认的任务 {code}，请下达"
    return redirect(visit, "hearing", note=note, hearing_id=hearing_id, made=code)


def _bodies(visit: Visit) -> tuple[Choice, ...]:
    return tuple(Choice(body, body) for body in visit.policy.hearing_bodies)


def _row(visit: Visit, hearing_id: int) -> HearingRow:
    hearings.hearing_of(visit.session, visit.actor, hearing_id)
    rows = hearings.list_hearings(visit.session, visit.actor.bureau_id)
    return next(row for row in rows if row.id == hearing_id)
