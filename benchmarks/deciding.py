"""How long a morning's sweep takes beside the least that could write the same rows, and how both grow.

Run: `python -m benchmarks.deciding [tasks ...]`. The floor is one grouped query, a plain render and a COPY each of
outbox and told rows, by hand. Each figure comes from a process of its own; times are the median of ROUNDS.
"""

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from statistics import median
from typing import Final

import psycopg
from sqlalchemy import select

from benchmarks.town import CLOCK, DAY, MOMENT, OFFICE, Size, cluster, town
from core.db import Database
from flows.runner import run_job
from models.organisation import Unit
from notifications.sweep import sweep

ROUNDS = 3
Work = Callable[[str], int]
Run = tuple[float, int, int]
SIZES = (10_000, 100_000, 1_000_000)


def by_hand(url: str) -> int:
    """The floor: what a script would do that knows one rule only."""
    query = """
        SELECT p.id, p.bureau_id, p.name, p.email, array_agg(t.id), array_agg(t.code), array_agg(t.title),
               array_agg(t.deadline_on)
        FROM rectification_task t JOIN person p ON p.id = t.officer_id
        WHERE t.status IN ('assigned', 'in_progress') AND t.deadline_on < %s GROUP BY p.id ORDER BY p.id
    """
    until = MOMENT + timedelta(hours=12)
    with closing(psycopg.connect(url)) as connection:
        groups = connection.execute(query, (DAY,)).fetchall()
        with connection.cursor().copy(
            "COPY outbox_message (id, bureau_id, person_id, key, template, day, status, message_id, address, subject,"
            " body_text, body_html, attempts, next_attempt_at, send_until, last_error, created_at) FROM STDIN"
        ) as copy:
            for number, (person, bureau, name, address, _, codes, titles, dates) in enumerate(groups, 1):
                key = f"digest:{bureau}:{person}:{DAY}"
                lines = [
                    (code, title, f"{due.year}年{due.month}月{due.day}日", (DAY - due).days)
                    for code, title, due in zip(codes, titles, dates, strict=True)
                ]
                text = f"{name}：\n\n" + "".join(
                    f"{code} {title}\n 时限{due} 已超期{late}天\n http://ledger.test/tasks/{code}\n"
                    for code, title, due, late in lines
                )
                html = f"<p>{name}：</p><table>" + "".join(
                    f'<tr><td style="padding:9px 0 9px 12px;border-left:3px solid #b42318;border-bottom:1px solid #e2e5e9">'
                    f'<a href="http://ledger.test/tasks/{code}" style="color:#0b4f9e">{code}</a> {title}<br>'
                    f'<span style="color:#57606a;font-size:14px">时限{due} <b>已超期{late}天</b></span></td></tr>'
                    for code, title, due, late in lines
                ) + "</table>"  # fmt: skip
                subject = f"【整改提醒】{len(codes)}项已超期"
                copy.write_row(
                    (number, bureau, person, key, "digest", DAY, "queued", f"<{key}@x>", address, subject, text, html,
                     0, MOMENT, until, "", MOMENT)
                )  # fmt: skip
        with connection.cursor().copy(
            "COPY told (bureau_id, person_id, task_id, subject, rung, due_on, part, day, status, message_id) FROM STDIN"
        ) as copy:
            for number, (person, bureau, _, _, tasks, _, _, dates) in enumerate(groups, 1):
                for task, due in zip(tasks, dates, strict=True):
                    copy.write_row((bureau, person, task, "task", 999, due, "officer", DAY, "told", number))
        connection.commit()
    return len(groups)


def by_job(url: str) -> int:
    """The job as a morning runs it, shard after shard, each in a transaction of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"RECTIFY_DATABASE_URL": url, "RECTIFY_DATA_DIR": folder}
        return run_job("daily_reminders", {"day": DAY, "again": True}).counts["digests"]


def by_one_sweep(url: str) -> int:
    """The sweep over every bureau in one transaction: the largest shard there could be."""
    with Database(url) as database:
        with database.reading() as session:
            bureau_ids = session.scalars(select(Unit.id).where(Unit.bureau_id == Unit.id)).all()
        with database.unit_of_work() as session:
            return sweep(session, CLOCK, bureau_ids, OFFICE).digests


def measured(work: Work, url: str) -> Run:
    """Seconds, digests and peak megabytes of `work` in a process of its own."""
    context = multiprocessing.get_context("spawn")
    results = context.SimpleQueue()
    process = context.Process(target=_report, args=(work, url, results))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{work.__name__} failed")
    seconds, digests, kilobytes = results.get()
    return seconds, digests, kilobytes // 1024


def _report(work: Work, url: str, results: "multiprocessing.SimpleQueue[Run]") -> None:
    started = time.perf_counter()
    digests = work(url)
    seconds = time.perf_counter() - started
    results.put((seconds, digests, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


WORKS: Final[tuple[Work, ...]] = (by_hand, by_job, by_one_sweep)


def main(sizes: Sequence[int]) -> None:
    """Measure towns of these many tasks."""
    print("tasks      overdue  officers  work          seconds  x floor   us/digest  peak MB")
    with cluster() as server:
        for tasks in sizes:
            size = Size(tasks, officers=tasks // 10, bureaus=max(1, tasks // 10_000))
            with town(server, size) as database:
                url = database.url.render_as_string(hide_password=False)
                runs: dict[Work, list[Run]] = {work: [] for work in WORKS}
                for _ in range(ROUNDS):
                    for work in WORKS:
                        runs[work].append(_clean_run(work, url))
                _print(size, runs)


def _print(size: Size, runs: dict[Work, list[Run]]) -> None:
    floor = median(seconds for seconds, _, _ in runs[by_hand])
    for work, results in runs.items():
        seconds = median(seconds for seconds, _, _ in results)
        digests, peak = results[0][1], max(peak for _, _, peak in results)
        print(
            f"{size.tasks:<10,} {size.overdue:<8,} {size.officers:<9,} {work.__name__:<13} {seconds:7.2f}"
            f"  {seconds / floor:7.2f}  {seconds / digests * 1e6:10.0f}  {peak:7}",
            flush=True,
        )


def _clean_run(work: Work, url: str) -> Run:
    address = url.replace("+psycopg", "") if work is by_hand else url
    result = measured(work, address)
    with closing(psycopg.connect(url.replace("+psycopg", ""), autocommit=True)) as connection:
        connection.execute("DELETE FROM told WHERE message_id IS NOT NULL")
        connection.execute("DELETE FROM outbox_message")
        connection.execute("VACUUM ANALYZE told, outbox_message")
    return result


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or SIZES)
