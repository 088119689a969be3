"""What a day's jobs cost, by tasks and by bureaus: every daily job on towns of the same tasks in few large or many small bureaus.

Run: `python -m benchmarks.scale [TASKSxBUREAUS ...]`. Each job runs in a process of its own, over shards as a morning cuts them,
embedded; the day is the month's first working day, so that all of them act. The gate is 100,000 tasks: at most MOST_MB a run, and a
thousand bureaus take at most MOST_TIMES the processor that ten do, but for PAPERS, which has a Word file to write for each bureau.
1,000,000 are a figure to tell, with the processor's time a task beside that of 100,000.
"""

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from importlib import import_module
from typing import Final

from benchmarks.town import Size, cluster, town
from flows.runner import run_job
from flows.schedule import JOBS
from tasks.workplace import workplace

Run = tuple[float, float, int]
"""Seconds, those of the processor among them, and peak megabytes."""
GATE: Final = ("100000x10", "100000x1000")
FIGURE: Final = "1000000x5000"
PAPERS: Final = "progress_summary"
MOST_MB: Final = 250
MOST_TIMES: Final = 1.3
DAY: Final = date(2026, 7, 1)
"""A Wednesday and the first working day of July; what is weekly acts too, as nothing was done on Monday."""


def main(sizes: Sequence[str]) -> None:
    """Measure these towns, and say whether the gate holds where both of its towns are among them."""
    took: dict[str, float] = {}
    most = 0
    print(f"{'town':16}{'job':20}{'seconds':>9}{'processor':>11}{'us/task':>9}{'peak MB':>9}")
    with cluster() as server:
        for asked in sizes:
            tasks, bureaus = map(int, asked.split("x"))
            size = Size(tasks, officers=max(bureaus, tasks // 10), bureaus=bureaus)
            with town(server, size) as database:
                url = database.url.render_as_string(hide_password=False)
                runs = {name: _measured(name, url) for name in _jobs()}
            took[asked] = sum(busy for job, (_, busy, _) in runs.items() if job != PAPERS)
            seconds, processor, peaks = zip(*runs.values(), strict=True)
            runs["all"] = sum(seconds), sum(processor), max(peaks)
            for name, (wall, busy, peak) in runs.items():
                print(
                    f"{asked:16}{name:20}{wall:9.1f}{busy:11.1f}{busy / tasks * 1e6:9.0f}{peak:9}", flush=True
                )
            most = max(most, runs["all"][2])
    one, many = GATE
    if {one, many} <= took.keys() and (took[many] > MOST_TIMES * took[one] or most > MOST_MB):
        sys.exit(f"the gate does not hold: {took[many] / took[one]:.2f} times, {most} MB")


def _jobs() -> list[str]:
    return [job.name for job in JOBS.values() if job.by_bureau]


def _measured(job: str, url: str) -> Run:
    """A job in a process of its own."""
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.SimpleQueue[Run] = context.SimpleQueue()
    process = context.Process(target=_run, args=(job, url, results))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{job} failed")
    return results.get()


def _run(job: str, url: str, results: "multiprocessing.SimpleQueue[Run]") -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"RECTIFY_DATABASE_URL": url, "RECTIFY_DATA_DIR": folder}
        workplace()
        import_module("flows.jobs")  # neither opening the ledger nor importing Prefect is the job
        started, processor = time.perf_counter(), time.process_time()
        run_job(job, {"day": DAY})
        seconds, processor = time.perf_counter() - started, time.process_time() - processor
    results.put((seconds, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


if __name__ == "__main__":
    main(sys.argv[1:] or [*GATE, FIGURE])
