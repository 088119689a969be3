"""The sender: resident, claims mails that are due, sends them one by one, and says what became of each."""

import logging
import threading
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Final

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from core.db import Database, database_now
from core.errors import Misconfigured
from core.settings import Settings
from models.job import beat
from notifications import claims
from notifications.claims import MailClaim
from notifications.letterhead import Letterhead
from notifications.robots import Outlet
from notifications.transports import (
    HungUp,
    InDoubt,
    Mail,
    NotSent,
    RefusedForGood,
    RefusedForNow,
    Transport,
    Unreachable,
)
from rectification.office.address import addressed

NAME: Final = "sender"
BATCH: Final = 50
POLL: Final = timedelta(seconds=2)
BEAT: Final = timedelta(seconds=30)
FIRST_RETRY: Final = timedelta(minutes=1)
LAST_RETRY: Final = timedelta(hours=1)
FIRST_PAUSE: Final = timedelta(seconds=2)
LAST_PAUSE: Final = timedelta(minutes=5)
LEASE_IN_MAILS: Final = 3
TROUBLE_SHOWS: Final = timedelta(minutes=10)
SOON: Final = 3
"""A server that cannot be reached this many times in a row is told of."""
SETTLE_RETRY: Final = timedelta(milliseconds=300)

_AWAY: Final = (Misconfigured, OperationalError, InterfaceError)
"""The database is away; it comes back."""

log = logging.getLogger("rectify.mail")
_chance = SystemRandom()


def run_sender(database: Database, settings: Settings, stop: threading.Event) -> None:
    """Send what is due until `stop` is set; the mail in hand is finished first. Any number may run at once."""
    with closing(Outlet(settings)) as transport:
        Sender(database, settings, transport).run(stop)


def send_due(database: Database, settings: Settings) -> int:
    """Send what is due now, once; how many mails were seen to. What cannot go now is left for another time.

    Raises: Misconfigured, where database or transport cannot be used.
    """
    with closing(Outlet(settings)) as transport:
        return Sender(database, settings, transport).drain()


class Sender:
    """One sender with its transport.

    A lease is three times the longest a mail may take; what of a claim cannot be started in the first third of it is
    given back.
    """

    def __init__(self, database: Database, settings: Settings, transport: Transport) -> None:
        self._database = database
        self._settings = settings
        self._transport = transport
        self._attempts = settings.mail_attempts
        self._longest = timedelta(seconds=settings.mail_timeout_seconds)
        self._batch = BATCH
        self._is_idle = True
        self._failures = 0
        self._last_beat: float | None = None
        self._trouble = ""
        self._trouble_until = 0.0

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set: no error ends it, and none is passed over in silence."""
        while not stop.is_set():
            try:
                self._beat()
                pause = POLL if self.run_once(stop) == 0 else timedelta()
            except _AWAY as error:
                self._failures += 1
                log.warning("sender: %s", type(error).__name__)
                pause = POLL
            except Exception as error:  # noqa: BLE001  (told; whatever it is, the next mail must go)
                self._failures += 1
                self._stumbled(error)
                pause = POLL
            if self._failures:
                pause = backoff(self._failures, FIRST_PAUSE, LAST_PAUSE)
            stop.wait(pause.total_seconds())

    def drain(self) -> int:
        """Batch after batch until none is due, or the way out is closed; how many mails were seen to."""
        never, seen_to = threading.Event(), 0
        while (claimed := self.run_once(never)) and not self._failures:
            seen_to += claimed
        return seen_to

    def run_once(self, stop: threading.Event) -> int:
        """Claim and send one batch; how many mails were claimed."""
        if self._is_idle and not self._has_work():
            self._transport.rest()
            return 0
        try:
            with self._database.unit_of_work() as session:
                lease = LEASE_IN_MAILS * self._longest
                letterhead = Letterhead.of(addressed(session, self._settings))
                claimed = claims.claim(session, letterhead, lease=lease, limit=self._batch)
        except _AWAY:
            raise
        except Exception as error:  # noqa: BLE001  (one mail of the batch; singly it is found)
            self._failures += 1
            reason = self._stumbled(error)
            if self._batch == 1:
                with self._database.unit_of_work() as session:
                    claims.set_aside(session, reason, FIRST_RETRY, self._attempts)
            self._batch = 1
            return 0
        self._is_idle = not claimed.mails
        self._send_all(claimed, stop)
        return len(claimed.mails)

    def _has_work(self) -> bool:
        with self._database.reading() as session:
            return claims.has_work(session)

    def _send_all(self, claimed: MailClaim, stop: threading.Event) -> None:
        started = time.monotonic()
        waiting = iter(claimed.mails)
        for mail in waiting:
            now = claimed.at + timedelta(seconds=time.monotonic() - started)
            if stop.is_set() or now > claimed.at + self._longest:
                self._give_back(claimed, (mail, *waiting))
                return
            try:
                self._transport.deliver(mail)
            except Unreachable as error:
                self._failures += 1
                log.warning("%s", error.line)
                if self._failures >= SOON or not isinstance(error, HungUp):
                    self._tell(error.line)
                self._give_back(claimed, (mail, *waiting), error.line)
                return
            except NotSent as error:
                self._not_sent(claimed, mail, error, now)
            except Exception as error:  # noqa: BLE001  (this mail's alone)
                self._transport.rest()
                self._not_sent(claimed, mail, RefusedForNow(self._stumbled(error)), now)
            else:
                self._sent(claimed, mail, now)
            self._failures = 0
        self._batch = BATCH

    def _sent(self, claimed: MailClaim, mail: Mail, now: datetime) -> None:
        """One mail, one commit. While the database is away it is tried again until the lease ends."""
        patience = time.monotonic() + self._longest.total_seconds()
        while True:
            try:
                with self._database.unit_of_work() as session:
                    is_ours = claims.sent(session, claimed, mail, self._transport.outcome, now)
            except (Misconfigured, SQLAlchemyError):
                if time.monotonic() > patience:
                    raise
                time.sleep(SETTLE_RETRY.total_seconds())
            else:
                if not is_ours:
                    log.warning("mail %s went out after its claim was lost", mail.id)
                return

    def _not_sent(self, claimed: MailClaim, mail: Mail, error: NotSent, now: datetime) -> None:
        log.warning("mail %s, attempt %s: %s", mail.id, mail.attempt, type(error).__name__)
        is_last = isinstance(error, RefusedForGood) or mail.attempt >= self._attempts
        with self._database.unit_of_work() as session:
            if is_last:
                claims.give_up(session, claimed, mail, error.line)
            else:
                until = now + backoff(mail.attempt, FIRST_RETRY, LAST_RETRY)
                is_doubtful = isinstance(error, InDoubt) or mail.id in claimed.doubtful
                claims.postpone(session, claimed, mail, error.line, until, keep_bytes=is_doubtful)

    def _give_back(self, claimed: MailClaim, mails: Sequence[Mail], reason: str = "") -> None:
        with self._database.unit_of_work() as session:
            claims.release(session, claimed, mails, reason=reason)

    def _stumbled(self, error: Exception) -> str:
        """What nobody foresaw goes into the log whole, and to the board in one line, which is returned."""
        log.error("sender: unforeseen error", exc_info=error)
        reason = f"发信程序出错（{type(error).__name__}），会自动再试，详细原因见日志"
        self._tell(reason)
        return reason

    def _tell(self, trouble: str) -> None:
        self._trouble = trouble
        self._trouble_until = time.monotonic() + TROUBLE_SHOWS.total_seconds()
        self._last_beat = None
        with suppress(Misconfigured, SQLAlchemyError):
            self._beat()

    def _beat(self) -> None:
        if self._last_beat is None or time.monotonic() - self._last_beat > BEAT.total_seconds():
            is_past = not self._failures and time.monotonic() > self._trouble_until
            with self._database.unit_of_work() as session:
                beat(session, NAME, database_now(session), "" if is_past else self._trouble)
            self._last_beat = time.monotonic()


def backoff(attempt: int, first: timedelta, last: timedelta) -> timedelta:
    """Twice as long after each attempt, up to `last`, and somewhat by chance: many do not return at once."""
    return min(first * 2.0 ** min(attempt - 1, 16), last) * _chance.uniform(0.75, 1.25)
