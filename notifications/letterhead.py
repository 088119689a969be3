"""What every message of an installation has in common."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from hashlib import sha256
from typing import Final, Self
from urllib.parse import quote
from zoneinfo import ZoneInfo

from core.mail_settings import mail_sender
from core.settings import Settings

OPENS_AT: Final = time(9, 30)
TO_CATCH_UP: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The sender's address, where links lead, and whether mail leaves the building.

    `leaves` is False while messages are written to the folder only. `zone` is the office's: its midnight ends the
    day a digest may be sent on.
    """

    base_url: str
    sender: str
    leaves: bool
    zone: ZoneInfo

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            base_url=(settings.base_url or settings.own_url).rstrip("/"),
            sender=settings.mail_from,
            leaves=settings.smtp_url is not None,
            zone=settings.zone,
        )

    def message_id(self, key: str) -> str:
        """The Message-ID of the message with this key: the same each time, and another in another installation."""
        return f"<{self._digest(key)}@{self._domain}>"

    def thread_id(self, bureau_id: int, code: str) -> str:
        """What messages about one task refer to, so that mail programs keep them together."""
        return f"<task.{self._digest(f'{bureau_id}:{code}')}@{self._domain}>"

    def task_url(self, code: str) -> str:
        return f"{self.base_url}/tasks/{quote(code, safe='')}"

    def end_of_day(self, now: datetime) -> datetime:
        """The midnight that ends the office's present day."""
        tomorrow = now.astimezone(self.zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), self.zone)

    def digests_open(self, now: datetime) -> datetime:
        """When the day's digests go though the reminders have not run.

        A machine that is switched on later leaves the day's flows time to catch up, late at night less of it: what the
        day's end finds unsent is not sent.
        """
        at = datetime.combine(now.astimezone(self.zone).date(), OPENS_AT, self.zone)
        return at if now < at else now + min(TO_CATCH_UP, (self.end_of_day(now) - now) / 2)

    @property
    def _domain(self) -> str:
        return _domain_of(self.sender)

    def _digest(self, text: str) -> str:
        return sha256(f"{self.base_url}\n{text}".encode()).hexdigest()[:32]


@cache
def _domain_of(sender: str) -> str:
    return mail_sender(sender)[1].rpartition("@")[2]
