"""One test mail, sent at once and past the outbox, to see whether mail arrives."""

from contextlib import closing
from datetime import datetime

from core.settings import Settings
from models.enums import OutboxStatus
from notifications.letterhead import Letterhead
from notifications.messages import TestMail
from notifications.mime import Envelope, to_bytes
from notifications.render import render
from notifications.transports import Mail, transport_of


def send_test_mail(settings: Settings, address: str, now: datetime) -> OutboxStatus:
    """Send one to `address`; tells whether it went out or into the folder.

    Raises: NotSent, with the reason.
    """
    letterhead = Letterhead.of(settings)
    moment = now.astimezone(letterhead.zone)
    words = render(TestMail(address, f"{moment:%Y-%m-%d %H:%M}", f"{letterhead.base_url}/"))
    message_id = letterhead.message_id(f"{TestMail.template}:{address}:{now.isoformat()}")
    envelope = Envelope(letterhead.sender, "", address, message_id, moment)
    with closing(transport_of(settings)) as transport:
        transport.deliver(Mail(0, f"test-{moment:%Y%m%d-%H%M%S}", address, to_bytes(envelope, words)))
        return transport.outcome
