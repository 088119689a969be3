"""A holiday notice comes into force: what is counted again, and what never moves."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.db import Database
from core.workdays import WorkCalendar
from models.enums import DayUnit, Status, TimeLimit, ToldStatus, Verb
from models.history import TaskEvent
from models.mail import Told
from rectification import casework
from rectification.casework import IssueOrder, Moved
from rectification.office.calendar import HolidayNotice, put_in_force
from rectification.task.deadlines import limit_to_date, recomputed_due
from tests.factories import Office, acting, by_on, case_file, clock_on, make_bureau, make_task, with_year

YEAR = 2027
START = date(YEAR, 1, 4)
PROVISIONAL = WorkCalendar(announced=frozenset({2026}))


@st.composite
def notices(draw: st.DrawFn) -> tuple[frozenset[date], frozenset[date]]:
    """A whole notice: stretches of days off, and weekend days worked instead."""
    first = date(YEAR, 1, 1)
    off: set[date] = set()
    for _ in range(draw(st.integers(0, 7))):
        begin = first + timedelta(days=draw(st.integers(0, 355)))
        off |= {begin + timedelta(days=i) for i in range(draw(st.integers(1, 9)))}
    weekends = [day for day in (first + timedelta(days=i) for i in range(365)) if day.weekday() >= 5]
    work = draw(st.sets(st.sampled_from(weekends), max_size=8)) - off
    return frozenset(day for day in off if day.year == YEAR), frozenset(work)


LIMITS = st.tuples(st.integers(1, 120), st.sampled_from(DayUnit))


@given(notices(), LIMITS, st.integers(0, 200))
def test_no_date_moves_earlier_than_already_told(
    notice: tuple[frozenset[date], frozenset[date]], limit: tuple[int, DayUnit], days_in: int
) -> None:
    start = START + timedelta(days=days_in)
    told = limit_to_date(start, *limit, PROVISIONAL)
    now = with_year(PROVISIONAL, YEAR, *notice)
    due = recomputed_due(start, *limit, now, told=told)
    assert due >= told
    assert due == told or due == limit_to_date(start, *limit, now)


@given(notices(), LIMITS)
def test_what_nobody_was_told_follows_the_calendar_exactly(
    notice: tuple[frozenset[date], frozenset[date]], limit: tuple[int, DayUnit]
) -> None:
    days, unit = limit
    now = with_year(PROVISIONAL, YEAR, *notice)
    due = recomputed_due(START, days, unit, now, told=None)
    if unit is DayUnit.WORKING:
        assert now.between(START, due) == days
        assert now.is_workday(due)
    else:
        assert due >= START + timedelta(days=days)
        assert now.is_workday(due) or due.year > YEAR


@given(notices(), LIMITS)
def test_the_same_notice_twice_moves_nothing_more(
    notice: tuple[frozenset[date], frozenset[date]], limit: tuple[int, DayUnit]
) -> None:
    now = with_year(PROVISIONAL, YEAR, *notice)
    once = recomputed_due(START, *limit, now, told=limit_to_date(START, *limit, PROVISIONAL))
    assert recomputed_due(START, *limit, now, told=once) == once


@pytest.fixture
def office(database: Database) -> Office:
    with database.unit_of_work() as session:
        return make_bureau(session)


def issued(database: Database, office: Office, status: Status = Status.IN_PROGRESS, **order: object) -> str:
    wanted = IssueOrder(**({"limit_days": 5} | order))  # type: ignore[arg-type]
    with database.unit_of_work() as session:
        return make_task(session, office, status=status, day=START, order=wanted).code


def due(database: Database, code: str) -> date | None:
    with database.reading() as session:
        return case_file(session, code, START).row.due_on


def announce(
    database: Database, office: Office, off: Iterable[date] = (), work: Iterable[date] = ()
) -> list[Moved]:
    notice = HolidayNotice(YEAR, "国办发明电〔2026〕9号", dict.fromkeys(off, "元旦"), frozenset(work))
    with database.unit_of_work() as session:
        put_in_force(session, by_on(START), notice)
    with database.unit_of_work() as session:
        return casework.recalculate(session, clock_on(START), office.bureau.id, notice.number)


HOLIDAY = (date(YEAR, 1, 6), date(YEAR, 1, 7))
MAKE_UP = (date(YEAR, 1, 9),)


def test_a_holiday_moves_every_open_limit_and_says_why(database: Database, office: Office) -> None:
    codes = [issued(database, office, status) for status in (Status.ASSIGNED, Status.IN_PROGRESS)]
    assert {due(database, code) for code in codes} == {date(YEAR, 1, 11)}
    moved = announce(database, office, HOLIDAY)
    assert moved == [Moved(code, date(YEAR, 1, 11), date(YEAR, 1, 13)) for code in codes]
    with database.reading() as session:
        events = session.query(TaskEvent).filter_by(verb=Verb.RECOMPUTE).all()
    assert [event.changes["reason"] for event in events] == [[None, "calendar"]] * 2
    assert all("extension_count" not in event.changes for event in events)
    assert all("original_due_on" not in event.changes for event in events)
    assert announce(database, office, HOLIDAY) == []


def test_holiday_and_make_up_day_count_together(database: Database, office: Office) -> None:
    code = issued(database, office)
    announce(database, office, HOLIDAY, MAKE_UP)
    assert due(database, code) == date(YEAR, 1, 12)


def test_a_make_up_day_does_not_take_back_a_date_somebody_accepted(
    database: Database, office: Office
) -> None:
    accepted, waiting = issued(database, office), issued(database, office, Status.ASSIGNED)
    moved = announce(database, office, work=MAKE_UP)
    assert [task.code for task in moved] == [waiting]
    assert (due(database, accepted), due(database, waiting)) == (date(YEAR, 1, 11), date(YEAR, 1, 9))


def test_a_date_that_stood_in_a_mail_is_not_taken_back(database: Database, office: Office) -> None:
    code = issued(database, office, Status.ASSIGNED)
    with database.unit_of_work() as session:
        row = case_file(session, code, START).row
        session.add(
            Told(
                bureau_id=office.bureau.id,
                person_id=office.officer.id,
                task_id=row.id,
                subject="task",
                rung="7",
                part="officer",
                due_on=date(YEAR, 1, 11),
                day=START,
                status=ToldStatus.TOLD,
            )
        )
    assert announce(database, office, work=MAKE_UP) == []
    assert due(database, code) == date(YEAR, 1, 11)


def test_printed_dates_never_move(database: Database, office: Office) -> None:
    printed = issued(database, office, limit_days=None, due_on=date(YEAR, 1, 6))
    lasting = issued(database, office, limit_days=None, time_limit=TimeLimit.LONG_TERM)
    assert announce(database, office, HOLIDAY) == []
    assert (due(database, printed), due(database, lasting)) == (date(YEAR, 1, 6), None)


def test_a_decided_date_is_a_printed_one(database: Database, office: Office) -> None:
    code = issued(database, office)
    with database.unit_of_work() as session:
        officer, leader = acting(session, office.officer, START), acting(session, office.leader, START)
        clock = clock_on(START)
        casework.request_extension(session, clock, officer, code, "流标", date(YEAR, 1, 20))
        casework.grant_extension(session, clock, leader, code)
    assert announce(database, office, HOLIDAY) == []
    assert due(database, code) == date(YEAR, 1, 20)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.TERMINATED, Status.DRAFT, Status.ARCHIVED])
def test_what_is_not_open_is_left_alone(database: Database, office: Office, status: Status) -> None:
    issued(database, office, status)
    assert announce(database, office, HOLIDAY) == []


def test_another_bureau_is_recomputed_by_its_own_transaction(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        second = make_bureau(session, "雾溪县水利局", prefix="b_")
    code, theirs = issued(database, office), issued(database, second)
    announce(database, office, HOLIDAY)
    assert (due(database, code), due(database, theirs)) == (date(YEAR, 1, 13), date(YEAR, 1, 11))
