"""Counting working days, against the calendars the State Council announced."""

from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from holidays.countries.china import China
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import WorkCalendar
from rectification.office.calendar import HolidayNotice, shipped_notices, statutory_days
from tests.factories import with_year


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    announced = WorkCalendar(statutory=statutory_days)
    for notice in shipped_notices():
        announced = with_year(announced, notice.year, notice.off, notice.work)
    return announced


DAYS = st.dates(date(2020, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    "day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
)
def test_make_up_days_of_2026_are_worked_though_they_fall_on_weekends(
    calendar: WorkCalendar, day: str
) -> None:
    assert date.fromisoformat(day).weekday() >= 5
    assert calendar.is_workday(date.fromisoformat(day))


def test_spring_festival_2026_is_off(calendar: WorkCalendar) -> None:
    off = [date(2026, 2, 15) + timedelta(days=n) for n in range(9)]
    assert not any(calendar.is_workday(day) for day in off)


def test_working_days_of_a_year_are_what_the_notices_leave(calendar: WorkCalendar) -> None:
    """2024 had 251 working days, 2025 248: widely published counts, not computed from our own tables."""
    for year, expected in ((2024, 251), (2025, 248)):
        assert calendar.between(date(year - 1, 12, 31), date(year, 12, 31)) == expected


def test_a_year_without_a_notice_is_weekdays_but_for_what_the_law_says_and_provisional(
    calendar: WorkCalendar,
) -> None:
    """Spring Festival 2027 is 5 to 8 February with two weekdays in lieu of its weekend; bridges nobody knows."""
    assert calendar.is_provisional(date(2027, 5, 3))
    assert not calendar.is_provisional(date(2026, 5, 3))
    first = date(2027, 2, 1)
    february = [day for n in range(14) if calendar.is_workday(day := first + timedelta(days=n))]
    assert [day.day for day in february] == [1, 2, 3, 4, 11, 12]
    for fixed in ("2027-01-01", "2027-05-03", "2027-10-01", "2028-10-03", "2099-10-01"):
        assert not calendar.is_workday(date.fromisoformat(fixed))


class TheLawAlone(China):
    """What the library says of a year before the State Council has spoken."""

    special_public_holidays: ClassVar[dict[int, Any]] = {}
    special_public_holidays_observed: ClassVar[dict[int, Any]] = {}


@pytest.mark.parametrize("notice", shipped_notices(), ids=lambda notice: str(notice.year))
def test_no_statutory_day_off_is_a_working_day_of_an_announced_year(
    calendar: WorkCalendar, notice: HolidayNotice
) -> None:
    by_law = {*TheLawAlone(years=notice.year), *statutory_days(notice.year)}  # type: ignore[no-untyped-call]
    assert len(by_law) >= 11
    assert [day for day in sorted(by_law) if calendar.is_workday(day)] == []


def test_a_year_no_library_knows_is_weekdays() -> None:
    beyond = WorkCalendar(statutory=statutory_days)
    assert beyond.is_workday(date(2101, 10, 3))
    assert beyond.between(date(2101, 9, 30), date(2101, 10, 7)) == 5


@given(start=DAYS, length=st.integers(0, 900))
def test_a_calendar_of_unannounced_years_counts_what_it_calls_working_days(start: date, length: int) -> None:
    """Also around a day the ledger knows better: a make-up day on a weekend, a statutory day that is worked."""
    calendar = WorkCalendar(
        {start: True, date(2027, 10, 1): True}, frozenset({2026}), statutory=statutory_days
    )
    days = [start + timedelta(days=n) for n in range(1, length + 1)]
    assert calendar.between(start, start + timedelta(days=length)) == sum(map(calendar.is_workday, days))


@given(day=DAYS, count=st.integers(-300, 300))
def test_shift_lands_as_many_working_days_away_as_it_was_asked(
    calendar: WorkCalendar, day: date, count: int
) -> None:
    landed = calendar.shift(day, count)
    assert count == 0 or calendar.is_workday(landed)
    if count > 0:
        assert calendar.between(day, landed) == count
    if count < 0:
        assert calendar.between(landed - timedelta(days=1), day - timedelta(days=1)) == -count


@given(start=DAYS, length=st.integers(0, 900))
def test_between_equals_counting_day_by_day(calendar: WorkCalendar, start: date, length: int) -> None:
    end = start + timedelta(days=length)
    counted = sum(calendar.is_workday(start + timedelta(days=n)) for n in range(1, length + 1))
    assert calendar.between(start, end) == counted
    assert calendar.between(end, start) == -counted


@given(day=DAYS)
def test_the_nearest_working_days_enclose_the_day(calendar: WorkCalendar, day: date) -> None:
    before, after = calendar.on_or_before(day), calendar.on_or_after(day)
    assert before <= day <= after
    assert calendar.is_workday(before)
    assert calendar.is_workday(after)
    assert (before == after) == calendar.is_workday(day)


def test_a_new_notice_replaces_what_was_known_of_its_year(calendar: WorkCalendar) -> None:
    once = with_year(calendar, 2027, off=[date(2027, 1, 1)], work=[date(2027, 1, 2)])
    again = with_year(once, 2027, off=[date(2027, 1, 4)], work=[])
    assert again.is_workday(date(2027, 1, 1))
    assert not again.is_workday(date(2027, 1, 2))
    assert not again.is_workday(date(2027, 1, 4))
    assert not again.is_provisional(date(2027, 1, 4))


def test_counting_ends_where_the_calendar_does(calendar: WorkCalendar) -> None:
    assert calendar.shift(date.max, 5) == date.max
    assert calendar.shift(date.min, -5) == date.min
