"""Words that must not stand in the ledger are struck out, wherever the task repeats them; that they stood there stays."""

from typing import Any, Final

from sqlalchemy import Select, select

from models.enums import Verb
from models.history import TaskEvent
from models.task import (
    Checkpoint,
    Closure,
    ClosureStep,
    DoubtAnswer,
    Evidence,
    Extension,
    LookBack,
    Measure,
    Progress,
)
from rectification.casework.moving import task_verb
from rectification.casework.task_in_hand import Case
from rectification.task import history

STRUCK: Final = "（内容已清除）"
_WORDS: Final[tuple[tuple[type[Any], tuple[str, ...]], ...]] = (
    (Progress, ("text", "late_reason", "needs_decision")),
    (Closure, ("statement",)),
    (Extension, ("reason", "decision_reason")),
    (Measure, ("text",)),
    (Checkpoint, ("conclusion",)),
    (LookBack, ("finding",)),
    (Evidence, ("note",)),
)


@task_verb(Verb.REDACT)
def redact(case: Case, sequence: int, reason: str) -> None:
    """清除记录文字: the words of the event with this number, and the task's rows that say the same, are gone for good.

    Who acted, when, and why it was struck out stays, and the chain verifies.

    Raises: NotFound, where the event has no words; Refused, where the task has no such event.
    """
    event = case.session.scalar(
        select(TaskEvent).where(TaskEvent.task_id == case.task.id, TaskEvent.sequence == sequence)
    )
    if event is None:
        raise case.refuse(f"没有第 {sequence} 条办理记录", "请核对序号")
    struck = history.strike(case.session, event, case.words)
    for query, columns in _rows(case.task.id):
        for row in case.session.scalars(query):
            for column in columns:
                if (text := getattr(row, column)) and text in struck:
                    setattr(case.rows.alter(row), column, STRUCK)
    case.notes["redacted"] = (sequence, None)


def _rows(task_id: int) -> list[tuple[Select[Any], tuple[str, ...]]]:
    steps = select(ClosureStep).join(Closure).where(Closure.task_id == task_id)
    answers = select(DoubtAnswer).join(ClosureStep).join(Closure).where(Closure.task_id == task_id)
    rows: list[tuple[Select[Any], tuple[str, ...]]] = [
        (select(model).where(model.task_id == task_id), columns) for model, columns in _WORDS
    ]
    return [*rows, (steps, ("verdict", "override_reason")), (answers, ("words",))]
