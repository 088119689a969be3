"""A review's line says what was reached, what is late, and what is still to come."""

from dataclasses import replace
from datetime import date

from models.enums import Cadence
from rectification.halfyear.review_days import CycleDays, Term
from rectification.halfyear.way import Standing, Stop, way_of

DAYS = CycleDays(
    Term(Cadence.HALF_YEARLY, 2026, 1),
    starts_on=date(2026, 1, 1),
    cut_off_on=date(2026, 6, 30),
    opens_on=date(2026, 6, 1),
    statements_due_on=date(2026, 6, 23),
    hearing_by=date(2026, 8, 25),
)
OPENED = Standing(opened_on=date(2026, 6, 1), stated=5, missing=2)


def told(now: Standing, today: date) -> dict[Stop, tuple[bool, bool]]:
    """Of each stop, whether it was reached and whether it is late."""
    return {each.stop: (each.done_on is not None, each.is_late) for each in way_of(DAYS, now, today)}


def test_before_it_opens_everything_is_to_come() -> None:
    assert set(told(Standing(), date(2026, 5, 20)).values()) == {(False, False)}


def test_a_review_nobody_opened_is_late_at_its_first_stop() -> None:
    assert told(Standing(), date(2026, 6, 2))[Stop.OPEN] == (False, True)


def test_statements_that_are_missing_are_late_after_their_day_and_not_on_it() -> None:
    on_the_day, after = (told(OPENED, day)[Stop.DUE] for day in (date(2026, 6, 23), date(2026, 6, 24)))

    assert on_the_day == (False, False)
    assert after == (False, True)
    whole = replace(OPENED, stated=7, missing=0)
    assert told(whole, date(2026, 6, 24))[Stop.DUE] == (True, False)


def test_what_was_frozen_asks_for_no_statement_more() -> None:
    now = replace(OPENED, version=1, frozen_on=date(2026, 7, 2))

    way = told(now, date(2026, 7, 3))

    assert way[Stop.DUE] == (True, False)
    assert way[Stop.FREEZE] == (True, False)
    assert way[Stop.HEAR] == (False, False)


def test_figures_nobody_froze_and_a_hearing_nobody_held_are_late() -> None:
    way = told(OPENED, date(2026, 8, 26))

    assert way[Stop.FREEZE] == way[Stop.HEAR] == (False, True)


def test_a_planned_hearing_is_told_until_it_was_held() -> None:
    planned = replace(OPENED, meets_on=date(2026, 7, 16))

    assert way_of(DAYS, planned, date(2026, 7, 1))[-1].words == "已安排2026年7月16日"
    held = replace(planned, heard_on=date(2026, 7, 16))
    assert way_of(DAYS, held, date(2026, 7, 20))[-1].words == ""


def test_who_was_asked_late_was_asked_when_it_was_opened() -> None:
    late = replace(OPENED, opened_on=date(2026, 6, 10))

    assert way_of(DAYS, late, date(2026, 6, 12))[1].day == date(2026, 6, 10)
