"""One report: its text beside the items read from it, and what the clerk does to each draft before issuing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final

from fastapi import APIRouter, Response
from pydantic import Field as Limits

from app.web.actions import choices_for, form_of, proposes, slug, verb_of
from app.web.forms import Choice, Control, Filled, Form, LongText, RecordId, blank, fill
from app.web.page_request import Visit, Visitor
from app.web.pages import back_to, redirect, redirect_to, render, to_save
from app.web.sourcetext import stretches
from app.web.task_in_view import do, stored_place
from core.errors import Conflict, Forbidden, NotFound, RectifyError
from core.text import shortened
from models.enums import ItemChange, ItemKind, Status, Verb
from models.report import Report
from rectification.casework.evidence import destroy_unheld
from rectification.intake.picking import Picked, pick
from rectification.intake.proposals import Promise, Proposal, proposals
from rectification.intake.report_page import ReportDetail, report_detail
from rectification.intake.source_words import pieces
from rectification.intake.withdrawing import purge_original, withdraw_report
from rectification.labels import done_words
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.lists.rows import TaskRow, list_tasks
from rectification.task.lifecycle import OPEN
from rectification.verb_forms import FORMS, some_of

router = APIRouter(prefix="/reports/{report_id}")

AT_THE_SOURCE: Final = {
    Verb.EDIT: form_of(some_of(FORMS[Verb.EDIT], ("kind", "title", "text", "cause", "is_recurring"))),
    Verb.SPLIT: form_of(FORMS[Verb.SPLIT]),
    Verb.JOIN: form_of(FORMS[Verb.JOIN]),
}
"""The actions with a form of their own beside the source; of a draft, what the source can show to be wrong."""
ONE_CLICK: Final = {verb: form_of(FORMS[verb]) for verb in (Verb.ARCHIVE, Verb.MERGE, Verb.RESTORE)}
"""Those a button does at once."""
MARK: Final = "mark"
"""The address of the buttons that say of a draft what it is: a shortcoming, a plan, recurring."""
MARK_FORM: Final = form_of(some_of(FORMS[Verb.EDIT], ("kind", "is_recurring")))
PICKED_KINDS: Final = [Choice(kind.value, kind.word) for kind in (ItemKind.SHORTCOMING, ItemKind.PLAN)]


class PickForm(Form):
    """Words of the source that are to become an item."""

    kind: Annotated[ItemKind, Control("种类", "select", choices="picked_kinds")] = ItemKind.SHORTCOMING
    words: Annotated[LongText, Control("原文中的文字", "area", "从下面的原文中复制一段粘贴到这里", rows=3)]
    near: Annotated[int | None, Limits(title="原文中的大致位置", description="第几个字")] = None


class WithdrawForm(Form):
    """Why an import is taken back."""

    reason: Annotated[LongText, Control("撤回原因", hint="如“传错了文件”", rows=2)]


class PurgeForm(WithdrawForm):
    """Why a report's own file is destroyed, and before whom."""

    reason: Annotated[LongText, Control("清除原因", hint="如“附有不该上传的内容”", rows=2)]
    witness_id: Annotated[RecordId, Control("见证人", "select", "须另一人在场", "people")]


@dataclass(frozen=True)
class DraftForms:
    """A draft's forms on the page; `opened` is the one that was just sent and refused.

    `pieces` are where a click cuts it, `following` is the draft that a click joins to it.
    """

    forms: Mapping[Verb, Filled[Form]]
    choices: Mapping[str, object]
    proposals: tuple[Proposal, ...] = ()
    pieces: Sequence[str] = ()
    following: str = ""
    opened: Verb | None = None
    error: RectifyError | None = None


@router.get("", name="report")
def report(visit: Visitor, report_id: int) -> Response:
    """The report's own text beside the items read from it."""
    return _page(visit, own_report(visit, report_id), {})


@router.get("/file", name="report_file")
def report_file(visit: Visitor, report_id: int) -> Response:
    """The report as it came, always to be saved."""
    found = own_report(visit, report_id)
    if not found.size:
        raise NotFound("没有保存这份报告的原件", "", "手头有原件的，再导入一次同一文件就会存下")
    return to_save(stored_place(visit, found.sha256, found.file_name), found.file_name)


@router.post("/items", name="report_pick_post")
@back_to(report, but=(Forbidden, Conflict))
def report_pick_post(visit: Visitor, report_id: int) -> Response:
    """Words of the source become an item and its draft."""
    own_report(visit, report_id)
    form = visit.read(PickForm)
    with visit.unit_of_work() as session:
        picked = Picked(form.kind, form.words, form.near)
        task = pick(session, visit.clock, visit.acting, report_id, picked)
        code, item = task.code, task.report_item_id
    return _back(visit, report_id, f"item-{item}", f"已添加，编号 {code}", made=code)


@router.post("/withdraw", name="report_withdraw_post")
@back_to(report, but=(Forbidden, Conflict))
def report_withdraw_post(visit: Visitor, report_id: int) -> Response:
    """The wrong file: what was drafted from it is archived, and it leaves the list."""
    sha256, reason = own_report(visit, report_id).sha256, visit.read(WithdrawForm).reason
    with visit.unit_of_work() as session:
        withdraw_report(session, visit.clock, visit.acting, report_id, reason)
    _destroy(visit, sha256)
    return redirect(visit, "reports", note="已撤回导入，草稿已存档；同一文件可以重新导入")


@router.post("/purge", name="report_purge_post")
@back_to(report, but=(Forbidden, Conflict))
def report_purge_post(visit: Visitor, report_id: int) -> Response:
    """误传清除: the report's own file goes, what was read of it stays."""
    sha256, form = own_report(visit, report_id).sha256, visit.read(PurgeForm)
    with visit.unit_of_work() as session:
        purge_original(session, visit.clock, visit.acting, report_id, form.reason, form.witness_id)
    _destroy(visit, sha256)
    return redirect(visit, "report", report_id=report_id, note="原件已清除")


def _destroy(visit: Visit, sha256: str) -> None:
    with visit.site.database.reading() as session:
        destroy_unheld(session, visit.files, sha256)


@router.post("/drafts/{code}/{action}", name="report_draft_post")
def report_draft_post(visit: Visitor, report_id: int, code: str, action: str) -> Response:
    """One action on one draft of the report; what was typed stays on the page where it is refused."""
    found = own_report(visit, report_id)
    is_mark = action == MARK
    verb = Verb.EDIT if is_mark else verb_of(action)
    file = next((each for each in files_of(visit, found) if each.row.code == code), None)
    form = MARK_FORM if is_mark else AT_THE_SOURCE.get(verb) or ONE_CLICK.get(verb)
    if file is None or form is None:
        raise NotFound("这份报告没有这条草稿", "", "请从报告页面办理")
    filled = fill(form, visit.form, prefix(code, verb))
    error = None
    if filled.value is not None:
        try:
            do(visit, verb, visit.acting, code, filled.value.model_dump(), seen_version=visit.seen_version)
        except (Forbidden, Conflict):
            raise
        except RectifyError as refusal:
            error = refusal
        else:
            note = f"{code} {done_words(verb, file.row.kind)}"
            return _back(visit, report_id, f"task-{code}", note)
    refused = DraftForms({} if is_mark else {verb: filled}, {}, opened=verb, error=error)
    return _page(visit, found, {code: refused})


def own_report(visit: Visit, report_id: int) -> Report:
    """The report, if it is of the visitor's bureau.

    Raises: NotFound.
    """
    found = visit.session.get(Report, report_id)
    if found is None or found.bureau_id != visit.actor.bureau_id:
        raise NotFound("没有这份报告", "或者您无权查看", "请从“报告与下达”进入")
    return found


def files_of(visit: Visit, found: Report) -> list[CaseFile]:
    """Every task of the report's source, drafts too, in the order they were drafted."""
    filters = TaskFilter(statuses=frozenset(Status), source_id=found.source_id)
    files = case_files(visit.session, visit.clock.today, visit.calendar, actor=visit.actor, filters=filters)
    return sorted(files, key=lambda file: file.row.id)


def proposed(
    visit: Visit, drafts: Sequence[CaseFile], detail: ReportDetail
) -> Mapping[str, tuple[Proposal, ...]]:
    """What is proposed for these drafts, by code."""
    if not drafts:
        return {}
    filters = TaskFilter(statuses=OPEN)
    today, calendar = visit.clock.today, visit.calendar
    running = list_tasks(visit.session, today, calendar, actor=visit.actor, filters=filters)
    dropped = [code for item in detail.dropped for code in item.task_codes]
    promised = [_promise(file.row, is_recurring=file.is_recurring) for file in drafts]
    return proposals(promised, [_promise(row) for row in running], dropped)


def prefix(code: str, verb: Verb) -> str:
    """What stands before the names of the fields of one draft's form."""
    return f"{code}.{slug(verb)}."


def _promise(row: TaskRow, *, is_recurring: bool = False) -> Promise:
    return Promise(row.code, row.kind, row.text, is_recurring)


def _back(visit: Visit, report_id: int, anchor: str, note: str, made: str = "") -> Response:
    address = f"{visit.path('report', report_id=report_id)}#{anchor}"
    return redirect_to(visit, address, note=note, made=made or None)


def _page(visit: Visit, found: Report, refused: Mapping[str, DraftForms]) -> Response:
    detail = report_detail(visit.session, found.id)
    assert detail is not None  # noqa: S101  (its row was just read)
    files = files_of(visit, found)
    return render(
        visit,
        "report.html",
        status=422 if refused else 0,
        report=found,
        detail=detail,
        files={file.row.code: file for file in files},
        desks=_desks(visit, files, detail, refused),
        stretches=stretches(found.text, detail),
        plans={item.position: item for item in detail.items if item.kind is ItemKind.PLAN},
        picking=visit.filled(PickForm),
        withdrawing=visit.filled(WithdrawForm),
        purging=visit.filled(PurgeForm),
        shared=choices_for(visit.session, visit.actor.bureau_id),
        picked_kinds={"picked_kinds": PICKED_KINDS},
        prefix=prefix,
        ItemChange=ItemChange,
        ItemKind=ItemKind,
        MARK=MARK,
        moves=(ItemKind.SHORTCOMING, ItemKind.PLAN),
    )


def _desks(
    visit: Visit, files: Sequence[CaseFile], detail: ReportDetail, refused: Mapping[str, DraftForms]
) -> dict[str, DraftForms]:
    """The forms of each draft, filled from it or with what was just typed."""
    drafts = [file for file in files if file.row.status is Status.DRAFT]
    suggested = proposed(visit, drafts, detail)
    waiting = {file.row.code: file.row for file in drafts}
    shown = [waiting[code] for item in detail.items for code in item.task_codes if code in waiting]
    shared = choices_for(visit.session, visit.actor.bureau_id)
    desks = {}
    for file in drafts:
        row = file.row
        others = [each.row for each in drafts if each.row.kind is row.kind and each is not file]
        joinable = [Choice(other.code, f"{other.code} {shortened(other.text, 24)}") for other in others]
        forms = {verb: blank(form, proposes(verb, file)) for verb, form in AT_THE_SOURCE.items()}
        below = shown[shown.index(row) + 1 :] if row in shown else []
        desk = DraftForms(
            forms,
            {**shared, "drafts": joinable},
            suggested.get(row.code, ()),
            pieces(row.text),
            next((each.code for each in below if each.kind is row.kind), ""),
        )
        if sent := refused.get(row.code):
            desk = replace(desk, forms={**forms, **sent.forms}, opened=sent.opened, error=sent.error)
        desks[row.code] = desk
    return desks
