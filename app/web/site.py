"""What the whole site shares: settings, ledger, clock, templates, and how often programs may ask."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from anyio import CapacityLimiter
from fastapi import Request
from jinja2 import Environment

from app.web.api.throttle import Throttle
from app.web.cache import PageMemory
from core.clock import Clock
from core.db import CONNECTIONS, Database
from core.settings import Settings

AT_ONCE: Final = CONNECTIONS // 2
"""How many requests are worked on at once. Each reads on one connection, and may need a second one before it ends."""


@dataclass(frozen=True)
class Site:
    """One installation's board. `read_clock` is the only clock its pages know.

    `root` stands before every path where a proxy gives the board a place beside others: /zgtz, or nothing.

    Requests that were received whole take `turns`: one that waits holds neither a thread nor a connection.
    """

    settings: Settings
    database: Database
    read_clock: Callable[[], Clock]
    templates: Environment
    root: str
    throttle: Throttle = field(default_factory=Throttle)
    kept: PageMemory = field(default_factory=PageMemory)
    turns: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))
    pulse: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(1))

    @property
    def idle(self) -> timedelta:
        """How long a session lives without a request."""
        return timedelta(minutes=self.settings.session_idle_minutes)


def site_of(request: Request) -> Site:
    """The site a request came to."""
    site: Site = request.app.state.site
    return site
