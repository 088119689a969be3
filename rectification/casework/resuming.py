"""A task returns to its officer: the closing is called off and its days count again."""

from datetime import date, timedelta

from models.enums import TimeLimit
from rectification.casework.task_in_hand import Case


def days_waited(case: Case) -> int:
    """Natural days since the officer submitted: they were the reviewer's, the approver's, the public's."""
    submitted_on = case.task.submitted_on
    return (case.day - submitted_on).days if submitted_on else 0


def resume(case: Case, *, waited: int) -> None:
    """Undo the submission's marks on the task and give back the days it waited; its signed rows stay."""
    task = case.task
    task.submitted_on = task.closed_on = task.days_overdue_at_submission = None
    task.is_confirmed = False
    if task.time_limit is TimeLimit.LONG_TERM and task.next_checkpoint_on is not None:
        task.next_checkpoint_on += timedelta(days=waited)
    else:
        task.paused_days += waited


def resume_by(case: Case, day: date) -> None:
    """Resume with a date of its own instead of the days given back."""
    resume(case, waited=0)
    task = case.task
    if day <= case.day:
        raise case.refuse(f"新的时限 {day} 不在今天之后", "请改为以后的日期")
    if task.time_limit is TimeLimit.LONG_TERM:
        task.next_checkpoint_on = day
    else:
        case.set_date(day)
