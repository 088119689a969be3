"""Three machines in network namespaces, set up as docs/operations-machines.md says, and the loss of one in a morning.

Run as root: `python -m benchmarks.machines --nginx PATH`. Each machine has an address, a host name and a link of its own, and runs
what the units of deploy/systemd start, with the settings beside them. `hub` has PostgreSQL, the Prefect server and nginx
before two boards; `m1` and `m2` each a worker, a board and a sender. In the middle of the morning m2 loses its link and its power
at once (nobody hears of it); later it comes back. Wanted: everybody told once, and m2 takes work again. Prints its transcript.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import func, select, text

from core.clock import Clock
from core.db import Database
from models import schema
from models.calendar import CalendarDay
from models.enums import ToldStatus
from models.job import JobRun
from models.mail import Told
from rectification.office.calendar import install_shipped
from tests.offices import found_offices
from tests.postgres import running_cluster
from tests.prefect_office import until

HOME: Final = Path(__file__).parents[1]
UNITS: Final = HOME / "deploy" / "systemd"
BIN: Final = str(Path(sys.executable).parent)
HUB: Final = "10.1.2.10"
ADDRESSES: Final = {"m1": "10.1.2.11", "m2": "10.1.2.12"}
BUREAUS: Final = 60
STARTED: Final = time.monotonic()


def main() -> None:
    """Set it up, lose a machine, let it come back."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--nginx", type=Path, required=True)
    nginx = asked.parse_args().nginx
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started goes first
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        folder = Path(name)
        folder.chmod(0o755)
        running.enter_context(_network())
        durable = {"listen_addresses": f"'{HUB}'", "max_connections": "200"}
        cluster = running.enter_context(running_cluster(durable))
        hba = cluster.folder / "data" / "pg_hba.conf"
        hba.write_text(hba.read_text() + "host all rectify 10.1.2.0/24 scram-sha-256\n")
        with cluster.connect() as connection:
            connection.execute("ALTER ROLE rectify PASSWORD 'SECRET'")
            connection.execute("SELECT pg_reload_conf()")
        for database in ("rectify", "prefect"):
            cluster.create(name=database)
        machines = Machines(folder, running)
        _found(machines.env["RECTIFY_DATABASE_URL"])
        try:
            _day(machines, nginx)
        finally:
            machines.end()


class Machines:
    """The hub and the two that work, by the units and settings that are shipped."""

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.folder, self.running = folder, running
        shared = folder / "srv"
        self.env = _settings("rectify.env") | {
            "RECTIFY_DATA_DIR": str(shared),
            "RECTIFY_HOME": str(HOME),
            "RECTIFY_BASE_URL": f"http://{HUB}",
        }
        prefect = "postgresql+asyncpg://rectify:SECRET@"
        self.server_env = _settings("prefect-server.env")
        url = self.server_env["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
        self.server_env["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = prefect + url.rpartition("@")[2]
        self.server_env["PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED"] = (
            "false"  # this machine's hours are not the day's
        )

    def command(self, unit: str) -> list[str]:
        lines = (UNITS / f"{unit}.service").read_text().splitlines()
        start = next(line for line in lines if line.startswith("ExecStart="))
        return start.removeprefix("ExecStart=").replace("/opt/rectify/.venv/bin", BIN).split()

    def start(self, machine: str, unit: str, **more: str) -> subprocess.Popen[bytes]:
        """Start a unit; where it ends by itself, whoever asked sees how."""
        command = [each.replace("%H", machine) for each in self.command(unit)]
        if unit == "rectify-worker":
            command[-1] = "1"  # a slot a machine: two share the day
        return self.run(machine, command, f"{machine}-{unit}", **more)

    def run(self, machine: str, command: list[str], log: str, **more: str) -> subprocess.Popen[bytes]:
        own = {
            "PREFECT_HOME": str(self.folder / f"prefect-{machine}"),
            "MACHINE": machine,
            "HOME": str(self.folder),
        }
        env = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "PREFECT_WORKER_QUERY_SECONDS": "2", **own}
        env |= self.server_env if "server" in log else self.env
        if machine in ADDRESSES:
            env["RECTIFY_HOST"] = ADDRESSES[machine]
        with (self.folder / f"{log}.log").open("ab") as out:
            return subprocess.Popen(
                _inside(machine, command),
                env=env | more,
                cwd=HOME,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def ask(self, machine: str, *command: str, **more: str) -> tuple[int, str]:
        """A command on a machine; its exit code and what it said."""
        own = {
            "PATH": os.environ["PATH"],
            "PYTHONUTF8": "1",
            "PREFECT_CLI_COLORS": "false",
            "HOME": str(self.folder),
        }
        done = subprocess.run(
            _inside(machine, list(command)),
            env=own | self.env | more,
            cwd=HOME,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, (done.stdout + done.stderr).strip()

    def kill(self, machine: str) -> int:
        """The power is cut."""
        killed = 0
        for environment in Path("/proc").glob("[0-9]*/environ"):
            with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                held = set(environment.read_bytes().split(b"\0"))
                if {f"MACHINE={machine}".encode(), f"HOME={self.folder}".encode()} <= held:
                    os.kill(int(environment.parent.name), signal.SIGKILL)
                    killed += 1
        return killed

    def end(self) -> None:
        for machine in ("m1", "m2", "hub"):
            self.kill(machine)


def _day(machines: Machines, nginx: Path) -> None:
    rectify = f"{BIN}/rectify"
    _say("hub: PostgreSQL on", HUB)
    machines.start("hub", "rectify-prefect-server")
    until(lambda: _answers(f"http://{HUB}:4200/api/health"), 400, "Prefect server")
    _say("hub: rectify-prefect-server is up, with authentication")
    said = machines.ask("m1", rectify, "prefect", "check", PREFECT_API_AUTH_STRING="rectify:wrong")
    _say("m1$ rectify prefect check   (a wrong password)", *said)
    _say("m1$ rectify prefect check   (before make deploy)", *machines.ask("m1", rectify, "prefect", "check"))
    code, told = machines.ask("m1", "make", "deploy")
    _say("m1$ make deploy", code, told.splitlines()[-1] if code else "")
    for name in ADDRESSES:
        machines.start(name, "rectify-worker")
    _say("m1, m2: rectify-worker")
    machines.start("m1", "rectify-board")
    until(lambda: _answers(f"http://{ADDRESSES['m1']}:8321/healthz", any_status=True), 120, "board m1")
    wrong = machines.start("m2", "rectify-board", RECTIFY_DATA_DIR=str(machines.folder / "own"))
    wrong.wait(120)
    log = (machines.folder / "m2-rectify-board.log").read_text()
    _say("m2: rectify-board with a folder of its own ends with", wrong.returncode, log.strip())
    for unit in ("rectify-board", "rectify-sender"):
        machines.start("m2", unit)
    machines.start("m1", "rectify-sender")
    until(lambda: _answers(f"http://{ADDRESSES['m2']}:8321/healthz", any_status=True), 120, "board m2")
    _say("m1: rectify-sender; m2: rectify-board on the shared folder, rectify-sender")
    (machines.folder / "nginx.conf").write_text(
        f"user root; daemon off; pid {machines.folder}/nginx.pid; error_log {machines.folder}/nginx.log; events {{}} http {{ access_log off;"
        + "".join(
            f" {kind}_temp_path {machines.folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + (UNITS / "nginx.conf").read_text()
        + "}"
    )
    machines.run(
        "hub",
        [str(nginx), "-c", str(machines.folder / "nginx.conf"), "-e", str(machines.folder / "nginx.log")],
        "nginx",
    )
    until(lambda: _answers(f"http://{HUB}/signin"), 60, "proxy")
    _say(f"hub: nginx; http://{HUB}/signin answers")
    database = Database(_driver(machines.env["RECTIFY_DATABASE_URL"]))
    run = _start(machines, "day_figures/daily", {"rows_per_shard": 5, "lanes": 2, "stay_seconds": 14400})
    until(lambda: _state(machines, run) == "COMPLETED", 300, "day_figures")
    _say("day_figures:", _by_machine(database, "day_figures"))
    _say("m1$ rectify prefect check", *machines.ask("m1", rectify, "prefect", "check"))
    lines = machines.ask("m2", rectify, "doctor")[1].splitlines()
    _say("m2$ rectify doctor | grep 文件夹", *(line for line in lines if "数据文件夹" in line))

    run = _start(machines, "daily_reminders/daily", {"rows_per_shard": 5, "lanes": 2, "stay_seconds": 14400})
    with database.writer.connect() as gate:
        gate.execute(text("LOCK TABLE outbox_message, told IN SHARE MODE"))
        held = JobRun.lease_until.is_not(None)
        until(
            lambda: len(_workers(database, held, "daily_reminders")) == 2,
            300,
            "both machines with a shard in hand",
        )
        _say("08:30, each machine has a shard in hand:", _workers(database, held, "daily_reminders"))
        _ip("link", "set", "to-m2", "down")
        killed = machines.kill("m2")
        lost = time.monotonic()
        gate.rollback()
    _say(f"m2 loses its link and its power at once: {killed} processes are gone, PostgreSQL is told nothing")
    until(lambda: _answers(f"http://{HUB}/signin"), 30, "the proxy goes on")
    _say(f"{time.monotonic() - lost:.0f} s later the proxy answers from m1 alone")
    until(lambda: not _left(database, "daily_reminders"), 600, "the whole day done")
    _say(
        f"{time.monotonic() - lost:.0f} s after the loss the day is done: {_by_machine(database, 'daily_reminders')}"
    )
    mails = Path(machines.env["RECTIFY_DATA_DIR"]) / "mail"
    until(lambda: len(list(mails.rglob("*.eml"))) >= BUREAUS, 120, "every mail written")
    _told_once(database, mails)

    _ip("link", "set", "to-m2", "up")
    for unit in ("rectify-worker", "rectify-board", "rectify-sender"):
        machines.start("m2", unit)
    until(lambda: _answers(f"http://{ADDRESSES['m2']}:8321/healthz", any_status=True), 120, "board m2 again")
    run = _start(machines, "closure_check/daily", {"rows_per_shard": 5, "lanes": 2, "stay_seconds": 14400})
    until(lambda: _state(machines, run) == "COMPLETED", 300, "closure_check")
    _say("m2 is back; closure_check:", _by_machine(database, "closure_check"))
    run = _start(machines, "backup/daily", None)
    until(lambda: _state(machines, run) == "COMPLETED", 300, "backup")
    _say("backup:", _by_machine(database, "backup"))
    with database.reading() as session:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = '{}'"
        counts = [session.scalar(text(query.format(each))) for each in ("rectify", "prefect")]
    _say(f"connections now: {counts[0]} to the ledger, {counts[1]} of the Prefect server")
    database.dispose()


def _told_once(database: Database, mails: Path) -> None:
    ids = Counter(message_from_bytes(mail.read_bytes())["Message-ID"] for mail in mails.rglob("*.eml"))
    with database.reading() as session:
        told = select(func.count(Told.task_id), func.count(Told.task_id.distinct()))
        entries, tasks = session.execute(told.where(Told.status == ToldStatus.TOLD)).one()
    _say(
        f"{BUREAUS} officers: {len(ids)} mails, doubled {sum(ids.values()) - len(ids)}; {tasks} tasks told of, doubled {entries - tasks}"
    )
    if not (len(ids) == sum(ids.values()) == tasks == entries == BUREAUS):
        sys.exit("not everybody was told once")


def _found(url: str) -> None:
    database = Database(_driver(url))
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    schema.upgrade(database)
    found_offices(database, BUREAUS, due_on=today)
    with database.unit_of_work() as session:
        install_shipped(session, Clock(datetime.now(UTC), today))
        session.merge(CalendarDay(day=today, is_workday=True))
    database.dispose()


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


def _settings(name: str) -> dict[str, str]:
    lines = (UNITS / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _inside(machine: str, command: list[str]) -> list[str]:
    """On this machine: its addresses and its host name."""
    named = ["unshare", "--uts", "sh", "-c", f'hostname {machine}; exec "$@"', "sh", *command]
    return named if machine == "hub" else ["ip", "netns", "exec", machine, *named]


@contextmanager
def _network() -> Iterator[None]:
    """The hub's bridge with its address, and the machines on it."""
    _ip("link", "add", "hub", "type", "bridge")
    try:
        _ip("addr", "add", f"{HUB}/24", "dev", "hub")
        _ip("link", "set", "hub", "up")
        for name, address in ADDRESSES.items():
            _ip("netns", "add", name)
            _ip("link", "add", f"to-{name}", "type", "veth", "peer", "name", "eth0", "netns", name)
            _ip("link", "set", f"to-{name}", "master", "hub", "up")
            for line in (f"addr add {address}/24 dev eth0", "link set eth0 up", "link set lo up"):
                _ip("-n", name, *line.split())
        yield
    finally:
        for name in ADDRESSES:
            subprocess.run(["ip", "netns", "del", name], check=False)
            subprocess.run(["ip", "link", "del", f"to-{name}"], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["ip", "link", "del", "hub"], check=False)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def _api(machines: Machines, method: str, path: str, content: object = None) -> Any:
    user, _, password = machines.env["PREFECT_API_AUTH_STRING"].partition(":")
    url = machines.env["PREFECT_API_URL"] + path
    answer = httpx.request(method, url, json=content, auth=(user, password), timeout=60)
    return answer.raise_for_status().json()


def _start(machines: Machines, deployment: str, request: Mapping[str, object] | None) -> str:
    found = _api(machines, "GET", f"/deployments/name/{deployment}")
    parameters = {"parameters": {"request": request}} if request else {}
    return str(_api(machines, "POST", f"/deployments/{found['id']}/create_flow_run", parameters)["id"])


def _state(machines: Machines, run: str) -> str:
    return str(_api(machines, "GET", f"/flow_runs/{run}")["state_type"])


def _answers(url: str, *, any_status: bool = False) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(url, timeout=5).is_success or any_status
    return False


def _workers(database: Database, condition: Any, job: str) -> list[str]:
    with database.reading() as session:
        return sorted(set(session.scalars(select(JobRun.worker).where(JobRun.job == job, condition))))


def _left(database: Database, job: str) -> bool:
    return bool(_workers(database, JobRun.done_at.is_(None), job))


def _by_machine(database: Database, job: str) -> str:
    with database.reading() as session:
        found = session.scalars(select(JobRun.worker).where(JobRun.job == job, JobRun.done_at.is_not(None)))
        shards = Counter(worker.partition(":")[0] for worker in found)
    return ", ".join(f"{machine} {count} shards" for machine, count in sorted(shards.items()))


def _say(*words: object) -> None:
    first, *rest = map(str, words)
    print(
        f"[{time.monotonic() - STARTED:4.0f} s] {first}",
        *(each.replace("\n", "\n         ") for each in rest),
        flush=True,
    )


if __name__ == "__main__":
    main()
