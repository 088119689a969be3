"""A decision is one page (审批单): what may be decided stands side by side under one opinion; then comes the next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from fastapi import Response
from starlette.datastructures import FormData

from app.web.actions import alike, form_of, offered, proposes, slug
from app.web.forms import Field, blank, fill
from app.web.page_request import Visit
from app.web.pages import redirect, render
from app.web.recording import PaperForm, Signer
from app.web.routers.lists.task_lists import listed
from models.enums import ApprovalLevel, Verb
from rectification.labels import done_words
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.task.lifecycle import OPEN
from rectification.task.proof import Finding
from rectification.verb_forms import FORMS, Kind
from rectification.verb_forms import Field as Asked

OTHERWISE: Final[Mapping[Verb, Verb | None]] = {
    Verb.CONFIRM: None,
    Verb.VERIFY: Verb.RETURN,
    Verb.APPROVE: Verb.RETURN,
    Verb.GRANT_EXTENSION: Verb.DENY_EXTENSION,
    Verb.REDATE: Verb.DENY_EXTENSION,
    Verb.CLOSE: None,
    Verb.OBJECT: None,
    Verb.TERMINATE: None,
    Verb.DUPLICATE: None,
    Verb.MAKE_LONG_TERM: None,
    Verb.LOOK_BACK: Verb.REOPEN,
}
"""What is decided upon a page of its own, and what the same person may do instead, on the same papers."""

DECISIONS: Final = frozenset(filter(None, (*OTHERWISE, *OTHERWISE.values())))
OPINION: Final = "opinion"


def side_by_side(verb: Verb, able: Collection[Verb]) -> tuple[Verb, ...]:
    """What stands on the page of `verb`, of all somebody is able to do: the way it goes on first."""
    pairs = ((agree, other) for agree, other in OTHERWISE.items() if verb in (agree, other))
    pair = next(((one, other) for one, other in pairs if verb is one or one in able), (verb, None))
    return tuple(each for each in pair if each is verb or (each and each in able))


def leading(able: Sequence[Verb]) -> tuple[Verb, ...]:
    """What leads to a page of its own: not what stands on another's."""
    return tuple(verb for verb in able if side_by_side(verb, able)[0] is verb)


def words_of(verb: Verb) -> Asked:
    """The field of a decision's opinion."""
    return next(field for field in FORMS[verb].fields if field.kind is Kind.TEXT)


def with_opinion(form: FormData, verb: Verb) -> FormData:
    """The form as the verb reads it: the opinion of the page is its verdict, reason or finding."""
    if OPINION not in form or verb not in DECISIONS:
        return form
    return FormData([*form.multi_items(), (words_of(verb).key, form[OPINION])])


def decision_page(
    visit: Visit, file: CaseFile, verb: Verb, signer: Signer, doubts: Sequence[Finding]
) -> Response:
    """All that a decision is made from, in the order it is read, and one opinion with what may be done upon it."""
    verbs = side_by_side(verb, offered(file, signer.parts))
    sent = visit.filled(form_of(FORMS[verb]))
    error = sent.errors.get(words_of(verb).key, "")
    opinion = blank(form_of(FORMS[verbs[0]])).field(words_of(verbs[0]).key)
    of_closing = file.closures[-1] if file.submitted_on else None
    left_out = {words_of(each).key for each in verbs}
    if signer.actor.unit_id != file.lead_unit_id:
        left_out.add("override")
    if file.approval_level is ApprovalLevel.LEADER:
        left_out.add("minutes_no")
    if not file.is_due_with_measures:
        left_out.add("keep_measures")
    if not (doubts and of_closing and of_closing.must_be_defended):
        left_out.add("answer")
    return render(
        visit,
        "task_decision.html",
        row=file.row,
        file=file,
        verbs=verbs,
        person=signer.person,
        closing=of_closing,
        before=[each for each in file.closures if each is not of_closing],
        doubts=doubts,
        opinion=replace(opinion, name=OPINION, value=visit.text(OPINION), error=error),
        words_of=words_of,
        fields=_fields(visit, file, verbs, left_out),
        paper=visit.filled(PaperForm, {"paper_date": signer.day.isoformat()}),
        sent=sent,
    )


def _fields(visit: Visit, file: CaseFile, verbs: Sequence[Verb], left_out: set[str]) -> list[Field]:
    """What is asked beside the opinion, as it was typed: the form of one way is sent with the fields of both."""
    choices = alike(visit.session, visit.actor, file) if Verb.DUPLICATE in verbs else None
    found = []
    for verb in verbs:
        model = form_of(FORMS[verb])
        typed = fill(model, visit.form).typed if visit.form else proposes(verb, file)
        filled = visit.sent.get(model) or blank(model, typed)
        found += [field for field in filled.fields(choices) if field.name not in left_out]
    return found


def went_on(visit: Visit, file: CaseFile, verb: Verb, told: str = "") -> Response:
    """After a decision that was waited for: the next one that waits for the same person, or where that person begins."""
    row = file.row
    done = f"{done_words(verb, row.kind)} {row.code}{told}"
    awaited = row.next_verb
    if awaited is None or side_by_side(verb, (awaited,))[0] is not awaited:
        return redirect(visit, "task", code=row.code, note=done)
    mine = TaskFilter(waits_for=visit.actor, heads_confirm=visit.policy.requires_unit_head, statuses=OPEN)
    for each in listed(visit, mine, limit=50, besides={row.id}):
        if (following := each.next_verb) and following in OTHERWISE:
            note = f"{done}；下一项：{each.code} {each.title}"
            return redirect(visit, "act", code=each.code, action=slug(following), note=note)
    return redirect(visit, "home", note=done)
