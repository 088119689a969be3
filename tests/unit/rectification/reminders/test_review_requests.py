"""A review asks once, chases who is silent, stops when it has heard, and stands for the 30-day rung."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.enums import Status
from rectification.halfyear.review_days import ReviewNotice, ReviewWindow, cycle_days, notices, term_of
from rectification.office.settings import DEFAULT, Policy
from rectification.reminders.rules import REVIEW, DayRules, mentions, unsaid
from rectification.reminders.task_facts import TaskFacts
from rectification.reminders.weekly_check import opens_week
from rectification.roles_in_task import Part
from tests.unit.rectification.reminders.test_rules import CALENDAR, OFFICER, ROSTER, TASK

DAYS = cycle_days(term_of(date(2026, 6, 30), DEFAULT.review_cadence), DEFAULT, CALENDAR)
WINDOW = ReviewWindow(
    DAYS.term.label,
    DAYS.opens_on,
    DAYS.cut_off_on,
    DAYS.statements_due_on,
    DAYS.hearing_by,
    is_asking=True,
)
LATER = replace(TASK, deadline_on=date(2026, 12, 31))


def asked(
    day: date, task: TaskFacts = LATER, window: ReviewWindow = WINDOW, policy: Policy = DEFAULT
) -> list[tuple[int, int]]:
    """Whom the review asks on this day, by rung, had nobody been asked before."""
    rules = DayRules(day, CALENDAR, policy, window)
    return [(m.person_id, m.rung) for m in mentions(task, ROSTER, rules) if m.subject == REVIEW]


def test_the_days_are_counted_in_working_days() -> None:
    """19 June 2026 is a holiday."""
    assert (DAYS.opens_on, DAYS.statements_due_on) == (date(2026, 6, 1), date(2026, 6, 23))


@pytest.mark.parametrize(
    ("day", "rung"),
    [
        (date(2026, 5, 29), None),
        (date(2026, 6, 1), -15),
        (date(2026, 6, 12), -15),
        (date(2026, 6, 15), -2),
        (date(2026, 6, 22), -2),
        (date(2026, 6, 23), 0),
        (date(2026, 6, 26), 0),
        (date(2026, 6, 29), 4),
        (date(2026, 7, 6), 9),
    ],
)
def test_it_asks_and_then_chases(day: date, rung: int | None) -> None:
    assert asked(day) == ([] if rung is None else [(OFFICER, rung)])


@pytest.mark.parametrize(
    "task",
    [
        replace(LATER, said_on=DAYS.opens_on),
        replace(LATER, status=Status.SUBMITTED),
        replace(LATER, status=Status.ASSIGNED),
        replace(LATER, status=Status.CLOSED),
        replace(LATER, issued_on=date(2026, 7, 1)),
    ],
    ids=["said", "submitted", "not accepted", "closed", "issued after the cut-off"],
)
def test_who_has_spoken_or_waits_for_others_is_not_asked(task: TaskFacts) -> None:
    assert asked(date(2026, 6, 15), task) == []


def test_a_task_issued_on_the_cut_off_day_is_asked_and_one_without_a_day_is_not() -> None:
    day = DAYS.cut_off_on
    assert asked(day, replace(LATER, issued_on=day)) == [(OFFICER, 4)]
    assert asked(day, replace(LATER, issued_on=day + timedelta(days=1))) == []
    assert asked(day, replace(LATER, issued_on=None)) == []


def test_the_request_says_in_what_part_one_is_asked_and_where_its_ladder_begins() -> None:
    day = date(2026, 6, 15)
    [request] = [
        each
        for each in mentions(LATER, ROSTER, DayRules(day, CALENDAR, DEFAULT, WINDOW))
        if each.subject == REVIEW
    ]
    assert (request.part, request.first, request.due_on) == (Part.OFFICER, -15, DAYS.statements_due_on)


def test_words_of_before_the_window_do_not_answer_it() -> None:
    assert asked(date(2026, 6, 15), replace(LATER, said_on=date(2026, 5, 29)))


def test_a_frozen_review_asks_nobody() -> None:
    assert asked(date(2026, 6, 30), window=replace(WINDOW, is_asking=False)) == []


def task_rungs(day: date, task: TaskFacts, window: ReviewWindow | None) -> list[int]:
    rules = DayRules(day, CALENDAR, DEFAULT, window)
    return [m.rung for m in mentions(task, ROSTER, rules) if m.subject != REVIEW]


def test_its_request_stands_for_the_30_day_rung_also_once_answered() -> None:
    task = replace(TASK, deadline_on=date(2026, 7, 20))  # 30 working days before: 5 June
    for day in (date(2026, 6, 5), date(2026, 6, 29)):
        assert task_rungs(day, task, None) == [-30]
        assert task_rungs(day, task, WINDOW) == []
        assert task_rungs(day, replace(task, said_on=date(2026, 6, 5)), WINDOW) == []
    assert task_rungs(date(2026, 7, 9), task, WINDOW) == [-7]


def test_its_window_begins_in_the_week_before_it_opens_and_ends_on_the_cut_off_day() -> None:
    before = replace(TASK, deadline_on=CALENDAR.shift(date(2026, 5, 29), 30))
    assert task_rungs(date(2026, 5, 29), before, None) == []  # its request comes on 1 June
    for first, stands in (
        (date(2026, 5, 22), False),
        (DAYS.opens_on, True),
        (DAYS.cut_off_on, True),
        (date(2026, 7, 1), False),
    ):
        task = replace(TASK, deadline_on=CALENDAR.shift(first, 30))
        assert task_rungs(first, task, None) == [-30]
        assert task_rungs(first, task, WINDOW) == ([] if stands else [-30])


def test_a_rung_as_far_ahead_as_a_review_looks_speaks_for_itself() -> None:
    policy = Policy(ladder_before=(DEFAULT.review_open_days + 1, DEFAULT.review_open_days))
    day = date(2026, 6, 15)
    task = replace(TASK, deadline_on=CALENDAR.shift(day, DEFAULT.review_open_days))
    told = mentions(task, ROSTER, DayRules(day, CALENDAR, policy, WINDOW))
    assert [m.rung for m in told if m.subject != REVIEW] == [-DEFAULT.review_open_days]


def test_other_rungs_go_on_beside_it() -> None:
    assert task_rungs(date(2026, 6, 18), TASK, WINDOW) == [-7]
    early = replace(TASK, deadline_on=CALENDAR.shift(date(2026, 5, 22), 30))
    assert task_rungs(date(2026, 5, 28), early, WINDOW) == [-30]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 60), unique=True, max_size=40))
def test_whatever_days_are_missed_nobody_is_asked_the_same_twice(offsets: list[int]) -> None:
    heard: dict[tuple[int, str, date], int] = {}
    said: list[int] = []
    for offset in sorted(offsets):
        day = date(2026, 5, 25) + timedelta(days=offset)
        if not CALENDAR.is_workday(day):
            continue
        rules = DayRules(day, CALENDAR, DEFAULT, WINDOW)
        found = (mention for mention in mentions(LATER, ROSTER, rules) if mention.subject == REVIEW)
        for mention, _ in unsaid(found, LATER, rules, heard):
            heard[mention.person_id, mention.subject, mention.due_on] = mention.rung
            said.append(mention.rung)
    assert said == sorted(set(said))


def said_to_the_clerk(
    first: date, last: date, *reviews: ReviewWindow, frozen: date = date.max, heard: date = date.max
) -> dict[date, list[ReviewNotice]]:
    """What the clerk hears of reviews on each working day, the last of them frozen and heard on a day."""
    said = {}
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        if CALENDAR.is_workday(day):
            now = replace(reviews[-1], is_frozen=day > frozen, is_heard=day > heard)
            since = CALENDAR.shift(day, -1)
            found = notices((*reviews[:-1], now), day, CALENDAR, since, opens_week=opens_week(day, CALENDAR))
            said[day] = [notice for _, notice in found]
    return {day: notices for day, notices in said.items() if notices}


def test_the_clerk_hears_of_the_opening_then_weekly_of_freezing_and_of_the_hearing() -> None:
    said = said_to_the_clerk(
        date(2026, 5, 1), date(2026, 12, 31), WINDOW, frozen=date(2026, 7, 17), heard=date(2026, 10, 9)
    )
    assert said.pop(DAYS.opens_on) == [ReviewNotice.OPENED]
    assert all(opens_week(day, CALENDAR) for day in said)
    to_freeze = [day for day, found in said.items() if ReviewNotice.TO_FREEZE in found]
    assert to_freeze == [date(2026, 7, 6), date(2026, 7, 13)]
    to_hear = [day for day, found in said.items() if ReviewNotice.TO_HEAR in found]
    assert (DAYS.hearing_by, to_hear[0]) == (date(2026, 8, 25), date(2026, 8, 17))
    weeks = {(day - timedelta(days=day.weekday())) for day in to_hear}
    assert len(weeks) == len(to_hear) == 8  # the National Day's week has no working day but its last
    assert to_hear[-1] == date(2026, 10, 8)


def test_what_is_done_is_not_asked_for() -> None:
    said = said_to_the_clerk(
        date(2026, 5, 1), date(2026, 12, 31), WINDOW, frozen=date(2026, 6, 30), heard=date(2026, 6, 30)
    )
    assert set(said) == {DAYS.opens_on}


def test_a_review_stays_to_be_frozen_until_the_next_one_is_and_to_be_heard_until_itself_was() -> None:
    term = term_of(date(2026, 12, 31), DEFAULT.review_cadence)
    days = cycle_days(term, DEFAULT, CALENDAR)
    later = ReviewWindow(
        term.label, days.opens_on, days.cut_off_on, days.statements_due_on, days.hearing_by, is_asking=True
    )
    monday = date(2026, 12, 14)
    assert said_to_the_clerk(monday, monday, WINDOW, later)[monday] == [
        ReviewNotice.TO_FREEZE,
        ReviewNotice.TO_HEAR,
    ]
    done = date(2026, 12, 11)
    wants = {monday: [ReviewNotice.TO_HEAR]}
    assert said_to_the_clerk(monday, monday, WINDOW, later, frozen=done, heard=done) == wants
    assert said_to_the_clerk(monday, monday, replace(WINDOW, is_heard=True), later, frozen=done) == {}
