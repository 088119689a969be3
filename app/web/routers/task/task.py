"""One task: its page, its files, and one page for each of its actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from starlette.datastructures import UploadFile

from app.web.actions import SHOWS_PROOF, Choices, choices_on, form_of, offered, proposes, verb_of
from app.web.forms import Filled, Form, blank, fill
from app.web.page_request import Visit, Visitor
from app.web.pages import redirect, render
from app.web.recording import PaperForm, acting_for, person_recorded, recordables
from app.web.task_in_view import do, file_store, seen_file
from core.errors import Conflict, Forbidden, NotFound, RectifyError
from core.files import StoredFile
from models.enums import Verb
from models.organisation import Person
from models.report import ReportItem
from models.task import RectificationTask
from rectification.labels import verb_label
from rectification.lists.case_file import CaseFile
from rectification.lists.timeline import timeline
from rectification.office.actors import Acting, Actor, actor_of
from rectification.task.access import parts_in
from rectification.task.lifecycle import TRANSITIONS, next_status
from rectification.task.proof import Finding, doubts
from rectification.task.proof_facts import dossier_of
from rectification.verb_forms import FORMS

router = APIRouter(prefix="/tasks/{code}")

SENT_BACK: Final = frozenset({Verb.REFUSE, Verb.RETURN, Verb.OBJECT, Verb.REOPEN})


@router.get("", name="task")
def task(visit: Visitor, code: str) -> Response:
    """A task with its source, its dates, its history and what this person may do now."""
    found, file = seen_file(visit, code)
    own = offered(file, parts_in(visit.session, visit.actor, found))
    events = timeline(visit.session, found.id)[::-1]
    latest = next((event for event in events if event.has_moved and event.stands), None)
    return render(
        visit,
        "task.html",
        file=file,
        row=file.row,
        item=visit.session.get(ReportItem, found.report_item_id) if found.report_item_id else None,
        verbs=own,
        recordables=recordables(visit, found, file, own),
        events=events,
        returned=latest if latest and latest.verb in SENT_BACK else None,
        warnings=_doubts(visit, found, file) if file.submitted_on else (),
    )


@router.get("/evidence/{evidence_id}", name="evidence_file")
def evidence_file(visit: Visitor, code: str, evidence_id: int) -> Response:
    """A piece of evidence, always to be saved, never shown inside a page."""
    _, file = seen_file(visit, code)
    line = next((each for each in file.evidence if each.id == evidence_id), None)
    place = file_store(visit).path(line.sha256) if line and line.sha256 and not line.is_purged else None
    if line is None or place is None or not place.is_file():
        raise NotFound("没有这个佐证文件", "可能已按误传清除，或文件不在数据文件夹里", "请从任务页面打开")
    return FileResponse(
        place,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(line.file_name)}"},
    )


@dataclass(frozen=True)
class _Page:
    """An action's page: whose action it is, and the forms as typed. `person` is set where the clerk records it."""

    file: CaseFile
    verb: Verb
    filled: Filled[Form]
    paper: Filled[PaperForm]
    person: Person | None
    error: RectifyError | None = None


@router.get("/{action}", name="act")
def act(visit: Visitor, code: str, action: str) -> Response:
    """The page of one action; `?for=LOGIN` is the clerk's page to record it for somebody."""
    verb = verb_of(action)
    found, file = seen_file(visit, code)
    person = _recorded(visit, visit.request.query_params.get("for", ""))
    _must_be_possible(visit, found, verb, person)
    filled = blank(form_of(FORMS[verb]), proposes(verb, file))
    paper = blank(PaperForm, {"paper_date": visit.clock.today.isoformat()})
    return _act_page(visit, found, _Page(file, verb, filled, paper, person))


@router.post("/{action}", name="act_post")
def act_post(visit: Visitor, code: str, action: str) -> Response:
    """Do it. What was typed stays on the page where it cannot be done."""
    verb = verb_of(action)
    found, file = seen_file(visit, code)
    person = _recorded(visit, visit.text("for"))
    filled, paper = fill(form_of(FORMS[verb]), visit.form), fill(PaperForm, visit.form)
    page = _Page(file, verb, filled, paper, person)
    if filled.value is None or (_stands_on_paper(page) and paper.value is None):
        return _act_page(visit, found, page)
    try:
        _do(visit, code, page, filled.value)
    except (Forbidden, Conflict):
        raise
    except RectifyError as error:
        return _act_page(visit, found, _Page(file, verb, filled, paper, person, error))
    done = f"已{'代录' if person else ''}“{verb_label(verb, file.row.kind)}”"
    if verb is Verb.REFUSE and person is None:  # it is a draft again, which whoever refused it does not see
        return redirect(visit, "my_tasks", note=done)
    return redirect(visit, "task", code=code, note=done)


def _stands_on_paper(page: _Page) -> bool:
    """What is recorded for somebody does, and a date put right."""
    return page.person is not None or (
        page.verb is Verb.CORRECT and getattr(page.filled.value, "due_on", None) is not None
    )


def _do(visit: Visit, code: str, page: _Page, form: Form) -> None:
    values = form.model_dump()
    if FORMS[page.verb].takes_file:
        values["file"] = _uploaded(visit, "file")
    acting: Acting = visit.acting
    if _stands_on_paper(page) and page.paper.value is not None:
        acting = acting_for(visit, page.person, page.paper.value, _uploaded(visit, "scan"))
    do(visit, page.verb, acting, code, values, seen_version=visit.seen_version)


def _recorded(visit: Visit, login: str) -> Person | None:
    return person_recorded(visit, login) if login else None


def _must_be_possible(visit: Visit, found: RectificationTask, verb: Verb, person: Person | None) -> None:
    actor: Actor = visit.actor if person is None else actor_of(visit.session, person, today=visit.clock.today)
    next_status(found.status, verb, found.kind)
    if not parts_in(visit.session, actor, found) & TRANSITIONS[verb].by:
        label = verb_label(verb, found.kind)
        raise Forbidden(
            f"{actor.name}不能在任务 {found.code} 办理“{label}”",
            "这一步由别的角色办理",
            "请由该角色本人办理，或由台账管理员依据签批件代录",
        )


def _uploaded(visit: Visit, name: str) -> StoredFile | None:
    """The file that came with the form, kept in the store."""
    upload = visit.form.get(name)
    if not isinstance(upload, UploadFile) or not upload.filename:
        return None
    return file_store(visit).keep(upload.file, upload.filename)


def _doubts(visit: Visit, found: RectificationTask, file: CaseFile) -> Sequence[Finding]:
    statement = file.closures[-1].statement if file.closures else ""
    return doubts(dossier_of(visit.session, found, visit.clock.today, statement=statement))


def _act_page(visit: Visit, found: RectificationTask, page: _Page) -> Response:
    shows_proof = page.verb in SHOWS_PROOF
    choices: Choices = choices_on(visit.session, page.file)
    context: Mapping[str, object] = {
        "row": page.file.row,
        "file": page.file,
        "verb": page.verb,
        "asked": FORMS[page.verb],
        "shows_proof": shows_proof,
        "filled": page.filled,
        "paper": page.paper,
        "person": page.person,
        "choices": choices,
        "error": page.error,
        "warnings": _doubts(visit, found, page.file) if shows_proof else (),
    }
    is_wrong = page.error or page.filled.errors or (_stands_on_paper(page) and page.paper.errors)
    return render(visit, "task_action.html", status=422 if is_wrong else 200, **context)
