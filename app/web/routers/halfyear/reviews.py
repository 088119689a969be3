"""Reviews: opening one, who is still silent, freezing the figures, the papers of each version."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.web.forms import Choice, Control, Filled, Form, blank, fill
from app.web.page_request import Visit, Visitor
from app.web.pages import DOCX, SHEET, download, redirect, render
from core.errors import NotFound, RectifyError
from documents.halfyear.briefing_docx import write_briefing
from documents.halfyear.briefing_page import briefing_body
from documents.halfyear.version_workbook import write_version
from models.review import ReviewCycle
from rectification.halfyear import cycles, freezing, hearings
from rectification.halfyear.freezing import Version
from rectification.halfyear.review_days import Term, term_of
from rectification.halfyear.status import review_status
from rectification.office.sources import list_sources

router = APIRouter(prefix="/reviews")

Number = Annotated[int | None, Query(ge=1, le=10_000)]


class CutOffForm(Form):
    """Another cut-off for a review."""

    cut_off_on: Annotated[
        date, Control("数据截止日", "date", hint="冻结以前可以改；开启日、报送期限和听取期限随之变动")
    ]


class TermForm(Form):
    """The term to open a review of by hand."""

    ends_on: Annotated[date, Control("期间", "select", choices="terms")]


@router.get("", name="reviews")
def reviews(visit: Visitor) -> Response:
    """Every review, every meeting, and the papers that are reported back on."""
    return _reviews_page(visit)


@router.post("", name="review_open_post")
def open_review(visit: Visitor) -> Response:
    """Open a review by hand, before its window or after it."""
    filled = fill(TermForm, visit.form)
    terms = {term.ends_on: term for term in _terms_to_open(visit)}
    if filled.value is None or filled.value.ends_on not in terms:
        return _reviews_page(visit, NotFound("没有选择要开启的期间", "", "请从列表中选择"))
    term = terms[filled.value.ends_on]
    try:
        with visit.unit_of_work() as session:
            cycles.open_review(session, visit.clock, visit.actor, term)
    except RectifyError as error:
        return _reviews_page(visit, error)
    return redirect(visit, "review", note=f"{term.label}的调度已开启", ends_on=term.ends_on)


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
    return redirect(visit, "review", note=f"已冻结{version.label}，可以下载汇报材料", ends_on=ends_on)


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
            cycles.move_cut_off(session, visit.clock, visit.actor, moved, filled.value.cut_off_on)
    except RectifyError as error:
        return _review_page(visit, cycle, error=error, form=filled)
    return redirect(visit, "review", note="截止日已调整", ends_on=ends_on)


@router.get("/{ends_on}/briefing", name="review_briefing")
def briefing(visit: Visitor, ends_on: date, version: Number = None) -> Response:
    """The briefing as a page whose figures lead to their rows."""
    cycle = _cycle(visit, ends_on)
    found = _version(visit, cycle, version)
    content = briefing_body(found, lambda code: visit.path("task", code=code))
    return render(
        visit,
        "briefing.html",
        cycle=cycle,
        term=found.frozen.term.label,
        label=found.label,
        version=version,
        content=content,
    )


@router.get("/{ends_on}/briefing.docx", name="review_briefing_docx")
def briefing_docx(
    visit: Visitor, ends_on: date, full: Annotated[bool, Query()] = False, version: Number = None
) -> Response:
    """The briefing as Word."""
    found = _version(visit, _cycle(visit, ends_on), version)
    paper = write_briefing(found, is_full=full, folder=visit.site.settings.template_dir)
    what = "汇报材料（全套提纲）" if full else "汇报材料"
    return download(paper, f"{found.frozen.term.label}{what}（{found.label}）.docx", DOCX)


@router.get("/{ends_on}/figures.xlsx", name="review_figures_xlsx")
def figures_xlsx(visit: Visitor, ends_on: date, version: Number = None) -> Response:
    """Figures and rows as a workbook."""
    found = _version(visit, _cycle(visit, ends_on), version)
    return download(write_version(found), f"{found.frozen.term.label}整改数据（{found.label}）.xlsx", SHEET)


def _cycle(visit: Visit, ends_on: date) -> ReviewCycle:
    return cycles.cycle_ending(visit.session, visit.actor.bureau_id, ends_on)


def _version(visit: Visit, cycle: ReviewCycle, number: int | None) -> Version:
    """The version asked for; the newest, or a preview, where none is."""
    if number is not None:
        return freezing.version_of(visit.session, cycle, number)
    term = cycles.term_of_cycle(cycle)
    return freezing.newest(visit.session, visit.clock, visit.actor.bureau_id, term)


def _terms_to_open(visit: Visit) -> list[Term]:
    """This term and the one before, where they are not open yet."""
    cadence = visit.policy.review_cadence
    this = term_of(visit.clock.today, cadence)
    last = term_of(this.starts_on - timedelta(days=1), cadence)
    bureau_id = visit.actor.bureau_id
    return [term for term in (this, last) if cycles.find_cycle(visit.session, bureau_id, term) is None]


def _reviews_page(visit: Visit, error: RectifyError | None = None) -> Response:
    bureau_id, today = visit.actor.bureau_id, visit.clock.today
    terms = tuple(Choice(term.ends_on.isoformat(), term.label) for term in _terms_to_open(visit))
    return render(
        visit,
        "reviews.html",
        cycles=[
            (cycle, cycles.term_of_cycle(cycle).label, cycles.latest_version(visit.session, cycle.id))
            for cycle in cycles.list_cycles(visit.session, bureau_id)
        ],
        unheard=hearings.unheard(visit.session, bureau_id, today),
        label_of=lambda cycle: cycles.term_of_cycle(cycle).label,
        hearings=hearings.list_hearings(visit.session, bureau_id),
        sources=[row for row in list_sources(visit.session, bureau_id) if row.paper_no and row.tasks],
        terms=blank(TermForm).fields({"terms": terms}) if terms else [],
        error=error,
    )


def _review_page(
    visit: Visit,
    cycle: ReviewCycle,
    *,
    error: RectifyError | None = None,
    form: Filled[CutOffForm] | None = None,
) -> Response:
    term = cycles.term_of_cycle(cycle)
    found = review_status(visit.session, visit.actor.bureau_id, term, visit.clock.today)
    asked = form or blank(CutOffForm, {"cut_off_on": cycle.cut_off_on.isoformat()})
    return render(
        visit,
        "review.html",
        review=found,
        cycle=cycle,
        cut_off=asked.fields(),
        can_freeze=visit.clock.today >= cycle.cut_off_on,
        error=error,
    )
