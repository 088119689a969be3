"""What comes to a task on its way: the unit accepts or refuses it and reports, leaders instruct (批示) and supervise it (挂牌督办)."""

from collections.abc import Sequence

from core.text import says_something, tidied
from models.enums import Verb
from models.task import Progress
from rectification.casework.assignment import check_named
from rectification.casework.measures import confirm_standing, propose
from rectification.casework.moving import task_verb
from rectification.casework.task_in_hand import Case
from rectification.task.drafting import NewMeasure


@task_verb(Verb.ACCEPT)
def accept(
    case: Case, *, officer_id: int | None = None, goal: str = "", measures: Sequence[NewMeasure] = ()
) -> str:
    """签收: the unit takes the task; its head names the officer, and goal and measures. Accepting confirms them all.

    Raises: Refused, where no officer is named or the one named is not of the lead unit.
    """
    if officer_id is not None:
        check_named(case, {"officer_id": officer_id})
        case.task.officer_id = officer_id
    wanted = tidied(goal)
    if wanted and says_something(case.task.goal) and wanted != case.task.goal:
        raise case.refuse("整改目标已经写明", "要改的请台账管理员“更正”")
    case.task.goal = wanted or case.task.goal
    propose(case, measures)
    confirm_standing(case)
    told = (
        "" if case.before["goal"] else wanted and f"目标：{wanted}",
        *(tidied(each.text) for each in measures),
    )
    return "\n".join(filter(None, told))


@task_verb(Verb.REFUSE)
def refuse(case: Case, reason: str) -> None:
    """退回（非本单位职责）: the task is not this unit's; it is a draft again and waits for the clerk."""
    case.task.lead_unit_id = case.task.officer_id = None


@task_verb(Verb.PROGRESS)
def progress(
    case: Case, text: str, *, late_reason: str = "", needs_decision: str = "", count_done: int | None = None
) -> str:
    """报进展: what was done, why it is late, what needs a decision above, and how many of the count are done.

    Raises: Refused, where nothing is said, or the count does not fit.
    """
    late, decision = tidied(late_reason), tidied(needs_decision)
    if count_done is not None:
        if not 0 <= count_done <= (case.task.count_total or 0):
            raise case.refuse(
                f"完成数 {count_done} 不在 0 至 {case.task.count_total or 0} 之间", "请核对总数和已完成数"
            )
        case.task.count_done = count_done
    case.rows.add(
        Progress(
            task_id=case.task.id,
            person_id=case.acting.actor.person_id,
            text=case.words,
            late_reason=late,
            needs_decision=decision,
            reported_on=case.day,
            created_at=case.clock.now,
        )
    )
    parts = [case.words, late and f"超期原因：{late}", decision and f"提请研究事项：{decision}"]
    return "\n".join(part for part in parts if part)


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
