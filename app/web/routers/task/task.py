"""One task: its page, and one page for each of its actions."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Response
from sqlalchemy import select

from app.web.access import ACCESS
from app.web.actions import alike, choices_on, form_of, offered, proposes, verb_of
from app.web.forms import Mistyped, fill
from app.web.page_request import Visit, Visitor
from app.web.pages import back_to, redirect, render
from app.web.recording import PaperForm, Signer, acting_for, person_recorded, recordables, signer_of
from app.web.routers.task.deciding import DECISIONS, decision_page, leading, went_on, with_opinion
from app.web.task_in_view import do, seen_file
from app.web.uploads import stored_uploads
from core.errors import Conflict, Forbidden
from core.files import StoredFile
from models.enums import Status, Verb
from models.organisation import Person
from models.report import Report, ReportItem
from models.task import RectificationTask
from rectification import casework
from rectification.intake.item_drafts import answering_plans
from rectification.labels import done_words
from rectification.lists.case_file import CaseFile
from rectification.lists.district import has_any_below
from rectification.lists.timeline import timeline
from rectification.office.actors import Acting
from rectification.task.access import must_be_by, parts_in, reads_the_bureau
from rectification.task.doubts import doubts
from rectification.task.lifecycle import next_status
from rectification.task.proof import Finding, unproven
from rectification.task.proof_facts import dossier_of
from rectification.verb_forms import FORMS

router = APIRouter(prefix="/tasks/{code}")

SENT_BACK: Final = frozenset({Verb.REFUSE, Verb.RETURN, Verb.OBJECT, Verb.REOPEN})


@router.get("", name="task")
def task(visit: Visitor, code: str) -> Response:
    """A task with its source, its dates, its history and what this person may do now."""
    found, file = seen_file(visit, code)
    own = offered(file, parts_in(visit.session, visit.actor, found))
    if Verb.PASS_ON in own and not has_any_below(visit.session, found.bureau_id):
        own = tuple(verb for verb in own if verb is not Verb.PASS_ON)
    events = timeline(visit.session, found.id)[::-1]
    latest = next((event for event in events if event.has_moved and event.stands), None)
    item = visit.session.get(ReportItem, found.report_item_id) if found.report_item_id else None
    return render(
        visit,
        "task.html",
        file=file,
        row=file.row,
        item=item,
        has_original=item is not None and _has_original(visit, item.report_id),
        verbs=leading(own),
        leading=leading,
        decisions=DECISIONS,
        recordables=recordables(visit, found, file, own),
        events=events,
        returned=latest if latest and latest.verb in SENT_BACK else None,
        doubts=doubts_of(visit, found, file, "") if file.submitted_on else (),
        missing=missing_for(visit, found) if found.status is Status.IN_PROGRESS else (),
    )


def _has_original(visit: Visit, report_id: int) -> bool:
    """Whether the report itself is kept and this person may have it."""
    if not (ACCESS["report_file"].admits(visit.actor.roles) and reads_the_bureau(visit.session, visit.actor)):
        return False
    return bool(visit.session.scalar(select(Report.size).where(Report.id == report_id)))


@router.get("/{action}", name="act")
def act(visit: Visitor, code: str, action: str) -> Response:
    """The page of one action; `?for=LOGIN` is the clerk's page to record it for somebody."""
    verb = verb_of(action)
    found, file = seen_file(visit, code)
    signer = signer_of(visit, found, _recorded(visit))
    if not visit.sent:
        must_be_possible(found, verb, signer)
    is_stated = verb is Verb.SUBMIT or (file.submitted_on and verb in DECISIONS)
    doubts = doubts_of(visit, found, file, visit.text("statement")) if is_stated else ()
    if verb in DECISIONS:
        return decision_page(visit, file, verb, signer, doubts)
    proposed = proposes(verb, file)
    if verb is Verb.ACCEPT and not file.measures:
        proposed["measures"] = "\n".join(answering_plans(visit.session, found.report_item_id))
    return render(
        visit,
        "task_action.html",
        row=file.row,
        file=file,
        verb=verb,
        asked=FORMS[verb],
        filled=visit.filled(form_of(FORMS[verb]), proposed),
        left_out=_left_out(file, doubts),
        paper=visit.filled(PaperForm, {"paper_date": signer.day.isoformat()}),
        person=signer.person,
        choices=choices_on(visit.session, file)
        | (alike(visit.session, visit.actor, file) if verb is Verb.MERGE else {}),
        doubts=doubts,
        offered_verbs=offered(file, parts_in(visit.session, visit.actor, found)),
        missing=missing_for(visit, found) if verb is Verb.SUBMIT else (),
    )


@router.post("/{action}", name="act_post")
@back_to(act, but=(Forbidden, Conflict))
def act_post(visit: Visitor, code: str, action: str) -> Response:
    """Do it. What was typed stays on the page where it cannot be done."""
    verb = verb_of(action)
    _, file = seen_file(visit, code)
    person = _recorded(visit)
    paper = visit.sent[PaperForm] = fill(PaperForm, visit.form)
    visit.form = with_opinion(visit.form, verb)
    form = visit.read(form_of(FORMS[verb]))
    acting: Acting = visit.acting
    is_date_put_right = verb is Verb.CORRECT and getattr(form, "due_on", None)
    if person or is_date_put_right:  # it stands on paper, too
        if paper.value is None:
            raise Mistyped
        acting = acting_for(visit, person, paper.value, _uploaded(visit, "scan"))
    values = form.model_dump()
    if FORMS[verb].takes_file:
        values["file"] = _uploaded(visit, "file")
    task = do(visit, verb, acting, code, values, seen_version=visit.seen_version)
    told = ""
    if hasattr(form, "keep_measures"):
        keep = form.keep_measures
        words = casework.measures_words(file.measures, file.row.due_on, task.due_on, keep_measures=keep)
        told = f"；{words}" if words and task.due_on else ""
    if verb in DECISIONS and person is None:
        return went_on(visit, file, verb, told)
    done = f"{done_words(verb, file.row.kind)}{'（代录）' if person else ''}{told}"
    if verb is Verb.REFUSE and person is None:  # it is a draft again, which whoever refused it does not see
        return redirect(visit, "my_tasks", note=done)
    return redirect(visit, "task", code=code, note=done)


def _recorded(visit: Visit) -> Person | None:
    login = visit.text("for") or visit.request.query_params.get("for", "")
    return person_recorded(visit, login) if login else None


def _uploaded(visit: Visit, field: str) -> StoredFile | None:
    return next(iter(stored_uploads(visit, field)), None)


def must_be_possible(found: RectificationTask, verb: Verb, signer: Signer) -> None:
    """Whether who signs may do it on his day.

    Raises: Conflict, Forbidden.
    """
    next_status(found.status, verb, found.kind)
    must_be_by(verb, signer.parts, signer.actor.name, found)


def doubts_of(visit: Visit, found: RectificationTask, file: CaseFile, said: str) -> Sequence[Finding]:
    """What is doubted now: of what is `said` and about to be submitted, or was."""
    is_open = found.status is Status.IN_PROGRESS
    said = said if is_open else file.closures[-1].statement if file.closures else ""
    now = visit.clock.now if is_open else None
    return doubts(dossier_of(visit.session, found, visit.clock.today, statement=said, now=now))


def missing_for(visit: Visit, found: RectificationTask) -> Sequence[Finding]:
    """What will be asked for before anybody may ask for the closing."""
    return tuple(unproven(dossier_of(visit.session, found, visit.clock.today)))


def _left_out(file: CaseFile, doubts: Sequence[Finding]) -> set[str]:
    """Fields of a form that have nothing to ask about: no doubts, no count that is not complete, no measure due that day."""
    asks = {
        "despite_doubts": bool(doubts),
        "count_reason": (file.count_done or 0) < (file.count_total or 0),
        "keep_measures": file.is_due_with_measures,
    }
    return {key for key, is_asked in asks.items() if not is_asked}
