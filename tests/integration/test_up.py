"""`rectify up` as a process: stopped or killed it leaves nothing behind, and two of them have one effect."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from app.up import greeting, resident_of
from core.clock import Clock, read_clock
from core.db import Database
from core.settings import Settings
from models.calendar import CalendarDay
from models.enums import ToldStatus
from models.job import Heartbeat, JobRun
from models.mail import Told
from rectification.casework.opening import open_ledger
from rectification.office.calendar import install_shipped
from rectification.office.signin import open_link
from tests.offices import found_offices

pytestmark = [pytest.mark.integration, pytest.mark.slow]
OFFICES = 3


EVERY_WORKING_DAY = ("backup", "daily_reminders")  # others act on some days, so on the day a test runs or not


class Installation:
    """A ledger with work for today, where it is noon: every job's hour has passed and the day is a working day."""

    def __init__(self, url: str, folder: Path) -> None:
        self.database = Database(url)
        self.folder = folder
        now = datetime.now(UTC)
        zone = next(
            name
            for name in ("Asia/Shanghai", "America/New_York", "UTC")
            if 10 <= now.astimezone(ZoneInfo(name)).hour < 22
        )
        self.today = now.astimezone(ZoneInfo(zone)).date()
        found_offices(self.database, OFFICES, due_on=self.today)
        with self.database.unit_of_work() as session:
            install_shipped(session, Clock(now, self.today))
            session.merge(CalendarDay(day=self.today, is_workday=True))
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")} | {
            "RECTIFY_DATA_DIR": str(folder),
            "RECTIFY_DATABASE_URL": url,
            "RECTIFY_TIMEZONE": zone,
        }
        self.started: list[subprocess.Popen[bytes]] = []

    def up(self) -> subprocess.Popen[bytes]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-c", "from app.cli import main; main()", "up", "--port", str(port)],
            env=self.env,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def done(self) -> list[tuple[str, int]]:
        with self.database.reading() as session:
            rows = session.execute(
                select(JobRun.job, JobRun.attempts)
                .where(JobRun.done_at.is_not(None), JobRun.job.in_(EVERY_WORKING_DAY))
                .order_by(JobRun.job)
            )
            return list(rows.tuples())

    def told(self) -> list[int]:
        with self.database.reading() as session:
            return list(
                session.scalars(
                    select(func.count()).where(Told.status == ToldStatus.TOLD).group_by(Told.task_id)
                )
            )

    def mails(self) -> int:
        return len(list((self.folder / "mail").rglob("*.eml")))

    def has_beaten_since(self, moment: datetime) -> bool:
        with self.database.reading() as session:
            return session.scalar(select(Heartbeat.name).where(Heartbeat.at >= moment)) is not None


@pytest.fixture
def installation(database_url: str, tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(database_url, tmp_path / "data")
    yield installation
    for process in installation.started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stderr is not None
        process.stderr.close()
    installation.database.dispose()


def until(holds: Callable[[], bool], seconds: float = 120) -> None:
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.1)


def is_group_gone(process: subprocess.Popen[bytes]) -> bool:
    """Whether the process and all it may have started are gone."""
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_stopped_in_the_middle_it_ends_cleanly_and_starting_again_goes_on(installation: Installation) -> None:
    first = installation.up()
    until(lambda: installation.has_beaten_since(datetime.now(UTC) - timedelta(minutes=5)))
    first.terminate()
    assert first.wait(120) == 0
    assert is_group_gone(first)
    installation.up()
    until(lambda: [job for job, _ in installation.done()] == ["backup", "daily_reminders"])
    until(lambda: installation.mails() == OFFICES)
    assert installation.told() == [1] * OFFICES


def test_killed_it_leaves_no_child_and_what_it_held_is_done_by_the_next(installation: Installation) -> None:
    first = installation.up()
    until(lambda: len(installation.done()) == 2 and installation.mails() == OFFICES)
    os.kill(first.pid, signal.SIGKILL)
    first.wait(10)
    assert is_group_gone(first)
    started = datetime.now(UTC)
    installation.up()
    until(lambda: installation.has_beaten_since(started))
    time.sleep(5)  # past its catching up
    assert installation.mails() == OFFICES
    assert installation.done() == [("backup", 1), ("daily_reminders", 1)]
    assert installation.told() == [1] * OFFICES


def test_two_at_once_have_one_effect(installation: Installation) -> None:
    both = [installation.up(), installation.up()]
    until(lambda: len(installation.done()) == 2)
    time.sleep(5)  # past the catching up of the slower one
    assert all(process.poll() is None for process in both)
    assert installation.mails() == OFFICES
    assert installation.done() == [("backup", 1), ("daily_reminders", 1)]
    assert installation.told() == [1] * OFFICES


def test_a_second_one_beside_it_says_so_and_leaves_the_first_ones_link_alone(
    database_url: str, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, database_url=SecretStr(database_url))
    clock = read_clock(settings.zone)
    with open_ledger(settings, clock) as database:
        with resident_of(settings, database) as is_only_one:
            first = greeting(settings, database, clock, is_only_one=is_only_one)
            link = re.search(r"/enter/(\S+)", "".join(first))
            assert link is not None
            with resident_of(settings, database) as is_second_alone:
                assert is_second_alone is not database.is_sqlite
                second = greeting(settings, database, clock, is_only_one=is_second_alone)
            if database.is_sqlite:
                assert "已经有一个 rectify up 在运行" in "".join(second)
                with database.reading() as session:
                    assert open_link(session, clock.now, link[1])
        with resident_of(settings, database) as is_only_one:
            assert is_only_one  # the one before ended


def test_a_taken_port_is_told_in_one_line(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = subprocess.run(
            [
                sys.executable,
                "-c",
                "from app.cli import main; main()",
                "up",
                "--port",
                str(taken.getsockname()[1]),
            ],
            env=installation.env,
            capture_output=True,
            check=False,
            timeout=60,
        )
    assert process.returncode == 1
    assert process.stderr.decode().count("\n") == 1
    assert "已被占用" in process.stderr.decode()
