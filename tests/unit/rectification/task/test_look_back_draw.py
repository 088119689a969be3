"""回头看: a fifth, at least one, and what recurs or was litigated; nobody chooses."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.db import Database
from models.enums import Channel, ItemKind, Status
from rectification import casework
from rectification.office.actors import system
from rectification.task.look_back_draw import LITIGATED, RECURRING, SAMPLED, Candidate, draw, half_year_before
from tests.factories import acting, case_file, clock_on, make_bureau, make_task

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        task_id=st.integers(1, 10_000),
        code=st.just("2026-001"),
        kind=st.sampled_from(ItemKind),
        text=st.sampled_from(["案卷不规范", "一起行政诉讼败诉"]),
        is_recurring=st.booleans(),
        is_litigated=st.booleans(),
    ),
    unique_by=lambda one: one.task_id,
    max_size=40,
)


@pytest.mark.parametrize(
    ("day", "half"),
    [
        (date(2026, 7, 1), (date(2026, 1, 1), date(2026, 6, 30))),
        (date(2026, 12, 31), (date(2026, 1, 1), date(2026, 6, 30))),
        (date(2027, 1, 1), (date(2026, 7, 1), date(2026, 12, 31))),
        (date(2026, 6, 30), (date(2025, 7, 1), date(2025, 12, 31))),
    ],
)
def test_the_half_year_looked_back_at_is_the_last_whole_one(day: date, half: tuple[date, date]) -> None:
    assert half_year_before(day) == half


@given(CANDIDATES, st.text(max_size=8))
def test_a_fifth_and_all_that_recurs_is_drawn_and_no_plan(candidates: list[Candidate], seed: str) -> None:
    drawn = {found.task_id: found.reason for found in draw(candidates, seed)}
    problems = {one.task_id: one for one in candidates if one.kind.is_problem}
    assert set(drawn) <= set(problems)
    assert len(drawn) >= math.ceil(len(problems) / 5)
    for task_id, one in problems.items():
        if one.is_recurring:
            assert drawn[task_id] == RECURRING
        elif one.is_litigated or "败诉" in one.text:
            assert drawn[task_id] == LITIGATED
    assert sum(reason == SAMPLED for reason in drawn.values()) <= math.ceil(len(problems) / 5)


@given(CANDIDATES, st.text(max_size=8))
def test_the_draw_is_the_same_in_any_order(candidates: list[Candidate], seed: str) -> None:
    shuffled = sorted(candidates, key=lambda one: -one.task_id)
    assert draw(candidates, seed) == draw(shuffled, seed)


def test_one_of_a_few_is_always_drawn() -> None:
    assert len(draw([Candidate(7, "2026-007", ItemKind.SHORTCOMING, "案卷不规范")], "1")) == 1
    assert draw([], "1") == []


def test_a_half_year_is_drawn_once_and_the_check_is_put_on_record(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        for _ in range(6):
            make_task(session, office, status=Status.CLOSED, day=date(2026, 3, 2))
        make_task(session, office, status=Status.CLOSED, kind=ItemKind.PLAN, day=date(2026, 3, 2))
    today = date(2026, 7, 6)
    with database.unit_of_work() as session:
        drawn = casework.draw_look_backs(session, clock_on(today), system(office.bureau.id, Channel.FLOW))
    assert len(drawn) == 2
    with database.unit_of_work() as session:
        for day in (date(2026, 8, 3), date(2027, 1, 4)):
            again = casework.draw_look_backs(session, clock_on(day), system(office.bureau.id, Channel.FLOW))
            assert again == []
    with database.unit_of_work() as session:
        reviewer = acting(session, office.reviewer, today)
        casework.look_back(session, clock_on(today), reviewer, drawn[0].code, "抽查五件，均齐全")
    with database.reading() as session:
        (row,) = case_file(session, drawn[0].code, today).look_backs
    assert (row.reason, row.checked_on, row.checked_by, row.has_reopened) == (SAMPLED, today, "方核", False)
