"""The verbs of a task. Each takes a Session, the Clock, who acts and the task's code, and returns the task.

VERBS names them as the table does, `perform` calls one by its name; `return_` and `object_` avoid Python's own words.
After `(session, clock, acting, code` each takes the fields of its VerbForm (those of an order, a correction, new hands
or a piece of evidence in one value), and `*, seen_version=None`: the version the person was looking at.

Not by code: hand_over(leaver_id, successor_id, reason, *, parts), enter(new), recalculate(bureau_id, notice),
publish(source_id, *, is_published),
draw_look_backs(), destroy_purged(store).
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final

from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import Verb
from models.task import RectificationTask
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
from rectification.casework.correcting import correct
from rectification.casework.drafts import edit, join, restore, split
from rectification.casework.entering import SourceEntry, enter
from rectification.casework.evidence import NewEvidence, destroy_purged, evidence, purge_evidence
from rectification.casework.extending import (
    deny_extension,
    grant_extension,
    make_long_term,
    redate,
    request_extension,
)
from rectification.casework.guiding import instruct, supervise
from rectification.casework.handling import accept, progress, refuse
from rectification.casework.handover import NewHands, hand_over, participate, transfer
from rectification.casework.issuing import IssueOrder, archive, issue, merge
from rectification.casework.long_term import carry_over, checkpoint
from rectification.casework.looking_back import draw_look_backs, look_back, reopen
from rectification.casework.measures import (
    confirm_measures,
    drop_measure,
    finish_measure,
    measure,
)
from rectification.casework.publishing import publish
from rectification.casework.recomputing import Moved, recalculate
from rectification.casework.redacting import redact
from rectification.casework.rewriting import Correction
from rectification.office.actors import Acting
from rectification.task.drafting import NewMeasure

VERBS: Final[dict[Verb, Callable[..., RectificationTask]]] = {
    Verb.ISSUE: issue,
    Verb.ARCHIVE: archive,
    Verb.MERGE: merge,
    Verb.EDIT: edit,
    Verb.SPLIT: split,
    Verb.JOIN: join,
    Verb.RESTORE: restore,
    Verb.ACCEPT: accept,
    Verb.REFUSE: refuse,
    Verb.PROGRESS: progress,
    Verb.REQUEST_EXTENSION: request_extension,
    Verb.GRANT_EXTENSION: grant_extension,
    Verb.DENY_EXTENSION: deny_extension,
    Verb.REDATE: redate,
    Verb.SUBMIT: submit,
    Verb.WITHDRAW: withdraw,
    Verb.CONFIRM: confirm,
    Verb.VERIFY: verify,
    Verb.RETURN: return_,
    Verb.APPROVE: approve,
    Verb.CLOSE: close,
    Verb.OBJECT: object_,
    Verb.TERMINATE: terminate,
    Verb.CARRY_OVER: carry_over,
    Verb.CHECKPOINT: checkpoint,
    Verb.MAKE_LONG_TERM: make_long_term,
    Verb.REOPEN: reopen,
    Verb.LOOK_BACK: look_back,
    Verb.TRANSFER: transfer,
    Verb.CORRECT: correct,
    Verb.INSTRUCT: instruct,
    Verb.SUPERVISE: supervise,
    Verb.MEASURE: measure,
    Verb.CONFIRM_MEASURES: confirm_measures,
    Verb.FINISH_MEASURE: finish_measure,
    Verb.DROP_MEASURE: drop_measure,
    Verb.PARTICIPATE: participate,
    Verb.EVIDENCE: evidence,
    Verb.PURGE_EVIDENCE: purge_evidence,
    Verb.REDACT: redact,
}
"""Every verb that acts on one task by its code; hand_over and recompute act on many."""

_BUNDLES: Final[dict[Verb, tuple[str, Any]]] = {
    Verb.ISSUE: ("order", IssueOrder),
    Verb.EDIT: ("correction", Correction),
    Verb.CORRECT: ("correction", Correction),
    Verb.TRANSFER: ("to", NewHands),
    Verb.EVIDENCE: ("new", NewEvidence),
}
"""What takes its fields together: the parameter, and the class that holds them."""


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
    if "measures" in given:
        given["measures"] = tuple(map(NewMeasure, given["measures"]))
    if verb in _BUNDLES:
        name, kind = _BUNDLES[verb]
        held = {each.name: given.pop(each.name) for each in fields(kind) if each.name in given}
        given[name] = kind(**held)
    return VERBS[verb](session, clock, acting, code, seen_version=seen_version, **given)


__all__ = [
    "VERBS",
    "Correction",
    "IssueOrder",
    "Moved",
    "NewEvidence",
    "NewHands",
    "NewMeasure",
    "SourceEntry",
    "accept",
    "approve",
    "archive",
    "carry_over",
    "checkpoint",
    "close",
    "confirm",
    "confirm_measures",
    "correct",
    "deny_extension",
    "destroy_purged",
    "draw_look_backs",
    "drop_measure",
    "edit",
    "enter",
    "evidence",
    "finish_measure",
    "grant_extension",
    "hand_over",
    "instruct",
    "issue",
    "join",
    "look_back",
    "make_long_term",
    "measure",
    "merge",
    "object_",
    "participate",
    "perform",
    "progress",
    "publish",
    "purge_evidence",
    "recalculate",
    "redact",
    "redate",
    "refuse",
    "reopen",
    "request_extension",
    "restore",
    "return_",
    "split",
    "submit",
    "supervise",
    "terminate",
    "transfer",
    "verify",
    "withdraw",
]
