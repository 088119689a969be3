"""The officer's one form: what was done, files, measures done, and the request to close where all of it is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi import APIRouter, Response
from starlette.datastructures import UploadFile

from app.web.actions import choices_on, form_of, offered, verb_of
from app.web.forms import F, Filled, Form, blank, fill
from app.web.page_request import Mistyped, Visit, Visitor
from app.web.pages import redirect, render
from app.web.recording import signer_of
from app.web.routers.task.task import SENT_BACK, act, act_post, missing_for, must_be_possible
from app.web.task_in_view import do_together, seen_file
from app.web.uploads import held, hold, let_go
from core.errors import Conflict, Forbidden, RectifyError
from core.files import StoredFile
from models.enums import Verb
from models.task import RectificationTask
from rectification.casework import Doubted
from rectification.labels import closing_noun
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.lists.rows import list_tasks
from rectification.lists.timeline import EventRow, timeline
from rectification.office.kept_text import AlreadyEntered
from rectification.task.access import parts_in
from rectification.verb_forms import FORMS, Field, some_of

router = APIRouter(prefix="/tasks/{code}")

_ABOUT: Final = ("note", "own_date", "kind", "proves")
ABOUT_FILE: Final = form_of(some_of(FORMS[Verb.EVIDENCE], _ABOUT))
PAPER: Final = form_of(some_of(FORMS[Verb.EVIDENCE], ("archive_no", *_ABOUT)))
DONE: Final = form_of(some_of(FORMS[Verb.FINISH_MEASURE], ("done_on",)))
CLOSING: Final = form_of(some_of(FORMS[Verb.SUBMIT], ("count_reason", "despite_doubts")))
ALL_FILES: Final = "files."
"""Before the names of what is said of every file, where nothing is said of each."""
HERE: Final = (Verb.EVIDENCE, Verb.FINISH_MEASURE, Verb.PROGRESS)
"""What the form itself mends of what is missing."""
_TAKEN_UP: Final = SENT_BACK | {Verb.WITHDRAW}


@dataclass(frozen=True, slots=True)
class Piece:
    """A file on its way into the task's file, with what is said of it."""

    prefix: str
    about: Filled[Form]
    file: StoredFile


@dataclass(frozen=True, slots=True)
class Report:
    """The form as it was sent, or as it is proposed. `done` are the open measures by place, `ticked` those said to be done."""

    said: Filled[Form]
    closing: Filled[Form]
    done: Mapping[int, Filled[Form]]
    ticked: frozenset[int]
    all_files: Filled[Form]
    paper: Filled[Form]
    pieces: tuple[Piece, ...] = ()

    @property
    def is_mistyped(self) -> bool:
        """Whether something that counts cannot be read."""
        done = (self.done[place] for place in self.ticked)
        parts = (self.said, self.closing, self.paper, *done, *(each.about for each in self.pieces))
        return any(each.value is None for each in parts)


@router.get("/submit", name="submit")
@router.get("/progress", name="progress")
def progress(visit: Visitor, code: str) -> Response:
    """The form; of what the clerk records for somebody, the page of that one action."""
    action = visit.request.url.path.rpartition("/")[2]
    if "for" in visit.request.query_params:
        return act(visit, code, action)
    found, file = seen_file(visit, code)
    must_be_possible(found, verb_of(action), signer_of(visit, found, None))
    return _page(visit, found, file, _report(visit, found, file))


@router.post("/progress", name="progress_post")
def progress_post(visit: Visitor, code: str) -> Response:
    """Take all of it, or nothing: what was typed and the files stay on the page where it is refused."""
    if visit.text("for"):
        return act_post(visit, code, Verb.PROGRESS.value)
    found, file = seen_file(visit, code)
    report = _report(visit, found, file)
    try:
        pieces, unfit = _pieces(visit)
        report = replace(report, pieces=pieces)
        if unfit:
            raise unfit
        return _take(visit, file, report)
    except (AlreadyEntered, Forbidden, Conflict):
        raise
    except RectifyError as error:
        visit.error = None if isinstance(error, Mistyped) else error
        hold(visit, (each.file for each in report.pieces))
        return _page(visit, found, file, report)


def _report(visit: Visit, found: RectificationTask, file: CaseFile) -> Report:
    """The form without its files."""
    today, row = visit.clock.today.isoformat(), file.row
    late = next((each.late_reason for each in reversed(file.progress) if each.late_reason), "")
    proposed = {
        "text": _last_words(file, _last_move(visit, found)),
        "late_reason": late,
        "count_done": str(file.count_done or 0),
    }
    keys = ["text", "needs_decision"]
    keys += ["late_reason"] if row.overdue_days else []
    keys += ["count_done"] if file.count_total else []
    asked = some_of(FORMS[Verb.PROGRESS], keys)
    fields = (_must(each) if each.key == "late_reason" else each for each in asked.fields)
    open_places = [each.position for each in file.measures if each.done_on is None]
    sent = {text for text in visit.form.getlist("finish") if isinstance(text, str)}
    return Report(
        said=_filled(visit, form_of(replace(asked, fields=tuple(fields))), "", proposed),
        closing=_filled(visit, CLOSING, "", {}),
        done={place: _filled(visit, DONE, f"done{place}.", {"done_on": today}) for place in open_places},
        ticked=frozenset(place for place in open_places if str(place) in sent),
        all_files=_filled(visit, ABOUT_FILE, ALL_FILES, {}),
        paper=_filled(visit, PAPER, "paper.", {}),
    )


def _must(late_reason: Field) -> Field:
    return replace(late_reason, hint="为什么没有按期完成，现在到哪一步", is_required=True)


def _filled(visit: Visit, model: type[F], prefix: str, proposed: Mapping[str, str]) -> Filled[F]:
    return fill(model, visit.form, prefix) if visit.form else blank(model, proposed)


def _last_move(visit: Visit, found: RectificationTask) -> EventRow | None:
    """The step that brought the task back to the officer, where it was one back."""
    moves = (each for each in reversed(timeline(visit.session, found.id)) if each.has_moved and each.stands)
    latest = next(moves, None)
    return latest if latest and latest.verb in _TAKEN_UP else None


def _last_words(file: CaseFile, back: EventRow | None) -> str:
    """What the officer had written when the task came back, or since."""
    if back is None or not file.closures:
        return ""
    since = [each.text for each in file.progress if each.reported_on >= back.effective_on]
    return since[-1] if since else file.closures[-1].statement


def _pieces(visit: Visit) -> tuple[tuple[Piece, ...], RectifyError | None]:
    """The files that came now, or are held since the form was refused, and why one of them cannot be taken."""
    pieces: list[Piece] = []
    unfit = None
    waiting = [(f"held.{key}.", key) for key in visit.form.getlist("held")]
    new = [(f"file{number}.", each) for number, each in enumerate(visit.form.getlist("file"))]
    for prefix, came in (*waiting, *new):
        if isinstance(came, UploadFile) and not came.filename:
            continue
        try:
            file = held(visit, came) if isinstance(came, str) else visit.keep(came.file, came.filename or "")
        except RectifyError as error:
            unfit = unfit or error
            continue
        is_said = any(name.startswith(prefix) for name in visit.form)
        about = fill(ABOUT_FILE, visit.form, prefix if is_said else ALL_FILES)
        pieces.append(Piece(f"held.{file.sha256}.", about, file))
    return tuple(pieces), unfit


def _take(visit: Visit, file: CaseFile, report: Report) -> Response:
    if report.is_mistyped:
        raise Mistyped
    is_closing = bool(visit.text("closing"))
    do_together(
        visit, visit.acting, file.row.code, _deeds(file, report, is_closing), seen_version=visit.seen_version
    )
    let_go(visit, (each.file for each in report.pieces))
    note = "进展已报送"
    if is_closing:
        only = TaskFilter(codes=(file.row.code,))
        with visit.site.database.reading() as session:
            (row,) = list_tasks(session, visit.clock.today, visit.calendar, filters=only)
        note = f"已申请{closing_noun(row.kind)}，等{row.whose_move}"
    return redirect(visit, "task", code=file.row.code, note=note)


def _deeds(file: CaseFile, report: Report, is_closing: bool) -> Iterable[tuple[Verb, dict[str, Any]]]:
    """The verbs the form asks for, in their order. One text: where only the closing is asked for, it is the statement."""
    ticked = sorted(report.ticked)
    meant = tuple(ticked) if len(ticked) == 1 else ()
    papers = [_values(report.paper)] if report.paper.typed.get("archive_no") else []
    for piece in (*({"file": each.file, **_values(each.about)} for each in report.pieces), *papers):
        yield Verb.EVIDENCE, {**piece, "proves": piece["proves"] or meant}
    for place in ticked:
        yield Verb.FINISH_MEASURE, {"position": place, **_values(report.done[place])}
    said = _values(report.said)
    tells_more = said.get("late_reason") or said["needs_decision"]
    if not is_closing or tells_more or said.get("count_done") not in (None, file.count_done):
        yield Verb.PROGRESS, said
    if is_closing:
        yield Verb.SUBMIT, {"statement": said["text"], **_values(report.closing)}


def _values(filled: Filled[Form]) -> dict[str, Any]:
    assert filled.value is not None  # noqa: S101  (checked before)
    return filled.value.model_dump()


def _page(visit: Visit, found: RectificationTask, file: CaseFile, report: Report) -> Response:
    verbs = offered(file, parts_in(visit.session, visit.actor, found))
    return render(
        visit,
        "task_progress.html",
        status=422 if visit.form else 0,
        row=file.row,
        file=file,
        report=report,
        verbs=verbs,
        choices=choices_on(visit.session, file),
        back=_last_move(visit, found),
        missing=missing_for(visit, found) if Verb.SUBMIT in verbs else (),
        doubts=visit.error.doubts if isinstance(visit.error, Doubted) else (),
        is_closing=bool(visit.text("closing")) or visit.request.url.path.endswith("/submit"),
        here=HERE,
        ALL_FILES=ALL_FILES,
    )
