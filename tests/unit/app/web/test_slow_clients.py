"""Clients that begin and do not go on: they cost the others nothing, and are sent away."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from app.up import board_server, held_port
from app.web.connections import PatientProtocol
from core.db import Database
from core.settings import Settings

MANY = 64  # more than any pool of connections or threads holds
HEADERS = b"GET /signin HTTP/1.1\r\nHost: board.test\r\nX-Slow: "
BODY = (
    b"POST /signin HTTP/1.1\r\nHost: board.test\r\nCookie: rectify_visit=made-up\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nlogin="
)


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits in a tenth of the time."""
    monkeypatch.setattr(PatientProtocol, "headers_seconds", 2.0)
    monkeypatch.setattr(PatientProtocol, "look_seconds", 0.5)


@contextmanager
def served(database: Database, folder: Path) -> Iterator[int]:
    """A board as `rectify up` serves it; its port."""
    with held_port("127.0.0.1", 0) as held:
        port: int = held.getsockname()[1]
        server = board_server(Settings(data_dir=folder), database)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [held]})
        thread.start()
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join()


def begun(port: int, first: bytes, stack: ExitStack) -> list[socket.socket]:
    """Clients that have sent the beginning of a request."""
    opened = []
    for _ in range(MANY):
        opened.append(stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20)))
        opened[-1].sendall(first)
    return opened


def answer(port: int, path: str = "/signin") -> tuple[int, float]:
    """The status an honest client gets, and after how long."""
    started = time.monotonic()
    asking = HTTPConnection("127.0.0.1", port, timeout=15)
    asking.request("GET", path)
    with asking.getresponse() as told:
        told.read()
    asking.close()
    return told.status, time.monotonic() - started


@pytest.mark.parametrize("first", [HEADERS, BODY, b""], ids=["headers", "body", "silent"])
def test_clients_that_never_finish_keep_nobody_waiting(
    first: bytes, database: Database, tmp_path: Path
) -> None:
    with served(database, tmp_path) as port, ExitStack() as stack:
        begun(port, first, stack)
        time.sleep(0.5)
        assert [answer(port)[0] for _ in range(8)] == [200] * 8


@pytest.mark.usefixtures("short_patience")
@pytest.mark.parametrize(
    ("first", "drop"), [(HEADERS, b"x"), (BODY, b"x"), (b"", b"")], ids=["headers", "body", "silent"]
)
def test_clients_that_go_on_too_slowly_are_sent_away(
    first: bytes, drop: bytes, database: Database, tmp_path: Path
) -> None:
    with served(database, tmp_path) as port, ExitStack() as stack:
        slow = begun(port, first, stack)[0]
        slow.settimeout(0.3)
        said, give_up = b"", time.monotonic() + 20
        while time.monotonic() < give_up:
            try:
                slow.sendall(drop)
                part = slow.recv(1000)
            except TimeoutError:
                continue
            except OSError:
                break
            said += part
            if not part:
                break
        else:
            pytest.fail("still connected")
    assert said == b""


def test_who_sends_slowly_but_goes_on_is_served(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientProtocol, "look_seconds", 2.0)
    content = b"login=" + b"x" * 15_994  # four times the least pace, so that a busy machine is no slow client
    with (
        served(database, tmp_path) as port,
        socket.create_connection(("127.0.0.1", port), timeout=20) as slow,
    ):
        slow.sendall(BODY.replace(b"1000", b"16000").removesuffix(b"login="))
        for start in range(0, len(content), 1_000):
            slow.sendall(content[start : start + 1_000])
            time.sleep(0.25)
        assert slow.recv(1000).startswith(b"HTTP/1.1 403 ")  # whole, and without the form's token


@pytest.mark.usefixtures("short_patience")
def test_an_answer_nobody_takes_is_given_up(database: Database, tmp_path: Path) -> None:
    with served(database, tmp_path) as port, socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        slow.connect(("127.0.0.1", port))
        slow.settimeout(20)
        slow.sendall(b"GET /static/guide/task.jpg HTTP/1.1\r\nHost: board.test\r\n\r\n" * 100)
        time.sleep(4)
        taken = 0
        with suppress(ConnectionError):
            while part := slow.recv(1 << 16):
                taken += len(part)
        assert taken < 5_000_000


@pytest.mark.usefixtures("short_patience")
def test_beyond_the_most_who_waited_longest_gives_way(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientProtocol, "headers_seconds", 60.0)
    monkeypatch.setattr(PatientProtocol, "most", 32)
    with served(database, tmp_path) as port, ExitStack() as stack:
        slow = begun(port, HEADERS, stack)
        assert answer(port)[0] == 200
        slow[0].settimeout(20)
        with suppress(ConnectionError):
            assert slow[0].recv(1) == b"", "closed or reset, and without a word"
        slow[-1].settimeout(0.2)
        with pytest.raises(TimeoutError):
            slow[-1].recv(1)
