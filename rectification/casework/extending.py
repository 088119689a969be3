"""Dates that a decision moves: an extension asked in time, a new date after it was missed, a change to long-term.

What goes on is looked at: a year's conclusion carries a task over (结转), a checkpoint a long-term one (检查节点).
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from sqlalchemy import select

from models.enums import Decision, TimeLimit, Verb
from models.task import Checkpoint, Extension, Measure
from rectification.casework.moving import task_verb
from rectification.casework.needs import pending_extension
from rectification.casework.task_in_hand import Case
from rectification.task.time_limits import day_text


class Dated(Protocol):
    """A measure, as it is stored or shown."""

    @property
    def position(self) -> int: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def done_on(self) -> date | None: ...


@task_verb(Verb.REQUEST_EXTENSION)
def request_extension(case: Case, reason: str, due_on: date | None) -> None:
    """申请延期: asked before the due date, with a concrete date.

    Raises: Refused, once the date has passed, for a long-term task, or while a request waits.
    """
    _ask(case)


@task_verb(Verb.GRANT_EXTENSION)
def grant_extension(
    case: Case, due_on: date | None = None, reason: str = "", keep_measures: bool = False
) -> str:
    """同意延期: to the date asked for, or another one; counted, and the original date stays.

    What was asked in time and granted late keeps the days in between on record.

    Raises: Refused, where nothing waits, or it was asked for too late.
    """
    case.task.days_overdue_at_redating += case.overdue_days
    granted = _decide(case, Decision.GRANTED)
    case.task.extension_count += 1
    return _set_date(case, granted, keep_measures=keep_measures)


@task_verb(Verb.DENY_EXTENSION)
def deny_extension(case: Case, reason: str) -> None:
    """不同意延期: the date stays. Raises: Refused, where nothing waits."""
    _decide(case, Decision.DENIED)


@task_verb(Verb.REQUEST_REDATE)
def request_redate(case: Case, reason: str, due_on: date | None) -> None:
    """申请重定时限: the date was missed; a new one is asked for. It is never counted as an extension.

    Raises: Refused, before the date has passed, for a long-term task, or while a request waits.
    """
    _ask(case)


@task_verb(Verb.REDATE)
def redate(case: Case, reason: str, due_on: date | None = None, keep_measures: bool = False) -> str:
    """重定时限: a new date for a task that is overdue already, asked for or not; the overdue stays on record.

    Raises: Refused, before the date has passed.
    """
    day = _new_date(case)
    case.task.days_overdue_at_redating += case.overdue_days
    if case.extension is not None and case.extension.is_late:
        _decide(case, Decision.GRANTED)
    else:
        lapse_extension(case)
    return _set_date(case, day, keep_measures=keep_measures)


@task_verb(Verb.MAKE_LONG_TERM)
def make_long_term(case: Case, reason: str, checkpoint_on: date | None) -> None:
    """转为长期坚持: no date any more but checkpoints, the first on `checkpoint_on`; an overdue until then stays on record.

    Raises: Refused, for a task that is long-term already, or a checkpoint too far away.
    """
    task = case.task
    task.days_overdue_at_redating += case.overdue_days
    look_at(case)
    lapse_extension(case)
    task.time_limit = TimeLimit.LONG_TERM
    task.due_on = task.limit_days = task.limit_unit = None
    task.next_checkpoint_on = checkpoint_on


@task_verb(Verb.CARRY_OVER)
def carry_over(case: Case, conclusion: str, due_on: date | None, keep_measures: bool = False) -> str:
    """结转: the year's conclusion stands on record and the task goes on to `due_on`; a plan's date moves, uncounted.

    Raises: Refused, for a dated problem, or a plan that is overdue.
    """
    return _look_ahead(case, keep_measures=keep_measures)


@task_verb(Verb.CHECKPOINT)
def checkpoint(case: Case, conclusion: str, checkpoint_on: date | None) -> None:
    """检查节点: how a long-term task stands, and when it is looked at next (at least half-yearly).

    Raises: Refused, for a dated problem, or a next look too far away.
    """
    _look_ahead(case)


def _look_ahead(case: Case, *, keep_measures: bool = True) -> str:
    task, new_on = case.task, case.given.new_on
    look_at(case)
    if task.time_limit is TimeLimit.LONG_TERM or new_on is None:
        task.next_checkpoint_on = new_on
        return case.words
    return _set_date(case, new_on, keep_measures=keep_measures)


def look_at(case: Case) -> None:
    """What was said until now has been looked at: a checkpoint waits for new words."""
    case.rows.add(
        Checkpoint(
            task_id=case.task.id,
            due_on=case.task.deadline_on or case.day,
            concluded_on=case.day,
            conclusion=case.words,
            person_id=case.acting.actor.person_id,
        )
    )


def lapse_extension(case: Case) -> None:
    """A request nobody decided before the task moved on is answered by that move."""
    waiting = pending_extension(case.session, case.task)
    if waiting is not None:
        case.rows.alter(waiting)
        waiting.decision, waiting.decided_on = Decision.LAPSED, case.day


def _ask(case: Case) -> None:
    case.rows.add(
        Extension(
            task_id=case.task.id,
            asked_by_id=case.acting.actor.person_id,
            asked_on=case.day,
            reason=case.words,
            due_before=case.task.deadline_on,
            due_wanted=_new_date(case),
        )
    )


def _decide(case: Case, decision: Decision) -> date:
    """Answer the request the needs have found; returns the date in question."""
    request = case.extension
    if request is None:
        raise RuntimeError("the table lets nobody decide without a request")
    case.rows.alter(request).decision = decision
    request.decided_by_id = case.acting.actor.person_id
    request.decided_on = case.day
    request.decision_reason = case.words
    asked = case.given.new_on or request.due_wanted
    if decision is Decision.GRANTED:
        request.due_granted = asked
    return asked


def _set_date(case: Case, day: date, *, keep_measures: bool) -> str:
    """What was to be done at once is now to be done by a date, and with it what was to be done by the same day.

    Returns the words of the event.
    """
    is_open = (Measure.task_id == case.task.id, Measure.done_on.is_(None), ~Measure.is_dropped)
    steps = case.session.scalars(select(Measure).where(*is_open).order_by(Measure.position)).all()
    told = measures_words(steps, case.task.due_on, day, keep_measures=keep_measures)
    for step in [] if keep_measures else steps:
        if step.due_on is not None and step.due_on == case.task.due_on:
            case.rows.alter(step).due_on = day
    case.set_date(day)
    if case.task.time_limit is TimeLimit.IMMEDIATE:
        case.task.time_limit = TimeLimit.DATED
    return "\n".join(filter(None, (case.words, told)))


def measures_words(
    steps: Iterable[Dated], old: date | None, new: date | None, *, keep_measures: bool = False
) -> str:
    """What becomes of open measures when a task's date moves: those of its own day go with it, unless they are kept."""
    dated = [step for step in steps if step.due_on and not step.done_on]
    moved = [step.position for step in dated if step.due_on == old and not keep_measures]
    kept = "、".join(
        f"措施{step.position}（{day_text(step.due_on)}）" for step in dated if step.position not in moved
    )
    moves = f"措施{'、'.join(map(str, moved))}的日期一并改为{day_text(new)}" if moved else ""
    return "；".join(filter(None, (moves, kept and f"{kept}不变")))


def _new_date(case: Case) -> date:
    day = case.given.new_on or (case.extension.due_wanted if case.extension else None)
    if day is None:
        raise RuntimeError("the table lets nobody set a date without one")
    return day
