"""How long `rectify run daily_reminders` takes for 100 officers with 20,000 things to be told, from call to exit.

Run: `python -m benchmarks.morning`. Beside it a Python script that does the least for the same rows (the floor of
`benchmarks.deciding`), also from call to exit. Warm medians of ROUNDS; wanted: the command within 3 s.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from statistics import median
from typing import Final

import psycopg

from benchmarks.town import DAY, Size, cluster, town

ROUNDS: Final = 5
TOWN: Final = Size(tasks=100_000, officers=100, bureaus=1)
COMMAND: Final = "from app.cli import main; main()"
SCRIPT: Final = "import sys; from benchmarks.deciding import by_hand; by_hand(sys.argv[1])"


def main() -> None:
    """Measure and print."""
    with cluster() as server, town(server, TOWN) as database, tempfile.TemporaryDirectory() as folder:
        url = database.url.render_as_string(hide_password=False)
        plain = url.replace("+psycopg", "")
        environment = os.environ | {"RECTIFY_DATABASE_URL": url, "RECTIFY_DATA_DIR": folder}
        job = ("run", "daily_reminders", "--on", DAY.isoformat())
        ways = {"bare script": (SCRIPT, plain), "rectify run": (COMMAND, *job)}
        took: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for _ in range(ROUNDS + 1):
            for way, arguments in ways.items():
                took[way].append(_seconds([sys.executable, "-c", *arguments], environment))
                _forget(plain)
        floor = median(seconds for seconds, _ in took["bare script"][1:])
        print("way           seconds   of script   processor seconds")
        for way, runs in took.items():
            seconds, processor = (median(each) for each in zip(*runs[1:], strict=True))
            print(f"{way:12} {seconds:8.2f} {seconds / floor:10.1f}x {processor:14.2f}")


def _seconds(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """From call to exit, and the processor's share of it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _forget(url: str) -> None:
    """Let the morning come again."""
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        digests = connection.execute("SELECT count(*) FROM outbox_message").fetchone()
        if digests != (TOWN.officers,):
            raise SystemExit(f"{digests} digests")
        connection.execute("DELETE FROM told WHERE message_id IS NOT NULL")
        connection.execute("DELETE FROM outbox_message")
        connection.execute("DELETE FROM job_run")
        connection.execute("VACUUM ANALYZE told, outbox_message")


if __name__ == "__main__":
    main()
