"""Whole years of mornings over a report's tasks: sweeps, missed days, mail that does not go, tasks that move and end,
notices that come late.

`RECTIFY_YEARS=200` tries so many years of each report instead of a few.
"""

import os
import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice, pairwise
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from core.clock import Clock
from core.db import Database
from core.workdays import WorkCalendar
from models.calendar import CalendarDay, CalendarYear
from models.enums import Channel, OutboxStatus, Status, ToldStatus
from models.job import JobRun
from models.mail import OutboxMessage, Told
from models.organisation import Person
from models.task import RectificationTask
from notifications.letterhead import Letterhead
from notifications.simulate import simulate
from notifications.sweep import sweep
from rectification import casework
from rectification.intake.import_report import register_report
from rectification.office.calendar import load_calendar, put_in_force, shipped_notices, statutory_days
from rectification.office.journal import by_system
from rectification.office.settings import DEFAULT
from reports.reading import read_report
from tests.factories import Office, acting, clock_on, make_bureau, with_year
from tests.reports import REPORTS

YEARS: Final = int(os.environ.get("RECTIFY_YEARS", "2"))
HOUSE: Final = Letterhead("http://ledger.test", "整改台账 <r@office.gov.cn>", True, ZoneInfo("Asia/Shanghai"))
NOTES: Final = ("本周检查事项", "年度报告环节")  # what a clerk's digest may say without naming a task
SEEDS: Final = st.integers(1, 2**32)
_numbers = count()


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest) -> Path:
    """An empty ledger to copy."""
    path: Path = request.getfixturevalue("_sqlite_template")
    return path


@dataclass
class Life:
    """What really happened to a task: when it was issued, which date it had from which day on, when it ended."""

    issued_on: date
    officer: int
    dates: list[tuple[date, date]]
    ended_on: date = date.max

    def date_on(self, day: date) -> date | None:
        if not self.issued_on <= day < self.ended_on:
            return None
        return [due for since, due in self.dates if since <= day][-1]


@dataclass
class Year:
    """One year of an office, drawn from a seed. `swept` are the days the program ran, `sent` those mail went."""

    database: Database
    office: Office
    chance: random.Random
    first: date
    lives: dict[int, Life] = field(default_factory=dict)
    instructed: dict[int, list[date]] = field(default_factory=dict)
    swept: list[date] = field(default_factory=list)
    sent: set[date] = field(default_factory=set)

    def issue(self, report: Path) -> None:
        """The tasks of a report as it was read: problems due at the middle of the year, plans at its end."""
        with self.database.unit_of_work() as session:
            parsed = read_report(report).model_copy(update={"org": self.office.bureau.name})
            drafted = register_report(session, clock_on(self.first), parsed, channel=Channel.CLI)
            for task in session.scalars(
                select(RectificationTask).where(RectificationTask.code.in_(drafted.codes))
            ):
                issued = self.first + timedelta(days=self.chance.randint(0, 60))
                due = date(self.first.year, *((6, 30) if task.kind.is_problem else (12, 31)))
                task.status, task.officer_id = Status.IN_PROGRESS, self.chance.choice(self.officers)
                task.lead_unit_id, task.issued_on = self.office.roads.id, issued
                task.due_on = task.deadline_on = task.original_due_on = due
                self.lives[task.id] = Life(issued, task.officer_id, [(issued, due)])
            assert self.lives

    @property
    def officers(self) -> tuple[int, int]:
        return self.office.officer.id, self.office.other.id

    def live(self, days: int, *, down: float, unsent: float) -> None:
        """Let the days pass: some without the program, some on which mail does not go."""
        for passed in range(days):
            day = self.first + timedelta(days=passed)
            self._act(day)
            if self.chance.random() < down:
                continue
            with self.database.unit_of_work() as session:
                if load_calendar(session).is_workday(day):
                    self.swept.append(day)
                moment = datetime.combine(day, time(0, 30), UTC)
                for _ in range(self.chance.choice((1, 1, 2))):
                    sweep(session, Clock(moment, day), [self.office.bureau.id], HOUSE)
                session.add(self._run(day, moment))
            if self.chance.random() >= unsent:
                self.sent.add(day)
                with self.database.unit_of_work() as session:
                    went = {"status": OutboxStatus.SENT, "frozen": b"gone", "sent_at": moment}
                    session.execute(
                        update(OutboxMessage).where(OutboxMessage.status == OutboxStatus.QUEUED).values(went)
                    )

    def _run(self, day: date, done: datetime) -> JobRun:
        """That the reminders ran, as the job records it."""
        return JobRun(
            job="daily_reminders", day=day, shard=0, bureau_ids=[self.office.bureau.id], done_at=done
        )

    def _act(self, day: date) -> None:
        """Somebody ends a task or has its date moved; the chief writes on one, sometimes to take it back."""
        for task_id, life in self.lives.items():
            if life.date_on(day) is None or self.chance.random() > 0.006:
                continue
            drawn = self.chance.random()
            if drawn > 0.67:
                self._step(task_id, day, casework.instruct, "请抓紧。")
                if drawn > 0.9:
                    self._step(task_id, day, casework.undo, "批错了任务")
                else:
                    self.instructed.setdefault(task_id, []).append(day)
                continue
            with self.database.unit_of_work() as session:
                task = session.get_one(RectificationTask, task_id)
                if drawn < 0.4:
                    task.status, life.ended_on = Status.CLOSED, day
                else:
                    task.due_on = task.deadline_on = day + timedelta(days=self.chance.randint(5, 90))
                    life.dates.append((day, task.due_on))

    def _step(self, task_id: int, day: date, verb: Callable[..., object], words: str) -> None:
        """One step of the chief's, as a page takes it: in a unit of work of its own."""
        with self.database.unit_of_work() as session:
            code = session.get_one(RectificationTask, task_id).code
            verb(session, clock_on(day, hour=17), acting(session, self.office.chief, day), code, words)


@contextmanager
def year(template: Path, folder: Path, seed: int, of: int) -> Iterator[Year]:
    """An office on New Year's Day of `of`, in a ledger of its own."""
    ledger = folder / f"{next(_numbers)}.db"
    shutil.copy(template, ledger)
    with Database(f"sqlite:///{ledger}") as database:
        with database.unit_of_work() as session:
            office = make_bureau(session)
        yield Year(database, office, random.Random(seed), date(of, 1, 1))
    ledger.unlink()


def stored(folder: Path) -> bytes:
    """The ledger's bytes; SQLite's -shm is memory that readers share."""
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if not file.name.endswith("-shm"))


def announced() -> WorkCalendar:
    calendar = WorkCalendar(statutory=statutory_days)
    for notice in shipped_notices():
        calendar = with_year(calendar, notice.year, notice.off, notice.work)
    return calendar


def rung_days(due: date, issued_on: date, calendar: WorkCalendar, last: date) -> Iterator[tuple[int, date]]:
    """Every rung of an officer's ladder with the day it speaks, counted on the fingers: those before the date when their
    week opens, four weeks after the fifth day, then once a month.
    """
    before = [d for i in range(150) if calendar.is_workday(d := due - timedelta(days=i))]
    after = [d for i in range(1, (last - due).days + 1) if calendar.is_workday(d := due + timedelta(days=i))]
    for n in DEFAULT.ladder_before:
        if before[n] >= issued_on:
            week = [d for d in before[n:] if d.isocalendar()[:2] == before[n].isocalendar()[:2]]
            yield -n, max(week[-1], issued_on) if n else before[n]
    yield from ((n, after[n - 1]) for n in (1, 5) if len(after) >= n and after[n - 1] >= issued_on)
    known = [*reversed(before), *after]
    opens = [day for one, day in pairwise(known) if one.isocalendar()[:2] != day.isocalendar()[:2]]
    weeks = [(one, day) for one, day in pairwise(opens) if day in after[5:] and day >= issued_on]
    for number, (one, day) in enumerate(weeks):
        if number < 4 or one.month != day.month:
            yield after.index(day) + 1, day


def is_left_to_a_review(due: date, rung: int, calendar: WorkCalendar) -> bool:
    """Whether a review that opens within seven days asks in place of a rung which lies further ahead than reviews open."""

    def back(day: date, steps: int) -> date:
        days = (d for i in range(150) if calendar.is_workday(d := day - timedelta(days=i)))
        return next(islice(days, steps, None))

    if rung >= -DEFAULT.review_open_days:
        return False
    own_day = back(due, -rung)
    opens = (
        back(date(own_day.year, month, day), DEFAULT.review_open_days) for month, day in ((6, 30), (12, 31))
    )
    return any(opens_on - timedelta(days=7) <= own_day < opens_on for opens_on in opens)


def hold_to_the_rules(lived: Year) -> list[Told]:
    """What holds however a year went."""
    with lived.database.reading() as session:
        messages = session.scalars(select(OutboxMessage)).all()
        told = session.scalars(select(Told)).all()
    said = defaultdict(list)
    for row in told:
        if row.message_id is not None:
            said[row.message_id].append(row)
    assert {message.day for message in messages} <= set(lived.swept)
    assert len({(message.person_id, message.day) for message in messages}) == len(messages)
    for message in messages:
        assert message.subject != "【整改提醒】"
        if message.status is OutboxStatus.SENT:
            assert said[message.id] or any(note in message.subject for note in NOTES)
        for row in said[message.id]:
            assert row.day == message.day
            if row.task_id is not None:
                life = lived.lives[row.task_id]
                is_step = row.subject.startswith("event:")
                assert life.date_on(message.day), "told of a task that had ended"
                assert is_step or life.date_on(message.day) == row.due_on, "of a date the task did not have"
    assert len({(row.person_id, row.task_id, row.subject, row.due_on, row.rung) for row in told}) == len(told)
    hold_to_what_happened(lived, told)
    line = {lived.office.head.id, lived.office.other_head.id, lived.office.leader.id, lived.office.chief.id}
    for row in told:
        if row.task_id is not None and row.status is ToldStatus.TOLD:
            own = lived.lives[row.task_id].officer
            assert row.person_id in line | {own}, "neither his move nor his line"
            assert row.person_id != lived.office.other_head.id
    return list(told)


def hold_to_what_happened(lived: Year, told: Sequence[Told]) -> None:
    """What the chief wrote on a task is told on the first working day on which the reminders ran afterwards, once."""
    found = defaultdict(list)
    for row in told:
        if row.subject.startswith("event:") and row.status is ToldStatus.TOLD:
            found[row.task_id, row.due_on, row.person_id].append(row.day)
    for task_id, days in lived.instructed.items():
        for day in set(days):
            after = [each for each in lived.swept if each > day]
            if not after or lived.lives[task_id].ended_on <= after[0]:
                continue
            for person in (lived.lives[task_id].officer, lived.office.head.id):
                heard = found.pop((task_id, day, person))
                if after[0] in lived.sent:
                    assert heard == [after[0]] * days.count(day)
    assert not any(
        lived.lives[task_id].ended_on > heard[0] and day not in lived.instructed.get(task_id, ())
        for (task_id, day, _), heard in found.items()
        if task_id is not None
    ), "what was taken back, or never was"


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(300 + 30 * YEARS)
@pytest.mark.parametrize(
    ("report", "of"),
    [
        pytest.param(report, of, marks=() if (report, of) == (REPORTS[0], 2026) else pytest.mark.nightly)
        for report in REPORTS
        for of in (2024, 2026)
    ],
    ids=lambda of: getattr(of, "stem", of),
)
@settings(
    max_examples=YEARS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=SEEDS,
    down=st.sampled_from([0.1, 0.0, 0.5]),
    unsent=st.sampled_from([0.2, 0.0, 0.7]),
)
def test_each_rung_is_told_or_recorded_exactly_once_in_a_year(
    template: Path, tmp_path: Path, report: Path, of: int, seed: int, down: float, unsent: float
) -> None:
    calendar = announced()
    with year(template, tmp_path, seed, of) as lived:
        lived.issue(report)
        lived.live(400 if of == 2024 else 364, down=down, unsent=unsent)
        told = hold_to_the_rules(lived)
    recorded: dict[tuple[int, date], dict[int, Told]] = defaultdict(dict)
    for row in told:
        is_rung = row.subject == "task" and row.part == "officer"
        if row.task_id is not None and row.person_id in lived.officers and is_rung:
            recorded[row.task_id, row.due_on][row.rung] = row
    last = lived.swept[-1]
    for task_id, life in lived.lives.items():
        for due in {due for _, due in life.dates}:
            open_days = [day for day in lived.swept if life.date_on(day) == due]
            expected = {
                rung: day
                for rung, day in rung_days(due, life.issued_on, calendar, last)
                if open_days and day <= open_days[-1]
            }
            found = recorded[task_id, due]
            left = {rung for rung in expected if is_left_to_a_review(due, rung, calendar)}
            assert set(expected) - left <= set(found) <= set(expected)
            highest = {day: rung for rung, day in sorted(expected.items())}
            for day, rung in highest.items():
                if day in open_days and day in lived.sent and rung not in left:
                    assert (found[rung].status, found[rung].day) == (ToldStatus.TOLD, day)


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.nightly
@pytest.mark.timeout(300 + 30 * YEARS)
@settings(
    max_examples=YEARS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=SEEDS, arrives=st.integers(0, 150), report=st.sampled_from(REPORTS))
def test_the_rules_hold_where_the_years_notice_comes_late(
    template: Path, tmp_path: Path, seed: int, arrives: int, report: Path
) -> None:
    notice = next(notice for notice in shipped_notices() if notice.year == 2024)
    with year(template, tmp_path, seed, 2024) as lived:
        with lived.database.unit_of_work() as session:
            session.execute(delete(CalendarDay))
            session.execute(delete(CalendarYear))
        lived.issue(report)
        lived.live(arrives, down=0.1, unsent=0.2)
        with lived.database.unit_of_work() as session:
            put_in_force(
                session, by_system(Clock(datetime(2024, 1, 1, tzinfo=UTC), lived.first), Channel.FLOW), notice
            )
        lived.first += timedelta(days=arrives)
        lived.live(330 - arrives, down=0.1, unsent=0.2)
        hold_to_the_rules(lived)


@pytest.mark.integration
@pytest.mark.slow
def test_the_simulation_foretells_the_year_and_writes_nothing(template: Path, tmp_path: Path) -> None:
    with year(template, tmp_path, 5, 2026) as lived:
        lived.issue(REPORTS[-1])
        lived.chance = random.Random(6)
        before = stored(tmp_path)
        with lived.database.reading() as session:
            foretold = {
                (message.date, message.to, named)
                for message in simulate(session, lived.first, date(2026, 12, 31))
                if (named := sum(not task.rule.startswith("review") for task in message.tasks))
            }
        assert stored(tmp_path) == before
        lived.lives = {}
        lived.live(365, down=0.0, unsent=0.0)
        with lived.database.reading() as session:
            of_tasks = Told.status == ToldStatus.TOLD, Told.task_id.is_not(None)
            told = session.scalars(select(Told).where(*of_tasks)).all()
            logins = dict(session.execute(select(Person.id, Person.login)).tuples().all())
    happened: dict[tuple[date, str], int] = defaultdict(int)
    for row in told:
        happened[row.day, logins[row.person_id]] += 1
    assert {(day, to, tasks) for (day, to), tasks in happened.items()} == foretold
