"""The bureaus below: counts of a day equal counting, the tree stays a tree, rows only where they are released."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.db import Database
from core.errors import NotFound, Refused
from models.district import DayFigure
from models.enums import ItemKind, Light, Status
from models.organisation import Unit
from rectification.casework import IssueOrder
from rectification.lists.board import overview
from rectification.lists.district import (
    district,
    has_any_below,
    keep_day_figures,
    place_below,
    release_rows,
    released_below,
)
from rectification.lists.filters import TaskFilter
from rectification.lists.rows import list_tasks
from rectification.office.calendar import load_calendar
from rectification.office.settings import policy_of
from rectification.office.units import ids_below
from rectification.task.deadlines import near_until
from tests.factories import BY, DAY, Office, actor, clock_on, make_bureau, make_task


@pytest.fixture
def offices(database: Database) -> list[Office]:
    """A city bureau over two counties, the second over a town; tasks in every status, one of them restricted."""
    with database.unit_of_work() as session:
        made = [make_bureau(session, f"第{number}局", prefix=f"b{number}_") for number in range(4)]
        city, county, other, town = (each.bureau for each in made)
        place_below(session, BY, county, city)
        place_below(session, BY, other, city)
        place_below(session, BY, town, other)
    for number, office in enumerate(made):
        with database.unit_of_work() as session:
            for status in (Status.DRAFT, Status.IN_PROGRESS, Status.CLOSED, Status.TERMINATED):
                make_task(session, office, status=status)
            secret = IssueOrder(is_restricted=number == 1)
            make_task(session, office, kind=ItemKind.PLAN, order=secret)
            make_task(session, office, order=IssueOrder(due_on=DAY + timedelta(days=number + 5)))
    return made


def test_the_counts_of_a_day_equal_counting(database: Database, offices: list[Office]) -> None:
    day = DAY + timedelta(days=7)
    with database.unit_of_work() as session:
        assert keep_day_figures(session, clock_on(day), [o.bureau.id for o in offices]) == 4
    with database.reading() as session:
        rows = district(session, day, offices[0].bureau.id)
        calendar = load_calendar(session)

        assert [row.name for row in rows] == ["第1局", "第2局", "第3局"]
        for row, office in zip(rows, offices[1:], strict=True):
            until = near_until(day, calendar, policy_of(session, office.bureau.id, day))
            counted = overview(session, day, until, actor(session, office.chief))
            for kept, live in ((row.problems, counted.problems), (row.plans, counted.plans)):
                assert kept.total == live.total
                assert kept.overdue == live.lights[Light.RED]
                assert kept.near == live.lights[Light.YELLOW]
                assert kept.open == live.total - live.lights[Light.BLUE]
                assert (kept.closed, kept.terminated, kept.rate) == (live.closed, live.terminated, live.rate)
            assert row.counted_at == clock_on(day).now
        assert {row.problems.overdue for row in rows} == {0, 1}


def test_a_day_counted_twice_is_one_and_an_old_count_is_not_shown(
    database: Database, offices: list[Office]
) -> None:
    below = [office.bureau.id for office in offices[1:]]
    with database.unit_of_work() as session:
        keep_day_figures(session, clock_on(DAY), below)
        keep_day_figures(session, clock_on(DAY, hour=15), below)
    with database.reading() as session:
        assert session.scalar(select(func.count(DayFigure.id))) == 2 * len(below)
        shown = district(session, DAY + timedelta(days=3), offices[0].bureau.id)
        stale = district(session, DAY + timedelta(days=40), offices[0].bureau.id)

    assert {row.counted_at for row in shown} == {clock_on(DAY, hour=15).now}
    assert {row.counted_at for row in stale} == {None}


def test_the_tree_stays_a_tree(database: Database, offices: list[Office]) -> None:
    city, county, other, town = (office.bureau.id for office in offices)
    with database.unit_of_work() as session:
        units = {number: session.get_one(Unit, number) for number in (city, county, other, town)}

        assert ids_below(session, city) == [county, other, town]
        assert ids_below(session, county) == []
        assert has_any_below(session, other)
        assert not has_any_below(session, town)
        for above in (city, town):
            with pytest.raises(Refused):
                place_below(session, BY, units[city], units[above])
        with pytest.raises(Refused):
            place_below(session, BY, session.get_one(Unit, offices[0].roads.id), units[county])
        place_below(session, BY, units[town], None)
        assert ids_below(session, other) == []


def test_rows_are_read_only_where_they_were_released(database: Database, offices: list[Office]) -> None:
    city, county, other, town = (office.bureau.id for office in offices)
    with database.unit_of_work() as session:
        release_rows(session, BY, session.get_one(Unit, county), is_released=True)
        release_rows(session, BY, session.get_one(Unit, city), is_released=True)
    with database.reading() as session:
        calendar = load_calendar(session)
        assert released_below(session, city, county).id == county
        for above, asked in ((city, other), (other, county), (county, city), (town, city), (city, 10**6)):
            with pytest.raises(NotFound):
                released_below(session, above, asked)
        rows = list_tasks(session, DAY, calendar, filters=TaskFilter(bureau_id=county, is_open_to_all=True))
    assert {row.bureau_id for row in rows} == {county}
    assert not [row for row in rows if row.kind is ItemKind.PLAN]
