"""How long the overdue page and the district view take beside a bare page that asks for the same, and how they grow.

Run: `python -m benchmarks.board [--tasks N ...] [--rounds N]`; 1,000,000 tasks only when asked for. One bureau holds all
tasks. The page is the list of what is overdue, the first 50 with the counts, signed in, served by uvicorn in a
process of its own. The bare page is http.server with one connection by psycopg, one buffered write and TCP_NODELAY:
the same rows and the same count in a plain table. Both are asked over kept connections from this process, turn by turn.
"list" is the ledger without any filter, "mine" an officer's own tasks. The district view shows 200 bureaus beside the
one that holds the tasks. "anew" is a page right after somebody changed a task, when nothing counted before holds.
"""

import argparse
import http.client
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import local
from typing import Any, Final

import psycopg
import uvicorn
from sqlalchemy import text, update

from app.up import held_port
from app.web.application import create_app
from app.web.page_request import SESSION_COOKIE
from benchmarks.town import CLOCK, DAY, Size, cluster, town
from core.db import Database
from core.settings import Settings
from models.enums import Channel, Role
from models.history import ChainHead
from models.organisation import PersonRole, Unit
from models.task import RectificationTask
from rectification.lists.district import keep_day_figures, place_below
from rectification.office.journal import by_system
from rectification.office.signin import open_session
from rectification.office.units import add_bureau, ids_below

SYSTEM: Final = by_system(CLOCK, Channel.FLOW)
SIZES: Final = (10_000, 100_000)
ROUNDS: Final = 100
CLIENTS: Final = 8
SHOWN: Final = 50
PAGES: Final = {
    "overdue": "/tasks?light=red",
    "list": "/tasks",
    "board": "/board",
    "district": "/district",
    "mine": "/my",
}
CHANGING: Final = ("overdue", "list", "board")
BELOW: Final = 200


@dataclass(frozen=True)
class Asked:
    """Milliseconds of many requests, and how large the answer was."""

    times: Sequence[float]
    size: int

    @property
    def p50(self) -> float:
        return median(self.times)

    @property
    def p95(self) -> float:
        return quantiles(self.times, n=20)[-1]


def bare_page(url: str, ports: "multiprocessing.SimpleQueue[int]") -> None:
    """The floor: a server that knows one query and one table."""
    kept = local()

    class Bare(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if not hasattr(kept, "connection"):
                kept.connection = psycopg.connect(url, autocommit=True)
            rows = kept.connection.execute(_BARE_ROWS, (DAY, SHOWN)).fetchall()
            total = kept.connection.execute(_BARE_COUNT, (DAY,)).fetchone()[0]
            lines = "".join(
                "<tr>" + "".join(f"<td>{escape(str(value))}</td>" for value in row) + "</tr>" for row in rows
            )
            body = f"<!doctype html><title>{total}</title><table>{lines}</table>".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bare)
    ports.put(server.server_port)
    server.serve_forever()


_BARE_WHERE: Final = "t.bureau_id = 1 AND t.status IN ('assigned', 'in_progress') AND t.deadline_on < %s"
_BARE_ROWS: Final = f"""
    SELECT t.code, t.title, t.text, u.name, p.name, t.deadline_on, t.status
    FROM rectification_task t JOIN unit u ON u.id = t.lead_unit_id JOIN person p ON p.id = t.officer_id
    WHERE {_BARE_WHERE} ORDER BY t.deadline_on, t.id LIMIT %s
"""
_BARE_COUNT: Final = f"SELECT count(*) FROM rectification_task t WHERE {_BARE_WHERE}"


def our_pages(url: str, folder: str, ports: "multiprocessing.SimpleQueue[int]") -> None:
    """The board as `rectify up` serves it."""
    with held_port("127.0.0.1", 0) as listening, Database(url) as database:
        ports.put(listening.getsockname()[1])
        app = create_app(Settings(data_dir=Path(folder)), database, lambda: CLOCK)
        uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_keep_alive=600)).run(
            sockets=[listening]
        )


@contextmanager
def serving(target: Callable[..., None], *arguments: str) -> Iterator[int]:
    """A server in a process of its own; its port."""
    context = multiprocessing.get_context("spawn")
    ports: multiprocessing.SimpleQueue[int] = context.SimpleQueue()
    process = context.Process(target=target, args=(*arguments, ports), daemon=True)
    process.start()
    try:
        yield ports.get()
    finally:
        process.kill()
        process.join()


class Client:
    """One connection that is kept."""

    def __init__(
        self, port: int, path: str, cookie: str = "", before: Callable[[], None] = lambda: None
    ) -> None:
        self._before = before
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._path = path
        self._headers = {"Cookie": cookie} if cookie else {}

    def ask(self) -> tuple[float, int]:
        """Milliseconds and bytes of one request.

        Raises: SystemExit, where it is not answered.
        """
        self._before()
        started = time.perf_counter()
        self._connection.request("GET", self._path, headers=self._headers)
        answer = self._connection.getresponse()
        size = len(answer.read())
        if answer.status != 200:
            raise SystemExit(f"{self._path} answered {answer.status}")
        return (time.perf_counter() - started) * 1000, size


def in_turn(clients: dict[str, Client], rounds: int) -> dict[str, Asked]:
    """Each asked once a round, so that whatever else the machine does meets all alike."""
    for client in clients.values():
        for _ in range(5):
            client.ask()
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in clients}
    for _ in range(rounds):
        for name, client in clients.items():
            found[name].append(client.ask())
    return {name: Asked([each for each, _ in asked], asked[0][1]) for name, asked in found.items()}


def at_once(make: Callable[[], Client], rounds: int) -> Asked:
    """Eight clients that ask without pause."""

    def ask_all(client: Client) -> list[tuple[float, int]]:
        return [client.ask() for _ in range(rounds)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = [each for many in pool.map(ask_all, [make() for _ in range(CLIENTS)]) for each in many]
    return Asked([each for each, _ in asked], asked[0][1])


def measure(
    url: str, cookies: Callable[[str], str], rounds: int
) -> tuple[dict[str, Asked], dict[str, Asked]]:
    """One client in turn, then eight at once."""
    bare_url = url.replace("+psycopg", "")
    with (
        TemporaryDirectory() as folder,
        serving(bare_page, bare_url) as bare,
        serving(our_pages, url, folder) as ours,
        psycopg.connect(bare_url, autocommit=True) as other,
    ):

        def change() -> None:
            other.execute("UPDATE chain_head SET sequence = sequence + 1, hash = md5(sequence::text)")

        def client(name: str, before: Callable[[], None] = lambda: None) -> Client:
            return Client(ours, PAGES[name], cookies(name), before) if name in PAGES else Client(bare, "/")

        names = ("bare", *PAGES)
        alone = in_turn({name: client(name) for name in names}, rounds)
        anew = in_turn({f"{name} anew": client(name, change) for name in CHANGING}, rounds)
        together = {name: at_once(partial(client, name), max(rounds // CLIENTS, 5)) for name in names}
        return alone | anew, together


def sign_in(database: Database) -> Callable[[str], str]:
    """The cookie a page is asked with, an officer's or the clerk's; every hundredth task is restricted, as in life."""
    with database.unit_of_work() as session:
        session.execute(
            update(RectificationTask).where(RectificationTask.id % 100 == 0).values(is_restricted=True)
        )
        for table in ("unit", "source_kind"):  # COPY gave the ids; go on after them
            session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1000)"))
        session.add(ChainHead(bureau_id=1, sequence=1, hash="0" * 64))
        for number in range(BELOW):
            place_below(
                session,
                SYSTEM,
                add_bureau(session, SYSTEM, f"下级第{number}局"),
                session.get_one(Unit, 1),
            )
        keep_day_figures(session, CLOCK, [1, *ids_below(session, 1)])
        cookies = {}
        for person_id, role in ((1, Role.CLERK), (2, Role.OFFICER)):
            session.add(PersonRole(person_id=person_id, role=role))
            session.flush()
            cookies[role] = f"{SESSION_COOKIE}={open_session(session, CLOCK, person_id)}"
    return lambda page: cookies[Role.OFFICER if page == "mine" else Role.CLERK]


def main(sizes: Sequence[int], rounds: int) -> None:
    """Measure bureaus of these many tasks."""
    print("tasks      page          p50 ms  x bare     KB   8 clients: p50 ms  p95 ms  x bare", flush=True)
    with cluster() as server:
        for tasks in sizes:
            with town(
                server, Size(tasks, officers=max(10, tasks // 100), bureaus=1), is_told=False
            ) as database:
                url = database.url.render_as_string(hide_password=False)
                alone, together = measure(url, sign_in(database), rounds)
                for name, found in alone.items():
                    print(
                        f"{tasks:<10,} {name:<12} {found.p50:7.1f} {found.p50 / alone['bare'].p50:7.2f}"
                        f" {found.size / 1024:6.1f}{_beside(together.get(name), together['bare'])}",
                        flush=True,
                    )


def _beside(many: Asked | None, bare: Asked) -> str:
    return f" {many.p50:19.1f} {many.p95:7.1f} {many.p50 / bare.p50:7.2f}" if many else ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The overdue page beside a bare page")
    parser.add_argument("--tasks", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    main(chosen.tasks, chosen.rounds)
