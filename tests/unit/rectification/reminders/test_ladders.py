"""The ladder of a date against the plainest reckoning there is: every working day looked at, one after another."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import WorkCalendar
from rectification.reminders.ladders import Ladder, LadderDay, Latest, Reached, Repeat

ONE_DAY: Final = timedelta(days=1)
BEGIN: Final = date(2025, 6, 2)
DAYS: Final = [BEGIN + n * ONE_DAY for n in range(420)]
FREE_WEEK: Final = {date(2026, 1, 5) + n * ONE_DAY: False for n in range(5)}
HALF_WEEK: Final = {date(2026, 3, 2): False, date(2026, 3, 3): False, date(2026, 3, 7): True}
CALENDAR: Final = WorkCalendar({**FREE_WEEK, **HALF_WEEK}, frozenset({2025, 2026}))
WORKDAYS: Final = [day for day in DAYS if CALENDAR.is_workday(day)]
OPENINGS: Final = [day for last, day in pairwise(WORKDAYS) if last.isocalendar()[:2] != day.isocalendar()[:2]]
LOOKED_AT: Final = st.sampled_from([day for day in WORKDAYS if date(2025, 9, 1) <= day <= date(2026, 6, 30)])
DUE: Final = st.sampled_from([day for day in DAYS if date(2025, 9, 1) <= day <= date(2026, 5, 31)])
LADDERS: Final = st.builds(
    Ladder,
    st.sets(st.integers(-12, 9), min_size=1, max_size=5).map(lambda steps: tuple(sorted(steps))),
    st.booleans(),
)


def reckoned(ladder: Ladder, due_on: date, day: date) -> Reached | None:
    before = [each for each in WORKDAYS if each <= due_on]
    after = [each for each in WORKDAYS if each > due_on]

    def own_day(step: int) -> date:
        return after[step - 1] if step > 0 else before[step - 1]

    def speaks_on(step: int) -> date:
        waits = ladder.opens_on_its_day and step == ladder.steps[0]
        return (
            own_day(step) if step >= 0 or waits else max(each for each in OPENINGS if each <= own_day(step))
        )

    if ladder.opens_on_its_day and speaks_on(ladder.steps[0]) > day:
        return None
    steps = [step for step in ladder.steps if speaks_on(step) <= day]
    if not steps:
        return None
    repeats = [
        Repeat(
            sum((due_on < each <= opening) - (opening < each <= due_on) for each in WORKDAYS),
            opening,
            last.month != opening.month,
        )
        for last, opening in pairwise(OPENINGS)
        if own_day(ladder.steps[-1]) < opening <= day
    ]
    return Reached(steps[-1], own_day(steps[-1]), tuple(repeats))


@given(ladder=LADDERS, due_on=DUE, day=LOOKED_AT)
def test_a_ladder_stands_where_plain_counting_puts_it(ladder: Ladder, due_on: date, day: date) -> None:
    found = LadderDay(day, CALENDAR).reached(ladder, due_on)
    expected = reckoned(ladder, due_on, day)
    assert found == expected


@given(steps=st.sets(st.integers(-12, 9), min_size=1, max_size=4), opens=st.booleans(), day=LOOKED_AT)
def test_the_horizon_is_the_last_date_that_speaks(steps: set[int], opens: bool, day: date) -> None:
    ladder, today = Ladder(tuple(sorted(steps)), opens), LadderDay(day, CALENDAR)
    assert today.reached(ladder, today.horizon(ladder)) is not None
    assert today.reached(ladder, today.horizon(ladder) + ONE_DAY) is None


def test_a_week_without_a_working_day_opens_nowhere() -> None:
    found = LadderDay(date(2026, 1, 14), CALENDAR).reached(Ladder((0,)), date(2025, 12, 26))
    assert found is not None
    assert [each.day for each in found.repeats] == [date(2025, 12, 29), date(2026, 1, 12)]
    assert [each.opens_month for each in found.repeats] == [False, True]


REPEATS: Final = tuple(
    Repeat(rung, day, opens_month)
    for rung, day, opens_month in (
        (9, date(2026, 7, 13), False),
        (14, date(2026, 7, 20), False),
        (24, date(2026, 8, 3), True),
        (29, date(2026, 8, 10), False),
    )
)
STANDING: Final = Reached(5, date(2026, 7, 7), REPEATS)


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (date(2026, 7, 1), 4),
        (date(2026, 7, 13), 4),
        (date(2026, 7, 14), 3),
        (date(2026, 8, 10), 1),
        (date(2026, 8, 11), 0),
    ],
)
def test_what_was_repeated_before_a_day_can_be_left_out(day: date, left: int) -> None:
    assert STANDING.since(day) == Reached(5, date(2026, 7, 7), REPEATS[4 - left :])
    assert Reached(1, date(2026, 7, 1)).since(day) == Reached(1, date(2026, 7, 1))


@pytest.mark.parametrize(
    ("weekly", "latest", "heard"),
    [
        (None, Latest(29, date(2026, 8, 10), 4), [9, 14, 24, 29]),
        (4, Latest(29, date(2026, 8, 10), 4), [9, 14, 24, 29]),
        (3, Latest(24, date(2026, 8, 3), 3), [9, 14, 24]),
        (1, Latest(24, date(2026, 8, 3), 3), [9, 24]),
        (0, Latest(24, date(2026, 8, 3), 3), [24]),
    ],
)
def test_who_has_somebody_above_hears_some_weeks_and_then_the_months(
    weekly: int | None, latest: Latest, heard: list[int]
) -> None:
    assert (STANDING.latest(weekly), list(STANDING.heard(weekly))) == (latest, heard)
    assert Reached(5, date(2026, 7, 7), REPEATS[:2]).latest(0) == Latest(5, date(2026, 7, 7), 0)
