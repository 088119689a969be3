"""An office of several machines on this one: a ledger and a Prefect server on PostgreSQL, workers, deployed as shipped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from core.clock import Clock
from core.db import Database
from models import schema
from models.calendar import CalendarDay
from models.job import JobRun
from rectification.office.calendar import install_shipped
from tests.offices import found_offices
from tests.postgres import Cluster

HOME: Final = Path(__file__).parents[1]
PREFECT: Final = (sys.executable, "-m", "prefect")
RECTIFY: Final = (sys.executable, "-c", "from app.cli import main; main()")
ENDS: Final = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


class Office:
    """A ledger with its Prefect server; everything started here carries the marker and goes with it."""

    def __init__(self, cluster: Cluster, folder: Path, bureaus: int) -> None:
        ledger = cluster.url(cluster.create())
        self.database = Database(ledger)
        self.today = datetime.now(UTC).date()
        schema.upgrade(self.database)
        found_offices(self.database, bureaus, due_on=self.today)
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
            "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PREFECT_CLI_COLORS": "false",
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",  # this machine's hours are not the test's
            "PREFECT_CLI_PROMPT": "false",
            "RECTIFY_TIMEZONE": "UTC",
            "RECTIFY_DATA_DIR": str(folder / "某企业台账"),
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
    def resident(self, name: str, *command: str) -> Iterator[None]:
        """A process of its own session, told to end when the block does; what it says is in the folder."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, env=self.env, cwd=HOME, stdout=log, stderr=log, start_new_session=True
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

    def processes(self, *marks: str) -> list[int]:
        """What runs in this office, a worker's runs among it, with these in its environment."""
        wanted = {f"PREFECT_HOME={self.folder / 'prefect'}".encode(), *(mark.encode() for mark in marks)}
        found = []
        for environment in Path("/proc").glob("[0-9]*/environ"):
            with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                if wanted <= set(environment.read_bytes().split(b"\0")):
                    found.append(int(environment.parent.name))
        return found

    def sweep_up(self) -> None:
        """A worker's runs outlive it: end whatever still carries this folder's name."""
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_run(self, identity: str) -> None:
        """kill -9 of the process that is a run."""
        (pid,) = self.processes(f"PREFECT__FLOW_RUN_ID={identity}")
        os.kill(pid, signal.SIGKILL)

    def kill_server(self, away_seconds: float) -> None:
        """kill -9 of the Prefect server, which is started again after a while, as systemd would."""
        commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in self.processes()}
        killed = [
            pid for pid, line in commands.items() if b"server\0start" in line or b"prefect.server" in line
        ]
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        assert killed
        assert not self.is_up()
        time.sleep(away_seconds)
        self._start_server()

    def start(self, deployment: str, request: dict[str, object] | None = None) -> str:
        """Start a run of the deployment, with what it asks by default or with `request`; returns its id."""
        found = self.call("GET", f"/deployments/name/{deployment}")
        parameters = {} if request is None else {"parameters": {"request": request}}
        return str(self.call("POST", f"/deployments/{found['id']}/create_flow_run", parameters)["id"])

    def run(self, identity: str) -> Any:
        return self.call("GET", f"/flow_runs/{identity}")

    def runs(self, name: str) -> list[Any]:
        found = self.call("POST", "/flow_runs/filter", {"flow_runs": {"name": {"any_": [name]}}})
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

    def call(self, method: str, path: str, content: object = None) -> Any:
        """What Prefect's API answers."""
        answer = httpx.request(method, self.api + path, json=content, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def is_up(self) -> bool:
        try:
            return httpx.get(self.api + "/health", timeout=2).is_success
        except httpx.HTTPError:
            return False

    @contextmanager
    def server(self) -> Iterator[None]:
        """The Prefect server, with what is deployed on it; whatever is left running goes with it."""
        try:
            with ExitStack() as self._servers:
                self._start_server()
                yield
        finally:
            self.sweep_up()
            self.database.dispose()

    def _start_server(self) -> None:
        self._servers.enter_context(
            self.resident("server", *PREFECT, "server", "start", "--port", str(self.port))
        )
        until(self.is_up, 180, "server")

    @contextmanager
    def worker(self, name: str) -> Iterator[None]:
        with self.resident(
            name, *PREFECT, "worker", "start", "--pool", "main", "--name", name, "--limit", "1"
        ):
            yield

    @contextmanager
    def held_up(self, runs: int) -> Iterator[list[int]]:
        """No mail can be written meanwhile; once so many runs stand before their first, as processes."""
        held = JobRun.lease_until.is_not(None)
        with self.database.writer.connect() as gate:
            gate.execute(text("LOCK TABLE outbox_message, told IN SHARE MODE"))
            until(lambda: len(set(self.workers(held))) == runs, 240, f"{runs} runs with a shard each")
            yield [int(worker.rpartition(":")[2]) for worker in self.workers(held)]
            with suppress(OperationalError):  # where the database was killed meanwhile
                gate.rollback()

    def lose_a_machine(self, run: str) -> float:
        """Once two runs share the day, kill -9 the one that is `run` and its worker; returns the moment."""
        with self.held_up(2) as pids:
            mine = f"PREFECT__FLOW_RUN_ID={run}".encode()
            (victim,) = [pid for pid in pids if mine in Path(f"/proc/{pid}/environ").read_bytes()]
            kill_with_its_worker(victim)
        return time.monotonic()


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
