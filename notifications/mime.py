"""A message as the bytes that go over the wire: text and HTML, every header built from cleaned values."""

from binascii import b2a_base64
from collections.abc import Iterable
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from typing import Final, NamedTuple

from core.mail_settings import mail_sender
from core.text import one_line
from notifications.render import Rendered

MAX_REFERENCES: Final = 20
LINE: Final = 76
ONE_WORD: Final = 45


class Envelope(NamedTuple):
    """Who writes to whom, and what the message is known by. `sender` is "name <address>"."""

    sender: str
    name: str
    address: str
    message_id: str
    date: datetime
    references: tuple[str, ...] = ()


def to_bytes(envelope: Envelope, words: Rendered) -> bytes:
    """The message, the same for the same arguments.

    Written out here because EmailMessage takes more than a millisecond for each.
    """
    boundary = f"=_{envelope.message_id.strip('<>').partition('@')[0]}"
    headers = [
        ("From", _sender(envelope.sender)),
        ("To", _mailbox(envelope.name, envelope.address)),
        ("Subject", _encoded(words.subject, "Subject")),
        ("Date", _dated(envelope.date)),
        ("Message-ID", envelope.message_id),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
    ]
    if envelope.references:
        headers.insert(5, ("References", "\r\n ".join(envelope.references[:MAX_REFERENCES])))
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return b"".join((head.encode(), *_parts(boundary, words)))


def _parts(boundary: str, words: Rendered) -> Iterable[bytes]:
    for subtype, body in (("plain", words.text), ("html", words.html)):
        yield (
            f"\r\n--{boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n"
        ).encode()
        yield _base64_lines(body.replace("\n", "\r\n").encode())
    yield f"\r\n--{boundary}--\r\n".encode()


def _base64_lines(content: bytes) -> bytes:
    encoded = b2a_base64(content, newline=False)
    return b"\r\n".join([encoded[at : at + LINE] for at in range(0, len(encoded), LINE)])


@lru_cache(maxsize=16)
def _sender(sender: str) -> str:
    return _mailbox(*mail_sender(sender))


@lru_cache(maxsize=1024)
def _mailbox(name: str, address: str) -> str:
    safe = one_line(address).replace(" ", "").replace("<", "").replace(">", "").replace(",", "")
    return f"{_encoded(name, 'From')} <{safe}>" if name else safe


@lru_cache(maxsize=1024)
def _encoded(text: str, header: str) -> str:
    """As encoded words of at most 75 characters, whatever the text holds."""
    safe = one_line(text)
    if len(content := safe.encode()) <= ONE_WORD:
        return f"=?utf-8?b?{b2a_base64(content, newline=False).decode()}?="
    return Header(safe, "utf-8", header_name=header).encode(linesep="\r\n")


@lru_cache(maxsize=16)
def _dated(moment: datetime) -> str:
    return format_datetime(moment)
