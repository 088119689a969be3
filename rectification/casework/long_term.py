"""Long-term tasks and plans that go on: a year's conclusion carries a task over (结转), a checkpoint looks at a long-term one (检查节点)."""

from datetime import date

from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import TimeLimit, Verb
from models.task import Checkpoint, RectificationTask
from rectification.casework.moving import close_case, open_case
from rectification.casework.task_in_hand import Given
from rectification.office.actors import Acting


def carry_over(
    session: Session,
    clock: Clock,
    acting: Acting,
    code: str,
    conclusion: str,
    due_on: date | None,
    *,
    seen_version: int | None = None,
) -> RectificationTask:
    """结转: the year's conclusion stands on record and the task goes on to `due_on`; a plan's date moves, uncounted.

    Raises: Refused, for a dated problem, or a plan that is overdue.
    """
    return _look_ahead(session, clock, acting, code, Verb.CARRY_OVER, conclusion, due_on, seen_version)


def checkpoint(
    session: Session,
    clock: Clock,
    acting: Acting,
    code: str,
    conclusion: str,
    checkpoint_on: date | None,
    *,
    seen_version: int | None = None,
) -> RectificationTask:
    """检查节点: how a long-term task stands, and when it is looked at next (at least half-yearly).

    Raises: Refused, for a dated problem, or a next look too far away.
    """
    return _look_ahead(session, clock, acting, code, Verb.CHECKPOINT, conclusion, checkpoint_on, seen_version)


def _look_ahead(
    session: Session,
    clock: Clock,
    acting: Acting,
    code: str,
    verb: Verb,
    conclusion: str,
    new_on: date | None,
    seen_version: int | None,
) -> RectificationTask:
    case = open_case(session, clock, acting, code, verb, Given(conclusion, new_on), seen_version=seen_version)
    task = case.task
    case.rows.add(
        Checkpoint(
            task_id=task.id,
            due_on=task.deadline_on or case.day,
            concluded_on=case.day,
            conclusion=case.words,
            person_id=acting.actor.person_id,
        )
    )
    if task.time_limit is TimeLimit.LONG_TERM:
        task.next_checkpoint_on = new_on
    else:
        task.due_on, task.paused_days = new_on, 0
        task.limit_days = task.limit_unit = None
    return close_case(case)
