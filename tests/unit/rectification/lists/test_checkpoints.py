"""Long-term tasks at their checkpoints: what was said since the last look decides 待检查 or 节点超期, in values and in SQL."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from models.enums import Light, TimeLimit
from models.task import RectificationTask
from rectification import casework
from rectification.casework import IssueOrder, NewEvidence
from rectification.halfyear.history_rows import BureauHistory
from rectification.lists.board import overview
from rectification.lists.figures import Period
from rectification.lists.filters import TaskFilter
from rectification.lists.paging import count_tasks, page_of
from rectification.lists.rows import list_tasks
from rectification.lists.whose_move import is_move_of
from rectification.office.calendar import load_calendar
from rectification.office.settings import DEFAULT
from rectification.reminders.facts import tasks_by_id
from rectification.roles_in_task import Part
from rectification.task.deadlines import near_until
from rectification.task.doubts import Doubt
from tests.factories import DAY, Office, acting, actor, case_file, clock_on, make_bureau, make_task
from tests.unit.rectification.lists.waits import waiting

BEGUN: Final = DAY + timedelta(days=3)
Act = tuple[int, str, int]


@pytest.fixture
def office(database: Database) -> Office:
    with database.unit_of_work() as session:
        return make_bureau(session)


@dataclass
class Life:
    """A long-term task led through its acts by the verbs, and what a reader of its history would say of it."""

    session: Session
    office: Office
    code: str
    day: date = BEGUN
    first_words: date | None = None
    looked_on: date | None = None

    def act(self, act: Act) -> None:
        gap, name, ahead = act
        self.day += timedelta(days=gap)
        getattr(self, name)(self.day + timedelta(days=ahead))

    def speaks(self, _: date) -> None:
        self._do("progress", "officer", "仍在坚持，制度已上墙。")
        if self.looked_on is None or self.day > self.looked_on:
            self.first_words = self.first_words or self.day

    def is_looked_at(self, next_on: date) -> None:
        self._do("checkpoint", "reviewer", "坚持较好", next_on)
        self.first_words, self.looked_on = None, self.day

    def comes_back(self, next_on: date) -> None:
        """Closed, looked at again and reopened with a checkpoint of its own, all on one day."""
        paper = NewEvidence(archive_no=f"档〔2026〕{self.day}", own_date=self.day)
        self._do("evidence", "officer", paper)
        answers = {doubt.value: f"{doubt.word}：已到现场核对" for doubt in Doubt}
        self._do("submit", "officer", "已经形成长效机制。", despite_doubts=True)
        self._do("verify", "reviewer", "看过属实。", answer=answers)
        self._do("approve", "leader", "同意。", answer=answers)
        self._do("reopen", "reviewer", "又有反弹", due_on=next_on)
        self.first_words, self.looked_on = None, self.day

    def _do(self, verb: str, who: str, *given: object, **named: object) -> None:
        person = acting(self.session, getattr(self.office, who), self.day)
        getattr(casework, verb)(self.session, clock_on(self.day), person, self.code, *given, **named)


def long_term(session: Session, office: Office) -> str:
    order = IssueOrder(time_limit=TimeLimit.LONG_TERM, checkpoint_on=date(2026, 6, 30))
    return make_task(session, office, order=order).code


acts = st.tuples(
    st.integers(0, 50),
    st.sampled_from(["speaks", "speaks", "is_looked_at", "comes_back"]),
    st.integers(1, 150),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=st.lists(st.lists(acts, max_size=4), min_size=1, max_size=3), later=st.integers(0, 120))
def test_the_light_the_move_and_their_sql_say_what_the_history_says(
    database: Database, office: Office, lives: list[list[Act]], later: int
) -> None:
    with database.unit_of_work() as session:
        told = {}
        for life in lives:
            code = long_term(session, office)
            led = told[code] = Life(session, office, code)
            for act in life:
                led.act(act)
        session.flush()
        today = max(life.day for life in told.values()) + timedelta(days=later)
        _agree(session, office, list(told.values()), today)
        session.rollback()


def _standings(session: Session, today: date) -> dict[str, tuple[int, int, str]]:
    rows = list_tasks(session, today, load_calendar(session))
    return {row.code: (row.overdue_days, row.missed_days, row.whose_move) for row in rows}


def _agree(session: Session, office: Office, lives: Sequence[Life], today: date) -> None:
    calendar = load_calendar(session)
    until = near_until(today, calendar, DEFAULT)
    rows = list_tasks(session, today, calendar)
    facts = tasks_by_id(session, [row.id for row in rows])
    by_code = {row.code: row for row in rows}
    for life in lives:
        row = by_code[life.code]
        deadline, first = row.deadline_on, life.first_words
        assert deadline is not None
        late = 0 if first else max((today - deadline).days, 0)
        if first:
            light = Light.STATED if deadline <= today else Light.GREEN
        else:
            light = Light.MISSED if late else Light.YELLOW if deadline <= until else Light.GREEN
        assert (row.stated_on, facts[row.id].stated_on) == (first, first)
        assert (row.light, row.missed_days, row.overdue_days) == (light, late, 0)
        assert row.waits_for is (Part.REVIEWER if light is Light.STATED else Part.OFFICER)
        said = case_file(session, life.code, today).to_look_at
        assert [line.reported_on for line in said][:1] == ([first] if first else [])

    lights = Counter(row.light for row in rows)
    figures = overview(session, today, until, actor(session, office.chief, today))
    assert {light: count for light, count in figures.problems.lights.items() if count} == lights
    for light in Light:
        wanted = TaskFilter(light=light, near_until=until)
        found = list_tasks(session, today, calendar, filters=wanted)
        assert {row.code for row in found} == {row.code for row in rows if row.light is light}
        assert count_tasks(session, today, filters=wanted) == lights[light]
    assert sorted(page_of(session, today, limit=50)) == sorted(row.id for row in rows)
    for who, part in ((office.officer, Part.OFFICER), (office.reviewer, Part.REVIEWER)):
        theirs = select(RectificationTask.code).where(is_move_of(actor(session, who, today), today))
        assert set(session.scalars(theirs)) == {row.code for row in rows if row.waits_for is part}
    listed = waiting(session, today, calendar, actor(session, office.clerk, today))
    stated = {life.code: life.first_words for life in lives if by_code[life.code].light is Light.STATED}
    assert {each.code: each.since for each in listed} == {
        code: max(first, by_code[code].deadline_on or first) for code, first in stated.items() if first
    }


def test_words_of_before_a_reopening_do_not_speak_for_the_checkpoint_after_it(
    database: Database, office: Office
) -> None:
    with database.unit_of_work() as session:
        life = Life(session, office, long_term(session, office))
        life.act((5, "speaks", 0))
        life.act((30, "comes_back", 40))
        due, calendar = life.day + timedelta(days=40), load_calendar(session)
        [row] = list_tasks(session, due + timedelta(days=2), calendar)
        assert (row.light, row.missed_days, row.deadline_on) == (Light.MISSED, 2, due)
        life.act((1, "speaks", 0))
        [row] = list_tasks(session, due + timedelta(days=2), calendar)
        assert (row.light, row.missed_days, row.waits_for) == (Light.STATED, 0, Part.REVIEWER)


def test_the_figures_of_a_past_day_are_what_the_ledger_said_on_it(database: Database, office: Office) -> None:
    """Whatever is said and looked at later; what became long-term since stood by its date then."""
    day, acts = date(2026, 7, 3), [(5, "speaks", 0), (30, "is_looked_at", 60), (40, "speaks", 0)]
    with database.unit_of_work() as session:
        lives = [Life(session, office, long_term(session, office)) for _ in range(4)]
        for number, life in enumerate(lives):
            for act in acts[:number]:
                life.act(act)
        dated = make_task(session, office, order=IssueOrder(due_on=date(2026, 6, 30))).code
        Life(session, office, dated).act(acts[0])
    with database.reading() as session:
        stood = _standings(session, day)
    silent, waits, late = (3, "陈路办理"), (0, "方核登记检查结论"), (3, 0, "陈路办理")
    assert [stood[life.code][1:] for life in lives] == [silent, waits, (25, "陈路办理"), waits]
    assert stood[dated] == late
    with database.unit_of_work() as session:
        for life in lives:
            later = Life(session, office, life.code, day)
            later.act((1, "speaks", 0))
            later.act((1, "is_looked_at", 30))
        clock = clock_on(date(2026, 7, 10))
        leader = acting(session, office.leader, clock.today)
        casework.make_long_term(session, clock, leader, dated, "须长期坚持", date(2026, 12, 31))
    with database.reading() as session:
        rows = BureauHistory(session, office.bureau.id, DAY).period(Period(DAY, day)).rows
    assert {row.code: (row.overdue_days, row.missed_days, row.whose_move) for row in rows} == stood
