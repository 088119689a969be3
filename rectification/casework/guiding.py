"""What leaders add to a task: a written instruction (批示), and listing a task for supervision (挂牌督办)."""

from models.enums import Verb
from rectification.casework.moving import task_verb
from rectification.casework.task_in_hand import Case


@task_verb(Verb.INSTRUCT)
def instruct(case: Case, text: str) -> None:
    """批示: the leader's words stand in the history for everyone who works on the task."""


@task_verb(Verb.SUPERVISE)
def supervise(case: Case, reason: str) -> None:
    """挂牌督办: from now on only the chief's signature, or a meeting's, ends the task.

    Raises: Refused, where it is listed already.
    """
    if case.task.is_supervised:
        raise case.refuse("它已经挂牌督办")
    case.task.is_supervised = True
