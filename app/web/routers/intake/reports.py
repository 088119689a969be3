"""The list of reports, and the upload that reads one."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field as Limits

from app.web.forms import Control, Form
from app.web.page_request import Visit, Visitor
from app.web.pages import back_to, redirect, render
from app.web.routers.task.sources import PUBLISHED_CHOICES
from app.web.uploads import uploaded
from models.enums import OfficeVerb, Status
from rectification.intake.import_report import IntakeOutcome, body_of, keep_original, register_report
from rectification.intake.report_page import list_reports
from rectification.lists.filters import TaskFilter
from rectification.lists.rows import list_tasks
from rectification.office.history_words import history
from rectification.office.units import add_alias, find_bureau, home_bureau

router = APIRouter(prefix="/reports")


class UploadForm(Form):
    """What may be said of a report where it does not say it itself."""

    org: Annotated[
        str,
        Limits(max_length=100),
        Control("单位全称", hint="报告里读不出单位时才需要填；读得出的以报告为准"),
    ] = ""
    year: Annotated[
        int | None,
        Limits(ge=1990, le=2100),
        Control("报告年度", "number", "报告里读不出年度时才需要填，如 2025"),
    ] = None
    is_alias: Annotated[
        bool,
        Control("署名与本单位名称不同时，记为本单位的别名", "check", "例如“市交通局”与“某某市交通运输局”"),
    ] = False
    is_published: Annotated[
        bool | None,
        Control("是否公开", "select", "不选的，年度报告算作已公开；征求意见稿、送审稿等请选明", "published"),
    ] = None
    anyway: Annotated[
        bool,
        Control(
            "仍按年度报告读取",
            "check",
            "看起来不像年度报告、但确实是的，或定稿之后又要导入征求意见稿的，才勾选",
        ),
    ] = False


@router.get("", name="reports")
def reports(visit: Visitor) -> Response:
    """The bureau's reports and what of them still waits to be issued."""
    rows = list_reports(visit.session, bureau_id=visit.actor.bureau_id)
    of_drafts, today = TaskFilter(statuses=frozenset({Status.DRAFT})), visit.clock.today
    drafts = list_tasks(visit.session, today, visit.calendar, actor=visit.actor, filters=of_drafts)
    taken_back = history(
        visit.session, limit=20, verbs={OfficeVerb.WITHDRAW_REPORT}, bureau_id=visit.actor.bureau_id
    )
    return render(visit, "reports.html", reports=rows, drafts=drafts, taken_back=taken_back)


@router.get("/upload", name="report_upload")
def report_upload(visit: Visitor) -> Response:
    """The upload form."""
    return render(
        visit, "report_upload.html", fields=visit.filled(UploadForm).fields({"published": PUBLISHED_CHOICES})
    )


@router.post("/upload", name="report_upload_post")
@back_to(report_upload)
def report_upload_post(visit: Visitor) -> Response:
    """Read the report and draft a task from each item that is new."""
    outcome = _take_in(visit, visit.read(UploadForm))
    made = outcome.report_id
    return redirect(visit, "report", report_id=made, note=_told(outcome), made=made)


def _told(outcome: IntakeOutcome) -> str:
    if not outcome.is_new:
        return "这份文件以前导入过，没有重复登记"
    read = f"读出 {outcome.shortcomings} 项不足、{outcome.plans} 项计划"
    if outcome.supersedes_id is not None:
        return f"{read}；这是同一年度报告的新版本，已有的任务保留，请核对变化"
    return f"{read}；{outcome.redated_words}，请核对后下达" if outcome.redated else f"{read}，请核对后下达"


def _take_in(visit: Visit, form: UploadForm) -> IntakeOutcome:
    from reports.reading import read_report

    with uploaded(visit, "请先选择报告文件，再点“读取”") as path, path.open("rb") as content:
        parsed = read_report(path, anyway=form.anyway)
        signed = parsed.org or form.org
        with visit.unit_of_work() as session:
            home = home_bureau(session)
            if form.is_alias and home is not None and find_bureau(session, signed) is None:
                add_alias(session, visit.by, home, signed)
            said = {"org": body_of(session, parsed.org, form.org), "year": form.year or parsed.year}
            outcome = register_report(
                *(session, visit.clock, parsed.model_copy(update=said)),
                channel=visit.channel,
                by=visit.actor,
                is_published=form.is_published,
                is_sure=form.anyway,
            )
            keep_original(session, outcome.report_id, parsed, partial(visit.keep, content, path.name))
    return outcome
