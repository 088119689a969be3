"""Issuing: a report's drafts as lines of one table, issued or archived together, or one draft by itself."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Response
from pydantic import create_model
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.web.actions import choices_for, form_of, proposes
from app.web.forms import Control, Filled, Form, LongText, blank, fill
from app.web.page_request import Visit, Visitor
from app.web.pages import back_to, redirect, render
from app.web.recording import signer_of
from app.web.routers.intake.report import files_of, own_report, proposed
from app.web.routers.task.task import act, act_post, must_be_possible
from app.web.task_in_view import seen_file
from core.errors import Conflict, Forbidden, RectifyError, Refused
from models.enums import ApprovalLevel, DayUnit, ItemKind, Role, Status, TimeLimit, Verb
from models.organisation import Unit
from models.report import Report, Source
from models.task import RectificationTask
from rectification import casework
from rectification.intake.proposals import Proposal
from rectification.intake.report_page import report_detail
from rectification.intake.usual_hands import usual_officers, usual_reviewer
from rectification.lists.case_file import CaseFile
from rectification.office.people import WORKS, unreached
from rectification.tables.partners import set_partners
from rectification.verb_forms import FORMS, VerbForm, some_of

router = APIRouter()

_HANDS: Final = ("lead_unit_id", "reviewer_id", "leader_id", "approver_id")
SHARED: Final = form_of(some_of(FORMS[Verb.ISSUE], (*_HANDS, "approval_level")))
"""What the drafts issued together have in common; what a line says itself goes before."""
OF_LIMIT: Final = {
    TimeLimit.DATED: ("due_on",),
    TimeLimit.IMMEDIATE: ("limit_days", "limit_unit"),
    TimeLimit.LONG_TERM: ("checkpoint_on",),
}
"""The fields that count for each kind of time limit: what stands in the others is not meant."""
_LIMIT: Final = ("time_limit", *(key for keys in OF_LIMIT.values() for key in keys))
_PARTNERS: Any = Annotated[LongText, Control("配合单位", "ticks", choices="unit_names")]


def _with_partners(asked: VerbForm) -> type[Form]:
    """An order with the units that help, by name."""
    return create_model("OrderForm", __base__=form_of(asked), partners=(_PARTNERS, ""))


LINE: Final = _with_partners(
    some_of(FORMS[Verb.ISSUE], ("title", "officer_id", "is_publicity_required", *_HANDS, *_LIMIT))
)
ONE: Final = _with_partners(FORMS[Verb.ISSUE])


@dataclass(frozen=True)
class DraftLine:
    """A draft with its line of the form, what the report says of who and when, and what else might be done with it."""

    file: CaseFile
    filled: Filled[Form]
    is_chosen: bool
    proposals: tuple[Proposal, ...] = ()
    said: str = ""
    error: str = ""


@router.get("/reports/{report_id}/issue", name="report_issue")
def report_issue(visit: Visitor, report_id: int) -> Response:
    """Every draft of the report as a line, with proposals."""
    found = own_report(visit, report_id)
    usual = usual_officers(visit.session, visit.clock, found.bureau_id)
    lines = [
        DraftLine(file, blank(LINE, _proposes(visit, file, usual)), _is_ticked(suggested), suggested, said)
        for file, suggested, said in _drafts(visit, found)
    ]
    units = {line.file.lead_unit_id for line in lines if line.file.lead_unit_id}
    reviewer = usual_reviewer(visit.session, visit.clock, found.bureau_id, units)
    shared = {"approval_level": ApprovalLevel.LEADER.value, "reviewer_id": str(reviewer or "")}
    return _issue_page(visit, found, lines, blank(SHARED, shared))


@router.post("/reports/{report_id}/issue", name="report_issue_post")
def report_issue_post(visit: Visitor, report_id: int) -> Response:
    """Issue (or archive) what was chosen: all of it, or nothing and the reason beside the line."""
    found = own_report(visit, report_id)
    shared = fill(SHARED, visit.form)
    lines = [
        DraftLine(
            file,
            fill(LINE, visit.form, f"{file.row.code}."),
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
    done = "存档" if is_archiving else "下达"

    def deed(session: Session, line: DraftLine) -> None:
        if is_archiving:
            casework.archive(session, visit.clock, visit.acting, line.file.row.code)
        else:
            _issue(visit, session, line.file, _values(shared, line))

    try:
        with visit.unit_of_work() as session:
            for line in chosen:
                deed(session, line)
            ring = "" if is_archiving else _to_ring(session, [line.file.row.code for line in chosen])
    except RectifyError as refused:
        why = {line.file.row.code: _why_not(visit, line, deed) for line in chosen}
        told = [replace(each, error=why.get(each.file.row.code, "")) for each in lines]
        wrong, todo = sum(bool(each.error) for each in told), "每项的原因写在该项下面，改好后再提交"
        error = Refused(f"共{wrong}项有误，一项也没有{done}", "", todo) if wrong else refused
        return _issue_page(visit, found, told, shared, error)
    return redirect(visit, "report", report_id=report_id, note=f"已{done} {len(chosen)} 项{ring}")


class _Tried(Exception):
    """Takes back what was only tried."""


def _why_not(visit: Visit, line: DraftLine, deed: Callable[[Session, DraftLine], None]) -> str:
    """What the line by itself is refused for; empty where it is not."""
    try:
        with visit.site.database.unit_of_work() as session:
            deed(session, line)
            raise _Tried
    except _Tried:
        return ""
    except RectifyError as refused:
        return refused.line


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
    """What a line says, and of what it does not say what all have in common."""
    assert shared.value is not None  # noqa: S101  (checked by the caller)
    assert line.filled.value is not None  # noqa: S101
    own = {key: value for key, value in line.filled.value.model_dump().items() if value is not None}
    common = shared.value.model_dump()
    if "officer_id" in own:  # whose unit it is
        del common["lead_unit_id"]
    return common | own


def _issue(
    visit: Visit, session: Session, file: CaseFile, values: dict[str, Any], seen_version: int | None = None
) -> None:
    """Issue a draft and name who helps; of its limit counts what belongs to the kind that was chosen."""
    kind, partners = values.get("time_limit"), values.pop("partners")
    meant = OF_LIMIT[kind] if kind else _LIMIT
    order = {key: value for key, value in values.items() if key in meant or key not in _LIMIT[1:]}
    clock, code = visit.clock, file.row.code
    casework.perform(session, clock, visit.acting, code, Verb.ISSUE, order, seen_version=seen_version)
    if "asks_partners" in visit.form:
        set_partners(session, clock, visit.acting, file, partners)


def _to_ring(session: Session, codes: Collection[str]) -> str:
    """Who is told of these tasks by telephone alone: their officers, or the heads of a unit without one."""
    query = (
        select(RectificationTask.bureau_id, RectificationTask.officer_id, Unit.name)
        .join(Unit, Unit.id == RectificationTask.lead_unit_id)
        .where(RectificationTask.code.in_(codes))
    )
    tasks = session.execute(query).tuples().all()
    people = unreached(session, tasks[0][0], *WORKS) if tasks else []
    names = dict.fromkeys(
        each.name
        for _, officer, unit in tasks
        for each in people
        if each.id == officer or (officer is None and Role.UNIT_HEAD in each.roles and each.unit == unit)
    )
    return f"；待电话通知：{'、'.join(names)}（没有邮箱或已关闭邮件提醒）" if names else ""


def _proposes(visit: Visit, file: CaseFile, usual: Mapping[int, int]) -> dict[str, str]:
    said = proposes(Verb.ISSUE, file)
    days = {"limit_days": str(visit.policy.immediate_days), "limit_unit": DayUnit.WORKING.value}
    officer = said["officer_id"] or str(usual.get(file.lead_unit_id or 0, ""))
    return days | said | {"officer_id": officer, "partners": ",".join(file.units)}


@router.get("/tasks/{code}/issue", name="issue")
def issue(visit: Visitor, code: str) -> Response:
    """One draft with everything an order can say, in groups."""
    if "for" in visit.request.query_params:
        return act(visit, code, Verb.ISSUE.value)
    found, file = seen_file(visit, code)
    if not visit.sent:
        must_be_possible(found, Verb.ISSUE, signer_of(visit, found, None))
    usual = usual_officers(visit.session, visit.clock, found.bureau_id)
    units = {file.lead_unit_id} if file.lead_unit_id else set()
    reviewer = usual_reviewer(visit.session, visit.clock, found.bureau_id, units)
    said = _proposes(visit, file, usual) | {"reviewer_id": str(reviewer or "")}
    return render(
        visit,
        "task_issue.html",
        row=file.row,
        filled=visit.filled(ONE, said),
        choices=choices_for(visit.session, found.bureau_id),
        usual=usual,
        of_limit=OF_LIMIT,
    )


@router.post("/tasks/{code}/issue", name="issue_post")
@back_to(issue, but=(Forbidden, Conflict))
def issue_post(visit: Visitor, code: str) -> Response:
    """Issue one draft."""
    if visit.text("for"):
        return act_post(visit, code, Verb.ISSUE.value)
    _, file = seen_file(visit, code)
    values = visit.read(ONE).model_dump()
    with visit.unit_of_work() as session:
        _issue(visit, session, file, values, visit.seen_version)
        ring = _to_ring(session, [code])
    return redirect(visit, "task", code=code, note=f"已下达{ring}")


def _issue_page(
    visit: Visit,
    report: Report,
    lines: list[DraftLine],
    shared: Filled[Form],
    error: RectifyError | None = None,
) -> Response:
    return render(
        visit,
        "report_issue.html",
        status=422 if any(line.filled.errors for line in lines) else 0,
        report=report,
        lines=lines,
        shared=shared,
        choices=choices_for(visit.session, report.bureau_id),
        usual=usual_officers(visit.session, visit.clock, report.bureau_id),
        of_limit=OF_LIMIT,
        error=error,
        ItemKind=ItemKind,
        is_published=visit.session.get_one(Source, report.source_id).is_published,
    )
