"""A year in which nobody acts: who is written to how often, and who hears of what was left undone (docs/decisions/0004)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.demo.making import make_demo
from core.settings import Settings
from core.workdays import WorkCalendar
from models.enums import Role
from models.organisation import Person, PersonRole
from models.task import RectificationTask
from notifications.simulate import SimulatedMessage, simulate
from rectification.casework.opening import open_ledger
from rectification.office.calendar import load_calendar
from tests.factories import clock_on

pytestmark = pytest.mark.slow

DAY = date(2026, 11, 30)
BEFORE = 1_638
"""Messages of the same year by the rules of 0.1, which repeated each thing every fifth working day of its own."""


@dataclass(frozen=True)
class IdleYear:
    """What would be written, the people by role, and each task's responsible leader."""

    messages: list[SimulatedMessage]
    holders: dict[Role, set[str]]
    leaders: dict[str, str]
    calendar: WorkCalendar

    def told(self, login: str) -> Iterator[tuple[date, str, str, date]]:
        """Day, task, rule and date of each thing a person is told of a task."""
        for message in self.messages:
            for task in message.tasks if message.to == login else ():
                assert task.since is not None
                yield message.date, task.code, task.rule, task.since


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> IdleYear:
    settings = Settings(data_dir=tmp_path_factory.mktemp("idle") / "demo-data")
    database = open_ledger(settings, clock_on(DAY))
    make_demo(settings, database, clock_on(DAY))
    holders: dict[Role, set[str]] = defaultdict(set)
    with database.reading() as session:
        for login, role in session.execute(select(Person.login, PersonRole.role).join(PersonRole)):
            holders[role].add(login)
        leaders = session.execute(
            select(RectificationTask.code, Person.login).join(
                Person, Person.id == RectificationTask.leader_id
            )
        )
        found = IdleYear(
            list(simulate(session, DAY, DAY + timedelta(days=364))),
            holders,
            dict(leaders.tuples().all()),
            load_calendar(session),
        )
    database.dispose()
    return found


def test_nobody_is_written_to_more_often_than_the_budget_allows(year: IdleYear) -> None:
    mails = Counter(message.to for message in year.messages)
    assert max(mails[login] for login in year.holders[Role.OFFICER]) <= 75
    assert max(mails[login] for login in year.holders[Role.CLERK]) <= 90
    assert max(mails[login] for login in year.holders[Role.LEADER] | year.holders[Role.CHIEF]) <= 60
    assert mails.total() <= BEFORE / 2
    assert max(Counter((message.to, message.date) for message in year.messages).values()) == 1
    assert all(year.calendar.is_workday(message.date) for message in year.messages)


def test_what_is_overdue_is_at_its_leader_within_five_working_days(year: IdleYear) -> None:
    late = {
        (code, due_on)
        for login in year.holders[Role.OFFICER]
        for day, code, rule, due_on in year.told(login)
        if rule.startswith("overdue")
        and due_on >= DAY
        and year.calendar.shift(due_on, 5) <= DAY + timedelta(364)
    }
    assert late
    for code, due_on in late:
        heard = [
            day for day, told, rule, due in year.told(year.leaders[code]) if (told, due) == (code, due_on)
        ]
        assert year.calendar.between(due_on, min(heard)) <= 5


def test_what_waits_is_at_the_next_person_at_twice_its_limit(year: IdleYear) -> None:
    waits: dict[tuple[str, str, date], dict[str, date]] = defaultdict(dict)
    for login in {message.to for message in year.messages}:
        for day, code, rule, since in year.told(login):
            kind = rule.rpartition("-")[0]
            if kind.startswith("wait-") and since >= DAY:
                waits[code, kind, since].setdefault(login, day)
    for (_, _, since), heard in waits.items():
        days = sorted(year.calendar.between(since, day) for day in heard.values())
        assert days[:2] == [3, 6], "the one whose move it is, then the next above"
