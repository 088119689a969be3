"""A crash harness: real sweeps and senders that are killed at random before a mail server that misbehaves at random.

A round is one business day: everybody has a task due, the sweep runs until one ends well, and senders work until
nothing is left. What the mail server stored is then held against the ledger.
"""

import asyncio
import email
import multiprocessing
import random
import re
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import policy
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr
from sqlalchemy import select, update

from core.clock import Clock
from core.db import Database
from core.errors import Misconfigured
from core.settings import Settings
from models.enums import OutboxStatus, Status, ToldStatus
from models.mail import OutboxMessage, Told
from models.organisation import Person
from models.task import RectificationTask
from notifications import sender as sending
from notifications.letterhead import Letterhead
from notifications.outbox import open_digests
from notifications.sweep import sweep
from notifications.tellers import Teller
from rectification.office.calendar import load_calendar
from tests.factories import make_bureau, make_draft, make_person
from tests.smtp import close_connection, free_port

PEOPLE: Final = 6
MAIL_SECONDS: Final = 0.4
PATIENCE: Final = 60.0
CODE: Final = re.compile(r"\d\. (\S+)　")
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


@dataclass
class Copy:
    """One storing of a message by the server; `was_answered` where its 250 went out."""

    content: bytes
    was_answered: bool


@dataclass
class Chaos:
    """A mail server that refuses, stalls and hangs up by chance. Addresses that begin with "gone" do not exist."""

    chance: random.Random
    copies: dict[str, list[Copy]] = field(default_factory=lambda: defaultdict(list))
    did: Counter[str] = field(default_factory=Counter)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("gone"):
            return "550 no such user"
        what = self._draw(("later", 0.08), ("stall", 0.02), ("hang_up", 0.04))
        if what == "later":
            return "451 try again"
        if what == "stall":
            await asyncio.sleep(2 * MAIL_SECONDS)
        if what == "hang_up":
            close_connection(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        what = self._draw(("full", 0.04), ("lost_unstored", 0.03), ("lost_stored", 0.04), ("mute", 0.02))
        if what == "full":
            return "452 mailbox full"
        if what == "lost_unstored":
            close_connection(server)
            return "250 stored"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message_id = str(email.message_from_bytes(content, policy=policy.default)["Message-ID"])
        self.copies[message_id].append(Copy(content, was_answered=what not in ("lost_stored", "mute")))
        if what == "lost_stored":
            close_connection(server)
        if what == "mute":
            await asyncio.sleep(2 * MAIL_SECONDS)
        return "250 stored"

    def _draw(self, *odds: tuple[str, float]) -> str:
        drawn = self.chance.random()
        for what, part in odds:
            drawn -= part
            if drawn < 0:
                self.did[what] += 1
                return what
        return ""


@dataclass
class Outcome:
    """What a run saw. `in_doubt` copies came after the server itself left the answer open, `by_crash` after a kill."""

    rounds: int = 0
    messages: int = 0
    sweeps_killed: int = 0
    senders_killed: int = 0
    restarts: int = 0
    refused: int = 0
    in_doubt: int = 0
    by_crash: int = 0
    did: Counter[str] = field(default_factory=Counter)


class Harness:
    """One run on one database."""

    def __init__(self, database_url: str, folder: Path, *, senders: int, seed: int) -> None:
        self.url = database_url
        self.folder = folder
        self.chance = random.Random(seed)
        self.server = Chaos(random.Random(seed + 1))
        self.outcome = Outcome()
        self._port = free_port()
        self._senders: list[BaseProcess] = [self._start_sender() for _ in range(senders)]

    @contextmanager
    def running(self) -> Iterator["Harness"]:
        """The mail server and the senders, at work as long as the block."""
        controller = Controller(self.server, hostname="127.0.0.1", port=self._port)
        controller.start()
        for process in self._senders:
            process.start()
        try:
            yield self
        finally:
            for process in self._senders:
                process.kill()
                process.join()
            controller.stop()
            self.outcome.did = self.server.did

    def run(self, database: Database, rounds: int, restart: Callable[[], None] | None = None) -> Outcome:
        """So many business days; `restart` restarts the database, every fifth day."""
        with database.unit_of_work() as session:
            office = make_bureau(session)
            people = [
                make_person(session, office.roads, f"{'gone' if i == 0 else 'person'}{i}")
                for i in range(PEOPLE)
            ]
            calendar = load_calendar(session)
            template = make_draft(session, office)
            template_id, bureau_id = template.id, office.bureau.id
        day = date(2024, 1, 1)
        for number in range(rounds):
            day = calendar.on_or_after(day + timedelta(days=1))
            self._set_up(database, template_id, [person.id for person in people], day, number)
            self._sweep(bureau_id, day)
            if restart is not None and number % 5 == 2:
                restart()
                self.outcome.restarts += 1
            self._until_done(database, day)
            self._account(database, bureau_id, day)
            self.outcome.rounds += 1
        return self.outcome

    def _set_up(
        self, database: Database, template_id: int, people: Sequence[int], day: date, number: int
    ) -> None:
        """Close what there is, and give everybody a task due today."""
        with database.unit_of_work() as session:
            session.execute(
                update(RectificationTask)
                .where(RectificationTask.status == Status.IN_PROGRESS)
                .values(status=Status.CLOSED)
            )
            template = session.get_one(RectificationTask, template_id)
            same = {
                column.key: getattr(template, column.key)
                for column in RectificationTask.__table__.columns
                if column.key not in ("id", "code", "status", "officer_id", "issued_on", "deadline_on")
            }
            session.add_all(
                RectificationTask(
                    **same,
                    code=f"R{number}-{person}",
                    status=Status.IN_PROGRESS,
                    officer_id=person,
                    issued_on=day,
                    deadline_on=day,
                )
                for person in people
            )

    def _sweep(self, bureau_id: int, day: date) -> None:
        """Sweep, now and then two at once; each is killed at a moment by chance, until one ends well."""
        for attempt in range(100):
            processes = [
                _context.Process(
                    target=sweep_once, args=(self.url, str(self.folder), self._port, bureau_id, day)
                )
                for _ in range(self.chance.choice((1, 1, 2)))
            ]
            for process in processes:
                process.start()
            if attempt < 3:
                time.sleep(self.chance.uniform(0.0, 0.25))
                for process in processes:
                    if self.chance.random() < 0.5:
                        process.kill()
                        self.outcome.sweeps_killed += 1
            for process in processes:
                process.join()
            if any(process.exitcode == 0 for process in processes):
                return
        raise AssertionError("no sweep ended well")

    def _until_done(self, database: Database, day: date) -> None:
        """Wait for the day's mails, killing a sender now and then."""
        patience = time.monotonic() + PATIENCE
        kills_left = 2
        while not self._is_done(database, day):
            assert time.monotonic() < patience, f"mails of {day} are stuck"
            if kills_left and self.chance.random() < 0.3:
                kills_left -= 1
                self._replace_sender()
            time.sleep(self.chance.uniform(0.01, 0.08))

    def _is_done(self, database: Database, day: date) -> bool:
        waiting = (OutboxStatus.QUEUED, OutboxStatus.CLAIMED)
        try:
            with database.reading() as session:
                found = session.scalar(
                    select(OutboxMessage.id)
                    .where(OutboxMessage.day == day, OutboxMessage.status.in_(waiting))
                    .limit(1)
                )
        except Misconfigured:  # restarting
            return False
        return found is None

    def _replace_sender(self) -> None:
        place = self.chance.randrange(len(self._senders))
        self._senders[place].kill()
        self._senders[place].join()
        self.outcome.senders_killed += 1
        self._senders[place] = self._start_sender()
        self._senders[place].start()

    def _start_sender(self) -> BaseProcess:
        return _context.Process(target=send_on, args=(self.url, str(self.folder), self._port))

    def _account(self, database: Database, bureau_id: int, day: date) -> None:
        """Hold what the server stored against the ledger."""
        with database.reading() as session:
            rows = (
                session.execute(
                    select(OutboxMessage, Person.login)
                    .join(Person, Person.id == OutboxMessage.person_id)
                    .where(OutboxMessage.day == day)
                )
                .tuples()
                .all()
            )
            told = session.execute(
                select(Told.person_id, RectificationTask.code, Told.message_id)
                .join(RectificationTask, RectificationTask.id == Told.task_id)
                .where(Told.day == day, Told.status == ToldStatus.TOLD)
            ).all()
        to_clerk = [message for message, login in rows if login == "clerk"]
        assert [message.subject for message in to_clerk] == ["【整改提醒】1封邮件未送达，1项须办事项"] * (
            self.outcome.rounds > 0
        )
        rows = [(message, login) for message, login in rows if login != "clerk"]
        assert len(rows) == PEOPLE, f"{len(rows)} digests on {day}"
        assert len({person for person, _, _ in told}) == len(told) == PEOPLE
        codes = {message_id: code for _, code, message_id in told}
        for message, login in rows:
            copies = self.server.copies.pop(message.message_id, [])
            if login.startswith("gone"):
                assert (message.status, copies) == (OutboxStatus.UNDELIVERED, [])
                self.outcome.refused += 1
                continue
            assert message.status is OutboxStatus.SENT
            assert copies, f"{message.message_id} is called sent and never arrived"
            assert len({copy.content for copy in copies}) == 1, "a second copy differs from the first"
            body = email.message_from_bytes(copies[0].content, policy=policy.default).get_body(("plain",))
            assert body is not None
            assert CODE.findall(body.get_content()) == [codes[message.id]]
            unanswered = sum(not copy.was_answered for copy in copies[:-1])
            self.outcome.messages += 1
            self.outcome.in_doubt += unanswered
            self.outcome.by_crash += len(copies) - 1 - unanswered
        crashes = self.outcome.senders_killed + self.outcome.restarts * len(self._senders)
        assert self.outcome.by_crash <= crashes, "more than one mail a sender a crash"


def _settings(folder: str, port: int) -> Settings:
    """An installation in which everything happens fast; its midnight is far."""
    hour = datetime.now(UTC).hour
    zone = f"Etc/GMT{'+' if hour > 3 else '-'}{abs(hour - 3) % 12}"
    settings = Settings(
        data_dir=Path(folder),
        smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"),
        mail_from="整改台账 <rectify@office.gov.cn>",
        timezone=zone,
        mail_attempts=1000,
    )
    return settings.model_copy(update={"mail_timeout_seconds": MAIL_SECONDS})


def sweep_once(url: str, folder: str, port: int, bureau_id: int, day: date) -> None:
    """What a day's flows write, each in a unit of work, and the opening of it, in a process of its own."""
    clock, letterhead = Clock(datetime.now(UTC), day), Letterhead.of(_settings(folder, port))
    later = clock.now + timedelta(hours=1)
    with Database(url) as database:
        for teller in Teller:
            with database.unit_of_work() as session:
                sweep(session, clock, [bureau_id], letterhead, (teller,), opens_at=later)
        with database.unit_of_work() as session:
            open_digests(session, [bureau_id], day)


def send_on(url: str, folder: str, port: int) -> None:
    """A sender that is never told to stop, in a process of its own; it waits milliseconds where others wait minutes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("POLL", "FIRST_RETRY", "FIRST_PAUSE"):
        setattr(sending, name, timedelta(milliseconds=20))
    for name in ("LAST_RETRY", "LAST_PAUSE"):
        setattr(sending, name, timedelta(milliseconds=200))
    with Database(url) as database:
        sending.run_sender(database, _settings(folder, port), threading.Event())
