"""How many events a second four writers put on one bureau's chain on PostgreSQL, beside a floor written by hand.

.venv/bin/python -m benchmarks.history [events a writer]

Each writer is a process. A report is a whole unit of work: who acts, what the person may do, the needs, the rows, the event;
the chain's head is locked last. The floor is psycopg alone: lock the head, hash, insert, move the head, commit. With
other work before the commit the rate of reports must not fall to one at a time: it is not done under the lock.
"""

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final

import psycopg

from benchmarks.town import cluster
from core.db import Database
from models import schema
from models.enums import Channel
from models.organisation import Person
from rectification import casework
from rectification.office.actors import Acting
from rectification.task.audit import verify
from tests.factories import DAY, Office, actor, clock_on, make_bureau, make_task

WRITERS: Final = 4
BUSY: Final = 0.02
Work = Callable[[str, str, int, int], float]


def reports(url: str, code: str, officer_id: int, events: int, busy: float = 0.0) -> float:
    """One writer's reports on a task of its own; the processor seconds it took."""
    database, started = Database(url), time.process_time()
    for number in range(events):
        with database.unit_of_work() as session:
            who = actor(session, session.get_one(Person, officer_id))
            casework.progress(session, clock_on(DAY), Acting(who, Channel.WEB), code, f"第{number}次进展")
            time.sleep(busy)
    spent = time.process_time() - started
    database.dispose()
    return spent


def busy_reports(url: str, code: str, officer_id: int, events: int) -> float:
    """The same with 20 ms of other work in each transaction."""
    return reports(url, code, officer_id, events, BUSY)


def floor(url: str, code: str, officer_id: int, events: int) -> float:
    """One writer's bare events on a chain of the same form, by psycopg."""
    started = time.process_time()
    with psycopg.connect(url.replace("+psycopg", ""), prepare_threshold=2) as connection:
        for number in range(events):
            sequence, head = connection.execute("SELECT sequence, hash FROM head FOR UPDATE").fetchone() or (
                0,
                "",
            )
            body = json.dumps([head, sequence + 1, code, officer_id, number])
            digest = hashlib.sha256(body.encode()).hexdigest()
            connection.execute("INSERT INTO bare VALUES (%s, %s, %s, %s)", (sequence + 1, head, digest, body))
            connection.execute("UPDATE head SET sequence = %s, hash = %s", (sequence + 1, digest))
            connection.commit()
    return time.process_time() - started


def main(events: int) -> None:
    """Measure all of them on one durable cluster and print a line each."""
    with cluster() as running:
        url = running.url(running.create())
        database = Database(url)
        schema.upgrade(database)
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE head (sequence int, hash text)")
            connection.execute("INSERT INTO head VALUES (0, '')")
            connection.execute(
                "CREATE TABLE bare (sequence int PRIMARY KEY, previous text, hash text, body text)"
            )
        with database.unit_of_work() as session:
            office = make_bureau(session)
            codes = [make_task(session, office).code for _ in range(WRITERS)]
        for name, work in (("floor", floor), ("reports", reports), ("reports, 20 ms busy", busy_reports)):
            _measure(name, work, url, office, codes, events)
        _walk(database, office)
        database.dispose()


def _measure(name: str, work: Work, url: str, office: Office, codes: list[str], events: int) -> None:
    with ProcessPoolExecutor(len(codes), mp_context=get_context("spawn")) as pool:
        list(pool.map(work, [url] * WRITERS, codes, [office.officer.id] * WRITERS, [2] * WRITERS))
        started = time.perf_counter()
        spent = sum(pool.map(work, [url] * WRITERS, codes, [office.officer.id] * WRITERS, [events] * WRITERS))
        took, done = time.perf_counter() - started, WRITERS * events
    load = os.getloadavg()[0]
    print(
        f"{name}: {done / took:.0f} events/s, {spent / done * 1000:.1f} ms processor an event, load {load:.1f}"
    )


def _walk(database: Database, office: Office) -> None:
    with database.reading() as session:
        started = time.process_time()
        found = verify(session, office.bureau.id)
        took = time.process_time() - started
    if not found.is_sound:
        raise SystemExit(f"the chain does not verify: {found}")
    print(f"verify: {found.count} events, {took / found.count * 1e6:.0f} µs processor an event")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
