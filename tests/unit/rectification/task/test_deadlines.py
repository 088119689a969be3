"""Dates: proposals, limits, overdue, lights."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import WorkCalendar
from models.enums import DayUnit, ItemKind, Light, Status, TimeLimit
from models.task import RectificationTask
from rectification.office.calendar import shipped_notices
from rectification.office.settings import DEFAULT
from rectification.task.deadlines import (
    Timing,
    deadline,
    due_instead,
    half_year_end,
    light,
    limit_to_date,
    near_until,
    next_checkpoint,
    overdue_days,
    proposed_due,
    recomputed_due,
)
from rectification.task.lifecycle import RUNNING
from tests.factories import with_year

CALENDAR = WorkCalendar()
for _notice in shipped_notices():
    CALENDAR = with_year(CALENDAR, _notice.year, _notice.off, _notice.work)
DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))


def _timing(status: Status, deadline_on: date | None, at_submission: int | None = None) -> Timing:
    return Timing(status, TimeLimit.DATED, deadline_on, at_submission)


def test_plans_are_proposed_for_the_end_of_the_following_year_and_shortcomings_for_its_middle() -> None:
    assert proposed_due(ItemKind.PLAN, 2023) == date(2024, 12, 31)
    assert proposed_due(ItemKind.SHORTCOMING, 2023) == date(2024, 6, 30)


def test_a_date_that_serves_still_is_left_alone() -> None:
    day = date(2024, 6, 30)
    assert due_instead(ItemKind.SHORTCOMING, TimeLimit.DATED, day, day) is None
    assert due_instead(ItemKind.SHORTCOMING, TimeLimit.LONG_TERM, day, date(2026, 1, 1)) is None
    assert due_instead(ItemKind.SHORTCOMING, TimeLimit.IMMEDIATE, day, date(2026, 1, 1)) is None
    assert due_instead(ItemKind.SHORTCOMING, TimeLimit.DATED, None, date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("kind", "day", "instead"),
    [
        (ItemKind.SHORTCOMING, "2026-05-31", "2026-06-30"),
        (ItemKind.SHORTCOMING, "2026-06-01", "2026-12-31"),
        (ItemKind.FINDING, "2026-12-15", "2027-06-30"),
        (ItemKind.PLAN, "2026-05-31", "2026-12-31"),
        (ItemKind.PLAN, "2026-12-02", "2027-12-31"),
    ],
)
def test_a_passed_date_gives_way_to_the_next_of_its_kind_that_leaves_a_month(
    kind: ItemKind, day: str, instead: str
) -> None:
    passed, today = date(2024, 6, 30), date.fromisoformat(day)
    assert due_instead(kind, TimeLimit.DATED, passed, today) == date.fromisoformat(instead)


@given(day=DAYS, passed=st.integers(1, 2000), kind=st.sampled_from(ItemKind))
def test_what_is_proposed_instead_leaves_a_month_and_not_two_seasons(
    day: date, passed: int, kind: ItemKind
) -> None:
    found = due_instead(kind, TimeLimit.DATED, day - timedelta(days=passed), day)
    assert found is not None
    season = 366 if kind is ItemKind.PLAN else 184
    assert 30 <= (found - day).days <= 30 + season
    assert half_year_end(found) == found


def test_working_days_skip_the_holiday_and_count_make_up_days() -> None:
    """From Monday 9 February 2026: the festival is skipped, the Saturdays 14 and 28 February are worked."""
    assert limit_to_date(date(2026, 2, 9), 10, DayUnit.WORKING, CALENDAR) == date(2026, 2, 28)


def test_natural_days_that_end_on_a_rest_day_roll_on() -> None:
    assert limit_to_date(date(2026, 9, 21), 10, DayUnit.NATURAL, CALENDAR) == date(2026, 10, 8)


def test_checkpoints_fall_on_the_ends_of_months() -> None:
    assert next_checkpoint(date(2026, 6, 30), 6) == date(2026, 12, 31)
    assert next_checkpoint(date(2026, 12, 31), 6) == date(2027, 6, 30)
    assert next_checkpoint(date(2026, 8, 31), 6) == date(2027, 2, 28)


@given(day=DAYS)
def test_the_half_year_ends_on_or_after_its_days(day: date) -> None:
    end = half_year_end(day)
    assert day <= end
    assert (end.month, end.day) in {(6, 30), (12, 31)}
    assert (end - day).days < 184


def test_a_long_term_task_goes_by_its_checkpoint_and_others_wait_without_losing_days() -> None:
    checkpoint, due = date(2026, 6, 30), date(2026, 3, 31)
    assert deadline(TimeLimit.LONG_TERM, due, checkpoint, 3) == checkpoint
    assert deadline(TimeLimit.DATED, due, None, 3) == date(2026, 4, 3)
    assert deadline(TimeLimit.DATED, None, None, 0) is None


@given(
    status=st.sampled_from(Status),
    offset=st.integers(-400, 400),
    at_submission=st.integers(0, 50) | st.none(),
)
def test_overdue_is_only_ever_counted_while_it_is_the_owners_to_move(
    status: Status, offset: int, at_submission: int | None
) -> None:
    today = date(2026, 7, 1)
    days = overdue_days(_timing(status, today - timedelta(days=offset), at_submission), today)
    assert days >= 0
    if status in RUNNING:
        assert days == max(offset, 0)
    elif status in (Status.SUBMITTED, Status.VERIFIED, Status.PUBLICISED):
        assert days == (at_submission or 0)
    else:
        assert days == 0


@pytest.mark.parametrize(
    ("status", "deadline_on", "expected"),
    [
        (Status.DRAFT, date(2026, 6, 30), None),
        (Status.IN_PROGRESS, date(2026, 7, 31), Light.GREEN),
        (Status.IN_PROGRESS, date(2026, 7, 9), Light.YELLOW),
        (Status.IN_PROGRESS, date(2026, 7, 13), Light.GREEN),
        (Status.IN_PROGRESS, date(2026, 6, 30), Light.YELLOW),
        (Status.IN_PROGRESS, date(2026, 6, 29), Light.RED),
        (Status.SUBMITTED, date(2026, 1, 1), Light.GREEN),
        (Status.CLOSED, date(2026, 1, 1), Light.BLUE),
        (Status.TERMINATED, None, Light.BLUE),
    ],
)
def test_lights_on_the_last_day_of_june(
    status: Status, deadline_on: date | None, expected: Light | None
) -> None:
    assert light(_timing(status, deadline_on), date(2026, 6, 30), CALENDAR, DEFAULT) is expected


def test_the_yellow_days_are_working_days_and_the_rest_days_before_the_next_belong_to_them() -> None:
    """Seven working days after Tuesday 30 June 2026 is Thursday 9 July; after Wednesday 1 July it is Friday 10 July."""
    assert near_until(date(2026, 6, 30), CALENDAR, DEFAULT) == date(2026, 7, 9)
    assert near_until(date(2026, 7, 1), CALENDAR, DEFAULT) == date(2026, 7, 12)


def test_a_limit_under_a_new_calendar_never_ends_before_the_date_people_were_told() -> None:
    start, working = date(2026, 3, 2), DayUnit.WORKING
    assert recomputed_due(start, 10, working, CALENDAR, told=None) == date(2026, 3, 16)
    assert recomputed_due(start, 10, working, CALENDAR, told=date(2026, 3, 13)) == date(2026, 3, 16)
    assert recomputed_due(start, 10, working, CALENDAR, told=date(2026, 3, 20)) == date(2026, 3, 20)
    assert recomputed_due(start, 12, DayUnit.NATURAL, CALENDAR, told=None) == date(2026, 3, 16)


def test_the_timing_of_a_task_is_what_the_task_says() -> None:
    task = RectificationTask(
        status=Status.SUBMITTED,
        time_limit=TimeLimit.LONG_TERM,
        deadline_on=date(2026, 6, 30),
        days_overdue_at_submission=4,
    )
    assert Timing.of(task) == Timing(Status.SUBMITTED, TimeLimit.LONG_TERM, date(2026, 6, 30), 4)
