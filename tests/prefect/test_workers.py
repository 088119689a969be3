"""A real Prefect server on PostgreSQL, deployed as shipped: a day is shared, survives a kill, and tells Prefect no text."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, func, select, text, update

from core.clock import Clock
from core.db import Database
from models import schema
from models.calendar import CalendarDay
from models.enums import ToldStatus
from models.job import JobRun
from models.mail import OutboxMessage, Told
from models.task import RectificationTask
from rectification.office.calendar import install_shipped
from tests.offices import found_offices
from tests.postgres import Cluster

HOME = Path(__file__).parents[2]
MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 1)
BUREAUS = 12
CANARY = "某企业氨气泄漏未报"
PREFECT = [sys.executable, "-m", "prefect"]

ENDS = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.timeout(1200)]


class Office:
    """A ledger with its Prefect server; everything started here carries the marker and goes with it."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        ledger = cluster.url(cluster.create())
        self.database = Database(ledger)
        self.today = datetime.now(UTC).date()
        schema.upgrade(self.database)
        found_offices(self.database, BUREAUS, due_on=self.today)
        with self.database.unit_of_work() as session:
            install_shipped(session, Clock(datetime.now(UTC), self.today))
            session.merge(CalendarDay(day=self.today, is_workday=True))
        self.cluster, self.store = cluster, cluster.create()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.api = f"http://127.0.0.1:{port}/api"
        self.port = port
        self.folder = folder
        self.env = os.environ | {
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": cluster.url(self.store, driver="asyncpg"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PREFECT_CLI_COLORS": "false",
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",  # this machine's hours are not the test's
            "PREFECT_CLI_PROMPT": "false",
            "RECTIFY_TIMEZONE": "UTC",
            "RECTIFY_DATA_DIR": str(folder / "data"),
            "RECTIFY_DATABASE_URL": ledger,
        }

    def deploy(self) -> str:
        """As an operator does."""
        done = subprocess.run(
            ["make", "deploy"],
            env=self.env,
            cwd=HOME,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def resident(self, name: str, *arguments: str) -> Iterator[None]:
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [*PREFECT, *arguments], env=self.env, cwd=HOME, stdout=log, stderr=log, start_new_session=True
            )
            try:
                yield
            finally:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()

    def sweep_up(self) -> None:
        """A worker's runs outlive it: end whatever still carries this folder's name."""
        marker = f"PREFECT_HOME={self.folder / 'prefect'}".encode()
        for environment in Path("/proc").glob("[0-9]*/environ"):
            try:
                if marker in environment.read_bytes().split(b"\0"):
                    os.kill(int(environment.parent.name), signal.SIGKILL)
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue

    def start(self, deployment: str, request: dict[str, object] | None = None) -> str:
        """Start a run of the deployment, with what it asks by default or with `request`; returns its id."""
        found = self._call("GET", f"/deployments/name/{deployment}")
        parameters = {} if request is None else {"parameters": {"request": request}}
        return str(self._call("POST", f"/deployments/{found['id']}/create_flow_run", parameters)["id"])

    def run(self, identity: str) -> Any:
        return self._call("GET", f"/flow_runs/{identity}")

    def runs(self, name: str) -> list[Any]:
        found = self._call("POST", "/flow_runs/filter", {"flow_runs": {"name": {"any_": [name]}}})
        return list(found)

    def ended(self, identity: str) -> Any:
        """The run, once it has ended."""
        until(lambda: self.run(identity)["state_type"] in ENDS, 240, f"the end of {identity}")
        return self.run(identity)

    def told_prefect(self) -> str:
        """All there is in Prefect's database, its folder and the logs of server and workers."""
        with self.cluster.connect(self.store) as store:
            tables = store.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            rows = [
                str(row)
                for (table,) in tables
                for row in store.execute(f'SELECT t::text FROM "{table}" AS t'.encode()).fetchall()
            ]
        files = [*self.folder.glob("*.log"), *(self.folder / "prefect").rglob("*")]
        return "\n".join(rows + [f.read_bytes().decode(errors="replace") for f in files if f.is_file()])

    def workers(self, *conditions: Any) -> list[str]:
        with self.database.reading() as session:
            found = select(JobRun.worker).where(JobRun.day == self.today, *conditions)
            return list(session.scalars(found))

    def _call(self, method: str, path: str, content: object = None) -> Any:
        answer = httpx.request(method, self.api + path, json=content, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def is_up(self) -> bool:
        try:
            return httpx.get(self.api + "/health", timeout=2).is_success
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="module")
def office(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(cluster, tmp_path_factory.mktemp("office"))
    with ExitStack() as running:
        running.callback(office.database.dispose)
        running.callback(office.sweep_up)
        running.enter_context(office.resident("server", "server", "start", "--port", str(office.port)))
        until(office.is_up, 180, "server")
        listed = office.deploy()
        assert all(name in listed for name in ("backup/daily", "daily_reminders/share", "intake/on_demand"))
        for name in ("one", "two"):
            running.enter_context(
                office.resident(name, "worker", "start", "--pool", "main", "--name", name, "--limit", "1")
            )
        yield office


def until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, f"waited {seconds} s in vain: {what}"
        time.sleep(0.5)


def kill_with_its_worker(pid: int) -> None:
    """kill -9 of a run and of every process above it, up to the worker."""
    line = [pid]
    while (
        above := int(Path(f"/proc/{line[-1]}/stat").read_text().rsplit(")")[-1].split()[1])
    ) != os.getpid():
        line.append(above)
    for each in line:
        os.kill(each, signal.SIGKILL)


@pytest.fixture
def no_mail_can_be_written(office: Office) -> Iterator[None]:
    """Inserting a mail fails, and the database says of what."""
    with office.database.unit_of_work() as session:
        session.execute(update(RectificationTask).values(title=CANARY, text=CANARY))
        session.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'refused: %', NEW::text; END $$"
            )
        )
        session.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON outbox_message FOR EACH ROW EXECUTE FUNCTION refuse()"
            )
        )
    yield
    with office.database.unit_of_work() as session:
        session.execute(text("DROP TRIGGER refuse ON outbox_message"))
        session.execute(delete(JobRun))


@pytest.mark.usefixtures("no_mail_can_be_written")
def test_what_fails_or_is_refused_is_told_to_prefect_by_kind_alone(office: Office) -> None:
    report = f"{CANARY}局2024年度法治政府建设工作报告\n\n一、存在的不足\n（一）{CANARY}。\n\n2025年1月15日\n"
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{CANARY}.txt"
        file.write_text(report, encoding="utf-8")
        stored = subprocess.run(
            [sys.executable, "-c", "from app.cli import main; main()", "report", "store", str(file)],
            env=office.env, cwd=HOME, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
    failed = office.start("daily_reminders/share", {})
    rest = office.start("daily_reminders/share", {"day": str(SUNDAY)})
    refused = office.start("intake/on_demand", {"upload": stored})
    unknown = office.start("intake/on_demand", {"upload": "0" * 64})

    state = office.ended(failed)["state"]
    assert (state["type"], state["message"]) == (
        "FAILED",
        f"daily_reminders {office.today} 有 1 片未完成：第 1 片（RaiseException）",
    )
    assert office.ended(rest)["state"]["name"] == "NotDue"
    assert "报告未导入（Refused）" in office.ended(refused)["state"]["message"]
    assert "（NotFound）" in office.ended(unknown)["state"]["message"]
    everything = office.told_prefect()
    assert str(office.today) in everything  # so this is where it would stand
    assert "某企业" not in everything


def test_a_day_whose_run_and_worker_are_killed_is_completed_by_nobodys_hand(office: Office) -> None:
    database, name = office.database, f"daily_reminders-{office.today}"
    with database.writer.connect() as gate:  # while it is shut, a run stops within its first shard
        gate.execute(text("LOCK TABLE outbox_message, told IN SHARE MODE"))
        first = office.start(
            "daily_reminders/daily", {"rows_per_shard": 1, "lanes": 2, "stay_seconds": 14400}
        )
        until(
            lambda: len(set(office.workers(JobRun.lease_until.is_not(None)))) == 2,
            240,
            "two runs with a shard each",
        )
        assert office.run(first)["name"] == name
        pids = [int(worker.rpartition(":")[2]) for worker in office.workers(JobRun.lease_until.is_not(None))]
        mine = f"PREFECT__FLOW_RUN_ID={first}".encode()
        (coordinator,) = [pid for pid in pids if mine in Path(f"/proc/{pid}/environ").read_bytes()]
        kill_with_its_worker(coordinator)
        killed = time.monotonic()
        gate.rollback()
    until(lambda: len(office.workers(JobRun.done_at.is_not(None))) == BUREAUS, 360, "the whole day done")
    print(f"\nall shards done {time.monotonic() - killed:.0f} s after the kill")
    until(
        lambda: [run["state_name"] for run in office.runs(name)].count("Crashed") == 1, 300, "told as crashed"
    )
    until(
        lambda: {run["state_type"] for run in office.runs(name)} == {"CRASHED", "COMPLETED"}, 300, "run again"
    )
    print(f"run again and completed {time.monotonic() - killed:.0f} s after the kill")

    with database.reading() as session:
        told = session.execute(
            select(Told.bureau_id, func.count())
            .where(Told.status == ToldStatus.TOLD)
            .group_by(Told.bureau_id)
        ).all()
        mails = session.execute(
            select(OutboxMessage.bureau_id, func.count()).group_by(OutboxMessage.bureau_id)
        ).all()
        attempts = list(session.scalars(select(JobRun.attempts)))
    assert [count for _, count in told] == [1] * BUREAUS
    assert [count for _, count in mails] == [1] * BUREAUS
    assert sorted(attempts) == [1] * (BUREAUS - 1) + [2]

    again = office.ended(office.start("daily_reminders/daily"))
    assert (again["state"]["name"], again["name"]) == ("AlreadyDone", name)
    everything = office.told_prefect()
    assert "remind daily_reminders" in everything
    assert f"{name}-share-1" in everything
    assert '"片"' in everything or "\\u7247" in everything  # the table of the day
    assert "某企业" not in everything
