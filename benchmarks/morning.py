"""A morning of 100 officers with 20,000 things to be told: the command alone, and all of it to the last mail.

Run: `python -m benchmarks.morning`. Each beside a Python script that does the least for the same rows (the floor of
`benchmarks.deciding`): the command from call to exit; the whole morning inside a running `rectify up` that has imported
Prefect, from the job's start to the last mail's commit, beside the script that sends its 100 mails to the same sink over
one connection. Warm medians of ROUNDS; wanted: the command within 2.5 times, the whole within 5 times the script.
"""

import multiprocessing
import os
import resource
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from email.message import EmailMessage
from statistics import median
from typing import Final

import psycopg

from app.up import residents
from benchmarks.deciding import by_hand
from benchmarks.delivering import sink
from benchmarks.town import DAY, Size, cluster, town
from core.clock import read_clock
from core.settings import load_settings
from flows.runner import run_job
from rectification.casework.opening import open_ledger

ROUNDS: Final = 5
TOWN: Final = Size(tasks=100_000, officers=100, bureaus=1)
COMMAND: Final = "from app.cli import main; main()"
SCRIPT: Final = "import sys; from benchmarks.deciding import by_hand; by_hand(sys.argv[1])"


def main() -> None:
    """Measure and print."""
    with cluster() as server, town(server, TOWN) as database, tempfile.TemporaryDirectory() as folder:
        url = database.url.render_as_string(hide_password=False)
        plain = url.replace("+psycopg", "")
        os.environ |= {"RECTIFY_DATABASE_URL": url, "RECTIFY_DATA_DIR": folder}
        with sink() as port:
            os.environ |= {"RECTIFY_SMTP_URL": f"smtp://127.0.0.1:{port}", "RECTIFY_ENGINE": "prefect"}
            context = multiprocessing.get_context("spawn")
            for measure in (_in_up, _by_script):
                process = context.Process(target=measure, args=(plain, port))
                process.start()
                process.join()
        job = ("run", "daily_reminders", "--on", DAY.isoformat())
        ways = {"bare script": (SCRIPT, plain), "rectify run": (COMMAND, *job)}
        took: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for _ in range(ROUNDS + 1):
            for way, arguments in ways.items():
                took[way].append(_seconds([sys.executable, "-c", *arguments]))
                _forget(plain)
        floor = median(seconds for seconds, _ in took["bare script"][1:])
        print("way           seconds   of script   processor seconds")
        for way, runs in took.items():
            seconds, processor = (median(each) for each in zip(*runs[1:], strict=True))
            print(f"{way:12} {seconds:8.2f} {seconds / floor:10.1f}x {processor:14.2f}")


def _in_up(plain: str, port: int) -> None:
    """As `rectify up` does it: the job in a thread of its own, the sender in another; the scheduler would fire at 8:30."""
    del port
    settings = load_settings()
    with (
        open_ledger(settings, read_clock(settings.zone)) as database,
        residents(settings, database),
        closing(psycopg.connect(plain, autocommit=True)) as watch,
    ):

        def morning() -> float:
            started = time.perf_counter()
            run_job("daily_reminders", {"day": DAY})
            decided = time.perf_counter() - started
            while watch.execute("SELECT count(*) FROM outbox_message WHERE status = 'sent'").fetchone() != (
                TOWN.officers,
            ):
                time.sleep(0.05)
            return decided

        _report("in rectify up", morning, plain)


def _by_script(plain: str, port: int) -> None:
    """The floor of deciding, and its mails as the standard library writes and sends them."""

    def morning() -> float:
        started = time.perf_counter()
        by_hand(plain)
        decided = time.perf_counter() - started
        with closing(psycopg.connect(plain)) as connection, smtplib.SMTP("127.0.0.1", port) as smtp:
            query = "SELECT message_id, address, subject, body_text, body_html FROM outbox_message"
            for message_id, address, subject, text, html in connection.execute(query):
                mail = EmailMessage()
                mail["From"], mail["To"], mail["Subject"] = "r@office.test", address, subject
                mail["Message-ID"] = message_id
                mail.set_content(text, cte="base64")
                mail.add_alternative(html, subtype="html", cte="base64")
                smtp.sendmail("r@office.test", [address], mail.as_bytes())
        return decided

    _report("bare script", morning, plain)


def _report(way: str, morning: Callable[[], float], plain: str) -> None:
    took = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        decided = morning()
        took.append((time.perf_counter() - started, decided))
        _forget(plain)
    seconds, decided = (median(each) for each in zip(*took[1:], strict=True))
    print(f"{way:14} to the last mail {seconds:6.2f} s, of which deciding {decided:6.2f} s", flush=True)


def _seconds(command: list[str]) -> tuple[float, float]:
    """From call to exit, and the processor's share of it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
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
