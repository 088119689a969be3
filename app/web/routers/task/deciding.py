"""The page of a decision (审批单), and where whoever decided goes on."""

from collections.abc import Sequence
from typing import Final

from fastapi import Response

from app.web.actions import form_of, offered, proposes, slug
from app.web.decisions import OTHERWISE, opinion, side_by_side, words_of
from app.web.forms import Field, blank, fill
from app.web.page_request import Visit
from app.web.pages import redirect, render
from app.web.presenting import next_verb
from app.web.recording import PaperForm, Signer
from app.web.routers.lists.task_lists import listed
from models.enums import ApprovalLevel, Status, Verb
from models.task import RectificationTask
from rectification.labels import done_words
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.task.lifecycle import OPEN
from rectification.task.proof import Finding
from rectification.verb_forms import FORMS

LOOKED_AHEAD: Final = 50
UPON_A_CLOSING: Final = frozenset({Status.SUBMITTED, Status.VERIFIED, Status.PUBLICISED, Status.CLOSED})


def decision_page(
    visit: Visit,
    found: RectificationTask,
    file: CaseFile,
    verb: Verb,
    signer: Signer,
    doubts: Sequence[Finding],
) -> Response:
    """All that a decision is made from, in the order it is read, and one opinion with what may be done upon it."""
    verbs = side_by_side(verb, offered(file, signer.parts))
    sent = visit.sent.get(form_of(FORMS[verb]))
    asked = words_of(verb).key
    of_closing = file.closures[-1] if file.closures and file.row.status in UPON_A_CLOSING else None
    left_out = {words_of(each).key for each in verbs}
    if signer.actor.unit_id != found.lead_unit_id:
        left_out.add("override")
    if file.approval_level is ApprovalLevel.LEADER:
        left_out.add("minutes_no")
    if not (doubts and of_closing and of_closing.must_be_defended):
        left_out.add("answer")
    return render(
        visit,
        "task_decision.html",
        row=file.row,
        file=file,
        verb=verb,
        verbs=verbs,
        person=signer.person,
        closing=of_closing,
        before=[each for each in file.closures if each is not of_closing],
        doubts=doubts,
        opinion=opinion(verbs, file.row.kind, sent, sent.typed.get(asked, "") if sent else ""),
        fields=_fields(visit, file, verb, verbs, left_out),
        paper=visit.filled(PaperForm, {"paper_date": signer.day.isoformat()}),
        sent=sent,
    )


def _fields(
    visit: Visit, file: CaseFile, verb: Verb, verbs: Sequence[Verb], left_out: set[str]
) -> list[Field]:
    """What is asked beside the opinion, as it was typed: the form of one way is sent with the fields of both."""
    found = []
    for each in verbs:
        model = form_of(FORMS[each])
        is_others = bool(visit.form) and each is not verb
        filled = (
            blank(model, fill(model, visit.form).typed)
            if is_others
            else visit.filled(model, proposes(each, file))
        )
        found += [field for field in filled.fields() if field.name not in left_out]
    return found


def went_on(visit: Visit, file: CaseFile, verb: Verb) -> Response:
    """After a decision that was waited for: the next one that waits for the same person, or where that person begins."""
    row = file.row
    done = f"{done_words(verb, row.kind)} {row.code}"
    awaited = next_verb(row)
    if awaited is None or side_by_side(verb, (awaited,))[0] is not awaited:
        return redirect(visit, "task", code=row.code, note=done)
    mine = TaskFilter(waits_for=visit.actor, heads_confirm=visit.policy.requires_unit_head, statuses=OPEN)
    for each in listed(visit, mine, limit=LOOKED_AHEAD, besides={row.id}):
        if (following := next_verb(each)) and following in OTHERWISE:
            note = f"{done}；下一项：{each.code} {each.title}"
            return redirect(visit, "act", code=each.code, action=slug(following), note=note)
    return redirect(visit, "home", note=done)
