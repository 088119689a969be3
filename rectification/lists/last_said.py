"""What was last said of the tasks on a list, and who brought each to the one whose move it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.enums import Verb
from models.history import TaskEvent
from models.organisation import Person
from models.task import Progress, RectificationTask
from rectification.labels import verb_label
from rectification.office.actors import Actor
from rectification.task.time_limits import day_text

Task = RectificationTask
_HANDS_ON: Final = (
    *(Verb.ISSUE, Verb.PASS_ON, Verb.TRANSFER, Verb.HAND_OVER, Verb.REOPEN, Verb.INSTRUCT, Verb.SUPERVISE),
    *(Verb.REQUEST_EXTENSION, Verb.GRANT_EXTENSION, Verb.DENY_EXTENSION, Verb.REQUEST_REDATE, Verb.REDATE),
    *(Verb.SUBMIT, Verb.WITHDRAW, Verb.CONFIRM, Verb.VERIFY, Verb.RETURN, Verb.APPROVE, Verb.OBJECT),
    Verb.CHECKPOINT,
)
"""What puts a task into other hands, or tells those who have it what is wanted."""


@dataclass(frozen=True, slots=True)
class LastSaid:
    """The newest progress of a task."""

    text: str
    reported_on: date
    late_reason: str
    needs_decision: str


def last_said(session: Session, task_ids: Collection[int]) -> Mapping[int, LastSaid]:
    """The newest progress of each of these tasks that has one."""
    newest = select(func.max(Progress.id)).where(Progress.task_id.in_(task_ids)).group_by(Progress.task_id)
    columns = (Progress.text, Progress.reported_on, Progress.late_reason, Progress.needs_decision)
    found = session.execute(select(Progress.task_id, *columns).where(Progress.id.in_(newest)))
    return {task_id: LastSaid(*said) for task_id, *said in found}


def brought_by(session: Session, actor: Actor, task_ids: Collection[int]) -> Mapping[int, str]:
    """Who else brought each of these tasks to `actor`, when and by what: 陈立2026年11月20日申请销号."""
    officer_said = and_(TaskEvent.verb == Verb.PROGRESS, TaskEvent.actor_id == Task.officer_id)
    newest = (
        select(func.max(TaskEvent.sequence))
        .join(Task, Task.id == TaskEvent.task_id)
        .where(
            TaskEvent.task_id.in_(task_ids),
            or_(TaskEvent.verb.in_(_HANDS_ON), officer_said),
            TaskEvent.actor_id.not_in(actor.ids),
        )
        .group_by(TaskEvent.task_id)
    )
    found = session.execute(
        select(TaskEvent.task_id, Person.name, TaskEvent.effective_on, TaskEvent.verb, Task.kind)
        .join(Person, Person.id == TaskEvent.actor_id)
        .join(Task, Task.id == TaskEvent.task_id)
        .where(TaskEvent.bureau_id == actor.bureau_id, TaskEvent.sequence.in_(newest))
    )
    return {
        task_id: f"{name}{day_text(day)}{verb_label(verb, kind)}" for task_id, name, day, verb, kind in found
    }
