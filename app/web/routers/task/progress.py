"""The officer's one form: what was done, files, measures done and, where it is all done, the request to close."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, Response
from starlette.datastructures import UploadFile

from app.web.actions import choices_on, form_of, offered, verb_of
from app.web.forms import Mistyped, fill
from app.web.page_request import Visit, Visitor
from app.web.pages import back_to, redirect, render
from app.web.recording import signer_of
from app.web.routers.task.task import SENT_BACK, act, act_post, doubts_of, missing_for, must_be_possible
from app.web.task_in_view import seen_file, with_own_text
from app.web.uploads import held, hold, let_go
from core.errors import Conflict, Forbidden, RectifyError
from core.text import says_something
from models.enums import Verb
from rectification import casework
from rectification.labels import closing_noun
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.lists.rows import list_tasks
from rectification.lists.timeline import EventRow, timeline
from rectification.task.access import parts_in
from rectification.task.proof import WHOLE, Block, Dossier, Exhibit, unproven
from rectification.task.proof_facts import dossier_of
from rectification.verb_forms import FORMS, Field, Kind, VerbForm, some_of

router = APIRouter(prefix="/tasks/{code}")

_ABOUT: Final = ("note", "own_date", "kind", "proves")
ABOUT: Final = form_of(some_of(FORMS[Verb.EVIDENCE], _ABOUT))
PAPER: Final = form_of(some_of(FORMS[Verb.EVIDENCE], ("archive_no", *_ABOUT)))
ALL_FILES: Final = "files."
"""Before the names of what is said of every file, where nothing is said of each."""
HERE: Final = (Verb.EVIDENCE, Verb.FINISH_MEASURE, Verb.PROGRESS)
"""What the form itself mends of what is missing."""
_CLOSING: Final = ("count_reason", "despite_doubts")
_FINISHED: Final = Field("finish", Kind.STEPS, "已经完成的措施", offers="open_measures")
(_DONE_ON,) = some_of(FORMS[Verb.FINISH_MEASURE], ("done_on",)).fields


@router.get("/submit", name="submit")
@router.get("/progress", name="progress")
def progress(visit: Visitor, code: str) -> Response:
    """The form; of what the clerk records for somebody, the page of that one action."""
    action = visit.request.url.path.rpartition("/")[2]
    if "for" in visit.request.query_params:
        return act(visit, code, action)
    found, file = seen_file(visit, code)
    if not visit.form:
        must_be_possible(found, verb_of(action), signer_of(visit, found, None))
    hold(visit, visit.stored)
    verbs = offered(file, parts_in(visit.session, visit.actor, found))
    moves = (each for each in reversed(timeline(visit.session, found.id)) if each.has_moved and each.stands)
    latest = next(moves, None)
    back = latest if latest and latest.verb in SENT_BACK | {Verb.WITHDRAW} else None
    filled = visit.filled(form_of(_asked(file)), _proposed(visit, file, back))
    missing = missing_for(visit, found) if Verb.SUBMIT in verbs else ()
    told = visit.error.findings if visit.error else ()
    said = filled.typed.get("text", "")
    is_closing = "closing" in visit.form or action == Verb.SUBMIT
    choices = choices_on(visit.session, file)
    unmet = {}
    if visit.form and is_closing:
        standing = dossier_of(visit.session, found, visit.clock.today)
        unmet = _unmet(visit, standing, filled.typed, is_clear=not choices["provable"])
    return render(
        visit,
        "task_progress.html",
        status=422 if visit.form else 0,
        row=file.row,
        file=file,
        filled=filled,
        all_files=visit.filled(ABOUT),
        paper=visit.filled(PAPER),
        verbs=verbs,
        choices=choices,
        back=back,
        missing=missing,
        doubts=told,
        likely=doubts_of(visit, found, file, said) if Verb.SUBMIT in verbs and not (told or missing) else (),
        is_closing=is_closing,
        unmet=unmet,
        here=HERE,
        ALL_FILES=ALL_FILES,
    )


@router.post("/progress", name="progress_post")
@back_to(progress, but=(Forbidden, Conflict))
def progress_post(visit: Visitor, code: str) -> Response:
    """Take all of it, or nothing: what was typed and the files stay on the page where it is refused."""
    if visit.text("for"):
        return act_post(visit, code, Verb.PROGRESS.value)
    _, file = seen_file(visit, code)
    asked = form_of(_asked(file))
    for model, prefix in ((asked, ""), (ABOUT, ALL_FILES), (PAPER, "paper.")):
        visit.sent[model] = fill(model, visit.form, prefix)
    pieces = _pieces(visit)
    said, paper = visit.read(asked).model_dump(), visit.read(PAPER, "paper.").model_dump()
    pieces += [paper] if paper["archive_no"] else []
    is_closing = "closing" in visit.form
    deeds = list(_deeds(file, said, pieces, is_closing=is_closing))
    seen = visit.seen_version
    with visit.unit_of_work() as session:
        for verb, values in deeds:
            casework.perform(session, visit.clock, visit.acting, code, verb, values, seen_version=seen)
            seen = None
    let_go(visit, visit.stored)
    untied = sum(verb is Verb.EVIDENCE and not values["proves"] for verb, values in deeds)
    note = "进展已报送"
    if untied and len(file.measures) > 1:
        note += f"；有 {untied} 份材料未标明证明什么，请“标明证明事项”"
    if is_closing:
        with visit.site.database.reading() as session:
            only = TaskFilter(codes=(code,))
            (row,) = list_tasks(session, visit.clock.today, visit.calendar, filters=only)
        note = f"已申请{closing_noun(row.kind)}，等{row.whose_move}"
    return redirect(visit, "task", code=code, note=note)


def _asked(file: CaseFile) -> VerbForm:
    """What is asked of the task as it stands: why it is late where it is, of the count where it is counted."""
    progress = FORMS[Verb.PROGRESS]
    left_out = {"" if file.row.overdue_days else "late_reason", "" if file.count_total else "count_done"}
    fields = [
        replace(each, is_required=True, hint="为什么没有按期完成") if each.key == "late_reason" else each
        for each in progress.fields
        if each.key not in left_out
    ]
    open_ones = [each.position for each in file.measures if each.done_on is None]
    days = [replace(_DONE_ON, key=f"done_on_{place}") for place in open_ones]
    closing = some_of(FORMS[Verb.SUBMIT], _CLOSING).fields
    return replace(progress, fields=(*fields, *closing, _FINISHED, *days))


def _proposed(visit: Visit, file: CaseFile, back: EventRow | None) -> Mapping[str, str]:
    """What the officer had written when the task came back, or since; the reason as it was given last; the count."""
    written = [file.closures[-1].statement] if back and file.closures else []
    written += [each.text for each in file.progress if back and each.reported_on >= back.effective_on]
    reasons = [each.late_reason for each in file.progress if each.late_reason]
    today = {f"done_on_{each.position}": visit.clock.today.isoformat() for each in file.measures}
    last = {"text": ["", *written], "late_reason": ["", *reasons], "count_done": [str(file.count_done or 0)]}
    return {key: values[-1] for key, values in last.items()} | today


def _unmet(visit: Visit, standing: Dossier, typed: Mapping[str, str], *, is_clear: bool) -> dict[str, str]:
    """What would still be missing for the closing if all that was sent were taken, by its Block.

    `is_clear`: a piece has one thing only to prove and need not say it.
    """
    finished = [place for place in typed.get("finish", "").split(",") if place]
    came = {each.file_name: visit.about[each.sha256] for each in visit.stored if each.sha256 in visit.about}
    paper = visit.filled(PAPER)
    came |= {paper.typed["archive_no"]: paper} if paper.typed.get("archive_no") else {}
    exhibits = list(standing.exhibits)
    for name, said in came.items():
        is_tied = is_clear or len(finished) == 1 or said.typed.get("proves")
        exhibits.append(Exhibit(name, visit.clock.now, proves=frozenset({WHOLE} if is_tied else ())))
    steps = [
        replace(each, is_done=each.is_done or str(each.position) in finished) for each in standing.measures
    ]
    count = typed.get("count_done", "")
    done = int(count) if count.isdecimal() else standing.count_done
    sent = replace(standing, measures=tuple(steps), exhibits=tuple(exhibits), count_done=done)
    explained = {Block.COUNT_SHORT} if says_something(typed.get("count_reason", "")) else set()
    return {each.code: each.text for each in unproven(sent) if each.code not in explained}


def _pieces(visit: Visit) -> list[Mapping[str, Any]]:
    """What came now or is held since the form was refused, each with what is said of it.

    Raises: what the first is refused for that cannot be taken, when the others are kept; Mistyped.
    """
    pieces: list[Mapping[str, Any]] = []
    refused: RectifyError | None = None
    came = [(f"held.{key}.", key) for key in visit.form.getlist("held")]
    came += [(f"file{number}.", each) for number, each in enumerate(visit.form.getlist("file"))]
    for prefix, each in came:
        if isinstance(each, UploadFile) and not each.filename:
            continue
        try:
            file = held(visit, each) if isinstance(each, str) else visit.keep(each.file, each.filename or "")
        except RectifyError as error:
            refused = refused or error
            continue
        is_said = any(name.startswith(prefix) for name in visit.form)
        about = fill(ABOUT, visit.form, prefix) if is_said else visit.sent[ABOUT]
        visit.about[file.sha256] = about
        if about.value is None:
            refused = refused or Mistyped()
        else:
            pieces.append(with_own_text(visit, {"file": file, **about.value.model_dump()}))
    if refused:
        raise refused
    return pieces


def _deeds(
    file: CaseFile, said: Mapping[str, Any], pieces: Iterable[Mapping[str, Any]], *, is_closing: bool
) -> Iterable[tuple[Verb, Mapping[str, Any]]]:
    """The verbs the form asks for, in their order. One text: where only the closing is asked for, it is the statement."""
    finished = said["finish"] or ()
    meant = finished if len(finished) == 1 else ()
    for piece in pieces:
        yield Verb.EVIDENCE, {**piece, "proves": piece["proves"] or meant}
    for place in finished:
        yield Verb.FINISH_MEASURE, {"position": place, "done_on": said.get(f"done_on_{place}")}
    report = {each.key: said.get(each.key) for each in FORMS[Verb.PROGRESS].fields}
    tells_more = report["late_reason"] or report["needs_decision"]
    if not is_closing or tells_more or report["count_done"] not in (None, file.count_done):
        yield Verb.PROGRESS, report
    if is_closing:
        yield Verb.SUBMIT, {"statement": said["text"], **{key: said[key] for key in _CLOSING}}
