"""Papers to take along: the leaders' pages, a report back on one source's list."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import select

from app.web.page_request import Visit, Visitor
from app.web.pages import DOCX, download, redirect, render
from core.errors import NotFound
from documents.halfyear.summary_docx import bulletin_name, write_bulletin
from documents.halfyear.summary_page import summary_body
from documents.tables.source_report import write_rectification_report
from models.enums import Role
from models.task import RectificationTask
from rectification.halfyear import cycles
from rectification.halfyear.freezing import version_of
from rectification.halfyear.summaries import (
    SummaryPage,
    compute_summary,
    last_month,
    month_of,
    summarise_version,
)
from rectification.halfyear.summary_versions import summary_of, summary_of_term
from rectification.office.sources import source_of_bureau
from rectification.tables.source_report import source_report
from rectification.task.access import visible

router = APIRouter()

Year = Annotated[int, Path(ge=1990, le=2100)]
Word = Annotated[bool, Query(description="as a Word file")]


@router.get("/summaries", name="month_latest")
def latest(visit: Visitor) -> Response:
    """Last month's page."""
    last = last_month(visit.clock.today).cut_off_on
    return redirect(visit, "month", year=last.year, month=last.month)


@router.get("/summaries/{year}-{month}", name="month")
def month(
    visit: Visitor, year: Year, month: Annotated[int, Path(ge=1, le=12)], word: Word = False
) -> Response:
    """A month's page; a leader who does not see the bureau gets it for what he sees."""
    period = month_of(date(year, month, 1))
    if _sees_all(visit):
        return _shown(visit, summary_of(visit.session, visit.actor.bureau_id, period), word)
    seen = _seen(visit)
    return _shown(visit, compute_summary(visit.session, visit.actor.bureau_id, period, task_ids=seen), word)


@router.get("/summaries/terms/{ends_on}", name="term_summary")
def term(visit: Visitor, ends_on: date, word: Word = False) -> Response:
    """A half-year's page on its newest frozen figures; a leader who does not see the bureau gets what he sees."""
    cycle = cycles.cycle_ending(visit.session, visit.actor.bureau_id, ends_on)
    page = summary_of_term(visit.session, cycle)
    if page is None:
        raise NotFound(f"{cycles.term_of_cycle(cycle).label}的数据还没有冻结", "", "冻结以后才有这一期的通报")
    if not _sees_all(visit):
        version = version_of(visit.session, cycle)
        page = summarise_version(visit.session, visit.actor.bureau_id, version, task_ids=_seen(visit))
    return _shown(visit, page, word)


@router.get("/sources/{source_id}/report.docx", name="source_report_docx")
def source_report_docx(visit: Visitor, source_id: int) -> Response:
    """整改情况报告: what became of one paper's list, to be reported back."""
    found = source_of_bureau(visit.session, visit.actor.bureau_id, source_id)
    report = source_report(visit.session, found, visit.clock.today, visit.calendar)
    return download(
        write_rectification_report(report), f"整改情况报告（{found.paper_no or found.title}）.docx", DOCX
    )


def _sees_all(visit: Visit) -> bool:
    return visit.actor.has(Role.CLERK, Role.CHIEF, Role.AUDITOR)


def _seen(visit: Visit) -> frozenset[int]:
    return frozenset(visit.session.scalars(select(RectificationTask.id).where(visible(visit.actor))))


def _shown(visit: Visit, page: SummaryPage, word: bool) -> Response:
    if word:
        return download(write_bulletin(page), bulletin_name(page), DOCX)
    content = summary_body(page, lambda code: visit.path("task", code=code))
    return render(visit, "paper.html", title=page.heading.replace("\n", ""), content=content)
