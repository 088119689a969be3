"""How long thirty people of one office wait for a page when all of them are at work.

Run: `python -m benchmarks.thirty [--tasks 20 3000] [--minutes 1] [--rounds 10]`. The program runs as an office runs it: `rectify
up` in a process of its own, on SQLite, jobs and sender beside the pages. Thirty people sign in by name and password: a
clerk, a chief, three leaders and five unit heads, who look at the board, and twenty officers, who look at their own tasks;
all look at the ledger and at a task. "working" has each look at a page every 2 to 8 seconds; "at once" has all thirty press
in the same moment, again and again, so that the last waits for the twenty-nine before. Wanted: p95 of "working" at most 500 ms.
The processor's seconds a page say more than the clock on a machine that others use.
"""

import argparse
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import select, update

from benchmarks.town import Size, fill
from core.clock import read_clock
from core.settings import Settings
from models.enums import Channel, Role
from models.history import ChainHead
from models.organisation import Person, PersonRole, Unit
from rectification.casework.opening import open_ledger
from rectification.office.journal import by_system
from rectification.office.signin import hash_password, set_password_hash

PEOPLE: Final = 30
PASSWORD: Final = "qinghe 2026, zhenggai daodi"
ROLES: Final = (Role.CLERK, Role.CHIEF, *[Role.LEADER] * 3, *[Role.UNIT_HEAD] * 5)
"""Of the first ten; the rest are officers."""
MOST: Final = 500
"""Milliseconds."""
PROGRAM: Final = "from app.cli import main; main()"


def office(folder: Path, tasks: int) -> None:
    """A ledger of one bureau, its tasks spread over thirty officers, who have a password each."""
    settings = Settings(data_dir=folder)
    clock = read_clock(settings.zone)
    with open_ledger(settings, clock) as database, database.unit_of_work() as session:
        by = by_system(clock, Channel.CLI)
        fill(session, Size(tasks, officers=PEOPLE, bureaus=1), is_told=False)
        session.execute(update(Unit).values(is_home=True))
        session.add(ChainHead(bureau_id=1, sequence=0, hash="0" * 64))
        hashed = hash_password(PASSWORD, login="")
        for number, person in enumerate(session.scalars(select(Person).order_by(Person.id)).all()):
            session.add(PersonRole(person_id=person.id, role=Role.OFFICER))
            if number < len(ROLES):
                session.add(PersonRole(person_id=person.id, role=ROLES[number]))
            session.flush()
            set_password_hash(session, by, person, hashed)


@contextmanager
def program(folder: Path) -> Iterator[tuple[int, int]]:
    """`rectify up`; its port and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "RECTIFY_DATA_DIR": str(folder),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "up", "--port", str(port)],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(60)


class Colleague:
    """One person at a browser, which opens its connection anew where the server has closed it meanwhile."""

    def __init__(self, port: int, number: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookies: dict[str, str] = {}
        self._sign_in(f"officer{number}")
        home = "/board" if number <= len(ROLES) else "/my"
        found = re.search(r'href="(/tasks/[^"/?#]+)"', self._ask("GET", "/tasks"))
        self._pages = [home, "/tasks", home, found[1] if found else home]

    def look(self, turn: int) -> tuple[str, float]:
        """Open the next page; its kind and the milliseconds it took."""
        page = self._pages[turn % len(self._pages)]
        started = time.perf_counter()
        self._ask("GET", page)
        kind = "/tasks/CODE" if page.startswith("/tasks/") else page
        return kind, (time.perf_counter() - started) * 1000

    def _sign_in(self, login: str) -> None:
        form = self._ask("GET", "/signin")
        csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', form)
        assert csrf
        sent = {"csrf": csrf[1], "login": login, "password": PASSWORD, "next": "/"}
        self._ask("POST", "/signin", urlencode(sent), wanted=303)

    def _ask(self, method: str, path: str, body: str | None = None, *, wanted: int = 200) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except ConnectionError:
            self._connection.close()
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if answer.status != wanted:
            raise SystemExit(f"{method} {path}: {answer.status}")
        return text


Look = tuple[str, float]


def working(people: Sequence[Colleague], seconds: float) -> list[Look]:
    """Everybody looks at a page, reads for some seconds, and looks at the next."""
    until = time.monotonic() + seconds

    def one(person: Colleague) -> list[Look]:
        chance, looks = random.Random(id(person)), list[Look]()
        time.sleep(chance.uniform(0, 5))
        while time.monotonic() < until:
            looks.append(person.look(len(looks)))
            time.sleep(chance.uniform(2, 8))
        return looks

    return _everybody(people, one)


def at_once(people: Sequence[Colleague], rounds: float) -> list[Look]:
    """All press in the same moment, and wait until everybody has the page."""
    together = threading.Barrier(len(people))

    def one(person: Colleague) -> list[Look]:
        looks = []
        for turn in range(int(rounds)):
            together.wait()
            looks.append(person.look(turn))
        return looks

    return _everybody(people, one)


def _everybody(people: Sequence[Colleague], does: Callable[[Colleague], list[Look]]) -> list[Look]:
    with ThreadPoolExecutor(len(people)) as pool:
        return [look for looks in pool.map(does, people) for look in looks]


def processor(pid: int) -> float:
    """Seconds of the processor the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def tell(name: str, looks: Sequence[Look], seconds: float) -> None:
    """One line for all pages together, and one for each kind."""
    each = 1000 * seconds / len(looks)
    for kind in ("all", *sorted({kind for kind, _ in looks})):
        times = [took for page, took in looks if kind in ("all", page)]
        told = f"  {kind:<12} {len(times):5} pages  p50 {median(times):7.0f}  p95 {quantiles(times, n=20)[-1]:7.0f} ms"
        print(told + (f"  {each:.0f} ms of the processor a page" if kind == "all" else ""), flush=True)
    p95 = quantiles([took for _, took in looks], n=20)[-1]
    print(f"  {name}: {'held' if p95 <= MOST else 'NOT held'} ({MOST} ms)", flush=True)


def main(sizes: Sequence[int], minutes: float, rounds: int) -> None:
    """Measure offices of these many tasks."""
    for tasks in sizes:
        with TemporaryDirectory() as folder:
            office(Path(folder), tasks)
            with program(Path(folder)) as (port, pid):
                people = [Colleague(port, number) for number in range(1, PEOPLE + 1)]
                time.sleep(20)  # what was missed of the day is caught up
                for name, look, length in (("working", working, 60 * minutes), ("at once", at_once, rounds)):
                    print(f"{tasks} tasks, {name}; load {os.getloadavg()[0]:.1f}", flush=True)
                    before = processor(pid)
                    looks = look(people, length)
                    tell(name, looks, processor(pid) - before)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Thirty people at once")
    parser.add_argument("--tasks", type=int, nargs="+", default=(20, 3_000))
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=10)
    chosen = parser.parse_args()
    main(chosen.tasks, chosen.minutes, chosen.rounds)
