"""The sweep on both databases: what is written, what a second one adds, what is carried over."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from core.db import Database
from models.enums import OutboxStatus, Status, ToldStatus
from models.mail import OutboxMessage, PhoneCall, Told
from models.organisation import Person
from models.task import RectificationTask
from notifications import recheck
from notifications.letterhead import Letterhead
from notifications.phone import call_list
from notifications.sweep import SweepCounts, sweep
from rectification.office.people import set_wants_mail
from tests.factories import BY, UNMEASURED, Office, clock_on, make_bureau, make_task

HOUSE = Letterhead("http://ledger.test", "整改台账 <rectify@office.gov.cn>", True, ZoneInfo("Asia/Shanghai"))
DUE = date(2026, 6, 30)
"""A Tuesday; 7 working days before it is 18 June (19 June is a holiday), 3 before is 25 June."""


@pytest.fixture
def office(database: Database) -> Office:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office, order=UNMEASURED)
        return office


def run(database: Database, office: Office, day: date, letterhead: Letterhead = HOUSE) -> SweepCounts:
    with database.unit_of_work() as session:
        return sweep(session, clock_on(day), [office.bureau.id], letterhead)


def outbox(database: Database) -> Sequence[OutboxMessage]:
    with database.reading() as session:
        return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


def said(database: Database) -> list[tuple[int, ToldStatus]]:
    with database.reading() as session:
        rows = session.execute(select(Told.rung, Told.status).order_by(Told.rung, Told.person_id))
        return [(rung, status) for rung, status in rows]


def mark(database: Database, message: OutboxMessage, **values: object) -> None:
    with database.unit_of_work() as session:
        session.execute(update(OutboxMessage).where(OutboxMessage.id == message.id).values(**values))


def test_a_rung_that_is_reached_is_written_once(database: Database, office: Office) -> None:
    counts = run(database, office, date(2026, 6, 25))
    again = run(database, office, date(2026, 6, 25))
    [message] = outbox(database)
    assert counts == SweepCounts(told=1, digests=1, superseded=2)
    assert again == SweepCounts()
    assert message.subject == "【整改提醒】1项临期"
    assert message.address == "officer@example.gov.cn"
    assert message.status is OutboxStatus.QUEUED
    assert "还有3个工作日" in (message.body_text or "")
    assert said(database) == [
        (-30, ToldStatus.SUPERSEDED),
        (-7, ToldStatus.SUPERSEDED),
        (-3, ToldStatus.TOLD),
    ]


def test_a_rest_day_is_silent(database: Database, office: Office) -> None:
    assert run(database, office, date(2026, 6, 27)) == SweepCounts()
    assert run(database, office, date(2026, 6, 19)) == SweepCounts()
    assert outbox(database) == []


def test_overdue_tells_the_head_too_and_on_the_fifth_day_the_leader(
    database: Database, office: Office
) -> None:
    run(database, office, date(2026, 7, 1))
    assert {message.person_id for message in outbox(database)} == {office.officer.id, office.head.id}
    run(database, office, date(2026, 7, 7))
    to_leader = [message for message in outbox(database) if message.person_id == office.leader.id]
    assert [message.subject for message in to_leader] == ["【整改提醒】1项分管任务超期"]
    with database.reading() as session:
        code = session.scalar(select(RectificationTask.code))
    assert code
    assert f"/tasks/{code}" in (to_leader[0].body_text or "")


def test_mail_switched_off_leaves_signatures_in_the_mail_and_the_own_tasks_on_the_telephone(
    database: Database, office: Office
) -> None:
    with database.unit_of_work() as session:
        for person in (office.officer, office.leader, office.head):
            set_wants_mail(session, BY, session.get_one(Person, person.id), False)
        make_task(session, office, status=Status.VERIFIED)
    assert run(database, office, date(2026, 7, 7)).calls == 1
    with database.reading() as session:
        [call] = call_list(session, date(2026, 7, 7), office.bureau.id)
    assert (call.person_id, call.why) == (office.officer.id, "已关闭邮件提醒")
    message = next(each for each in outbox(database) if each.person_id == office.leader.id)
    assert message.person_id == office.leader.id
    assert "分管任务超期" not in (message.subject + (message.body_text or ""))
    with database.unit_of_work() as session:
        [checked] = recheck.check(session, HOUSE, recheck.unsent_by_id(session, [message.id]))
        assert checked.id == message.id


def test_what_comes_later_in_the_day_is_added_to_a_digest_that_has_not_gone(
    database: Database, office: Office
) -> None:
    run(database, office, DUE)
    with database.unit_of_work() as session:
        make_task(session, office, order=UNMEASURED)
    counts = run(database, office, DUE)
    [message] = outbox(database)
    assert counts.added_to == 1
    assert message.subject == "【整改提醒】2项临期"
    assert "1." in (message.body_text or "")
    assert "2." in (message.body_text or "")


@pytest.mark.parametrize("status", [OutboxStatus.CLAIMED, OutboxStatus.SENT])
def test_what_comes_after_the_digest_has_gone_waits_for_the_next_working_day(
    database: Database, office: Office, status: OutboxStatus
) -> None:
    friday = date(2026, 6, 26)
    run(database, office, friday)
    [message] = outbox(database)
    mark(database, message, status=status, frozen=b"gone")
    with database.unit_of_work() as session:
        make_task(session, office, order=UNMEASURED)
    assert run(database, office, friday).waiting == 1
    assert run(database, office, friday) == SweepCounts()
    mark(database, message, status=OutboxStatus.SENT)
    monday = run(database, office, date(2026, 6, 29))
    assert monday.told == 3  # and the clerk hears what has no measure yet
    to_officer = [message.day for message in outbox(database) if message.person_id == office.officer.id]
    assert to_officer == [friday, date(2026, 6, 29)]
    assert (-1, ToldStatus.WAITING) not in said(database)


def test_an_unsent_digest_of_an_earlier_day_is_superseded_and_carried(
    database: Database, office: Office
) -> None:
    run(database, office, date(2026, 6, 25))
    counts = run(database, office, date(2026, 6, 26))
    old, new = outbox(database)
    assert (old.status, new.status) == (OutboxStatus.SUPERSEDED, OutboxStatus.QUEUED)
    assert counts.told == 1
    assert "还有2个工作日" in (new.body_text or "")
    with database.reading() as session:
        assert session.scalars(select(Told.message_id).where(Told.rung == -3)).all() == [new.id]


def test_only_the_highest_of_what_was_never_sent_speaks(database: Database, office: Office) -> None:
    run(database, office, date(2026, 6, 18))
    run(database, office, date(2026, 6, 25))
    assert said(database) == [
        (-30, ToldStatus.SUPERSEDED),
        (-7, ToldStatus.SUPERSEDED),
        (-3, ToldStatus.TOLD),
    ]


def test_a_carried_entry_of_a_task_that_ended_is_withdrawn(database: Database, office: Office) -> None:
    run(database, office, date(2026, 6, 25))
    with database.unit_of_work() as session:
        session.execute(update(RectificationTask).values(status=Status.CLOSED))
    counts = run(database, office, date(2026, 6, 26))
    assert counts == SweepCounts(withdrawn=1)
    assert [message.status for message in outbox(database)] == [OutboxStatus.SUPERSEDED]


def test_a_digest_being_sent_is_left_alone_and_todays_entries_wait(
    database: Database, office: Office
) -> None:
    run(database, office, date(2026, 6, 25))
    [old] = outbox(database)
    later = old.created_at + timedelta(days=3650)
    mark(database, old, status=OutboxStatus.CLAIMED, lease_until=later, claim_token="x")
    with database.unit_of_work() as session:
        make_task(session, office, order=UNMEASURED)
    assert run(database, office, date(2026, 6, 26)).waiting == 1
    assert len(outbox(database)) == 1


def test_folder_mail_expires_when_mail_begins_to_leave(database: Database, office: Office) -> None:
    folder = Letterhead(HOUSE.base_url, HOUSE.sender, False, HOUSE.zone)
    for day in (date(2026, 6, 18), date(2026, 6, 25)):
        run(database, office, day, folder)
        for message in outbox(database):
            mark(database, message, status=OutboxStatus.WRITTEN)
    assert run(database, office, date(2026, 6, 26), folder) == SweepCounts()
    run(database, office, date(2026, 6, 26))
    *old, new = outbox(database)
    assert {message.status for message in old} == {OutboxStatus.EXPIRED}
    assert new.subject == "【整改提醒】1项临期"


def test_somebody_without_a_mailbox_stands_on_the_telephone_list(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        session.execute(update(Person).where(Person.id == office.officer.id).values(email=""))
    counts = run(database, office, DUE)
    assert (counts.calls, counts.told, counts.digests) == (1, 1, 0)
    with database.reading() as session:
        assert session.scalars(select(PhoneCall.person_id)).all() == [office.officer.id]


def test_clerks_hear_of_what_did_not_arrive(database: Database, office: Office) -> None:
    run(database, office, date(2026, 6, 25))
    mark(database, outbox(database)[0], status=OutboxStatus.UNDELIVERED)
    run(database, office, date(2026, 6, 26))
    run(database, office, date(2026, 6, 26))
    to_clerk = [message for message in outbox(database) if message.person_id == office.clerk.id]
    assert [message.subject for message in to_clerk] == ["【整改提醒】1封邮件未送达"]


def test_a_restricted_task_never_leaves_the_building(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        session.execute(update(RectificationTask).values(is_restricted=True))
    assert run(database, office, DUE) == SweepCounts()
