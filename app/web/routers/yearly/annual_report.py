"""The year's end: the annual report's clock, and the drafts the ledger gives it, laid beside the report once it is there."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from app.web.forms import Choice, Control, Form
from app.web.page_request import Visitor
from app.web.pages import DOCX, back_to, download, redirect, render
from documents.yearly.annual_docx import write_annual_draft, write_duty_sheet
from documents.yearly.annual_page import annual_body
from models.enums import AnnualStage
from rectification.yearly import steps
from rectification.yearly.drafts import annual_draft
from rectification.yearly.promises import claims_beside

router = APIRouter(prefix="/annual")

_STAGES: Final = tuple(Choice(stage.value, stage.word) for stage in AnnualStage)
Year = Annotated[int, Path(ge=1990, le=2100)]


class StepForm(Form):
    """A stage of the annual report that is done."""

    stage: Annotated[AnnualStage, Control("环节", "select", choices="stages")]
    done_on: Annotated[date, Control("办结日期", "date")]
    paper_no: Annotated[str, Field(max_length=200), Control("文号", hint="没有文号的可以不填")] = ""
    body: Annotated[str, Control("报送给", "select", choices="bodies", hint="只有“报送”要选，逐个登记")] = ""
    note: Annotated[str, Field(max_length=2_000), Control("备注", "area", rows=2)] = ""


@router.get("", name="annual")
def annual_page(visit: Visitor, year: Annotated[int | None, Query(ge=1990, le=2100)] = None) -> Response:
    """The stages of a year's report, and the drafts for it."""
    bureau_id, today = visit.actor.bureau_id, visit.clock.today
    year = year or steps.year_in_hand(today)
    bodies = tuple(Choice(body, body) for body in visit.policy.annual_send_to)
    draft = annual_draft(visit.session, bureau_id, year, today)
    claims = claims_beside(visit.session, bureau_id, year)
    lines = steps.annual_clock(visit.session, bureau_id, year, today)
    waiting = next((line for line in lines if not line.is_done), None)
    proposed = {"stage": waiting.stage.value, "done_on": today.isoformat()} if waiting else {}
    return render(
        visit,
        "annual_report.html",
        year=year,
        lines=lines,
        fields=visit.filled(StepForm, proposed).fields({"stages": _STAGES, "bodies": bodies}),
        is_imported=claims is not None,
        content=annual_body(draft, claims, lambda code: visit.path("task", code=code)),
    )


@router.post("/{year}", name="annual_post")
@back_to(annual_page)
def annual_post(visit: Visitor, year: Year) -> Response:
    """Record a stage."""
    form = visit.read(StepForm)
    new = steps.NewStep(form.stage, form.done_on, form.paper_no, form.body, form.note)
    with visit.unit_of_work() as session:
        steps.record_step(session, visit.clock, visit.actor, year, new)
    return redirect(visit, "annual", note=f"{form.stage.word}已登记", query={"year": str(year)})


@router.get("/{year}.docx", name="annual_docx")
def annual_docx(visit: Visitor, year: Year) -> Response:
    """The drafts for the annual report as Word."""
    bureau_id = visit.actor.bureau_id
    claims = claims_beside(visit.session, bureau_id, year)
    draft = annual_draft(visit.session, bureau_id, year, visit.clock.today)
    return download(write_annual_draft(draft, claims), f"{year}年度法治政府建设报告素材.docx", DOCX)


@router.get("/{year}/duty.docx", name="duty_docx")
def duty_docx(visit: Visitor, year: Year) -> Response:
    """The fact sheet for 第一责任人履职 and 述法 as Word."""
    draft = annual_draft(visit.session, visit.actor.bureau_id, year, visit.clock.today)
    return download(write_duty_sheet(draft), f"{year}年度第一责任人履职和述法素材.docx", DOCX)
