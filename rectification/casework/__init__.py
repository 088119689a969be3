"""The verbs of a task. Each takes a Session, the Clock, who acts and the task's code, and returns the task.

VERBS names them as the table does, `perform` calls one by its name; `return_` and `object_` avoid Python's own words.
After `(session, clock, acting, code` each takes the fields of its VerbForm (those of an order, a correction, new hands
or a piece of evidence in one value). `verb.seen(version)` is the same for somebody who was looking at that version.

Not by code: hand_over(leaver_id, successor_id, reason, *, parts, units), set_line(units, leader, reason), change_person(person, said),
close_unit(unit, into, closed_on, reason), enter(new), recalculate(bureau_id, notice),
publish(source_id, *, is_published),
draw_look_backs(), destroy_purged(store).
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import Verb
from models.task import RectificationTask
from rectification.casework.amending import amend
from rectification.casework.closing import (
    approve,
    close,
    confirm,
    object_,
    return_,
    submit,
    terminate,
    verify,
    withdraw,
)
from rectification.casework.closing_units import ClosedUnit, close_unit
from rectification.casework.drafts import edit, join, restore, split
from rectification.casework.entering import enter
from rectification.casework.evidence import NewEvidence, destroy_purged, detach, evidence, purge_evidence, tie
from rectification.casework.extending import (
    carry_over,
    checkpoint,
    deny_extension,
    grant_extension,
    make_long_term,
    measures_words,
    redate,
    request_extension,
    request_redate,
)
from rectification.casework.handling import accept, instruct, progress, refuse, supervise
from rectification.casework.handover import NewHands, hand_over, participate, transfer
from rectification.casework.issuing import IssueOrder, archive, duplicate, issue, merge
from rectification.casework.lines import LineTask, set_line
from rectification.casework.looking_back import draw_look_backs, look_back, reopen
from rectification.casework.measures import confirm_measures, drop_measure, finish_measure, measure, set_goal
from rectification.casework.moving import VERBS
from rectification.casework.passing import deliver, pass_on
from rectification.casework.publishing import publish
from rectification.casework.recomputing import Moved, recalculate
from rectification.casework.redacting import redact
from rectification.casework.rewriting import Correction, correct
from rectification.casework.staffing import change_person
from rectification.casework.undoing import undo
from rectification.office.actors import Acting
from rectification.task.drafting import NewDraft, NewMeasure
from rectification.verb_forms import FORMS

_BUNDLES: Final[dict[Verb, tuple[str, Any]]] = {
    Verb.ISSUE: ("order", IssueOrder),
    Verb.EDIT: ("correction", Correction),
    Verb.CORRECT: ("correction", Correction),
    Verb.TRANSFER: ("to", NewHands),
    Verb.EVIDENCE: ("new", NewEvidence),
}
"""What takes its fields together: the parameter, and the class that holds them."""
BEFOREHAND: Final = {Verb.PASS_ON: deliver}
"""What a verb writes to another bureau's ledger: called with the same, in a unit of work of its own before the verb."""


def perform(
    session: Session,
    clock: Clock,
    acting: Acting,
    code: str,
    verb: Verb,
    values: Mapping[str, Any],
    *,
    seen_version: int | None = None,
) -> RectificationTask:
    """Call `verb` with the values of its VerbForm, by key; None is what was not given.

    Raises: RectifyError, as the verb does.
    """
    given = {key: value for key, value in values.items() if value is not None}
    FORMS[verb].must_fit(given)
    if "measures" in given:
        given["measures"] = tuple(map(NewMeasure, given["measures"]))
    if verb in _BUNDLES:
        name, kind = _BUNDLES[verb]
        held = {each.name: given.pop(each.name) for each in fields(kind) if each.name in given}
        given[name] = kind(**held)
    return VERBS[verb].seen(seen_version)(session, clock, acting, code, **given)
