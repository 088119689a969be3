"""The flows that write a day's digests, run as the embedded engine runs them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from core.db import database_now
from flows.runner import run_job
from models.enums import OutboxStatus
from models.job import JobRun
from models.mail import OutboxMessage
from notifications import claims
from rectification.casework import IssueOrder
from tasks.workplace import Workplace
from tests.factories import Office, make_bureau, make_draft, make_task

MONDAY = date(2026, 3, 23)


@pytest.fixture
def office(place: Workplace) -> Office:
    """A draft has lain since 2 March: the week's look at closings tells the clerk."""
    with place.database.unit_of_work() as session:
        office = make_bureau(session)
        make_draft(session, office)
        make_task(session, office, order=IssueOrder(due_on=date(2027, 3, 31)))
    return office


def rows_of(place: Workplace, person_id: int) -> list[OutboxMessage]:
    with place.database.reading() as session:
        mine = OutboxMessage.person_id == person_id
        return list(session.scalars(select(OutboxMessage).where(mine).order_by(OutboxMessage.id)))


def test_a_digest_written_before_the_reminders_waits_for_them(place: Workplace, office: Office) -> None:
    run_job("closure_check", {"day": MONDAY})
    with place.database.reading() as session:
        [message] = rows_of(place, office.clerk.id)
        assert message.next_attempt_at > database_now(session)
        assert not claims.has_work(session)


def test_a_digest_made_after_the_reminders_have_run_goes_at_once(place: Workplace, office: Office) -> None:
    run_job("daily_reminders", {"day": MONDAY})
    run_job("closure_check", {"day": MONDAY})
    with place.database.reading() as session:
        [message] = rows_of(place, office.clerk.id)
        assert message.next_attempt_at <= database_now(session)
        assert claims.has_work(session)


def said_to(place: Workplace, person_id: int, day: date) -> str:
    return "".join(row.body_text or "" for row in rows_of(place, person_id) if row.day == day)


def test_the_weeks_check_that_missed_its_monday_is_made_on_the_next_day_and_once(
    place: Workplace, office: Office
) -> None:
    before, tuesday, wednesday = MONDAY - timedelta(days=7), date(2026, 3, 24), date(2026, 3, 25)
    assert run_job("closure_check", {"day": before}).is_due
    assert run_job("closure_check", {"day": tuesday}).shards == 1
    assert "拟定后迟迟未下达（1项）" in said_to(place, office.clerk.id, tuesday)
    assert not run_job("closure_check", {"day": wednesday}).is_due
    assert said_to(place, office.clerk.id, wednesday) == ""
    assert run_job("closure_check", {"day": MONDAY + timedelta(days=7)}).is_due
    with place.database.unit_of_work() as session:
        other = make_bureau(session, "云山县水利局", prefix="w-")
    assert run_job("closure_check", {"day": date(2026, 3, 31)}).shards == 1  # for the bureau that is new
    with place.database.reading() as session:
        last = select(JobRun.bureau_ids).where(JobRun.day == date(2026, 3, 31))
        assert session.scalars(last).all() == [[other.bureau.id]]


def test_the_clerk_hears_of_a_review_that_was_opened_a_day_late(place: Workplace, office: Office) -> None:
    run_job("semiannual_review", {"day": date(2026, 5, 29)})
    late = date(2026, 6, 2)  # the window came on the day before
    run_job("semiannual_review", {"day": late})
    assert "2026年上半年调度今天开启" in said_to(place, office.clerk.id, late)
    run_job("semiannual_review", {"day": date(2026, 6, 3)})
    assert "开启" not in said_to(place, office.clerk.id, date(2026, 6, 3))


def test_a_call_to_freeze_of_a_missed_monday_is_heard_on_the_next_day_and_once(
    place: Workplace, office: Office
) -> None:
    run_job("semiannual_review", {"day": date(2026, 7, 3)})
    late, next_day = date(2026, 7, 7), date(2026, 7, 8)
    run_job("semiannual_review", {"day": late})
    assert "还没有冻结" in said_to(place, office.clerk.id, late)
    run_job("semiannual_review", {"day": next_day})
    assert "还没有冻结" not in said_to(place, office.clerk.id, next_day)


def test_a_stage_of_a_missed_day_is_heard_on_the_next(place: Workplace, office: Office) -> None:
    run_job("annual_report", {"day": date(2026, 12, 18), "allow_future": True})
    late = date(2026, 12, 23)
    run_job("annual_report", {"day": late, "allow_future": True})
    assert "征集材料”期限2026年12月31日，还有6个工作日" in said_to(place, office.clerk.id, late)
    run_job("annual_report", {"day": date(2026, 12, 24), "allow_future": True})
    assert "征集材料" not in said_to(place, office.clerk.id, date(2026, 12, 24))


def test_mail_that_did_not_arrive_is_heard_of_after_a_missed_day(place: Workplace, office: Office) -> None:
    run_job("closure_check", {"day": MONDAY})
    run_job("daily_reminders", {"day": MONDAY})
    with place.database.unit_of_work() as session:
        session.execute(update(OutboxMessage).values(status=OutboxStatus.UNDELIVERED))
    wednesday = date(2026, 3, 25)
    run_job("daily_reminders", {"day": wednesday})
    assert "1封邮件未送达" in said_to(place, office.clerk.id, wednesday)
