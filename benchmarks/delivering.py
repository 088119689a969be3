"""How long senders take to deliver a morning's digests beside smtplib alone, with no database.

Run: `python -m benchmarks.delivering [mails]`. The sink answers every command and keeps nothing. The floor sends as
many mails of the same bytes over one connection; the senders claim, check, freeze, send and commit one by one on a
PostgreSQL that forgoes no safety.
"""

import multiprocessing
import smtplib
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from pydantic import SecretStr
from sqlalchemy import func, select, update

from benchmarks.town import DAY, OFFICE, Size, cluster, town
from core.clock import Clock
from core.db import Database
from core.settings import Settings
from models.enums import OutboxStatus
from models.mail import OutboxMessage
from notifications.sender import Sender
from notifications.sweep import sweep
from notifications.transports import transport_of

MAILS = 10_000
SENDERS = (1, 2, 4)
ROUNDS = 3


@contextmanager
def sink() -> Iterator[int]:
    """A server in a process of its own that says yes to everything; its port."""
    context = multiprocessing.get_context("spawn")
    ports: multiprocessing.SimpleQueue[int] = context.SimpleQueue()
    process = context.Process(target=_sink, args=(ports,), daemon=True)
    process.start()
    try:
        yield ports.get()
    finally:
        process.kill()
        process.join()


def _sink(ports: "multiprocessing.SimpleQueue[int]") -> None:
    server = socket.create_server(("127.0.0.1", 0))
    ports.put(server.getsockname()[1])
    while True:
        connection, _ = server.accept()
        threading.Thread(target=_answer, args=(connection,), daemon=True).start()


def _answer(connection: socket.socket) -> None:
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(b"220 sink\r\n")
        held = b""
        while True:
            end = held.find(b"\r\n")
            while end < 0:
                more = connection.recv(65536)
                if not more:
                    return
                held += more
                end = held.find(b"\r\n")
            command, held = held[:end].upper(), held[end + 2 :]
            if command == b"DATA":
                connection.sendall(b"354 go on\r\n")
                while not held.endswith(b"\r\n.\r\n"):
                    held += connection.recv(65536)
                held = b""
            connection.sendall(b"221 bye\r\n" if command == b"QUIT" else b"250 yes\r\n")


def by_smtplib(port: int, mails: list[tuple[str, bytes]]) -> float:
    """The floor: prebuilt bytes, one connection."""
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as smtp:
        for address, content in mails:
            smtp.sendmail("r@office.test", [address], content)
    return time.perf_counter() - started


def by_senders(url: str, port: int, senders: int) -> float:
    """This many senders, each a process of its own; from the first claim to the last mail."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(senders + 1)
    processes = [context.Process(target=_send, args=(url, port, barrier)) for _ in range(senders)]
    for process in processes:
        process.start()
    barrier.wait()
    started = time.perf_counter()
    for process in processes:
        process.join()
    return time.perf_counter() - started


def _send(url: str, port: int, barrier: "multiprocessing.synchronize.Barrier") -> None:
    with tempfile.TemporaryDirectory() as folder, Database(url) as database:
        settings = Settings(
            data_dir=Path(folder),
            smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"),
            mail_from=OFFICE.sender,
            base_url=OFFICE.base_url,
        )
        with closing(transport_of(settings)) as transport:
            sender = Sender(database, settings, transport)
            barrier.wait()
            while sender.run_once(threading.Event()):
                pass


def main(mails: int) -> None:
    """Measure and print."""
    print("mails    way          seconds  x floor  ms/mail")
    size = Size(mails * 10, mails, max(1, mails // 1000))
    runs: dict[str, list[float]] = {}
    with cluster() as server, sink() as port, town(server, size) as database:
        url = database.url.render_as_string(hide_password=False)
        with database.unit_of_work() as session:
            sweep(session, Clock(datetime.now(UTC), DAY), range(1, size.bureaus + 1), OFFICE)
        for _ in range(ROUNDS):
            for senders in SENDERS:
                way = f"{senders} sender{'s' * (senders > 1)}"
                runs.setdefault(way, []).append(by_senders(url, port, senders))
                contents = _delivered(database, mails)
            runs.setdefault("smtplib", []).append(by_smtplib(port, contents))
    floor = median(runs["smtplib"])
    for way, seconds in runs.items():
        took = median(seconds)
        print(f"{mails:<8,} {way:<12} {took:7.2f}  {took / floor:7.2f}  {took / mails * 1e3:7.2f}")


def _delivered(database: Database, mails: int) -> list[tuple[str, bytes]]:
    """What was sent, once it is sure that all of it was; afterwards it waits to be sent again."""
    with database.unit_of_work() as session:
        sent = session.scalar(select(func.count()).where(OutboxMessage.status == OutboxStatus.SENT))
        if sent != mails:
            raise SystemExit(f"{sent} of {mails} were sent")
        contents = [
            (a, c or b"") for a, c in session.execute(select(OutboxMessage.address, OutboxMessage.frozen))
        ]
        session.execute(update(OutboxMessage).values(status=OutboxStatus.QUEUED, frozen=None, sent_at=None))
    return contents


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MAILS)
