"""The one place where a task changes: permission, transition, version, history.

A verb opens a case, alters the task's columns, and closes the case; the event is written from what really changed.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Conflict, Forbidden, Refused
from models.enums import Status, Verb
from models.task import RectificationTask
from rectification import history
from rectification.access import parts_in, seen_task
from rectification.actors import Acting
from rectification.deadlines import deadline
from rectification.labels import verb_label
from rectification.lifecycle import TRANSITIONS, Part, next_status

MAX_TEXT: Final = 20_000

_RECORDED: Final = (
    "kind",
    "lead_unit_id",
    "officer_id",
    "leader_id",
    "reviewer_id",
    "approver_id",
    "approval_level",
    "time_limit",
    "limit_days",
    "limit_unit",
    "issued_on",
    "due_on",
    "original_due_on",
    "next_checkpoint_on",
    "paused_days",
    "extension_count",
    "submitted_on",
    "closed_on",
    "is_confirmed",
    "count_total",
    "count_done",
    "is_supervised",
    "is_recurring",
    "is_restricted",
    "is_publicity_required",
    "merged_into_id",
)
"""The columns an event tells of; free text is told in the event's words, where it can be redacted."""


@dataclass(slots=True)
class Case:
    """A task opened for one verb by somebody who may do it."""

    session: Session
    clock: Clock
    acting: Acting
    verb: Verb
    task: RectificationTask
    parts: frozenset[Part]
    _before: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return verb_label(self.verb, self.task.kind)

    def refuse(self, why: str, todo: str = "") -> Refused:
        """The refusal of this verb on this task, to be raised."""
        return Refused(f"任务 {self.task.code} 不能“{self.label}”", why, todo)


def open_case(
    session: Session, clock: Clock, acting: Acting, code: str, verb: Verb, *, seen_version: int | None = None
) -> Case:
    """Load and lock a task for `verb`.

    `seen_version` is the version the person was looking at.

    Raises: NotFound, Forbidden (not this person's to do), Conflict (not in this status, or changed meanwhile).
    """
    task = seen_task(session, acting.actor, code, lock=True)
    parts = parts_in(session, acting.actor, task)
    case = Case(session, clock, acting, verb, task, parts, {name: getattr(task, name) for name in _RECORDED})
    if not parts & TRANSITIONS[verb].by:
        raise Forbidden(
            f"{acting.actor.name}不能对任务 {code} “{case.label}”", "这一步由别的角色办理", "请联系台账管理员"
        )
    if seen_version is not None and seen_version != task.version:
        raise Conflict(f"任务 {code} 刚刚被别人改动过", "", "请刷新页面，看过办理记录后再办")
    next_status(task.status, verb, task.kind)
    return case


def close_case(case: Case, text: str = "") -> RectificationTask:
    """Move the task as the table says and note what changed; `text` are the event's words."""
    task = case.task
    old_status = task.status
    task.status = next_status(
        old_status, case.verb, task.kind, is_publicity_required=task.is_publicity_required
    )
    if task.status is not old_status:
        task.waiting_since = case.acting.effective_on(case.clock.today)
    if task.status is not Status.DRAFT:
        task.deadline_on = deadline(task.time_limit, task.due_on, task.next_checkpoint_on, task.paused_days)
    task.version += 1
    case.session.flush()
    changes = {
        name: (old, getattr(task, name)) for name, old in case._before.items() if getattr(task, name) != old
    }
    history.record(
        case.session,
        case.clock,
        case.acting,
        task,
        case.verb,
        old_status=old_status,
        text=text,
        changes=changes,
    )
    return task


def required(case: Case, text: str, what: str) -> str:
    """`text` trimmed.

    Raises: Refused, where it is empty or too long.
    """
    clean = text.strip()
    if not clean:
        raise case.refuse(f"没有写{what}", f"请写明{what}")
    if len(clean) > MAX_TEXT:
        raise case.refuse(f"{what}超过 {MAX_TEXT} 字", "请精简，或作为佐证材料上传")
    return clean
