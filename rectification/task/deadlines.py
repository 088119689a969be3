"""Dates: what is proposed, how a limit becomes a date, when a task is overdue and which light it shows.

Pure functions. Overdue is computed, never stored; timeliness is judged at submission, and the days a task waits for
its reviewer or approver are theirs.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core.workdays import WorkCalendar
from models.enums import DayUnit, ItemKind, Light, Status, TimeLimit
from models.task import RectificationTask
from rectification.office.settings import Policy
from rectification.task.lifecycle import ENDED, RUNNING

SHORTEST_TERM: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Timing:
    """The part of a task that tells its time.

    `stated_on` is when a long-term task's officer first spoke since the last look at it, None of every other task.
    """

    status: Status
    time_limit: TimeLimit
    deadline_on: date | None
    days_overdue_at_submission: int | None = None
    stated_on: date | None = None

    @classmethod
    def of(cls, task: RectificationTask) -> "Timing":
        return cls(task.status, task.time_limit, task.deadline_on, task.days_overdue_at_submission)


def proposed_due(kind: ItemKind, reporting_year: int) -> date:
    """The date proposed at intake: plans by the end of the following year, shortcomings by its middle."""
    return date(reporting_year + 1, 12, 31) if kind is ItemKind.PLAN else date(reporting_year + 1, 6, 30)


def due_instead(kind: ItemKind, time_limit: TimeLimit, due_on: date | None, day: date) -> date | None:
    """The date proposed on `day` for a draft whose own has passed: the next one of its kind that leaves a month.

    None where its own still serves, or nothing is due on a date.
    """
    if time_limit is not TimeLimit.DATED or due_on is None or due_on >= day:
        return None
    soonest = day + SHORTEST_TERM
    return date(soonest.year, 12, 31) if kind is ItemKind.PLAN else half_year_end(soonest)


def limit_to_date(start: date, days: int, unit: DayUnit, workdays: WorkCalendar) -> date:
    """The date an N-day limit ends on. The start day is not counted; a rest day rolls to the next working day."""
    if unit is DayUnit.WORKING:
        return workdays.shift(start, days)
    return workdays.on_or_after(start + timedelta(days=days))


def recomputed_due(
    start: date, days: int, unit: DayUnit, workdays: WorkCalendar, *, told: date | None
) -> date:
    """The end of an N-day limit under a new calendar, never earlier than the date people were told already."""
    due = limit_to_date(start, days, unit, workdays)
    return max(due, told) if told else due


def next_checkpoint(day: date, months: int) -> date:
    """The end of the month `months` after `day`: half-yearly checks fall on 30 June and 31 December."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def period_end(day: date, months: int) -> date:
    """The end of the month, quarter (3) or half-year (6) `day` lies in."""
    return next_checkpoint(day, -day.month % months)


def half_year_end(day: date) -> date:
    """The end of the half-year `day` lies in."""
    return period_end(day, 6)


def deadline(
    time_limit: TimeLimit, due_on: date | None, next_checkpoint_on: date | None, paused_days: int
) -> date | None:
    """The day a task goes by: its date plus the days others kept it, or the next checkpoint."""
    if time_limit is TimeLimit.LONG_TERM:
        return next_checkpoint_on
    return due_on + timedelta(days=paused_days) if due_on else None


def overdue_days(timing: Timing, today: date) -> int:
    """Natural days past the deadline; 0 where it is on time, not issued, ended, or long-term: that has checkpoints.

    From submission on it stays what it was that day: the waiting is the reviewer's or approver's.
    """
    if timing.status in (Status.SUBMITTED, Status.VERIFIED, Status.PUBLICISED):
        return timing.days_overdue_at_submission or 0
    return 0 if timing.time_limit is TimeLimit.LONG_TERM else _days_past(timing, today)


def missed_days(timing: Timing, today: date) -> int:
    """Natural days past a long-term task's checkpoint whose officer stayed silent (节点超期); else 0."""
    is_silent = timing.time_limit is TimeLimit.LONG_TERM and timing.stated_on is None
    return _days_past(timing, today) if is_silent else 0


def _days_past(timing: Timing, today: date) -> int:
    if timing.status not in RUNNING or timing.deadline_on is None:
        return 0
    return max((today - timing.deadline_on).days, 0)


def is_asked_late(asked_on: date, deadline_on: date | None) -> bool:
    """Whether a new date was asked for after the old had passed: 重定时限, no extension."""
    return deadline_on is not None and asked_on > deadline_on


def look_since(timing: Timing, today: date) -> date | None:
    """Since when a long-term task waits for the look at it (待检查): its checkpoint has come and its officer has spoken."""
    if timing.status is not Status.IN_PROGRESS or timing.stated_on is None or timing.deadline_on is None:
        return None
    return max(timing.deadline_on, timing.stated_on) if timing.deadline_on <= today else None


def near_until(today: date, workdays: WorkCalendar, policy: Policy) -> date:
    """The last deadline that still shows yellow today."""
    return workdays.shift(today, policy.yellow_days + 1) - timedelta(days=1)


def light(timing: Timing, today: date, workdays: WorkCalendar, policy: Policy) -> Light | None:
    """The light a task shows; None for a draft, which has no date yet that binds anyone."""
    if timing.status is Status.DRAFT:
        return None
    if timing.status in ENDED:
        return Light.BLUE
    if overdue_days(timing, today):
        return Light.RED
    if missed_days(timing, today):
        return Light.MISSED
    if look_since(timing, today):
        return Light.STATED
    is_near = (
        timing.status in RUNNING
        and timing.stated_on is None
        and timing.deadline_on is not None
        and timing.deadline_on <= near_until(today, workdays, policy)
    )
    return Light.YELLOW if is_near else Light.GREEN
