"""The review's request and the leaders' monthly figures go out in the one digest of a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from core.db import Database
from models.enums import Cadence, OutboxStatus
from models.mail import OutboxMessage, Told
from models.organisation import Person
from notifications import recheck
from notifications.letterhead import Letterhead
from notifications.sweep import sweep
from notifications.tellers import Teller
from rectification import casework
from rectification.casework import IssueOrder
from rectification.halfyear import cycles, freezing
from rectification.halfyear.daily_look import open_reviews
from rectification.halfyear.review_days import Term
from rectification.halfyear.summary_versions import keep_summaries
from tests.factories import UNMEASURED, Office, acting, actor, clock_on, make_bureau, make_task

HOUSE = Letterhead("http://ledger.test", "整改台账 <rectify@office.gov.cn>", True, ZoneInfo("Asia/Shanghai"))
OPENS = date(2026, 6, 1)


@pytest.fixture
def office(database: Database) -> Office:
    """A bureau with two tasks of one officer, due at the year's end."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        for _ in range(2):
            make_task(session, office, order=replace(UNMEASURED, due_on=date(2026, 12, 31)))
        return office


def morning(database: Database, office: Office, day: date) -> None:
    """What the jobs do on a day, in their order."""
    with database.unit_of_work() as session:
        open_reviews(session, clock_on(day), [office.bureau.id])
    with database.unit_of_work() as session:
        sweep(session, clock_on(day), [office.bureau.id], HOUSE)


def outbox(database: Database) -> Sequence[OutboxMessage]:
    with database.reading() as session:
        return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


def told(database: Database) -> int:
    """How many entries of tasks."""
    with database.reading() as session:
        return session.scalar(select(func.count(Told.task_id))) or 0


def sent(database: Database) -> None:
    """What stands in the outbox has gone."""
    with database.unit_of_work() as session:
        queued = OutboxMessage.status == OutboxStatus.QUEUED
        session.execute(update(OutboxMessage).where(queued).values(status=OutboxStatus.SENT))


def test_one_digest_asks_for_all_statements_and_a_rerun_adds_nothing(
    database: Database, office: Office
) -> None:
    for _ in range(3):
        morning(database, office, OPENS)
    message, to_clerk = sorted(outbox(database), key=lambda each: each.person_id != office.officer.id)
    assert message.person_id == office.officer.id
    assert message.subject == "【整改提醒】2项情况说明待报"
    assert "请报情况说明（2项）" in (message.body_text or "")
    assert "2026年6月23日" in (message.body_text or "")
    assert told(database) == 2
    assert to_clerk.person_id == office.clerk.id
    assert to_clerk.subject == "【整改提醒】1项调度事项，2项本周检查事项"
    assert "2026年上半年调度今天开启" in (to_clerk.body_text or "")


def test_after_missed_days_the_silent_are_chased_once_and_the_others_left_alone(
    database: Database, office: Office
) -> None:
    morning(database, office, OPENS)
    day = date(2026, 6, 10)
    with database.unit_of_work() as session:
        code = make_task(session, office, order=IssueOrder(due_on=date(2026, 12, 31))).code
        casework.progress(session, clock_on(day), acting(session, office.officer, day), code, "已完成初稿。")
    morning(database, office, date(2026, 6, 18))
    last = [each for each in outbox(database) if each.person_id == office.officer.id][-1]
    assert last.subject == "【整改提醒】2项情况说明待报"
    assert code not in (last.body_text or "")


def test_once_frozen_nobody_is_asked_any_more(database: Database, office: Office) -> None:
    morning(database, office, OPENS)
    with database.unit_of_work() as session:
        cycle = cycles.cycle_named(session, office.bureau.id, Term(Cadence.HALF_YEARLY, 2026, 1))
        freezing.freeze(session, clock_on(date(2026, 6, 30)), actor(session, office.clerk), cycle)
    sent(database)
    before = len(outbox(database))
    for day in (date(2026, 7, 1), date(2026, 7, 7)):
        morning(database, office, day)
    assert [(m.person_id, m.day, m.subject) for m in outbox(database)][before:] == []


def test_leaders_get_the_months_figures_once_and_a_link(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        keep_summaries(session, clock_on(date(2026, 5, 6)), office.bureau.id)
    for _ in range(2):
        morning(database, office, date(2026, 5, 7))
    with database.unit_of_work() as session:
        unsent = recheck.unsent_by_id(session, [each.id for each in outbox(database)])
        assert len(recheck.check(session, HOUSE, unsent)) == 2
    sent(database)
    morning(database, office, date(2026, 5, 8))
    messages = outbox(database)
    assert {message.person_id for message in messages} == {office.chief.id, office.leader.id}
    message = messages[0]
    assert message.subject == "【整改提醒】整改进展"
    said = message.body_text or ""
    assert "2026年4月通报（全局）：本期问题2项，已销号0项，超期0项" in said
    assert "；全局全部在账问题2项，已销号0项，工作任务" in said
    assert "http://ledger.test/summaries/2026-04" in said
    assert "案卷" not in said


def test_figures_that_never_went_stand_in_the_next_digest(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        keep_summaries(session, clock_on(date(2026, 5, 6)), office.bureau.id)
    for day in (date(2026, 5, 7), date(2026, 5, 8)):
        morning(database, office, day)
    messages = [each for each in outbox(database) if each.person_id == office.leader.id]
    assert [each.status for each in messages] == [OutboxStatus.SUPERSEDED, OutboxStatus.QUEUED]
    assert "2026年4月通报" in (messages[-1].body_text or "")


def test_after_a_freeze_leaders_get_the_half_years_figures_and_a_link(
    database: Database, office: Office
) -> None:
    term = Term(Cadence.HALF_YEARLY, 2026, 1)
    frozen, made, told_on = date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2)
    with database.unit_of_work() as session:
        cycle = cycles.open_review(session, clock_on(OPENS), actor(session, office.clerk), term)
        freezing.freeze(session, clock_on(frozen), actor(session, office.clerk), cycle)
        assert len(keep_summaries(session, clock_on(made), office.bureau.id)) == 2
        assert keep_summaries(session, clock_on(made), office.bureau.id) == []
    for day in (told_on, told_on, date(2026, 7, 3)):
        morning(database, office, day)
        sent(database)
    message, _ = messages = outbox(database)
    assert {message.person_id for message in messages} == {office.chief.id, office.leader.id}
    said = message.body_text or ""
    assert "2026年上半年通报（全局）：本期问题2项，已销号0项，超期0项" in said
    assert "http://ledger.test/summaries/terms/2026-06-30" in said
    assert "http://ledger.test/summaries/2026-06" in said
    assert "案卷" not in said


@pytest.mark.parametrize("has_gone", [False, True])
def test_a_page_made_after_the_days_bulletin_is_told_the_next_day(
    database: Database, office: Office, has_gone: bool
) -> None:
    day, next_day = date(2026, 7, 1), date(2026, 7, 2)

    def bulletin(on: date) -> str:
        with database.unit_of_work() as session:
            keep_summaries(session, clock_on(on), office.bureau.id)
            sweep(session, clock_on(on), [office.bureau.id], HOUSE, [Teller.PROGRESS_SUMMARY])
            mine = select(OutboxMessage).where(OutboxMessage.person_id == office.leader.id)
            newest = session.scalars(mine.order_by(OutboxMessage.day.desc())).first()
            assert newest is not None
            recheck.check(session, HOUSE, recheck.unsent_by_id(session, [newest.id] if not has_gone else []))
            session.refresh(newest)
            return newest.body_text or ""

    def freeze() -> None:
        with database.unit_of_work() as session:
            cycle = cycles.cycle_named(session, office.bureau.id, Term(Cadence.HALF_YEARLY, 2026, 1))
            freezing.freeze(session, clock_on(day), actor(session, office.clerk), cycle)

    with database.unit_of_work() as session:
        cycles.open_review(
            session, clock_on(OPENS), actor(session, office.clerk), Term(Cadence.HALF_YEARLY, 2026, 1)
        )
    assert "2026年6月通报" in bulletin(day)
    if has_gone:
        sent(database)
    freeze()
    assert "上半年通报" not in bulletin(day)
    sent(database)
    said = bulletin(next_day)
    assert "2026年上半年通报" in said
    assert "2026年6月通报" not in said


def test_a_page_nobody_was_told_of_stays_untold(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        keep_summaries(session, clock_on(date(2026, 5, 6)), office.bureau.id)
        for person in (office.leader, office.chief):
            session.get_one(Person, person.id).wants_mail = False
    morning(database, office, date(2026, 5, 7))
    with database.unit_of_work() as session:
        session.get_one(Person, office.leader.id).wants_mail = True
    morning(database, office, date(2026, 5, 8))
    [message] = [each for each in outbox(database) if each.person_id == office.leader.id]
    assert "2026年4月通报" in (message.body_text or "")
