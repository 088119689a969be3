"""What no run may begin with: a day that has not come, a clock that cannot be believed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from app.cli.common import ledger
from core.clock import Clock
from core.db import Database
from flows.runner import run_job
from models import shards
from models.job import JobRun
from models.mail import Told
from notifications.health import mail_health
from rectification.office.calendar import load_calendar
from rectification.office.wall_clock import clock_fault
from tasks.step import RunRefused
from tasks.workplace import Workplace
from tests.cli import Rectify
from tests.factories import make_bureau, make_task

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
TOMORROW, AFTER = TODAY + timedelta(days=1), TODAY + timedelta(days=2)


def rows(database: Database) -> int:
    with database.reading() as session:
        counts = (session.scalar(select(func.count()).select_from(table)) or 0 for table in (JobRun, Told))
        return sum(counts)


@pytest.fixture
def office(place: Workplace) -> Workplace:
    with place.database.unit_of_work() as session:
        make_task(session, make_bureau(session))
    return place


def test_a_day_beyond_tomorrow_is_refused_and_writes_nothing(office: Workplace) -> None:
    for day in (AFTER, date(2036, 12, 8)):
        with pytest.raises(RunRefused, match="还没有到"):
            run_job("daily_reminders", {"day": day})
    assert rows(office.database) == 0
    run_job("day_figures", {"day": TOMORROW})
    run_job("day_figures", {"day": AFTER, "allow_future": True})
    run_job("day_figures", {"day": date(2020, 1, 2)})
    assert rows(office.database) == 3


def test_the_command_says_why_and_what_to_do(rectify: Rectify) -> None:
    rectify.ok("unit", "add", "云溪区交通运输局")
    said = rectify("run", "daily_reminders", "--on", "2036-12-08")
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert "--allow-future" in said.err
    assert "已完成" in rectify.ok("run", "daily_reminders", "--on", "2036-12-08", "--allow-future").out


def ran_at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run while the clock stood wrong."""
    with monkeypatch.context() as wrong:
        wrong.setattr(shards, "database_now", lambda session: moment)
        run_job("day_figures", {})


def test_a_clock_that_runs_backwards_stops_every_job_until_it_is_seen_to(
    rectify: Rectify, monkeypatch: pytest.MonkeyPatch
) -> None:
    rectify.ok("unit", "add", "云溪区交通运输局")
    late = datetime.combine(TODAY + timedelta(days=3650), time(7), ZoneInfo("Asia/Shanghai"))
    ran_at(late.astimezone(UTC), monkeypatch)  # in the office's early morning it is yesterday by UTC
    for job in (["daily_reminders"], ["backup"]):
        refused = rectify("run", *job)
        assert (refused.code, "时钟倒退" in refused.err) == (1, True)
        assert f"上次作业记在 {late:%Y-%m-%d} 07:00" in refused.err
        assert f"请收回 {late:%Y-%m-%d} 误记的提醒" in refused.err
    assert "时钟倒退" in rectify("doctor").out
    with ledger().reading() as session:
        now = datetime.now(UTC)
        health = mail_health(session, Clock(now, now.date()), load_calendar(session))
    assert any("时钟倒退" in fault for fault in health.faults)
    rectify.ok("mail", "recall", f"{late:%Y-%m-%d}", "--yes")
    rectify.ok("run", "daily_reminders")


def test_a_machine_that_was_off_for_ten_days_is_merely_late(
    office: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran_at(datetime.now(UTC) - timedelta(days=10), monkeypatch)
    run_job("day_figures", {"day": TOMORROW})


def test_a_clock_off_the_databases_by_more_than_an_hour_is_told(database: Database) -> None:
    """SQLite has no clock but the machine's own."""
    now = datetime.now(UTC)
    with database.reading() as session:
        for off in (timedelta(hours=2), -timedelta(hours=2)):
            fault = clock_fault(session, Clock(now + off, now.date()))
            assert ("相差超过一小时" in fault) is not database.is_sqlite
        assert clock_fault(session, Clock(now + timedelta(minutes=50), now.date())) == ""
