"""The life of a task: one table of transitions, which buttons, commands, permissions and the docs' diagram come from.

Source: docs/lifecycle.md is generated from this table.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from core.errors import Conflict
from models.enums import ApprovalLevel, ItemKind, Status, Verb, Worded
from rectification.labels import status_label, verb_label
from rectification.roles_in_task import Part


class Need(Worded):
    """What a transition asks for beyond status and person, as docs/lifecycle.md says it.

    rectification/casework/needs.py has a check for each.
    """

    ASSIGNMENT = (
        "assignment",
        "lead unit, leader, reviewer and approver are named, fit together and are of the bureau",
    )
    TIME_LIMIT = "time_limit", "a date, or so many days, or checkpoints; not in the past"
    CHECKPOINT_NEAR = (
        "checkpoint_near",
        "a long-term task is looked at within the bureau's interval (half a year)",
    )
    OFFICER_NAMED = "officer_named", "an officer of the lead unit is named"
    MEASURES_PROPOSED = (
        "measures_proposed",
        "at least one measure, where the bureau's setting `requires_measures` says so",
    )
    REASON = "reason", "a reason in words"
    TEXT = "text", "the report, statement, verdict or conclusion in words"
    NEW_DATE = "new_date", "a concrete date ahead; for extensions and re-dating later than the present one"
    DATED = "dated", "the task has a due date"
    LONG_TERM = "long_term", "the task is long-term"
    NOT_LONG_TERM = "not_long_term", "the task is not long-term yet"
    NOT_OVERDUE = "not_overdue", "the date has not passed"
    OVERDUE = "overdue", "the date has passed"
    PENDING_EXTENSION = "pending_extension", "a request waits to be decided"
    NO_PENDING_EXTENSION = "no_pending_extension", "no request waits"
    ASKED_IN_TIME = "asked_in_time", "the request was made before the date had passed"
    PROVEN = (
        "proven",
        "evidence, measures done, count complete or explained; of a problem also goal, measure and what each piece proves",
    )
    ANSWERED = "answered", "of a problem: an answer to each doubt about its closing"
    HEADS_STAGE = "heads_stage", "the unit's head, or the responsible leader where the head is the officer"
    HEAD_CONFIRMED = (
        "head_confirmed",
        "the unit's head confirmed, where the setting `requires_unit_head` says so",
    )
    DISINTERESTED = "disinterested", "the person has no interest in the task (decision 0010)"
    NOT_OWNER = "not_owner", "the person neither is nor was the officer"
    OUTSIDE_LEAD_UNIT = (
        "outside_lead_unit",
        "the person is not of the lead unit, or a reason why nonetheless goes on record",
    )
    SIGNED_PAPER = "signed_paper", "recorded for another: the paper's date, and its number or scan"
    APPROVAL_LEVEL = (
        "approval_level",
        "the level the task needs: chief where it recurs or is supervised, or a meeting's minutes",
    )
    MINUTES_NUMBERED = (
        "minutes_numbered",
        "the number of a meeting's minutes, where one is given, has a numeral",
    )
    CHIEF_DECIDES = "chief_decides", "the chief, where the chief must sign the task's end"
    SIGNER = (
        "signer",
        "whoever is newly named to sign may sign at the task's level; where the level rises, the bureau has a chief",
    )
    JUDGES_FREE = (
        "judges_free",
        "a reviewer or approver who is newly named, or whose unit or person comes to help, has no interest in the task",
    )
    PUBLICITY_OVER = "publicity_over", "the days of publicity have passed"
    CARRIES_ON = "carries_on", "a long-term task, or a plan that is not overdue"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: from these statuses, these parts may do this. `target` None leaves the status as it is.

    `publicised_target` replaces the target where the task must be publicised first (公示). `way_back` are the verbs
    that put it right where it was done by mistake; UNDO and AMEND are open to whoever may do the verb they put right.
    """

    verb: Verb
    origins: frozenset[Status]
    target: Status | None
    by: frozenset[Part]
    needs: tuple[Need, ...] = ()
    publicised_target: Status | None = None
    way_back: tuple[Verb, ...] = (Verb.UNDO,)


S, V, P, N = Status, Verb, Part, Need

OPEN: Final = frozenset({S.ASSIGNED, S.IN_PROGRESS, S.SUBMITTED, S.VERIFIED, S.PUBLICISED})
RUNNING: Final = frozenset({S.ASSIGNED, S.IN_PROGRESS})
ENDED: Final = frozenset({S.CLOSED, S.TERMINATED, S.ARCHIVED})
ISSUED: Final = OPEN | {S.CLOSED, S.TERMINATED}
ANYBODY: Final = set(Part) - {P.SYSTEM}


def _row(
    verb: Verb,
    origins: frozenset[Status] | set[Status],
    target: Status | None,
    by: set[Part],
    *needs: Need,
    publicised: Status | None = None,
    back: tuple[Verb, ...] = (Verb.UNDO,),
) -> Transition:
    return Transition(verb, frozenset(origins), target, frozenset(by), needs, publicised, back)


WORK: Final = {S.IN_PROGRESS}
SIGNERS: Final = {P.APPROVER, P.CHIEF}
FITTING_HANDS: Final = (N.ASSIGNMENT, N.SIGNER, N.JUDGES_FREE)
ASKED: Final = (N.NO_PENDING_EXTENSION, N.NEW_DATE)
DECIDED: Final = (N.DISINTERESTED, N.CHIEF_DECIDES, N.SIGNED_PAPER)
ENDED_BY: Final = (N.DISINTERESTED, N.MINUTES_NUMBERED, N.APPROVAL_LEVEL, N.SIGNED_PAPER)
NEXT_LOOK: Final = (N.NEW_DATE, N.CHECKPOINT_NEAR)
"""Needs that are asked for together: of who has a task, of a request, of a decision, of an ending, of the next look."""

TRANSITIONS: Final[dict[Verb, Transition]] = {
    row.verb: row
    for row in (
        _row(V.ISSUE, {S.DRAFT}, S.ASSIGNED, {P.CLERK}, *FITTING_HANDS, N.TIME_LIMIT, N.CHECKPOINT_NEAR),
        _row(V.ARCHIVE, {S.DRAFT}, S.ARCHIVED, {P.CLERK}, back=(V.RESTORE,)),
        _row(V.MERGE, {S.DRAFT}, S.ARCHIVED, {P.CLERK}, back=(V.RESTORE,)),
        _row(V.EDIT, {S.DRAFT}, None, {P.CLERK}, back=(V.EDIT,)),
        _row(V.SPLIT, {S.DRAFT}, None, {P.CLERK}, back=(V.JOIN,)),
        _row(V.JOIN, {S.DRAFT}, None, {P.CLERK}, back=(V.RESTORE,)),
        _row(V.PASS_ON, {S.DRAFT}, S.ARCHIVED, {P.CLERK}, back=(V.RESTORE,)),
        _row(V.RESTORE, {S.ARCHIVED}, S.DRAFT, {P.CLERK}, back=(V.ARCHIVE, V.MERGE)),
        _row(
            V.ACCEPT,
            {S.ASSIGNED},
            S.IN_PROGRESS,
            {P.OFFICER, P.UNIT_HEAD},
            N.OFFICER_NAMED,
            N.ASSIGNMENT,
            N.MEASURES_PROPOSED,
        ),
        _row(V.REFUSE, {S.ASSIGNED}, S.DRAFT, {P.OFFICER, P.UNIT_HEAD}, N.REASON, back=(V.ISSUE,)),
        _row(V.PROGRESS, WORK, None, {P.OFFICER, P.PARTICIPANT}, N.TEXT),
        _row(V.REQUEST_EXTENSION, WORK, None, {P.OFFICER}, N.REASON, N.DATED, N.NOT_OVERDUE, *ASKED),
        _row(
            V.GRANT_EXTENSION, WORK, None, SIGNERS, N.PENDING_EXTENSION, N.ASKED_IN_TIME, N.NEW_DATE, *DECIDED
        ),
        _row(
            V.DENY_EXTENSION,
            WORK,
            None,
            SIGNERS,
            N.PENDING_EXTENSION,
            N.REASON,
            N.CHIEF_DECIDES,
            N.SIGNED_PAPER,
        ),
        _row(V.REQUEST_REDATE, WORK, None, {P.OFFICER}, N.REASON, N.DATED, N.OVERDUE, *ASKED),
        _row(V.REDATE, WORK, None, SIGNERS, N.REASON, N.DATED, N.OVERDUE, N.NEW_DATE, *DECIDED),
        _row(
            V.SUBMIT,
            WORK,
            S.SUBMITTED,
            {P.OFFICER},
            N.TEXT,
            N.PROVEN,
            back=(V.WITHDRAW, V.UNDO),
        ),
        _row(V.WITHDRAW, {S.SUBMITTED}, S.IN_PROGRESS, {P.OFFICER}),
        _row(V.CONFIRM, {S.SUBMITTED}, None, {P.UNIT_HEAD, P.LEADER}, N.HEADS_STAGE),
        _row(
            V.VERIFY,
            {S.SUBMITTED},
            S.VERIFIED,
            {P.REVIEWER},
            N.TEXT,
            N.HEAD_CONFIRMED,
            N.PROVEN,
            N.DISINTERESTED,
            N.OUTSIDE_LEAD_UNIT,
            N.SIGNED_PAPER,
            N.ANSWERED,
        ),
        _row(V.RETURN, {S.SUBMITTED, S.VERIFIED}, S.IN_PROGRESS, {P.REVIEWER, P.APPROVER, P.CHIEF}, N.REASON),
        _row(
            V.APPROVE,
            {S.VERIFIED},
            S.CLOSED,
            SIGNERS,
            N.PROVEN,
            *ENDED_BY,
            N.ANSWERED,
            publicised=S.PUBLICISED,
        ),
        _row(V.CLOSE, {S.PUBLICISED}, S.CLOSED, {P.CLERK}, N.PROVEN, N.NOT_OWNER, N.PUBLICITY_OVER),
        _row(V.OBJECT, {S.PUBLICISED}, S.IN_PROGRESS, {P.REVIEWER}, N.REASON),
        _row(V.TERMINATE, WORK, S.TERMINATED, SIGNERS, N.REASON, *ENDED_BY),
        _row(V.CARRY_OVER, WORK, None, {P.CLERK}, N.TEXT, N.CARRIES_ON, N.NOT_OWNER, *NEXT_LOOK),
        _row(V.CHECKPOINT, WORK, None, {P.CLERK, P.REVIEWER}, N.TEXT, N.LONG_TERM, N.NOT_OWNER, *NEXT_LOOK),
        _row(
            V.MAKE_LONG_TERM,
            WORK,
            None,
            {P.APPROVER},
            N.REASON,
            N.NOT_LONG_TERM,
            *NEXT_LOOK,
            N.DISINTERESTED,
            N.SIGNED_PAPER,
        ),
        _row(V.REOPEN, {S.CLOSED}, S.IN_PROGRESS, {P.REVIEWER, P.APPROVER}, N.TEXT),
        _row(V.LOOK_BACK, {S.CLOSED}, None, {P.REVIEWER}, N.TEXT, N.DISINTERESTED),
        _row(V.TRANSFER, OPEN, None, {P.CLERK}, N.REASON, *FITTING_HANDS),
        _row(V.HAND_OVER, OPEN | {S.CLOSED}, None, {P.CLERK}, N.REASON, *FITTING_HANDS),
        _row(V.CORRECT, OPEN, None, {P.CLERK}, N.REASON, N.SIGNER, back=(V.CORRECT,)),
        _row(V.INSTRUCT, OPEN, None, {P.LEADER, P.CHIEF}, N.TEXT),
        _row(V.SUPERVISE, OPEN, None, {P.CLERK, P.LEADER, P.CHIEF}, N.REASON, N.SIGNER),
        _row(
            V.MEASURE,
            RUNNING,
            None,
            {P.OFFICER, P.UNIT_HEAD, P.CLERK},
            N.TEXT,
            N.JUDGES_FREE,
            back=(V.DROP_MEASURE, V.UNDO),
        ),
        _row(V.SET_GOAL, RUNNING, None, {P.OFFICER, P.UNIT_HEAD, P.CLERK}, N.TEXT, back=(V.CORRECT, V.UNDO)),
        _row(V.CONFIRM_MEASURES, RUNNING, None, {P.UNIT_HEAD, P.CLERK}),
        _row(V.FINISH_MEASURE, WORK, None, {P.OFFICER, P.PARTICIPANT}),
        _row(V.DROP_MEASURE, RUNNING, None, {P.UNIT_HEAD, P.CLERK}, N.REASON, N.NOT_OWNER),
        _row(
            V.PARTICIPATE, RUNNING, None, {P.UNIT_HEAD, P.CLERK}, N.JUDGES_FREE, back=(V.PARTICIPATE, V.UNDO)
        ),
        _row(
            V.EVIDENCE,
            {S.IN_PROGRESS, S.SUBMITTED},
            None,
            {P.OFFICER, P.PARTICIPANT},
            back=(V.DETACH, V.AMEND),
        ),
        _row(V.TIE, {S.IN_PROGRESS, S.SUBMITTED}, None, {P.OFFICER, P.PARTICIPANT}),
        _row(V.DETACH, OPEN, None, {P.OFFICER, P.PARTICIPANT, P.CLERK}, N.REASON),
        _row(V.PURGE_EVIDENCE, ISSUED, None, {P.CLERK}, N.REASON, back=()),
        _row(V.DUPLICATE, ISSUED - {S.TERMINATED}, S.ARCHIVED, SIGNERS, N.REASON, *DECIDED),
        _row(V.UNDO, set(Status), None, ANYBODY, N.REASON, back=()),
        _row(V.AMEND, set(Status), None, ANYBODY, N.REASON, N.MINUTES_NUMBERED, back=(V.AMEND,)),
        _row(V.REDACT, set(Status), None, {P.CLERK}, N.REASON, N.NOT_OWNER, back=()),
        _row(V.RECOMPUTE, OPEN, None, {P.SYSTEM}, N.REASON, back=()),
    )
}


def next_status(status: Status, verb: Verb, kind: ItemKind, *, is_publicity_required: bool = False) -> Status:
    """The status after `verb`.

    Raises: Conflict, where the table has no such row; the message says what the task waits for instead.
    """
    row = TRANSITIONS[verb]
    if status not in row.origins:
        able = "、".join(status_label(s, kind) for s in Status if s in row.origins)
        raise Conflict(
            f"任务现在是“{status_label(status, kind)}”，不能“{verb_label(verb, kind)}”",
            f"只有“{able}”的任务可以",
            "请刷新后查看办理记录",
        )
    if is_publicity_required and row.publicised_target is not None:
        return row.publicised_target
    return row.target or status


def verbs_for(status: Status, parts: frozenset[Part]) -> tuple[Verb, ...]:
    """What these parts may do now, in the table's order."""
    return tuple(row.verb for row in TRANSITIONS.values() if status in row.origins and parts & row.by)


def heads_stage(*, is_heads_own: bool) -> Part:
    """Who stands behind a request where the unit's head must: 责任领导 where the head is the officer."""
    return Part.LEADER if is_heads_own else Part.UNIT_HEAD


class Signed(Protocol):
    """A task, as it is or was."""

    @property
    def approval_level(self) -> ApprovalLevel: ...
    @property
    def is_recurring(self) -> bool: ...
    @property
    def is_supervised(self) -> bool: ...


def approval_level(task: Signed) -> ApprovalLevel:
    """Whose signature ends the task: the chief's where it recurs or is supervised (反复出现, 挂牌督办)."""
    if task.approval_level is ApprovalLevel.LEADER and (task.is_recurring or task.is_supervised):
        return ApprovalLevel.CHIEF
    return task.approval_level
