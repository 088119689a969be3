"""The sender before a real mail server, and before the folder."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from core.clock import Clock
from core.db import Database
from core.settings import Settings
from models.enums import OutboxStatus, Status, ToldStatus
from models.job import Heartbeat
from models.mail import OutboxMessage, Told
from models.organisation import Person
from models.task import RectificationTask
from notifications.health import mail_health
from notifications.letterhead import Letterhead
from notifications.mime import Envelope, to_bytes
from notifications.render import Rendered
from notifications.sender import Sender, backoff, run_sender
from notifications.sweep import sweep
from notifications.transports import Mail, Smtp, transport_of
from rectification.office.calendar import load_calendar
from tests.factories import Office, clock_on, make_bureau, make_task
from tests.smtp import Mailroom, mailroom

DUE = date(2026, 6, 30)


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mailroom() as room:
        yield room


@pytest.fixture
def settings(tmp_path: Path, room: Mailroom) -> Settings:
    return Settings(
        data_dir=tmp_path,
        smtp_url=SecretStr(room.url),
        mail_from="整改台账 <rectify@office.gov.cn>",
        base_url="http://ledger.test",
        mail_timeout_seconds=5,
    )


@pytest.fixture
def office(database: Database, settings: Settings) -> Office:
    """An office whose officer and head each have a digest that waits to be sent."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office)
    write(database, office, settings, date(2026, 7, 1))
    return office


def write(database: Database, office: Office, settings: Settings, day: date) -> None:
    with database.unit_of_work() as session:
        clock = clock_on(day)
        sweep(session, type(clock)(datetime.now(UTC), day), [office.bureau.id], Letterhead.of(settings))


def send(database: Database, settings: Settings) -> int:
    with closing(transport_of(settings)) as transport:
        return Sender(database, settings, transport).run_once(threading.Event())


def outbox(database: Database) -> Sequence[OutboxMessage]:
    with database.reading() as session:
        return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


def make_due(database: Database) -> None:
    with database.unit_of_work() as session:
        session.execute(update(OutboxMessage).values(next_attempt_at=datetime(2020, 1, 1, tzinfo=UTC)))


def test_every_digest_arrives_once_over_one_connection(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    assert send(database, settings) == 2
    assert send(database, settings) == 0
    assert [to for to, _ in room.received] == ["officer@example.gov.cn", "head@example.gov.cn"]
    assert set(room.message_ids.values()) == {1}
    assert room.connections == 1
    assert {message.status for message in outbox(database)} == {OutboxStatus.SENT}
    assert all(message.sent_at for message in outbox(database))


def test_the_mail_says_what_the_row_says(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    send(database, settings)
    row = outbox(database)[0]
    _, mail = room.received[0]
    assert mail["Subject"] == row.subject == "【整改提醒】1项已超期"
    assert mail["From"] == "整改台账 <rectify@office.gov.cn>"
    assert mail["To"] == "陈路 <officer@example.gov.cn>"
    assert mail["Message-ID"] == row.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "<task." in mail["References"]
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n").strip() == (row.body_text or "").strip()
    assert "已超期1天" in html.get_content()


def test_the_folder_holds_one_file_a_digest_and_is_not_called_sent(
    database: Database, office: Office, settings: Settings
) -> None:
    folder = settings.model_copy(update={"smtp_url": None})
    send(database, folder)
    files = sorted(folder.mail_dir.glob("*.eml"))
    assert [file.name.split("-")[3] for file in files] == ["head", "officer"]
    assert message_from_bytes(files[1].read_bytes(), policy=policy.default)["To"].startswith("陈路")
    assert {message.status for message in outbox(database)} == {OutboxStatus.WRITTEN}


def test_a_refusal_for_good_stops_one_recipient_alone(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    room.at_rcpt = lambda to: "550 no such user" if to.startswith("officer") else None
    send(database, settings)
    refused, arrived = outbox(database)
    assert (refused.status, arrived.status) == (OutboxStatus.UNDELIVERED, OutboxStatus.SENT)
    assert "550 no such user" in refused.last_error
    assert refused.sent_at is None


def test_a_refusal_for_now_is_tried_again_later_and_given_up_at_last(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    room.at_data = lambda to: "452 mailbox full" if to.startswith("officer") else None
    patient = settings.model_copy(update={"mail_attempts": 2})
    send(database, patient)
    first = outbox(database)[0]
    assert (first.status, first.attempts, first.frozen) == (OutboxStatus.QUEUED, 1, None)
    assert first.next_attempt_at > first.created_at + timedelta(seconds=40)
    assert send(database, patient) == 0
    make_due(database)
    send(database, patient)
    assert outbox(database)[0].status is OutboxStatus.UNDELIVERED
    assert [to for to, _ in room.received] == ["head@example.gov.cn"]


def test_a_connection_lost_before_the_content_loses_and_doubles_nothing(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    room.hang_up = "at_rcpt"
    send(database, settings)
    assert {message.attempts for message in outbox(database)} <= {0, 1}
    send(database, settings)
    assert sorted(room.message_ids.values()) == [1, 1]
    assert {message.status for message in outbox(database)} == {OutboxStatus.SENT}


def test_a_mail_in_doubt_goes_again_byte_for_byte(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    room.hang_up = "in_data"
    send(database, settings)
    doubtful = outbox(database)[0]
    assert (doubtful.status, doubtful.sent_at) == (OutboxStatus.QUEUED, None)
    assert doubtful.frozen is not None
    make_due(database)
    send(database, settings)
    again = [message for to, message in room.received if to.startswith("officer")]
    assert len(again) == 2
    assert again[0].as_bytes() == again[1].as_bytes()
    assert outbox(database)[0].status is OutboxStatus.SENT


def test_a_refusal_does_not_settle_an_older_doubt(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    room.hang_up = "in_data"
    send(database, settings)
    frozen = outbox(database)[0].frozen
    room.at_rcpt = lambda _: "451 later"
    make_due(database)
    send(database, settings)
    assert frozen
    assert outbox(database)[0].frozen == frozen


def test_a_server_that_stalls_is_cut_off_at_the_total_time(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    room.stall = 3.0
    with closing(Smtp(room.url, settings.mail_from, 0.6)) as transport:
        Sender(database, settings, transport).run_once(threading.Event())
    row = outbox(database)[0]
    assert (row.status, row.attempts) == (OutboxStatus.QUEUED, 0)
    assert "连不上邮件服务器" in row.last_error
    assert room.received == []


def test_a_server_that_is_away_costs_no_attempt(
    database: Database, office: Office, settings: Settings
) -> None:
    nowhere = settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:9")})
    send(database, nowhere)
    rows = outbox(database)
    assert {(row.status, row.attempts, row.claim_token) for row in rows} == {(OutboxStatus.QUEUED, 0, None)}
    assert all("连不上邮件服务器 127.0.0.1" in row.last_error for row in rows)


def test_what_ended_meanwhile_drops_out_and_an_empty_digest_is_withdrawn(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    with database.unit_of_work() as session:
        session.execute(update(RectificationTask).values(status=Status.CLOSED))
    assert send(database, settings) == 0
    assert room.received == []
    assert {message.status for message in outbox(database)} == {OutboxStatus.WITHDRAWN}
    with database.reading() as session:
        told = session.scalars(select(Told.status).where(Told.rung == 1)).all()
    assert set(told) == {ToldStatus.WITHDRAWN}


def test_a_digest_that_loses_an_entry_is_written_anew(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    with database.unit_of_work() as session:
        second = make_task(session, office)
    write(database, office, settings, date(2026, 7, 1))
    with database.unit_of_work() as session:
        session.execute(
            update(RectificationTask).where(RectificationTask.id == second.id).values(status=Status.SUBMITTED)
        )
    send(database, settings)
    assert {mail["Subject"] for _, mail in room.received} == {"【整改提醒】1项已超期"}


def test_somebody_who_left_hears_nothing_and_a_new_mailbox_is_used(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    with database.unit_of_work() as session:
        session.execute(update(Person).where(Person.id == office.head.id).values(is_active=False))
        moved = update(Person).where(Person.id == office.officer.id)
        session.execute(moved.values(email="new@example.gov.cn"))
    send(database, settings)
    assert [to for to, _ in room.received] == ["new@example.gov.cn"]


def test_a_claim_that_a_dead_sender_left_is_taken_after_its_lease(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    with database.unit_of_work() as session:
        session.execute(
            update(OutboxMessage).values(
                status=OutboxStatus.CLAIMED,
                claim_token="dead",
                lease_until=datetime(2020, 1, 1, tzinfo=UTC),
                frozen=b"Message-ID: <1@x>\r\n\r\nfrozen by the dead\r\n",
            )
        )
    send(database, settings)
    assert len(room.received) == 2
    assert {mail["Message-ID"] for _, mail in room.received} == {"<1@x>"}


def test_a_digest_of_a_day_that_is_over_is_not_sent(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    with database.unit_of_work() as session:
        session.execute(update(OutboxMessage).values(send_until=datetime(2020, 1, 1, tzinfo=UTC)))
    assert send(database, settings) == 0
    assert room.received == []


def test_the_resident_sender_works_shows_itself_and_stops(
    database: Database, office: Office, settings: Settings, room: Mailroom
) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=run_sender, args=(database, settings, stop))
    thread.start()
    for _ in range(100):
        if len(room.received) == 2:
            break
        stop.wait(0.1)
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert len(room.received) == 2
    with database.reading() as session:
        assert session.get(Heartbeat, "sender") is not None


def test_backoff_grows_to_its_limit() -> None:
    first, last = timedelta(minutes=1), timedelta(hours=1)
    assert backoff(1, first, last) <= 1.25 * first
    assert backoff(40, first, last) <= 1.25 * last
    assert backoff(40, first, last) >= 0.75 * last


@pytest.mark.parametrize(
    "answer", ["550 Ip frequency limited", "554 DT:SPM 163 smtp9", "554 5.2.2 mailbox full"]
)
def test_a_refusal_that_passes_is_tried_again_with_its_reason(
    database: Database, office: Office, settings: Settings, room: Mailroom, answer: str
) -> None:
    room.at_rcpt = lambda _: answer
    send(database, settings)
    assert {row.status for row in outbox(database)} == {OutboxStatus.QUEUED}
    assert all(answer in row.last_error for row in outbox(database))
    room.at_rcpt = lambda _: None
    make_due(database)
    send(database, settings)
    assert {row.status for row in outbox(database)} == {OutboxStatus.SENT}


@pytest.mark.parametrize("at", ["at_rcpt", "at_data"])
def test_a_sender_who_is_not_the_account_stops_every_mail_and_names_the_setting(
    database: Database, office: Office, settings: Settings, room: Mailroom, at: str
) -> None:
    setattr(room, at, lambda _: "553 Mail from must equal authorized user")
    send(database, settings)
    rows = outbox(database)
    assert {(row.status, row.attempts) for row in rows} == {(OutboxStatus.QUEUED, 0)}
    assert all("RECTIFY_MAIL_FROM" in row.last_error for row in rows)
    assert told(database) != ()


def told(database: Database) -> tuple[str, ...]:
    """What /healthz says."""
    with database.reading() as session:
        return mail_health(session, clock_now(), load_calendar(session)).faults


def clock_now() -> Clock:
    return Clock(datetime.now(UTC), date(2026, 7, 1))


class Stumbling:
    """A way out in which something nobody foresaw goes wrong for one recipient."""

    outcome = OutboxStatus.SENT

    def __init__(self, for_whom: str) -> None:
        self.for_whom = for_whom
        self.delivered: list[str] = []

    def deliver(self, mail: Mail) -> None:
        if mail.address == self.for_whom:
            raise KeyError("nobody foresaw this")
        self.delivered.append(mail.address)

    def rest(self) -> None: ...

    def close(self) -> None: ...


def test_an_unforeseen_error_ends_neither_the_sender_nor_the_next_mail_and_is_told(
    database: Database, office: Office, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    transport = Stumbling("officer@example.gov.cn")
    stop = threading.Event()
    sender = Sender(database, settings, transport)
    at_work = threading.Thread(target=sender.run, args=(stop,))
    at_work.start()
    wait_until(lambda: bool(transport.delivered) and bool(told(database)))
    assert at_work.is_alive()
    stop.set()
    at_work.join()
    assert transport.delivered == ["head@example.gov.cn"]
    assert "发信程序出错（KeyError）" in "".join(told(database))
    assert "nobody foresaw this" in caplog.text
    stuck = next(row for row in outbox(database) if row.address == "officer@example.gov.cn")
    assert stuck.status is OutboxStatus.QUEUED
    assert "发信程序出错" in stuck.last_error


def test_a_mail_that_cannot_even_be_made_ready_waits_with_its_reason_and_the_others_go(
    database: Database, office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:

    def made(envelope: Envelope, words: Rendered) -> bytes:
        if envelope.address == "officer@example.gov.cn":
            raise TypeError("nobody foresaw this")
        return to_bytes(envelope, words)

    monkeypatch.setattr("notifications.claims.to_bytes", made)
    transport = Stumbling("")
    sender = Sender(database, settings, transport)
    for _ in range(4):
        sender.run_once(threading.Event())
    assert transport.delivered == ["head@example.gov.cn"]
    assert told(database) != ()
    waiting = next(row for row in outbox(database) if row.address == "officer@example.gov.cn")
    assert (waiting.status, waiting.attempts) == (OutboxStatus.QUEUED, 1)
    assert "TypeError" in waiting.last_error


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(100):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it never came to be")
