"""A message as the bytes that go over the wire: text and HTML, every header built from cleaned values."""

from datetime import datetime
from email import policy
from email.header import Header
from email.message import Message
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import Final, NamedTuple

from core.mail_settings import mail_sender
from core.text import one_line
from notifications.render import Rendered

MAX_REFERENCES: Final = 20
_WIRE: Final = policy.SMTPUTF8.clone(refold_source="none")


class Envelope(NamedTuple):
    """Who writes to whom, and what the message is known by. `sender` is "name <address>"."""

    sender: str
    name: str
    address: str
    message_id: str
    date: datetime
    references: tuple[str, ...] = ()


def to_bytes(envelope: Envelope, words: Rendered) -> bytes:
    """The message, the same for the same arguments."""
    message = Message()
    message["From"] = _mailbox(*mail_sender(envelope.sender))
    message["To"] = _mailbox(envelope.name, envelope.address)
    message["Subject"] = _encoded(words.subject, "Subject")
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = envelope.message_id
    if envelope.references:
        message["References"] = "\n ".join(envelope.references[:MAX_REFERENCES])
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["MIME-Version"] = "1.0"
    boundary = f"=_{envelope.message_id.strip('<>').partition('@')[0]}"
    message.add_header("Content-Type", "multipart/alternative", boundary=boundary)
    for subtype, body in (("plain", words.text), ("html", words.html)):
        message.attach(MIMEText(body.replace("\n", "\r\n"), subtype, "utf-8"))
    return message.as_bytes(policy=_WIRE)


def _mailbox(name: str, address: str) -> str:
    safe = one_line(address).replace(" ", "").replace("<", "").replace(">", "").replace(",", "")
    return f"{_encoded(name, 'From')} <{safe}>" if name else safe


def _encoded(text: str, header: str) -> str:
    """As encoded words of at most 75 characters, whatever the text holds."""
    return Header(one_line(text), "utf-8", header_name=header).encode()
