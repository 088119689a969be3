"""The week's look at closings."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from core.db import Database
from models.enums import Status
from models.task import Closure, LookBack, RectificationTask
from rectification.office.calendar import load_calendar
from rectification.reminders.weekly_check import closure_watch, opens_week
from tests.factories import Office, actor, make_bureau, make_draft, make_task
from tests.unit.rectification.lists.waits import too_long
from tests.unit.rectification.reminders.test_rules import CALENDAR


@pytest.fixture
def office(database: Database) -> Office:
    with database.unit_of_work() as session:
        return make_bureau(session)


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (date(2026, 6, 22), True),
        (date(2026, 6, 23), False),
        (date(2026, 5, 6), True),  # a Wednesday after the holiday
        (date(2026, 5, 9), False),  # a make-up Saturday at the end of a week
        (date(2026, 2, 28), False),
        (date(2026, 6, 28), False),
    ],
)
def test_the_first_working_day_opens_the_week(day: date, opens: bool) -> None:
    assert opens_week(day, CALENDAR) is opens


@pytest.mark.parametrize("status", [Status.ASSIGNED])
def test_what_waits_too_long_is_counted_as_the_waiting_list_counts_it(
    database: Database, office: Office, status: Status
) -> None:
    with database.unit_of_work() as session:
        make_task(session, office, status=status)
        make_draft(session, office)
    with database.reading() as session:
        calendar = load_calendar(session)
        clerk = actor(session, office.clerk)
        for days in range(30):
            day = date(2026, 3, 2) + timedelta(days=days)
            if not calendar.is_workday(day):
                continue
            rows = too_long(session, day, calendar, clerk)
            watch = closure_watch(session, [office.bureau.id], day, calendar).get(office.bureau.id)
            drafts = sum(row.status is Status.DRAFT for row in rows)
            assert len(watch.waiting if watch else []) == len(rows) - drafts
            assert len(watch.drafts if watch else []) == drafts


def test_doubtful_closings_and_look_backs_are_counted(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        task = make_task(session, office, status=Status.SUBMITTED)
        closed = make_task(session, office)
        session.execute(
            update(RectificationTask).where(RectificationTask.id == closed.id).values(status=Status.CLOSED)
        )
        session.add(
            LookBack(task_id=closed.id, drawn_on=date(2026, 7, 1), reason="抽取", due_on=date(2026, 7, 10))
        )
        task_id = task.id
    with database.reading() as session:
        calendar = load_calendar(session)
        watch = closure_watch(session, [office.bureau.id], date(2026, 7, 6), calendar)[office.bureau.id]
        kept = session.get_one(RectificationTask, task_id)
        assert kept.status is Status.SUBMITTED
    assert [row.code for row in watch.look_backs] == [closed.code]
    assert [(row.code, row.person) for row in watch.waiting] == [(task.code, "方核")]


def test_a_doubtful_closing_is_named_while_it_waits_by_its_newest_round(
    database: Database, office: Office
) -> None:
    with database.unit_of_work() as session:
        task = make_task(session, office, status=Status.SUBMITTED)
        first = session.scalars(select(Closure)).one()
        first.warnings = [{"code": "same_file", "text": "…"}, {"code": "notices_only", "text": "…"}]

    def doubtful() -> list[tuple[str, int]]:
        with database.reading() as session:
            calendar = load_calendar(session)
            watch = closure_watch(session, [office.bureau.id], date(2026, 3, 2), calendar)
            found = watch.get(office.bureau.id)
            return [(row.code, row.doubts) for row in found.doubtful] if found else []

    assert doubtful() == [(task.code, 2)]
    with database.unit_of_work() as session:
        again = {c.key: getattr(first, c.key) for c in Closure.__table__.columns if c.key != "id"}
        session.add(Closure(**again | {"round": 2, "warnings": []}))
    assert doubtful() == []


def test_restricted_tasks_are_not_told_by_mail(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        make_task(session, office, status=Status.SUBMITTED)
        session.execute(update(RectificationTask).values(is_restricted=True))
    with database.reading() as session:
        assert closure_watch(session, [office.bureau.id], date(2026, 7, 6), load_calendar(session)) == {}
