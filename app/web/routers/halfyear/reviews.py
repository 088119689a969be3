"""Reviews: opening one, who is still silent, freezing the figures, the papers of each version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.web.forms import Choice, Control, Form, blank
from app.web.page_request import Visit, Visitor
from app.web.pages import DOCX, back_to, download, redirect, render
from core.errors import NotFound
from documents.halfyear.briefing_docx import briefing_name, write_briefing
from documents.halfyear.briefing_page import briefing_body
from models.enums import Role
from models.review import PlannedHearing, ReviewCycle
from rectification.halfyear import cycles, freezing, hearing_plans, hearings, statements
from rectification.halfyear.freezing import Version
from rectification.halfyear.review_days import Term, cycle_days, term_of
from rectification.halfyear.status import review_status
from rectification.halfyear.way import Milestone, Standing, Stop, way_of
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
    bureau_id, today = visit.actor.bureau_id, visit.clock.today
    opened = cycles.list_cycles(visit.session, bureau_id)
    terms = tuple(Choice(day, term.label) for day, term in _terms_to_open(visit).items())
    return render(
        visit,
        "reviews.html",
        current=_current(visit, opened),
        cycles=[
            (cycle, cycles.term_of_cycle(cycle).label, cycles.latest_version(visit.session, cycle.id))
            for cycle in opened
        ],
        unheard=hearings.unheard(visit.session, bureau_id, today),
        label_of=lambda cycle: cycles.term_of_cycle(cycle).label,
        hearings=hearings.list_hearings(visit.session, bureau_id),
        plans=hearing_plans.list_plans(visit.session, bureau_id),
        invited=hearing_plans.invited,
        sources=[row for row in list_sources(visit.session, bureau_id) if row.is_from_outside and row.tasks],
        terms=blank(TermForm).fields({"terms": terms}) if terms else [],
    )


@router.post("", name="review_open_post")
@back_to(reviews)
def open_review(visit: Visitor) -> Response:
    """Open a review by hand, before its window or after it."""
    term = _terms_to_open(visit).get(visit.text("ends_on"))
    if term is None:
        raise NotFound("没有选择要开启的期间", "", "请从列表中选择")
    with visit.unit_of_work() as session:
        cycles.open_review(session, visit.clock, visit.actor, term)
    return redirect(visit, "review", note=f"{term.label}的调度已开启", ends_on=term.ends_on)


@router.get("/{ends_on}", name="review")
def review(visit: Visitor, ends_on: date) -> Response:
    """One review."""
    cycle = _cycle(visit, ends_on)
    term = cycles.term_of_cycle(cycle)
    return render(
        visit,
        "review.html",
        review=review_status(
            visit.session, visit.actor.bureau_id, term, visit.clock.today, seen_by=visit.actor
        ),
        cycle=cycle,
        line=_line(visit, cycle),
        plans=_plans_of(visit, cycle),
        cut_off=visit.filled(CutOffForm, {"cut_off_on": cycle.cut_off_on.isoformat()}).fields(),
        can_freeze=visit.clock.today >= cycle.cut_off_on,
    )


@router.post("/{ends_on}/freeze", name="review_freeze_post")
@back_to(review)
def freeze(visit: Visitor, ends_on: date) -> Response:
    """Freeze the figures."""
    cycle = _cycle(visit, ends_on)
    with visit.unit_of_work() as session:
        version = freezing.freeze(session, visit.clock, visit.actor, cycle)
    return redirect(visit, "review", note=f"已冻结{version.label}，可以下载汇报材料", ends_on=ends_on)


@router.post("/{ends_on}/cut-off", name="review_cut_off_post")
@back_to(review)
def cut_off(visit: Visitor, ends_on: date) -> Response:
    """Set another cut-off."""
    cycle, day = _cycle(visit, ends_on), visit.read(CutOffForm).cut_off_on
    with visit.unit_of_work() as session:
        cycles.move_cut_off(session, visit.clock, visit.actor, session.merge(cycle, load=True), day)
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
        figures=found.frozen,
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
    return download(paper, briefing_name(found.frozen.term, found.number, is_full=full), DOCX)


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review's way, and where its stops lead."""

    label: str
    stops: Sequence[Milestone]
    places: Mapping[Stop, str]


def _current(visit: Visit, opened: Sequence[ReviewCycle]) -> ReviewLine:
    """The review that is under way: the one opened last until it is heard, then the one to come."""
    if opened and not hearings.is_heard(visit.session, opened[0]):
        return _line(visit, opened[0])
    after = opened[0].ends_on + timedelta(days=1) if opened else visit.clock.today
    term = term_of(max(after, visit.clock.today), visit.policy.review_cadence)
    days = cycle_days(term, visit.policy, visit.calendar)
    return ReviewLine(f"{term.label}（还没有开启）", way_of(days, Standing(), visit.clock.today), {})


def _line(visit: Visit, cycle: ReviewCycle) -> ReviewLine:
    """The way of a review that was opened."""
    session, today = visit.session, visit.clock.today
    said = statements.statement_lines(session, cycle, today)
    kept = cycles.latest_version(session, cycle.id)
    heard, plans = hearings.first_hearing(session, cycle), _plans_of(visit, cycle)
    now = Standing(
        opened_on=cycle.opened_on,
        stated=sum(line.stated_on is not None for line in said),
        missing=sum(line.is_missing for line in said),
        version=kept.version if kept else None,
        frozen_on=kept.frozen_on if kept else None,
        heard_on=heard.held_on if heard else None,
        meets_on=plans[0].meets_on if plans else None,
    )
    page = visit.path("review", ends_on=cycle.ends_on)
    places = {Stop.ASK: f"{page}#statements", Stop.DUE: f"{page}#statements", Stop.FREEZE: f"{page}#figures"}
    if heard:
        places[Stop.HEAR] = visit.path("hearing", hearing_id=heard.id)
    elif plans:
        places[Stop.HEAR] = f"{visit.path('hearing_plan')}?plan={plans[0].id}"
    elif visit.actor.has(Role.CLERK):
        places[Stop.HEAR] = visit.path("hearing_plan")
    return ReviewLine(cycles.term_of_cycle(cycle).label, way_of(cycle, now, today), places)


def _plans_of(visit: Visit, cycle: ReviewCycle) -> list[PlannedHearing]:
    """The hearings planned for a review."""
    plans = hearing_plans.list_plans(visit.session, visit.actor.bureau_id)
    return [each for each in plans if hearing_plans.cycle_to_hear(visit.session, each) is cycle]


def _cycle(visit: Visit, ends_on: date) -> ReviewCycle:
    return cycles.cycle_ending(visit.session, visit.actor.bureau_id, ends_on)


def _version(visit: Visit, cycle: ReviewCycle, number: int | None) -> Version:
    """The version asked for; the newest, or a preview, where none is."""
    if number is not None:
        return freezing.version_of(visit.session, cycle, number)
    term = cycles.term_of_cycle(cycle)
    return freezing.newest(visit.session, visit.clock, visit.actor.bureau_id, term)


def _terms_to_open(visit: Visit) -> dict[str, Term]:
    """This term and the one before by their last day, where they are not open yet."""
    cadence, bureau_id = visit.policy.review_cadence, visit.actor.bureau_id
    this = term_of(visit.clock.today, cadence)
    last = term_of(this.starts_on - timedelta(days=1), cadence)
    unopened = (term for term in (this, last) if cycles.find_cycle(visit.session, bureau_id, term) is None)
    return {term.ends_on.isoformat(): term for term in unopened}
