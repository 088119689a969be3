"""Reviews and hearings: who is still silent, freezing the figures, the briefing, meetings and what they decided."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import Field

from app.web.forms import Choice, Control, Filled, Form, blank, fill
from app.web.pages import DOCX, SHEET, download, redirect, render
from app.web.visit import Visit, Visitor
from core.errors import NotFound, RectifyError
from documents.briefing import write_briefing
from documents.briefing_page import briefing_body
from documents.version_workbook import write_version
from models.enums import ItemKind
from models.review import ReviewCycle
from rectification import freezing, hearings, reviewing
from rectification.freezing import Version
from rectification.hearings import NewHearing, NewResolution
from rectification.labels import ITEM_KIND
from rectification.review_status import review_status

router = APIRouter(prefix="/reviews")

_KINDS: Final = (
    Choice(ItemKind.PLAN.value, "工作任务"),
    Choice(ItemKind.FINDING.value, ITEM_KIND[ItemKind.FINDING]),
)


class CutOffForm(Form):
    """Another cut-off for a review."""

    cut_off_on: Annotated[date, Control("数据截止日", "date")]


class HearingForm(Form):
    """A meeting as it is recorded."""

    held_on: Annotated[date, Control("会议日期", "date")]
    body: Annotated[str, Control("会议", "select", choices="bodies")]
    topic: Annotated[str, Field(max_length=400), Control("议题")]
    minutes_no: Annotated[str, Field(max_length=200), Control("纪要编号", hint="没有印发的可以后补")] = ""


class ResolutionForm(Form):
    """One thing a meeting decided."""

    text: Annotated[str, Field(max_length=hearings.MAX_TEXT), Control("议定事项", "area", rows=2)]
    kind: Annotated[ItemKind, Control("作为", "select", choices="kinds")] = ItemKind.PLAN
    due_on: Annotated[date | None, Control("时限", "date")] = None


@router.get("", name="reviews")
def reviews(visit: Visitor) -> Response:
    """Every review, and every meeting."""
    bureau_id, today = visit.actor.bureau_id, visit.clock.today
    cycles = reviewing.list_cycles(visit.session, bureau_id)
    return render(
        visit,
        "reviews.html",
        cycles=[
            (cycle, reviewing.term_of_cycle(cycle).label, reviewing.latest_version(visit.session, cycle.id))
            for cycle in cycles
        ],
        unheard=[
            reviewing.term_of_cycle(cycle).label
            for cycle in hearings.unheard(visit.session, bureau_id, today)
        ],
        hearings=hearings.list_hearings(visit.session, bureau_id),
        hearing_form=blank(HearingForm, {"held_on": today.isoformat()}).fields(_choices(visit)),
        error=None,
    )


@router.get("/{ends_on}", name="review")
def review(visit: Visitor, ends_on: date) -> Response:
    """One review."""
    return _review_page(visit, _cycle(visit, ends_on))


@router.post("/{ends_on}/freeze", name="review_freeze_post")
def freeze(visit: Visitor, ends_on: date) -> Response:
    """Freeze the figures."""
    cycle = _cycle(visit, ends_on)
    try:
        with visit.unit_of_work() as session:
            version = freezing.freeze(session, visit.clock, visit.actor, cycle)
    except RectifyError as error:
        return _review_page(visit, cycle, error=error)
    return redirect(visit, "review", note=f"已冻结{version.label}", ends_on=ends_on)


@router.post("/{ends_on}/cut-off", name="review_cut_off_post")
def cut_off(visit: Visitor, ends_on: date) -> Response:
    """Set another cut-off."""
    cycle = _cycle(visit, ends_on)
    filled = fill(CutOffForm, visit.form)
    if filled.value is None:
        return _review_page(visit, cycle, form=filled)
    try:
        with visit.unit_of_work() as session:
            moved = session.merge(cycle, load=True)
            reviewing.move_cut_off(session, visit.clock, visit.actor, moved, filled.value.cut_off_on)
    except RectifyError as error:
        return _review_page(visit, cycle, error=error, form=filled)
    return redirect(visit, "review", note="截止日已调整", ends_on=ends_on)


@router.get("/{ends_on}/briefing", name="review_briefing")
def briefing(visit: Visitor, ends_on: date) -> Response:
    """The briefing as a page whose figures lead to their rows."""
    version = _version(visit, ends_on)
    content = briefing_body(version, lambda code: visit.path("task", code=code))
    return render(visit, "paper.html", title=f"{version.frozen.term.label}汇报材料", content=content)


@router.get("/{ends_on}/briefing.docx", name="review_briefing_docx")
def briefing_docx(visit: Visitor, ends_on: date, full: Annotated[bool, Query()] = False) -> Response:
    """The briefing as Word."""
    version = _version(visit, ends_on)
    paper = write_briefing(version, is_full=full, folder=visit.site.settings.template_dir)
    return download(paper, f"{version.frozen.term.label}汇报材料（{version.label}）.docx", DOCX)


@router.get("/{ends_on}/figures.xlsx", name="review_figures_xlsx")
def figures_xlsx(visit: Visitor, ends_on: date) -> Response:
    """Figures and rows as a workbook."""
    version = _version(visit, ends_on)
    name = f"{version.frozen.term.label}整改数据（{version.label}）.xlsx"
    return download(write_version(version), name, SHEET)


@router.post("/hearings", name="hearing_post")
def hearing(visit: Visitor) -> Response:
    """Record a meeting."""
    filled = fill(HearingForm, visit.form)
    if filled.value is None:
        return redirect(visit, "reviews", note="没有登记：请填写会议日期、会议和议题")
    form = filled.value
    try:
        with visit.unit_of_work() as session:
            new = NewHearing(form.held_on, form.body, form.topic, form.minutes_no)
            hearings.add_hearing(session, visit.clock, visit.actor, new)
    except RectifyError as error:
        return redirect(visit, "reviews", note=error.line)
    return redirect(visit, "reviews", note="已登记")


@router.get("/hearings/{hearing_id}", name="hearing")
def hearing_page(visit: Visitor, hearing_id: int) -> Response:
    """One meeting with what it decided."""
    return _hearing_page(visit, hearing_id, blank(ResolutionForm))


@router.post("/hearings/{hearing_id}/resolutions", name="resolution_post")
def resolution(visit: Visitor, hearing_id: int) -> Response:
    """Record one thing decided, which becomes a draft."""
    filled = fill(ResolutionForm, visit.form)
    if filled.value is None:
        return _hearing_page(visit, hearing_id, filled)
    form = filled.value
    try:
        with visit.unit_of_work() as session:
            held = hearings.hearing_of(session, visit.actor, hearing_id)
            new = NewResolution(form.text, form.kind, form.due_on)
            task = hearings.resolve(session, visit.clock, visit.acting, held, new)
            code = task.code
    except RectifyError as error:
        return _hearing_page(visit, hearing_id, filled, error=error)
    return redirect(visit, "hearing", note=f"已成为待确认的任务 {code}，请下达", hearing_id=hearing_id)


def _cycle(visit: Visit, ends_on: date) -> ReviewCycle:
    for cycle in reviewing.list_cycles(visit.session, visit.actor.bureau_id):
        if cycle.ends_on == ends_on:
            return cycle
    raise NotFound("没有这一期调度", "", "请从“调度与汇报”中打开")


def _version(visit: Visit, ends_on: date) -> Version:
    term = reviewing.term_of_cycle(_cycle(visit, ends_on))
    return freezing.newest(visit.session, visit.clock, visit.actor.bureau_id, term)


def _review_page(
    visit: Visit,
    cycle: ReviewCycle,
    *,
    error: RectifyError | None = None,
    form: Filled[CutOffForm] | None = None,
) -> Response:
    term = reviewing.term_of_cycle(cycle)
    found = review_status(visit.session, visit.actor.bureau_id, term, visit.clock.today)
    asked = form or blank(CutOffForm, {"cut_off_on": cycle.cut_off_on.isoformat()})
    return render(
        visit,
        "review.html",
        status=400 if error else 200,
        review=found,
        cycle=cycle,
        cut_off=asked.fields(),
        can_freeze=visit.clock.today >= cycle.cut_off_on,
        error=error,
    )


def _hearing_page(
    visit: Visit, hearing_id: int, filled: Filled[ResolutionForm], *, error: RectifyError | None = None
) -> Response:
    hearings.hearing_of(visit.session, visit.actor, hearing_id)
    [row] = [
        row for row in hearings.list_hearings(visit.session, visit.actor.bureau_id) if row.id == hearing_id
    ]
    return render(
        visit,
        "hearing.html",
        status=400 if error else 200,
        hearing=row,
        fields=filled.fields({"kinds": _KINDS}),
        error=error,
    )


def _choices(visit: Visit) -> dict[str, tuple[Choice, ...]]:
    return {"bodies": tuple(Choice(body, body) for body in visit.policy.hearing_bodies)}
