"""What clients that begin and do not go on cost the others, and how much memory each of them takes.

Run: `python -m benchmarks.slow_clients [--slow N] [--seconds N] [--held N]`. `rectify up` runs in a process of its own on
an empty ledger. Eight honest clients ask for the sign-in page over and over, first alone, then beside slow ones: half
send headers and half a form, a byte a second, and begin again when they are sent away. Memory is what the process
grows by with each of `--held` more connections that have begun, beside a third as many.
"""

import argparse
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Final

HONEST: Final = 8
HEADERS: Final = b"GET /signin HTTP/1.1\r\nHost: board\r\nX-Slow: "
BODY: Final = (
    b"POST /signin HTTP/1.1\r\nHost: board\r\nCookie: rectify_session=made-up\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n"
)


@contextmanager
def running(port: int) -> Iterator[int]:
    """`rectify up`; the id of its process."""
    with TemporaryDirectory() as folder:
        env = os.environ | {"RECTIFY_DATA_DIR": folder}
        command = [sys.executable, "-c", "from app.cli import main; main()", "up", "--port", str(port)]
        process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
        try:
            for _ in range(600):
                with suppress(OSError):
                    ask(port)
                    break
                time.sleep(0.1)
            yield process.pid
        finally:
            process.terminate()
            process.wait()


def ask(port: int) -> float:
    """How long one honest request takes; 60 s where it is not answered."""
    started = time.perf_counter()
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        asking.request("GET", "/signin")
        with asking.getresponse() as answer:
            answer.read()
        if answer.status != 200:
            return 60.0
    except TimeoutError:
        return 60.0
    finally:
        asking.close()
    return time.perf_counter() - started


def honest(port: int, seconds: float) -> list[float]:
    """How long each request of the honest clients took."""

    def one(_: int) -> list[float]:
        took, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            took.append(ask(port))
            time.sleep(0.2)
        return took

    with ThreadPoolExecutor(HONEST) as pool:
        return [each for taken in pool.map(one, range(HONEST)) for each in taken]


def slow(port: int, first: bytes, stop: threading.Event) -> None:
    """A client that begins again and again, and sends a byte a second."""
    while not stop.is_set():
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(first)
            while not stop.wait(1):
                client.sendall(b"x")


def told(name: str, took: list[float]) -> float:
    """Print what honest clients waited; the 95th of a hundred."""
    cuts = quantiles(took, n=20)
    print(f"{name}: {len(took)} answers, p50 {cuts[9] * 1000:.0f} ms, p95 {cuts[18] * 1000:.0f} ms")
    return cuts[18]


def held_memory(port: int, pid: int, first: bytes, number: int) -> float:
    """Kilobytes the process grew by each connection that has begun."""

    def resident() -> int:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0])

    def hold(more: int) -> int:
        for _ in range(more):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            client.sendall(first)
        time.sleep(2)
        return resident()

    with ExitStack() as stack:
        before = hold(number // 3)  # threads and connections to the ledger are made once, however many come
        return (hold(number) - before) / number


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--held", type=int, default=300)
    asked = parser.parse_args()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with running(port) as pid:
        honest(port, 3)
        quiet = told("alone", honest(port, asked.seconds / 3))
        stop = threading.Event()
        with ThreadPoolExecutor(asked.slow) as pool:
            for number in range(asked.slow):
                pool.submit(slow, port, (HEADERS, BODY)[number % 2], stop)
            time.sleep(1)
            beside = told(f"beside {asked.slow} slow ones", honest(port, asked.seconds))
            stop.set()
        print(f"p95 beside them is {beside / quiet:.1f} times what it is alone")
        for name, first in (("nothing sent", b""), ("headers begun", HEADERS), ("form begun", BODY)):
            print(f"{name}: {held_memory(port, pid, first, asked.held):.1f} KB a connection")


if __name__ == "__main__":
    main()
