"""What stands of a day's digests, what the next day takes over, and what may still be changed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.db import Database
from core.settings import Settings
from models.enums import OutboxStatus, ToldStatus
from models.mail import Told
from notifications import claims, outbox, told_once
from notifications.outbox import DigestsOfDay
from notifications.render import Rendered
from notifications.told_once import Key
from tests.factories import Office
from tests.unit.notifications.conftest import LEASE, Take, rows

DAY = date(2026, 7, 1)
NEXT = DAY + timedelta(days=1)
OVER = timedelta(seconds=-1)


def told(database: Database) -> list[Told]:
    with database.reading() as session:
        return list(session.scalars(select(Told).where(Told.rung == 1).order_by(Told.id)))


def retire(database: Database, office: Office, *, leaves: bool = False, day: date = NEXT) -> set[int]:
    with database.unit_of_work() as session:
        return outbox.retire_earlier(session, [office.bureau.id], day, leaves=leaves)


def stands(database: Database, office: Office, day: date = DAY) -> DigestsOfDay:
    with database.unit_of_work() as session:
        return outbox.standing(session, [office.bureau.id], day)


def statuses(database: Database) -> list[OutboxStatus]:
    return [row.status for row in rows(database)]


def test_what_was_not_sent_yesterday_is_superseded_and_its_entries_wait_for_today(
    database: Database, office: Office
) -> None:
    first = {row.id for row in rows(database)}
    assert {each.message_id for each in told(database)} == first
    assert retire(database, office) == set()
    assert statuses(database) == [OutboxStatus.SUPERSEDED] * 2
    assert {(each.status, each.message_id) for each in told(database)} == {(ToldStatus.WAITING, None)}


def test_todays_own_digests_are_left_alone(database: Database, office: Office) -> None:
    retire(database, office, day=DAY)
    assert statuses(database) == [OutboxStatus.QUEUED] * 2
    assert {each.status for each in told(database)} == {ToldStatus.TOLD}


def test_another_bureaus_digests_are_left_alone(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        outbox.retire_earlier(session, [office.bureau.id + 1000], NEXT, leaves=True)
    assert statuses(database) == [OutboxStatus.QUEUED] * 2


def test_what_is_being_sent_at_this_moment_is_left_alone_and_named(
    database: Database, office: Office, take: Take
) -> None:
    [mail] = take(limit=1).mails
    [claimed, waiting] = rows(database)
    assert retire(database, office) == {claimed.person_id}
    assert statuses(database) == [OutboxStatus.CLAIMED, OutboxStatus.SUPERSEDED]
    assert rows(database)[0].frozen == mail.content
    assert {each.message_id for each in told(database)} == {claimed.id, None}
    assert waiting.person_id != claimed.person_id


def test_what_a_dead_sender_held_is_superseded_with_its_claim_and_bytes(
    database: Database, office: Office, take: Take
) -> None:
    take(OVER)
    assert retire(database, office) == set()
    for row in rows(database):
        assert row.status is OutboxStatus.SUPERSEDED
        assert (row.claim_token, row.lease_until, row.frozen) == (None, None, None)


@pytest.mark.parametrize(
    ("leaves", "becomes", "entry"),
    [(True, OutboxStatus.EXPIRED, ToldStatus.WAITING), (False, OutboxStatus.WRITTEN, ToldStatus.TOLD)],
)
def test_what_lies_in_the_folder_expires_once_mail_leaves_the_building(
    database: Database, office: Office, take: Take, leaves: bool, becomes: OutboxStatus, entry: ToldStatus
) -> None:
    claimed = take()
    with database.unit_of_work() as session:
        for mail in claimed.mails:
            assert claims.sent(session, claimed, mail, OutboxStatus.WRITTEN, claimed.at)
    assert retire(database, office, leaves=leaves) == set()
    assert statuses(database) == [becomes] * 2
    assert {each.status for each in told(database)} == {entry}


def test_a_digest_that_waits_is_open_and_one_in_work_or_sent_is_closed(
    database: Database, office: Office, take: Take
) -> None:
    first, second = rows(database)
    assert first.person_id
    assert second.person_id
    both = {first.person_id: first.id, second.person_id: second.id}
    assert stands(database, office) == DigestsOfDay(open_ids=both)
    assert stands(database, office, NEXT) == DigestsOfDay()
    take(limit=1)
    assert stands(database, office) == DigestsOfDay(
        open_ids={second.person_id: second.id}, closed=frozenset({first.person_id})
    )


def test_bytes_that_may_have_arrived_close_a_digest_that_waits(
    database: Database, office: Office, take: Take
) -> None:
    claimed = take()
    with database.unit_of_work() as session:
        claims.postpone(session, claimed, claimed.mails[0], "没有回音", claimed.at + LEASE, keep_bytes=True)
    first, second = rows(database)
    assert stands(database, office).closed == {first.person_id, second.person_id}


def test_a_withdrawn_digest_stays_open_and_new_words_queue_it_again(
    database: Database, office: Office
) -> None:
    first = rows(database)[0]
    with database.unit_of_work() as session:
        outbox.withdraw(session, first.id)
    assert statuses(database) == [OutboxStatus.WITHDRAWN, OutboxStatus.QUEUED]
    assert first.person_id in stands(database, office).open_ids
    with database.unit_of_work() as session:
        outbox.rewrite(session, {first.id: Rendered("题", "文", "<p>文</p>")})
    again, other = rows(database)
    assert again.status is OutboxStatus.QUEUED
    assert (again.subject, again.body_text, again.body_html) == ("题", "文", "<p>文</p>")
    assert other.subject != "题"


def test_a_new_mailbox_is_written_on_the_one_digest(database: Database, office: Office) -> None:
    first = rows(database)[0]
    with database.unit_of_work() as session:
        outbox.readdress(session, first.id, "new@example.gov.cn")
    assert [row.address for row in rows(database)] == ["new@example.gov.cn", "head@example.gov.cn"]


def test_a_new_digest_waits_from_now_until_the_offices_midnight(
    database: Database, office: Office, house: Settings
) -> None:
    for row in rows(database):
        assert row.person_id
        assert row.key == outbox.digest_key(row.bureau_id, row.person_id, DAY)
        assert (row.bureau_id, row.template, row.day) == (office.bureau.id, "digest", DAY)
        assert (row.attempts, row.last_error, row.frozen) == (0, "", None)
        assert row.next_attempt_at == row.created_at
        local = row.send_until.astimezone(house.zone)
        assert (local.hour, local.minute, local.second) == (0, 0, 0)
        assert timedelta() < row.send_until - row.created_at <= timedelta(days=1)
        assert row.message_id.startswith("<")


def test_what_waits_is_found_by_its_ladder_and_said_once_it_is_carried(
    database: Database, office: Office
) -> None:
    retire(database, office)
    bureau = [office.bureau.id]
    entry = told(database)[0]
    key = Key(entry.person_id, entry.task_id, entry.subject, entry.due_on)
    with database.unit_of_work() as session:
        assert told_once.waiting(session, bureau, DAY) == {}
        assert told_once.waiting(session, [office.bureau.id + 1000], NEXT) == {}
        found = told_once.waiting(session, bureau, NEXT)
        assert found[key][1] == entry.id
        assert len(found) == 2
        told_once.carry(session, NEXT, {})
        told_once.carry(session, NEXT, {entry.id: rows(database)[0].id})
        assert key not in told_once.waiting(session, bureau, NEXT + timedelta(days=1))
    carried, other = told(database)
    assert (carried.status, carried.day, carried.message_id) == (ToldStatus.TOLD, NEXT, rows(database)[0].id)
    assert (other.status, other.day) == (ToldStatus.WAITING, DAY)


def test_what_a_higher_rung_says_is_taken_out_of_the_message_that_was_to_say_it(
    database: Database, office: Office
) -> None:
    first, second = told(database)
    with database.unit_of_work() as session:
        told_once.drop(session, [first.id], ToldStatus.SUPERSEDED)
    dropped, kept = told(database)
    assert (dropped.status, dropped.message_id) == (ToldStatus.SUPERSEDED, None)
    assert (kept.status, kept.message_id) == (ToldStatus.TOLD, second.message_id)
    with database.unit_of_work() as session:
        told_once.wait_again(session, [second.message_id or 0])
    assert [each.status for each in told(database)] == [ToldStatus.SUPERSEDED, ToldStatus.WAITING]


def test_only_earlier_days_are_named_as_being_sent(database: Database, office: Office, take: Take) -> None:
    take()
    assert retire(database, office, day=DAY) == set()


@pytest.mark.parametrize(
    ("outcome", "day"), [(OutboxStatus.WRITTEN, DAY), (OutboxStatus.SENT, NEXT)], ids=["today's", "sent"]
)
def test_what_was_received_or_is_todays_does_not_expire(
    database: Database, office: Office, take: Take, outcome: OutboxStatus, day: date
) -> None:
    claimed = take()
    with database.unit_of_work() as session:
        for mail in claimed.mails:
            assert claims.sent(session, claimed, mail, outcome, claimed.at)
    retire(database, office, leaves=True, day=day)
    assert statuses(database) == [outcome] * 2


def opened(database: Database, bureau_id: int, day: date = DAY) -> int:
    with database.unit_of_work() as session:
        return outbox.open_digests(session, [bureau_id], day)


def test_the_days_digests_that_nobody_tried_to_send_are_let_go(
    database: Database, office: Office, take: Take
) -> None:
    claimed = take()
    later = claimed.at + timedelta(hours=1)
    with database.unit_of_work() as session:
        claims.release(session, claimed, claimed.mails[:1], until=later)
        claims.postpone(session, claimed, claimed.mails[1], "稍后再试", later, keep_bytes=False)
    assert take().mails == ()
    assert opened(database, office.bureau.id + 1000) == 0
    assert opened(database, office.bureau.id, NEXT) == 0
    assert opened(database, office.bureau.id) == 1
    assert opened(database, office.bureau.id) == 0
    assert [mail.id for mail in take().mails] == [claimed.mails[0].id]
    assert rows(database)[1].next_attempt_at == later


def test_a_digest_in_work_is_not_let_go_a_second_time(database: Database, office: Office, take: Take) -> None:
    take()
    assert opened(database, office.bureau.id) == 0


def test_a_day_stands_for_its_own_bureau_and_date_alone(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        assert outbox.standing(session, [office.bureau.id + 1000], NEXT) == DigestsOfDay()
        assert outbox.standing(session, [office.bureau.id + 1000], DAY) == DigestsOfDay()
