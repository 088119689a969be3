"""Time as a value: read once at the edge, handed down as an argument."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment something is done, and the business day it counts for.

    `now` is aware and in UTC; it stamps rows and leases. `today` is the office's calendar day; `--on DATE`
    moves it alone. What people read of moments is told in the office's `zone`.
    """

    now: datetime
    today: date
    zone: tzinfo = UTC

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("Clock.now must be aware")


def read_clock(zone: ZoneInfo, *, on: date | None = None) -> Clock:
    """The present moment in `zone`; `on` stands in for the business day. Only tasks/ and app/ call this."""
    now = datetime.now(UTC)
    return Clock(now=now, today=on or now.astimezone(zone).date(), zone=zone)
