"""A real Prefect server on PostgreSQL, deployed by prefect.yaml: two workers share one day and tell everybody once."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text

from core.db import Database
from models.enums import ToldStatus
from models.job import JobRun
from models.mail import OutboxMessage, Told
from tests.offices import found_offices
from tests.postgres import Cluster

HOME = Path(__file__).parents[2]
MONDAY = date(2026, 3, 2)
BUREAUS = 12
PREFECT = [sys.executable, "-m", "prefect"]

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.timeout(600)]


class Office:
    """A ledger with its Prefect server; everything started here carries the marker and goes with it."""

    def __init__(self, cluster: Cluster, ledger: str, folder: Path) -> None:
        self.database = Database(ledger)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.api = f"http://127.0.0.1:{port}/api"
        self.port = port
        self.folder = folder
        self.env = os.environ | {
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": cluster.url(cluster.create(), driver="asyncpg"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PREFECT_CLI_COLORS": "false",
            "DO_NOT_TRACK": "1",
            "RECTIFY_HOME": str(HOME),
            "RECTIFY_DATA_DIR": str(folder / "data"),
            "RECTIFY_DATABASE_URL": ledger,
        }

    def prefect(self, *arguments: str) -> str:
        done = subprocess.run(
            [*PREFECT, *arguments],
            env=self.env,
            cwd=HOME,
            capture_output=True,
            text=True,
            timeout=120,
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

    def start(self, flow: str, **request: object) -> str:
        """Start a run of the deployment; returns its id."""
        deployment = self._call("GET", f"/deployments/name/{flow}/rectify")["id"]
        run = self._call(
            "POST", f"/deployments/{deployment}/create_flow_run", {"parameters": {"request": request}}
        )
        return str(run["id"])

    def state(self, run: str) -> str:
        return str(self._call("GET", f"/flow_runs/{run}")["state_type"])

    def _call(self, method: str, path: str, content: object = None) -> Any:
        answer = httpx.request(method, self.api + path, json=content, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def is_up(self) -> bool:
        try:
            return httpx.get(self.api + "/health", timeout=2).is_success
        except httpx.HTTPError:
            return False


@pytest.fixture
def office(cluster: Cluster, new_ledger: Callable[[str], str], tmp_path: Path) -> Iterator[Office]:
    office = Office(cluster, new_ledger("postgresql"), tmp_path)
    with ExitStack() as running:
        running.callback(office.database.dispose)
        running.callback(office.sweep_up)
        running.enter_context(office.resident("server", "server", "start", "--port", str(office.port)))
        until(office.is_up, 120, "server")
        office.prefect("work-pool", "create", "main", "--type", "process")
        office.prefect("--no-prompt", "deploy", "--all")
        for name in ("one", "two"):
            running.enter_context(
                office.resident(name, "worker", "start", "--pool", "main", "--name", name, "--limit", "1")
            )
        yield office


def until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    give_up = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < give_up, f"waited {seconds} s in vain: {what}"
        time.sleep(0.3)


def test_two_workers_share_a_day_and_everybody_is_told_once(office: Office) -> None:
    listed = office.prefect("deployment", "ls")
    assert all(f"{flow}/rectify" in listed for flow in ("backup", "daily_reminders", "intake"))

    database = office.database
    found_offices(database, BUREAUS, due_on=MONDAY)

    def workers(*conditions: Any) -> list[str]:
        with database.reading() as session:
            return list(
                session.scalars(select(JobRun.worker).where(JobRun.job == "daily_reminders", *conditions))
            )

    with database.writer.connect() as gate:  # while it is shut, a run stops within its first shard
        gate.execute(text("LOCK TABLE outbox_message, told IN SHARE MODE"))
        runs = [office.start("daily_reminders", day=str(MONDAY), rows_per_shard=1) for _ in range(2)]
        until(
            lambda: len(set(workers(JobRun.lease_until.is_not(None)))) == 2,
            120,
            "two workers with a shard each",
        )
        gate.rollback()
    until(lambda: all(office.state(run) == "COMPLETED" for run in runs), 120, "both runs done")

    assert len(workers(JobRun.done_at.is_not(None), JobRun.attempts == 1)) == BUREAUS
    assert len(set(workers())) == 2
    with database.reading() as session:
        told = session.execute(
            select(Told.bureau_id, func.count())
            .where(Told.status == ToldStatus.TOLD)
            .group_by(Told.bureau_id)
        ).all()
        mails = session.execute(
            select(OutboxMessage.bureau_id, func.count()).group_by(OutboxMessage.bureau_id)
        ).all()
    assert [count for _, count in told] == [1] * BUREAUS
    assert [count for _, count in mails] == [1] * BUREAUS
