"""Papers for leaders and the year's end: the monthly page, and the annual report's clock and drafts."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field
from sqlalchemy import select

from app.web.forms import Choice, Control, Filled, Form, blank, fill
from app.web.pages import DOCX, download, redirect, render
from app.web.visit import Visit, Visitor
from core.errors import NotFound, RectifyError
from documents.annual import write_annual_draft
from documents.summary_page import summary_body
from models.enums import AnnualStage, Role
from models.task import RectificationTask
from rectification import annual
from rectification.access import visible
from rectification.annual_drafts import annual_draft
from rectification.claims import claims_beside
from rectification.figures import Period
from rectification.labels import ANNUAL_STAGE
from rectification.summaries import SummaryPage, compute_summary, last_month, month_of, summary_of

router = APIRouter()

_STAGES: Final = tuple(Choice(stage.value, ANNUAL_STAGE[stage]) for stage in AnnualStage)
Year = Annotated[int, Path(ge=1990, le=2100)]


class StepForm(Form):
    """A stage of the annual report that is done."""

    stage: Annotated[AnnualStage, Control("环节", "select", choices="stages")]
    done_on: Annotated[date, Control("办结日期", "date")]
    paper_no: Annotated[str, Field(max_length=200), Control("文号")] = ""
    body: Annotated[str, Control("报送给", "select", choices="bodies", hint="只有“报送”要选")] = ""


@router.get("/summaries", name="month_latest")
def latest(visit: Visitor) -> Response:
    """Last month's page."""
    last = last_month(visit.clock.today).cut_off_on
    return redirect(visit, "month", year=last.year, month=last.month)


@router.get("/summaries/{year}-{month}", name="month")
def month(visit: Visitor, year: Year, month: Annotated[int, Path(ge=1, le=12)]) -> Response:
    """A month's page; a leader who does not see the bureau gets it for what he sees."""
    period = month_of(date(year, month, 1))
    page = _page(visit, period)
    content = summary_body(page, lambda code: visit.path("task", code=code))
    return render(visit, "paper.html", title=f"{page.label}整改进展通报", content=content)


@router.get("/annual", name="annual")
def annual_page(visit: Visitor, year: Annotated[int | None, Query(ge=1990, le=2100)] = None) -> Response:
    """The stages of a year's report."""
    return _annual_page(visit, year or _year_in_hand(visit), blank(StepForm))


@router.post("/annual/{year}", name="annual_post")
def annual_post(visit: Visitor, year: Year) -> Response:
    """Record a stage."""
    filled = fill(StepForm, visit.form)
    if filled.value is None:
        return _annual_page(visit, year, filled)
    form = filled.value
    try:
        with visit.unit_of_work() as session:
            new = annual.NewStep(form.stage, form.done_on, form.paper_no, form.body)
            annual.record_step(session, visit.clock, visit.actor, year, new)
    except RectifyError as error:
        return _annual_page(visit, year, filled, error=error)
    return redirect(visit, "annual", note="已登记", query={"year": str(year)})


@router.get("/annual/{year}.docx", name="annual_docx")
def annual_docx(visit: Visitor, year: Year) -> Response:
    """The drafts for the annual report as Word."""
    bureau_id = visit.actor.bureau_id
    try:
        claims = claims_beside(visit.session, bureau_id, year)
    except NotFound:
        claims = []
    draft = annual_draft(visit.session, bureau_id, year, visit.clock.today)
    return download(write_annual_draft(draft, claims), f"{year}年度法治政府建设报告素材.docx", DOCX)


def _page(visit: Visit, period: Period) -> SummaryPage:
    if visit.actor.has(Role.CLERK, Role.CHIEF):
        return summary_of(visit.session, visit.actor.bureau_id, period)
    seen = visit.session.scalars(select(RectificationTask.id).where(visible(visit.actor)))
    return compute_summary(visit.session, visit.actor.bureau_id, period, task_ids=seen)


def _year_in_hand(visit: Visit) -> int:
    today = visit.clock.today
    return today.year if today.month == 12 else today.year - 1


def _annual_page(
    visit: Visit, year: int, filled: Filled[StepForm], *, error: RectifyError | None = None
) -> Response:
    bodies = tuple(Choice(body, body) for body in visit.policy.annual_send_to)
    return render(
        visit,
        "annual.html",
        status=400 if error else 200,
        year=year,
        lines=annual.annual_clock(visit.session, visit.actor.bureau_id, year, visit.clock.today),
        fields=filled.fields({"stages": _STAGES, "bodies": bodies}),
        error=error,
    )
