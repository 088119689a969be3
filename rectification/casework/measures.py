"""整改措施: proposed, confirmed, finished, dropped; each with its own date and owner."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select

from core.text import says_something, shortened, tidied
from models.enums import Verb
from models.task import Measure
from rectification.casework.moving import task_verb
from rectification.casework.task_in_hand import Case
from rectification.roles_in_task import Part
from rectification.task.drafting import NewMeasure


@task_verb(Verb.MEASURE)
def measure(case: Case, text: str, *, due_on: date | None = None, owner_id: int | None = None) -> None:
    """拟定措施: one more step. What unit head or clerk propose binds at once, what the officer proposes once confirmed.

    Raises: Refused, where its owner is not of this bureau.
    """
    propose(case, [NewMeasure(text, due_on, owner_id)])
    if case.parts & {Part.UNIT_HEAD, Part.CLERK}:
        confirm_standing(case)


@task_verb(Verb.SET_GOAL, words=lambda fields: fields["goal"])
def set_goal(case: Case, goal: str) -> None:
    """写明整改目标: how far is far enough, where the order did not say.

    Raises: Refused, where a goal stands already: the clerk corrects it.
    """
    if says_something(case.task.goal):
        raise case.refuse("整改目标已经写明", "要改的请台账管理员“更正”")
    case.task.goal = case.words


@task_verb(Verb.CONFIRM_MEASURES)
def confirm_measures(case: Case) -> None:
    """确认措施: everything proposed so far binds; only unit head or clerk can drop it from now on."""
    if not confirm_standing(case):
        raise case.refuse("没有待确认的措施")


@task_verb(Verb.FINISH_MEASURE)
def finish_measure(case: Case, position: int, text: str = "", *, done_on: date | None = None) -> None:
    """完成措施: the step at `position` is done, by default on the day it is said.

    Raises: Refused, where there is no such open step, or the day is ahead.
    """
    step = _open_step(case, position)
    if done_on and done_on > case.day:
        raise case.refuse(f"完成日期 {done_on} 在 {case.day} 之后", "请填实际完成的日期")
    case.rows.alter(step).done_on = done_on or case.day


@task_verb(Verb.DROP_MEASURE)
def drop_measure(case: Case, position: int, reason: str) -> None:
    """取消措施: the step at `position` is not needed any more; it stays on record.

    Raises: Refused, where there is no such open step.
    """
    step = _open_step(case, position)
    case.rows.alter(step).is_dropped = True


def propose(case: Case, measures: Sequence[NewMeasure]) -> None:
    """Add steps to a case's task."""
    if not measures:
        return
    last = case.session.scalar(select(func.max(Measure.position)).where(Measure.task_id == case.task.id))
    for position, new in enumerate(measures, (last or 0) + 1):
        text = tidied(new.text)
        if not says_something(text):
            raise case.refuse(f"措施“{shortened(text, 20)}”没有内容", "请写明做什么")
        if new.owner_id:
            case.colleague(new.owner_id, "措施承担人")
        case.rows.add(
            Measure(
                task_id=case.task.id, position=position, text=text, owner_id=new.owner_id, due_on=new.due_on
            )
        )
    case.session.flush()


def drop_proposed(case: Case, positions: Collection[int]) -> None:
    """Take back steps a draft brought along."""
    of_draft = Measure.task_id == case.task.id, Measure.position.in_(positions)
    for step in case.session.scalars(select(Measure).where(*of_draft)).all():
        case.rows.alter(step).is_dropped = True


def confirm_standing(case: Case) -> bool:
    """Every proposed step of a case's task binds from now on; whether there was one."""
    proposed = case.session.scalars(
        select(Measure).where(
            Measure.task_id == case.task.id, Measure.confirmed_on.is_(None), ~Measure.is_dropped
        )
    ).all()
    for step in proposed:
        case.rows.alter(step).confirmed_on = case.day
    return bool(proposed)


def _open_step(case: Case, position: int) -> Measure:
    step = case.session.scalar(
        select(Measure).where(Measure.task_id == case.task.id, Measure.position == position)
    )
    if step is None or step.is_dropped or step.done_on is not None:
        raise case.refuse(f"没有未完成的第 {position} 条措施", "请刷新后查看措施清单")
    return step
