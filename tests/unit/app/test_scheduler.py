"""The embedded scheduler: what was missed of today is caught up, and nothing older."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select

from app.scheduler import catch_up
from core.clock import Clock
from models.job import JobRun
from models.mail import OutboxMessage, Told
from notifications import claims
from tasks.workplace import Workplace
from tests.offices import found_offices

FRIDAY, SUNDAY, MONDAY = date(2026, 2, 27), date(2026, 3, 1), date(2026, 3, 2)

WATCHED = ("backup", "daily_reminders")  # jobs with other days of their own are tested beside their flows


@pytest.fixture
def place(place: Workplace) -> Workplace:
    found_offices(place.database, 2, due_on=MONDAY)
    return place


def catch_up_at(place: Workplace, day: date, hour: int, minute: int = 0) -> None:
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))
    catch_up(place.settings, place.database, Clock(local.astimezone(UTC), day))


def runs(place: Workplace) -> list[tuple[str, date]]:
    with place.database.reading() as session:
        done = session.execute(
            select(JobRun.job, JobRun.day)
            .where(JobRun.done_at.is_not(None), JobRun.job.in_(WATCHED))
            .order_by(JobRun.id)
        )
        return list(done.tuples())


def days_of_mails(place: Workplace) -> list[date]:
    with place.database.reading() as session:
        return list(session.scalars(select(OutboxMessage.day).order_by(OutboxMessage.id)))


def test_a_machine_started_at_eleven_does_what_it_missed_of_the_morning(place: Workplace) -> None:
    catch_up_at(place, MONDAY, 11)
    assert runs(place) == [("backup", MONDAY), ("daily_reminders", MONDAY)]
    assert days_of_mails(place) == [MONDAY, MONDAY]
    with place.database.reading() as session:
        assert claims.has_work(session)  # the digests were let go, whatever hour they else open at


def test_what_is_done_is_not_caught_up_again(place: Workplace) -> None:
    catch_up_at(place, MONDAY, 11)
    catch_up_at(place, MONDAY, 12)
    assert len(runs(place)) == 2
    assert days_of_mails(place) == [MONDAY, MONDAY]


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [(1, 59, []), (2, 0, ["backup"]), (8, 29, ["backup"]), (8, 30, ["backup", "daily_reminders"])],
)
def test_nothing_runs_before_its_hour(place: Workplace, hour: int, minute: int, expected: list[str]) -> None:
    catch_up_at(place, MONDAY, hour, minute)
    assert [job for job, _ in runs(place)] == expected


def test_days_missed_are_not_run_again_and_no_stale_mail_goes_out(place: Workplace) -> None:
    catch_up_at(place, FRIDAY, 7)
    catch_up_at(place, MONDAY, 9)
    assert [day for job, day in runs(place) if job == "daily_reminders"] == [MONDAY]
    assert set(days_of_mails(place)) == {MONDAY}


def test_a_day_of_rest_stays_quiet(place: Workplace) -> None:
    catch_up_at(place, SUNDAY, 11)
    assert runs(place) == [("backup", SUNDAY)]
    assert days_of_mails(place) == []


def test_a_shard_that_failed_is_caught_up_once_its_pause_is_over(place: Workplace) -> None:
    catch_up_at(place, MONDAY, 9)
    with place.database.unit_of_work() as session:
        session.execute(delete(Told))
        session.execute(delete(OutboxMessage))
        for run in session.scalars(select(JobRun).where(JobRun.job == "daily_reminders")):
            run.done_at, run.claim_token, run.error, run.attempts = None, None, "OperationalError", 2
            run.counts = {}
            run.started_at = datetime.now(UTC) - timedelta(minutes=15)
    catch_up_at(place, MONDAY, 10)
    assert days_of_mails(place) == []
    with place.database.unit_of_work() as session:
        for run in session.scalars(select(JobRun).where(JobRun.job == "daily_reminders")):
            run.started_at = datetime.now(UTC) - timedelta(minutes=21)
    catch_up_at(place, MONDAY, 10)
    assert days_of_mails(place) == [MONDAY, MONDAY]


def test_what_was_done_for_the_week_is_not_called_again_in_it(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    tuesday = MONDAY + timedelta(days=1)
    catch_up_at(place, MONDAY, 11)
    called: list[str] = []
    monkeypatch.setattr("app.scheduler._run", lambda name, day: called.append(name))
    catch_up_at(place, tuesday, 11)
    assert "closure_check" not in called
    assert "daily_reminders" in called


def test_the_weeks_job_that_missed_its_monday_is_called_on_tuesday(place: Workplace) -> None:
    catch_up_at(place, MONDAY + timedelta(days=1), 11)
    with place.database.reading() as session:
        done = select(JobRun.day).where(JobRun.job == "closure_check", JobRun.done_at.is_not(None))
        assert session.scalars(done).all() == [MONDAY + timedelta(days=1)]
