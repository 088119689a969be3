"""A claim on mails: nobody else's while its lease lasts, nobody's any more once another has taken them."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.db import Database, database_now
from core.settings import Settings
from models.enums import OutboxStatus
from models.mail import OutboxMessage
from models.organisation import Person
from notifications import claims, outbox
from notifications.claims import MailClaim
from notifications.letterhead import Letterhead
from notifications.sender import Sender
from notifications.sweep import sweep
from notifications.transports import Mail
from rectification.office.people import set_wants_mail
from tests.factories import BY, Office, clock_on, make_bureau, make_task
from tests.unit.notifications.conftest import LEASE, Take, rows

OVER = timedelta(seconds=-1)
"""A lease that has ended already: its claim is one a dead sender left."""


def plain(row: OutboxMessage) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def test_a_claim_is_marked_with_its_token_and_the_end_of_its_lease(database: Database, take: Take) -> None:
    claimed = take()
    found = rows(database)
    assert [mail.id for mail in claimed.mails] == [row.id for row in found]
    assert len(claimed.token) >= 32
    for mail, row in zip(claimed.mails, found, strict=True):
        assert (row.status, row.claim_token) == (OutboxStatus.CLAIMED, claimed.token)
        assert row.lease_until == claimed.at + LEASE
        assert (row.attempts, mail.attempt) == (1, 1)
        assert row.frozen == mail.content
        assert mail.address == row.address


def test_what_is_claimed_is_not_claimed_again_before_its_lease_ends(database: Database, take: Take) -> None:
    first, second = take(), take()
    assert len(first.mails) == 2
    assert (second.token, second.mails, second.doubtful) == ("", (), frozenset())
    assert second.at >= first.at
    with database.reading() as session:
        assert not claims.has_work(session)


def test_the_one_that_waits_longest_goes_first_where_not_all_do(database: Database, take: Take) -> None:
    with database.reading() as session:
        assert claims.has_work(session)
    [taken] = take(limit=1).mails
    [other] = take(limit=1).mails
    assert [taken.id, other.id] == [row.id for row in rows(database)]


def test_what_a_dead_sender_left_is_taken_with_its_very_bytes(take: Take) -> None:
    dead, alive = take(OVER), take()
    assert alive.token != dead.token
    assert dead.doubtful == frozenset()
    assert alive.doubtful == {mail.id for mail in dead.mails}
    assert [mail.content for mail in alive.mails] == [mail.content for mail in dead.mails]
    assert [mail.attempt for mail in alive.mails] == [2, 2]


def test_bytes_that_are_out_are_not_held_against_the_ledger_again(
    database: Database, office: Office, take: Take
) -> None:
    dead = take(OVER)
    with database.unit_of_work() as session:
        set_wants_mail(session, BY, session.get_one(Person, office.head.id), False)
    assert [mail.content for mail in take().mails] == [mail.content for mail in dead.mails]


def test_a_mail_is_dated_by_the_offices_clock_and_threaded_by_its_task(
    house: Settings, office: Office, take: Take
) -> None:
    claimed = take()
    mail = message_from_bytes(claimed.mails[0].content)
    assert mail["Date"].endswith("+0800")
    assert mail["References"] == Letterhead.of(house).thread_id(office.bureau.id, "2026-001")


Settle = Callable[[Session, MailClaim, Mail], object]
SETTLING: dict[str, Settle] = {
    "give up": lambda session, claimed, mail: claims.give_up(session, claimed, mail, "地址不存在"),
    "postpone": lambda session, claimed, mail: claims.postpone(
        session, claimed, mail, "稍后再试", claimed.at + LEASE, keep_bytes=False
    ),
    "release": lambda session, claimed, mail: claims.release(session, claimed, [mail]),
}


@pytest.mark.parametrize("settle", SETTLING.values(), ids=SETTLING)
def test_who_lost_a_claim_settles_nothing_of_it(database: Database, take: Take, settle: Settle) -> None:
    lost, _ = take(OVER), take()
    before = [plain(row) for row in rows(database)]
    with database.unit_of_work() as session:
        assert not settle(session, lost, lost.mails[0])
    assert [plain(row) for row in rows(database)] == before


def mark_sent(database: Database, claimed: MailClaim, mail: Mail, at: datetime) -> bool:
    with database.unit_of_work() as session:
        return claims.sent(session, claimed, mail, OutboxStatus.SENT, at)


def test_who_lost_a_claim_marks_nothing_of_it_as_sent(database: Database, take: Take) -> None:
    lost, alive = take(OVER), take()
    before = [plain(row) for row in rows(database)]
    assert not mark_sent(database, lost, lost.mails[0], lost.at)
    assert [plain(row) for row in rows(database)] == before
    assert mark_sent(database, alive, alive.mails[0], alive.at)


def test_what_was_sent_is_sent_once_at_its_moment_and_alone(database: Database, take: Take) -> None:
    claimed = take()
    at = claimed.at + timedelta(seconds=2)
    assert mark_sent(database, claimed, claimed.mails[0], at)
    first, second = rows(database)
    assert (first.status, first.sent_at, first.last_error) == (OutboxStatus.SENT, at, "")
    assert (first.claim_token, first.lease_until) == (None, None)
    assert second.status is OutboxStatus.CLAIMED
    assert not mark_sent(database, claimed, claimed.mails[0], at)


def test_what_is_given_up_keeps_its_reason_and_no_bytes(database: Database, take: Take) -> None:
    claimed = take()
    with database.unit_of_work() as session:
        assert SETTLING["give up"](session, claimed, claimed.mails[0])
    first, second = rows(database)
    assert (first.status, first.last_error, first.frozen) == (OutboxStatus.UNDELIVERED, "地址不存在", None)
    assert (first.claim_token, first.lease_until, first.sent_at) == (None, None, None)
    assert second.status is OutboxStatus.CLAIMED


@pytest.mark.parametrize("keep_bytes", [True, False])
def test_what_is_postponed_goes_later_with_its_bytes_only_where_they_may_have_arrived(
    database: Database, take: Take, keep_bytes: bool
) -> None:
    claimed = take()
    mail, until = claimed.mails[0], claimed.at + timedelta(hours=1)
    with database.unit_of_work() as session:
        assert claims.postpone(session, claimed, mail, "稍后再试", until, keep_bytes=keep_bytes)
    row = rows(database)[0]
    assert (row.status, row.next_attempt_at, row.last_error) == (OutboxStatus.QUEUED, until, "稍后再试")
    assert (row.claim_token, row.lease_until, row.attempts) == (None, None, 1)
    assert row.frozen == (mail.content if keep_bytes else None)
    assert [left.id for left in take().mails] == []


def test_what_is_given_back_counts_as_no_attempt_and_may_go_at_once(database: Database, take: Take) -> None:
    claimed = take()
    with database.unit_of_work() as session:
        claims.release(session, claimed, claimed.mails[:1])
    first, second = rows(database)
    assert (first.status, first.attempts, first.frozen) == (OutboxStatus.QUEUED, 0, None)
    assert (first.claim_token, first.lease_until) == (None, None)
    assert (first.last_error, first.next_attempt_at) == ("", claimed.at)
    assert second.status is OutboxStatus.CLAIMED
    assert [mail.id for mail in take().mails] == [first.id]


def test_what_is_given_back_may_wait_and_say_why_and_keeps_bytes_that_were_out(
    database: Database, take: Take
) -> None:
    take(OVER)
    claimed = take()
    until = claimed.at + timedelta(minutes=5)
    with database.unit_of_work() as session:
        claims.release(session, claimed, claimed.mails, reason="连不上", until=until)
    for mail, row in zip(claimed.mails, rows(database), strict=True):
        assert (row.status, row.attempts, row.frozen) == (OutboxStatus.QUEUED, 1, mail.content)
        assert (row.last_error, row.next_attempt_at) == ("连不上", until)


class Slow:
    """A way out on which each mail takes its time, by a clock of its own."""

    outcome = OutboxStatus.SENT

    def __init__(self, seconds: float) -> None:
        self.seconds, self.now = seconds, 0.0
        self.sent: list[str] = []

    def deliver(self, mail: Mail) -> None:
        self.now += self.seconds
        self.sent.append(mail.address)

    def rest(self) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize(("seconds", "goes"), [(4.9, 2), (5.1, 1)])
def test_no_mail_is_started_after_the_first_third_of_the_lease(
    database: Database,
    office: Office,
    house: Settings,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    goes: int,
) -> None:
    """Three times five seconds are the lease: a mail started later could still be under way when it ends."""
    way = Slow(seconds)
    monkeypatch.setattr("notifications.sender.time.monotonic", lambda: way.now)
    sender = Sender(database, house, way)
    assert sender.run_once(threading.Event()) == 2
    assert len(way.sent) == goes
    statuses = [row.status for row in rows(database)]
    assert statuses == [OutboxStatus.SENT, OutboxStatus.SENT if goes == 2 else OutboxStatus.QUEUED]
    assert rows(database)[1].attempts == (1 if goes == 2 else 0)


def test_what_a_dead_sender_left_counts_towards_the_limit(take: Take) -> None:
    [left] = take(OVER, limit=1).mails
    assert [mail.id for mail in take(limit=1).mails] == [left.id]


def test_the_earliest_of_those_given_back_goes_first(database: Database, take: Take) -> None:
    claimed = take()
    first, second = claimed.mails
    with database.unit_of_work() as session:
        claims.release(session, claimed, [first], until=claimed.at - timedelta(minutes=1))
        claims.release(session, claimed, [second], until=claimed.at - timedelta(minutes=5))
    assert [mail.id for mail in take(limit=1).mails] == [second.id]


def test_a_digest_is_not_sent_after_the_midnight_of_its_day(
    database: Database, house: Settings, take: Take
) -> None:
    taken = {mail.id for mail in take().mails}
    with database.unit_of_work() as session:
        late = make_bureau(session, "旧县交通局", prefix="late-")
        make_task(session, late)
    with database.unit_of_work() as session:
        clock = clock_on(date(2026, 7, 1))
        before = database_now(session) - timedelta(days=2)
        sweep(session, type(clock)(before, clock.today), [late.bureau.id], Letterhead.of(house))
    assert {row.id for row in rows(database)} > taken
    assert take().mails == ()


def test_a_digest_withdrawn_while_it_is_held_is_not_settled(database: Database, take: Take) -> None:
    claimed = take()
    with database.unit_of_work() as session:
        outbox.withdraw(session, claimed.mails[0].id)
    with database.unit_of_work() as session:
        assert not claims.give_up(session, claimed, claimed.mails[0], "地址不存在")
    assert rows(database)[0].status is OutboxStatus.WITHDRAWN


def test_a_mail_names_the_office_and_its_person_and_its_file_their_login(
    office: Office, take: Take, database: Database
) -> None:
    mail = take().mails[0]
    content = message_from_bytes(mail.content, policy=default)
    assert content["From"] == "整改台账 <r@office.gov.cn>"
    assert content["To"].addresses[0].display_name == office.officer.name
    assert mail.name == f"2026-07-01-{office.officer.login}-{mail.id}"
