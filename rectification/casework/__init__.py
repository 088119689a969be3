"""The verbs of a task. Each takes a Session, the Clock, who acts and the task's code, and returns the task.

VERBS names them as the table does; `return_` and `object_` avoid Python's own words. Signatures after
`(session, clock, acting, code`, each with `*, seen_version=None`:

    issue(order)  archive(reason)  merge(into, reason)  edit(correction, reason)  split(parts)  join(other)
    accept(*, officer_id, measures)  refuse(reason)  progress(text, *, late_reason, needs_decision, count_done)
    measure(text, *, due_on, owner_id)  confirm_measures()  finish_measure(position, text)  drop_measure(position, reason)
    evidence(new)  purge_evidence(evidence_id, reason, witness_id)
    request_extension(reason, new_on)  grant_extension(new_on, reason)  deny_extension(reason)
    redate(reason, new_on)  make_long_term(reason, new_on)
    submit(statement)  withdraw(reason)  confirm(verdict)  verify(verdict, *, override)  return_(reason)
    approve(verdict, *, minutes_no)  close(verdict)  object_(reason)  terminate(reason, *, minutes_no)
    carry_over(conclusion, new_on)  checkpoint(conclusion, new_on)
    reopen(finding, *, due_on)  look_back(finding)
    transfer(reason, to)  participate(*, add_people, add_units, remove_people, remove_units)
    correct(reason, correction)  redact(sequence, reason)  instruct(text)  supervise(reason)

Not by code: hand_over(leaver_id, successor_id, reason, *, parts), enter(new), recalculate(bureau_id, notice),
publish(source_id, *, is_published),
draw_look_backs(), destroy_purged(store).
"""

from collections.abc import Callable
from typing import Final

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
from rectification.casework.drafts import edit, join, split
from rectification.casework.entering import Entry, enter
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
from rectification.task.drafting import NewMeasure

VERBS: Final[dict[Verb, Callable[..., RectificationTask]]] = {
    Verb.ISSUE: issue,
    Verb.ARCHIVE: archive,
    Verb.MERGE: merge,
    Verb.EDIT: edit,
    Verb.SPLIT: split,
    Verb.JOIN: join,
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

__all__ = [
    "VERBS",
    "Correction",
    "Entry",
    "IssueOrder",
    "Moved",
    "NewEvidence",
    "NewHands",
    "NewMeasure",
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
    "progress",
    "publish",
    "purge_evidence",
    "recalculate",
    "redact",
    "redate",
    "refuse",
    "reopen",
    "request_extension",
    "return_",
    "split",
    "submit",
    "supervise",
    "terminate",
    "transfer",
    "verify",
    "withdraw",
]
