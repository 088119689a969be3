"""A real mail server for tests: aiosmtpd on a port of its own, which can refuse, stall and hang up."""

import asyncio
import email
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailroom:
    """What arrived, and how the server is to answer. `at_rcpt` and `at_data` give an answer, or None for 250.

    `hang_up` makes it close the connection once: "in_data" before the answer to DATA's content, with the mail kept,
    as a server does that dies after storing it; "at_rcpt" before.
    """

    received: list[tuple[str, EmailMessage]] = field(default_factory=list)
    at_rcpt: Callable[[str], str | None] = lambda _: None
    at_data: Callable[[str], str | None] = lambda _: None
    hang_up: str = ""
    stall: float = 0.0
    connections: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def message_ids(self) -> Counter[str]:
        return Counter(str(message["Message-ID"]) for _, message in self.received)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hang_up == "at_rcpt":
            self.hang_up = ""
            close_connection(server)
        if self.stall:
            await asyncio.sleep(self.stall)
        answer = self.at_rcpt(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.at_data(envelope.rcpt_tos[0])
        if answer is None:
            content = envelope.content if isinstance(envelope.content, bytes) else b""
            message = email.message_from_bytes(content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.received.append((envelope.rcpt_tos[0], message))
        if self.hang_up == "in_data":
            self.hang_up = ""
            close_connection(server)
        return answer or "250 stored"


def close_connection(server: Any) -> None:
    if server.transport is not None:
        server.transport.abort()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def mailroom() -> Iterator[Mailroom]:
    """A server that runs as long as the block."""
    room = Mailroom(port=free_port())
    controller = Controller(room, hostname="127.0.0.1", port=room.port)
    controller.start()
    try:
        yield room
    finally:
        controller.stop()
