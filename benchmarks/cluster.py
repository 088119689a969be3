"""An office of several machines on this one, its morning, and the loss of one machine in the middle.

Run: `make cluster` (ends with Ctrl+C) or `make cluster ONCE=--once`. Starts PostgreSQL, a Prefect server, two workers, a board and a
sender beside it in a folder of its own, deploys as shipped, and kills a worker with its run. Wanted: everybody told once,
without a hand, within six minutes of the kill. What was killed is started again after five seconds, as systemd would.
"""

import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from email import message_from_bytes
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from benchmarks.town import cluster
from models.enums import ToldStatus
from models.job import JobRun
from models.mail import Told
from tests.prefect_office import RECTIFY, Office, until

BUREAUS: Final = 60
SYSTEMD: Final = 5
IN_TIME: Final = 360


def main() -> None:
    """Show it, and leave it running unless --once is given."""
    with cluster() as postgres, tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        office = Office(postgres, Path(folder), BUREAUS)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        office.env |= {"RECTIFY_ENGINE": "prefect", "RECTIFY_BASE_URL": f"http://127.0.0.1:{port}"}
        running.enter_context(office.server())
        office.deploy()
        for name in ("one", "two"):
            running.enter_context(office.worker(name))
        running.enter_context(office.resident("board", *RECTIFY, "up", "--port", str(port)))
        running.enter_context(office.resident("sender", *RECTIFY, "sender"))
        print(
            f"Prefect http://127.0.0.1:{office.port}   board http://127.0.0.1:{port}   {folder}", flush=True
        )
        _morning(office, running)
        print((Path(folder) / "board.log").read_text(encoding="utf-8"))
        if "--once" not in sys.argv:
            print("running until Ctrl+C", flush=True)
            with suppress(KeyboardInterrupt):
                signal.pause()


def _morning(office: Office, running: ExitStack) -> None:
    run = office.start("daily_reminders/daily", {"rows_per_shard": 5, "lanes": 2, "stay_seconds": 14400})
    killed = office.lose_a_machine(run)
    print("killed one worker and the run of the day", flush=True)
    time.sleep(SYSTEMD)
    running.enter_context(office.worker("three"))
    left = IN_TIME - (time.monotonic() - killed)
    until(lambda: not office.workers(JobRun.done_at.is_(None)), left, "the whole day done")
    print(f"the day was done {time.monotonic() - killed:.0f} s after the kill")
    mails = Path(office.env["RECTIFY_DATA_DIR"]) / "mail"
    until(lambda: len(list(mails.rglob("*.eml"))) >= BUREAUS, 60, "every mail written")
    print(f"the last mail came {time.monotonic() - killed:.0f} s after the kill")
    ids = Counter(message_from_bytes(mail.read_bytes())["Message-ID"] for mail in mails.rglob("*.eml"))
    with office.database.reading() as session:
        told = select(func.count(Told.task_id), func.count(Told.task_id.distinct())).where(
            Told.status == ToldStatus.TOLD
        )
        entries, tasks = session.execute(told).one()
    print(f"{BUREAUS} officers: {len(ids)} mails by Message-ID, doubled {sum(ids.values()) - len(ids)};")
    print(f"{tasks} tasks told of, doubled {entries - tasks}")
    if not (len(ids) == sum(ids.values()) == tasks == entries == BUREAUS):
        sys.exit("not everybody was told once")


if __name__ == "__main__":
    main()
