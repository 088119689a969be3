"""Several flows write a person's one digest of a day, each its own entries; the last of them lets it go."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from core.clock import Clock
from core.db import Database, database_now
from models.enums import Channel, ItemKind, OutboxStatus, Status, ToldStatus
from models.mail import OutboxMessage, Told
from models.organisation import Person
from models.review import Summary
from models.task import LookBack, RectificationTask
from notifications import claims, recheck
from notifications.letterhead import Letterhead
from notifications.outbox import open_digests
from notifications.simulate import simulate
from notifications.sweep import SweepCounts, sweep
from notifications.tellers import Teller, teller_of
from rectification import casework
from rectification.casework import Correction, IssueOrder
from rectification.halfyear.daily_look import open_reviews
from rectification.halfyear.summary_versions import keep_summaries
from rectification.office.actors import system
from tests.factories import Office, acting, clock_on, make_bureau, make_draft, make_task

HOUSE = Letterhead("http://ledger.test", "整改台账 <r@office.gov.cn>", True, ZoneInfo("Asia/Shanghai"))
MONDAY, TUESDAY = date(2026, 6, 1), date(2026, 6, 2)
"""The half-year's review opens on this Monday, which is also the month's and the week's first working day."""
ORDER = (
    Teller.ANNUAL_REPORT,
    Teller.PROGRESS_SUMMARY,
    Teller.SEMIANNUAL_REVIEW,
    Teller.CLOSURE_CHECK,
    Teller.DAILY_REMINDERS,
)


@pytest.fixture
def office(database: Database) -> Office:
    """One task due on this Monday, which the review asks of as well; a draft that lies; a page of May for leaders."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office, kind=ItemKind.PLAN, order=IssueOrder(due_on=MONDAY))
        make_draft(session, office)
        open_reviews(session, clock_on(MONDAY), [office.bureau.id])
        keep_summaries(session, clock_on(MONDAY), office.bureau.id)
        return office


def tell(database: Database, office: Office, *tellers: Teller, day: date = MONDAY) -> SweepCounts:
    with database.unit_of_work() as session:
        return sweep(session, clock_on(day), [office.bureau.id], HOUSE, tellers)


def digests(database: Database, person: Person) -> Sequence[OutboxMessage]:
    with database.reading() as session:
        mine = OutboxMessage.person_id == person.id
        return session.scalars(select(OutboxMessage).where(mine).order_by(OutboxMessage.id)).all()


def entries(database: Database) -> set[tuple[int, str, str]]:
    with database.reading() as session:
        told = select(Told.person_id, Told.subject, Told.status).where(Told.status != ToldStatus.SUPERSEDED)
        return {(person, subject, status.value) for person, subject, status in session.execute(told)}


def body(database: Database, person: Person) -> str:
    return digests(database, person)[-1].body_text or ""


def test_each_flow_writes_its_own_entries_and_joins_the_days_digest(
    database: Database, office: Office
) -> None:
    assert tell(database, office, Teller.ANNUAL_REPORT) == SweepCounts()
    assert tell(database, office, Teller.PROGRESS_SUMMARY).digests == 2
    assert "2026年5月通报" in body(database, office.leader)
    assert tell(database, office, Teller.SEMIANNUAL_REVIEW).told == 2
    assert "请报情况说明（1项）" in body(database, office.officer)
    assert "临期" not in body(database, office.officer)
    assert "上半年调度今天开启" in body(database, office.clerk)
    assert tell(database, office, Teller.CLOSURE_CHECK).added_to == 1
    assert "拟定后迟迟未下达（1项）" in body(database, office.clerk)
    assert "上半年调度今天开启" in body(database, office.clerk)
    assert tell(database, office, Teller.DAILY_REMINDERS).added_to == 1
    assert "临期（1项）" in body(database, office.officer)
    assert "半年调度情况说明（" in body(database, office.officer)  # each task is named once
    for person in (office.officer, office.clerk, office.leader, office.chief):
        assert len(digests(database, person)) == 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(tuple(Teller)), again=st.sampled_from(Teller))
def test_in_whatever_order_they_come_all_is_told_once(
    database: Database, office: Office, order: list[Teller], again: Teller
) -> None:
    with database.unit_of_work() as session:  # the morning comes again
        session.execute(delete(Told))
        session.execute(delete(OutboxMessage))
        session.execute(update(Summary).values(told_on=None))
    for teller in (*order, again):
        tell(database, office, teller)
    assert entries(database) == {
        (office.officer.id, "task", "told"),
        (office.officer.id, "review", "told"),
        (office.clerk.id, "note:semiannual_review", "told"),
        (office.clerk.id, "note:closure_check", "told"),
        (office.leader.id, "note:progress_summary", "told"),
        (office.chief.id, "note:progress_summary", "told"),
    }


def test_what_comes_after_the_digest_was_claimed_waits_for_the_next_working_day(
    database: Database, office: Office
) -> None:
    tell(database, office, Teller.SEMIANNUAL_REVIEW)
    with database.unit_of_work() as session:
        session.execute(update(OutboxMessage).values(status=OutboxStatus.SENT, frozen=b"gone"))
    counts = tell(database, office, Teller.CLOSURE_CHECK)
    assert (counts.told, counts.waiting) == (0, 1)
    assert "迟迟未下达" not in body(database, office.clerk)
    assert tell(database, office, Teller.CLOSURE_CHECK) == SweepCounts()
    assert tell(database, office, Teller.SEMIANNUAL_REVIEW, day=TUESDAY).told == 0  # not the one that waited
    assert tell(database, office, Teller.DAILY_REMINDERS, day=TUESDAY).told >= 1
    assert "拟定后迟迟未下达（1项）" in body(database, office.clerk)
    assert [message.day for message in digests(database, office.clerk)] == [MONDAY, TUESDAY]


def test_a_note_that_no_longer_holds_drops_out_before_it_is_sent(database: Database, office: Office) -> None:
    tell(database, office, Teller.SEMIANNUAL_REVIEW, Teller.CLOSURE_CHECK)
    [message] = digests(database, office.clerk)
    with database.unit_of_work() as session:
        draft = RectificationTask.status == Status.DRAFT
        code = session.scalars(select(RectificationTask.code).where(draft)).one()
        casework.archive(session, clock_on(MONDAY), acting(session, office.clerk, MONDAY), code, "仅存档")
    with database.unit_of_work() as session:
        recheck.check(session, HOUSE, recheck.unsent_by_id(session, [message.id]))
    assert "迟迟未下达" not in body(database, office.clerk)
    assert "上半年调度今天开启" in body(database, office.clerk)
    assert (office.clerk.id, "note:closure_check", "withdrawn") in entries(database)


def test_a_note_is_made_anew_before_it_is_sent(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        long_ago = date(2026, 4, 1)
        hidden, returned, waits = (
            make_task(session, office, kind=ItemKind.PLAN, status=Status.SUBMITTED, day=long_ago).code
            for _ in range(3)
        )
    tell(database, office, Teller.CLOSURE_CHECK)
    assert "等人办理过久（3项）" in body(database, office.clerk)
    with database.unit_of_work() as session:
        clock = clock_on(MONDAY)
        clerk, reviewer = (acting(session, each, MONDAY) for each in (office.clerk, office.reviewer))
        casework.correct(session, clock, clerk, hidden, "涉及个人", Correction(is_restricted=True))
        casework.return_(session, clock, reviewer, returned, "佐证不足")
    with database.unit_of_work() as session:
        recheck.check(session, HOUSE, recheck.unsent_by_id(session, [digests(database, office.clerk)[0].id]))
    said = body(database, office.clerk)
    assert "等人办理过久（1项）" in said
    assert waits in said
    assert hidden not in said
    assert returned not in said


def test_a_reviewer_hears_of_the_look_backs_that_are_his(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        closed = make_task(session, office, status=Status.CLOSED).code
        by = system(office.bureau.id, Channel.FLOW)
        casework.draw_look_backs(session, clock_on(date(2026, 7, 6)), by)
        due_on = session.scalars(select(LookBack.due_on)).one()
        monday = due_on - timedelta(days=due_on.weekday())
        sweep(session, clock_on(monday), [office.bureau.id], HOUSE, [Teller.CLOSURE_CHECK])
    [message] = digests(database, office.reviewer)
    assert message.subject == "【整改提醒】1项本周检查事项"
    assert closed in (message.body_text or "")
    assert "迟迟未下达" in body(database, office.clerk)
    assert "迟迟未下达" not in (message.body_text or "")
    with database.unit_of_work() as session:
        [checked] = recheck.check(session, HOUSE, recheck.unsent_by_id(session, [message.id]))
        assert checked.id == message.id


def test_a_digest_goes_when_the_reminders_have_run_and_not_before(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        now = database_now(session)
        soon = now + timedelta(hours=1)
        sweep(session, Clock(now, MONDAY), [office.bureau.id], HOUSE, ORDER, opens_at=soon)
    with database.unit_of_work() as session:
        assert not claims.has_work(session)
        assert open_digests(session, [office.bureau.id + 1000], MONDAY) == 0
        assert open_digests(session, [office.bureau.id], TUESDAY) == 0
        assert open_digests(session, [office.bureau.id], MONDAY) == 4
        assert open_digests(session, [office.bureau.id], MONDAY) == 0
    with database.unit_of_work() as session:
        claimed = claims.claim(session, HOUSE, lease=timedelta(minutes=1), limit=10)
        assert len(claimed.mails) == 4
        until = claimed.at + timedelta(hours=1)
        claims.postpone(session, claimed, claimed.mails[0], "稍后再试", until, keep_bytes=False)
        assert (
            open_digests(session, [office.bureau.id], MONDAY) == 0
        )  # a pause after a refusal is not a closed digest


def test_the_hour_at_which_digests_go_by_themselves() -> None:
    def at(hour: int, minute: int) -> datetime:
        return datetime(2026, 6, 1, hour, minute, tzinfo=HOUSE.zone)

    assert HOUSE.digests_open(at(7, 0).astimezone(UTC)) == at(9, 30)
    assert HOUSE.digests_open(at(9, 29)) == at(9, 30)
    assert HOUSE.digests_open(at(10, 0)) == at(10, 30)  # the flows that are caught up find it closed
    assert at(23, 50) < HOUSE.digests_open(at(23, 50)) < HOUSE.end_of_day(at(23, 50))


def test_the_simulation_names_the_flow_of_each_entry(database: Database, office: Office) -> None:
    with database.reading() as session:
        foretold = list(simulate(session, MONDAY, MONDAY))
    flows = {
        message.to: [task.flow for task in message.tasks] + [note.flow for note in message.notes]
        for message in foretold
    }
    for teller in ORDER:
        tell(database, office, teller)
    with database.reading() as session:
        told = session.execute(
            select(Person.login, Told.subject)
            .join(Person, Person.id == Told.person_id)
            .where(Told.status == ToldStatus.TOLD)
        ).all()
    written: dict[str, list[Teller]] = {}
    for login, subject in told:
        written.setdefault(login, []).append(teller_of(subject))
    assert {login: sorted(each) for login, each in flows.items()} == {
        login: sorted(each) for login, each in written.items()
    }
