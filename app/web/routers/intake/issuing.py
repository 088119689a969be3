"""Issuing a report's drafts: every draft is a line of one table, issued or archived together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi import APIRouter, Response

from app.web.actions import choices_for, form_of, proposes
from app.web.forms import Filled, Form, blank, fill
from app.web.page_request import Visit, Visitor
from app.web.pages import redirect, render
from app.web.routers.intake.report import files_of, own_report, proposed
from core.errors import RectifyError, Refused
from models.enums import ApprovalLevel, ItemKind, Status, Verb
from models.report import Report, Source
from rectification import casework
from rectification.intake.proposals import Proposal
from rectification.intake.report_page import report_detail
from rectification.lists.case_file import CaseFile
from rectification.lists.rows import TaskRow
from rectification.verb_forms import FORMS, some_of

router = APIRouter(prefix="/reports/{report_id}")


SharedForm: Final = form_of(
    some_of(FORMS[Verb.ISSUE], ("leader_id", "reviewer_id", "approver_id", "approval_level"))
)
"""What the drafts issued together have in common."""
DraftForm: Final = form_of(
    some_of(
        FORMS[Verb.ISSUE],
        ("title", "lead_unit_id", "officer_id", "time_limit", "due_on", "is_publicity_required"),
    )
)
"""One draft's own line in the table."""


@dataclass(frozen=True)
class DraftLine:
    """A draft with its line of the form, what the report says of who and when, and what else might be done with it."""

    row: TaskRow
    filled: Filled[Form]
    is_chosen: bool
    proposals: tuple[Proposal, ...] = ()
    said: str = ""
    error: str = ""


@router.get("/issue", name="report_issue")
def report_issue(visit: Visitor, report_id: int) -> Response:
    """Every draft of the report as a line, with proposals."""
    found = own_report(visit, report_id)
    lines = [
        DraftLine(
            file.row, blank(DraftForm, proposes(Verb.ISSUE, file)), _is_ticked(suggested), suggested, said
        )
        for file, suggested, said in _drafts(visit, found)
    ]
    reviewers = choices_for(visit.session, visit.actor.bureau_id)["reviewers"]
    only = {"reviewer_id": reviewers[0].value} if len(reviewers) == 1 else {}
    return _issue_page(
        visit, found, lines, blank(SharedForm, {"approval_level": ApprovalLevel.LEADER, **only})
    )


@router.post("/issue", name="report_issue_post")
def report_issue_post(visit: Visitor, report_id: int) -> Response:
    """Issue (or archive) what was chosen: all of it, or nothing and the reason beside the line."""
    found = own_report(visit, report_id)
    shared = fill(SharedForm, visit.form)
    lines = [
        DraftLine(
            file.row,
            fill(DraftForm, visit.form, f"{file.row.code}."),
            bool(visit.text(f"{file.row.code}.is_chosen")),
            suggested,
            said,
        )
        for file, suggested, said in _drafts(visit, found)
    ]
    chosen = [line for line in lines if line.is_chosen]
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
                    values = _values(shared, line)
                    casework.perform(session, visit.clock, visit.acting, line.row.code, Verb.ISSUE, values)
    except RectifyError as error:
        told = [replace(each, error=error.line if each is line else "") for each in lines]
        return _issue_page(visit, found, told, shared, error)
    done = "存档" if is_archiving else "下达"
    return redirect(visit, "report", report_id=report_id, note=f"已{done} {len(chosen)} 项")


def _drafts(visit: Visit, found: Report) -> list[tuple[CaseFile, tuple[Proposal, ...], str]]:
    """The report's drafts, each with what is proposed for it and what the report says of who and when."""
    files = [file for file in files_of(visit, found) if file.row.status is Status.DRAFT]
    detail = report_detail(visit.session, found.id)
    suggested = proposed(visit, files, detail) if detail else {}
    said = {code: item.said for item in detail.items for code in item.task_codes} if detail else {}
    return [(file, suggested.get(file.row.code, ()), said.get(file.row.code, "")) for file in files]


def _is_ticked(suggested: tuple[Proposal, ...]) -> bool:
    """What had better be merged or archived is not ticked beforehand."""
    return all(each.verb is Verb.EDIT for each in suggested)


def _values(shared: Filled[Form], line: DraftLine) -> dict[str, Any]:
    assert shared.value is not None  # noqa: S101  (checked by the caller)
    assert line.filled.value is not None  # noqa: S101
    return shared.value.model_dump() | line.filled.value.model_dump()


def _issue_page(
    visit: Visit,
    report: Report,
    lines: list[DraftLine],
    shared: Filled[Form],
    error: RectifyError | None = None,
) -> Response:
    choices: Mapping[str, object] = choices_for(visit.session, visit.actor.bureau_id)
    return render(
        visit,
        "report_issue.html",
        status=422 if any(line.filled.errors for line in lines) else 0,
        report=report,
        lines=lines,
        shared=shared,
        choices=choices,
        error=error,
        ItemKind=ItemKind,
        is_published=visit.session.get_one(Source, report.source_id).is_published,
    )
