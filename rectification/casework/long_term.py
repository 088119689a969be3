"""Long-term tasks and plans that go on: a year's conclusion carries a task over (结转), a checkpoint looks at a long-term one (检查节点)."""

from datetime import date

from models.enums import TimeLimit, Verb
from models.task import Checkpoint
from rectification.casework.moving import task_verb
from rectification.casework.task_in_hand import Case


@task_verb(Verb.CARRY_OVER)
def carry_over(case: Case, conclusion: str, due_on: date | None) -> None:
    """结转: the year's conclusion stands on record and the task goes on to `due_on`; a plan's date moves, uncounted.

    Raises: Refused, for a dated problem, or a plan that is overdue.
    """
    _look_ahead(case)


@task_verb(Verb.CHECKPOINT)
def checkpoint(case: Case, conclusion: str, checkpoint_on: date | None) -> None:
    """检查节点: how a long-term task stands, and when it is looked at next (at least half-yearly).

    Raises: Refused, for a dated problem, or a next look too far away.
    """
    _look_ahead(case)


def _look_ahead(case: Case) -> None:
    task, new_on = case.task, case.given.new_on
    case.rows.add(
        Checkpoint(
            task_id=task.id,
            due_on=task.deadline_on or case.day,
            concluded_on=case.day,
            conclusion=case.words,
            person_id=case.acting.actor.person_id,
        )
    )
    if task.time_limit is TimeLimit.LONG_TERM:
        task.next_checkpoint_on = new_on
    else:
        task.due_on, task.paused_days = new_on, 0
        task.limit_days = task.limit_unit = None
