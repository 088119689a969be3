"""Reports come in, and their drafts go out: upload, the source beside its items, issuing one or many."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field as Limits
from starlette.datastructures import UploadFile

from app.web.actions.table import choices_for
from app.web.forms import Control, Filled, Form, blank, fill
from app.web.pages import redirect, render
from app.web.sourcetext import stretches
from app.web.visit import Visit, Visitor
from core.errors import NotFound, RectifyError, Refused, Unreadable
from models.enums import ApprovalLevel, Channel, ItemKind, Status, TimeLimit
from models.report import Report
from rectification import casework
from rectification.casework import IssueOrder
from rectification.filters import TaskFilter
from rectification.intake import IntakeOutcome, register_report
from rectification.organisation import add_alias, find_bureau, home_bureau
from rectification.queries import TaskRow, list_reports, list_tasks, report_detail

router = APIRouter(prefix="/reports")


class UploadForm(Form):
    """What may be said of a report where it does not say it itself."""

    org: Annotated[str, Limits(max_length=100), Control("单位全称", hint="报告里读不出单位时才需要填")] = ""
    year: Annotated[
        int | None,
        Limits(ge=1990, le=2100),
        Control("报告年度", "number", "报告里读不出年度时才需要填，如 2025"),
    ] = None
    is_alias: Annotated[
        bool,
        Control("署名与本单位名称不同时，记为本单位的别名", "check", "例如“市交通局”与“某某市交通运输局”"),
    ] = False


class SharedForm(Form):
    """What the drafts issued together have in common."""

    reviewer_id: Annotated[int | None, Control("复核人", "select", "须在牵头科室以外", "reviewers")] = None
    leader_id: Annotated[int | None, Control("责任领导", "select", "留空则取各科室的分管领导", "leaders")] = (
        None
    )
    approver_id: Annotated[int | None, Control("审签领导", "select", "留空则为责任领导", "approvers")] = None
    approval_level: Annotated[ApprovalLevel, Control("审签级别", "select", "", "approval_levels")] = (
        ApprovalLevel.LEADER
    )


class DraftForm(Form):
    """One draft's own line in the table."""

    is_chosen: Annotated[bool, Control("选中", "check")] = False
    lead_unit_id: Annotated[int | None, Control("牵头科室", "select", "", "units")] = None
    officer_id: Annotated[int | None, Control("责任人", "select", "", "officers")] = None
    time_limit: Annotated[TimeLimit, Control("时限类型", "select", "", "time_limits")] = TimeLimit.DATED
    due_on: Annotated[date | None, Control("完成时限", "date")] = None


@dataclass(frozen=True)
class DraftLine:
    """A draft with its line of the form."""

    row: TaskRow
    filled: Filled[DraftForm]
    error: str = ""


@router.get("", name="reports")
def reports(visit: Visitor) -> Response:
    """The bureau's reports and what of them still waits to be issued."""
    drafts = _drafts(visit)
    waiting: dict[str, int] = {}
    for row in drafts:
        waiting[row.source_title] = waiting.get(row.source_title, 0) + 1
    rows = list_reports(visit.session, bureau_id=visit.actor.bureau_id)
    return render(visit, "reports.html", reports=rows, waiting=waiting, drafts=len(drafts))


@router.get("/upload", name="report_upload")
def report_upload(visit: Visitor) -> Response:
    """The upload form."""
    return _upload_page(visit, blank(UploadForm))


@router.post("/upload", name="report_upload_post")
def report_upload_post(visit: Visitor) -> Response:
    """Read the report and draft a task from each item."""
    filled = fill(UploadForm, visit.form)
    if filled.value is None:
        return _upload_page(visit, filled)
    try:
        outcome = _take_in(visit, filled.value)
    except RectifyError as error:
        return _upload_page(visit, filled, error)
    note = (
        f"读出 {outcome.shortcomings} 项不足、{outcome.plans} 项计划，请核对后下达"
        if outcome.is_new
        else "这份文件以前导入过，没有重复登记"
    )
    return redirect(visit, "report", report_id=outcome.report_id, note=note)


@router.get("/{report_id}", name="report")
def report(visit: Visitor, report_id: int) -> Response:
    """The report's own text beside the items read from it."""
    found = _own_report(visit, report_id)
    detail = report_detail(visit.session, report_id)
    tasks = {row.code: row for row in _of_report(visit, found, frozenset(Status))}
    return render(
        visit,
        "report.html",
        report=found,
        detail=detail,
        tasks=tasks,
        stretches=stretches(visit.session, found),
        drafts=sum(row.status is Status.DRAFT for row in tasks.values()),
    )


@router.get("/{report_id}/issue", name="report_issue")
def report_issue(visit: Visitor, report_id: int) -> Response:
    """Every draft of the report as a line, with proposals."""
    found = _own_report(visit, report_id)
    lines = [DraftLine(row, blank(DraftForm, _proposed(row))) for row in _of_report(visit, found)]
    reviewers = choices_for(visit.session, visit.actor.bureau_id)["reviewers"]
    only = {"reviewer_id": reviewers[0].value} if len(reviewers) == 1 else {}
    return _issue_page(visit, found, lines, blank(SharedForm, only))


@router.post("/{report_id}/issue", name="report_issue_post")
def report_issue_post(visit: Visitor, report_id: int) -> Response:
    """Issue (or archive) what was chosen: all of it, or nothing and the reason beside the line."""
    found = _own_report(visit, report_id)
    shared = fill(SharedForm, visit.form)
    lines = [DraftLine(row, fill(DraftForm, visit.form, f"{row.code}.")) for row in _of_report(visit, found)]
    chosen = [line for line in lines if line.filled.typed.get("is_chosen")]
    if not chosen:
        nothing = Refused("没有选中任何一项", "", "请在要下达的条目前打勾")
        return _issue_page(visit, found, lines, shared, nothing)
    if shared.value is None or any(line.filled.value is None for line in chosen):
        return _issue_page(visit, found, lines, shared)
    is_archiving = visit.text("do") == "archive"
    line = chosen[0]
    try:
        with visit.unit_of_work() as session:
            for line in chosen:
                if is_archiving:
                    casework.archive(session, visit.clock, visit.acting, line.row.code)
                else:
                    order = _order(shared, line)
                    casework.issue(session, visit.clock, visit.acting, line.row.code, order)
    except RectifyError as error:
        told = [DraftLine(each.row, each.filled, error.line if each is line else "") for each in lines]
        return _issue_page(visit, found, told, shared, error)
    done = "存档" if is_archiving else "下达"
    return redirect(visit, "report", report_id=report_id, note=f"已{done} {len(chosen)} 项")


def _take_in(visit: Visit, form: UploadForm) -> IntakeOutcome:
    from reports.reading import read_report

    upload = visit.form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise Unreadable("没有选择文件", "", "请先选择报告文件，再点“读取”")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(upload.filename).name or "report")
        path.write_bytes(upload.file.read())
        parsed = read_report(path)
    said = {name: value for name, value in (("org", form.org), ("year", form.year)) if value}
    parsed = parsed.model_copy(update=said)
    with visit.unit_of_work() as session:
        home = home_bureau(session)
        if form.is_alias and home is not None and find_bureau(session, parsed.org) is None:
            add_alias(session, home, parsed.org)
        return register_report(session, visit.clock, parsed, channel=Channel.WEB, by=visit.actor)


def _own_report(visit: Visit, report_id: int) -> Report:
    found = visit.session.get(Report, report_id)
    if found is None or found.bureau_id != visit.actor.bureau_id:
        raise NotFound("没有这份报告", "或者您无权查看", "请从“报告与下达”进入")
    return found


def _drafts(visit: Visit) -> list[TaskRow]:
    return _tasks(visit, TaskFilter(statuses=frozenset({Status.DRAFT})))


def _of_report(
    visit: Visit, report: Report, statuses: frozenset[Status] = frozenset({Status.DRAFT})
) -> list[TaskRow]:
    rows = _tasks(visit, TaskFilter(statuses=statuses, source_id=report.source_id))
    return sorted(rows, key=lambda row: row.id)


def _tasks(visit: Visit, filters: TaskFilter) -> list[TaskRow]:
    return list_tasks(visit.session, visit.clock.today, visit.calendar, actor=visit.actor, filters=filters)


def _proposed(row: TaskRow) -> dict[str, str]:
    return {
        "time_limit": row.time_limit.value,
        "due_on": row.due_on.isoformat() if row.due_on and row.time_limit is not TimeLimit.LONG_TERM else "",
        "is_chosen": "on",
    }


def _order(shared: Filled[SharedForm], line: DraftLine) -> IssueOrder:
    assert shared.value is not None  # noqa: S101  (checked by the caller)
    assert line.filled.value is not None  # noqa: S101
    own = line.filled.value.model_dump(exclude={"is_chosen"})
    return IssueOrder(**shared.value.model_dump(), **own)


def _issue_page(
    visit: Visit,
    report: Report,
    lines: list[DraftLine],
    shared: Filled[SharedForm],
    error: RectifyError | None = None,
) -> Response:
    choices: Mapping[str, object] = choices_for(visit.session, visit.actor.bureau_id)
    is_wrong = error or shared.errors or any(line.filled.errors for line in lines)
    return render(
        visit,
        "report_issue.html",
        status=422 if is_wrong else 200,
        report=report,
        lines=lines,
        shared=shared,
        choices=choices,
        error=error,
        ItemKind=ItemKind,
    )


def _upload_page(visit: Visit, filled: Filled[UploadForm], error: RectifyError | None = None) -> Response:
    status = 422 if error or filled.errors else 200
    return render(visit, "report_upload.html", status=status, filled=filled, error=error)
