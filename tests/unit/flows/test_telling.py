"""The flows that write a day's digests, run as the embedded engine runs them."""

from datetime import date

import pytest
from sqlalchemy import select

from core.db import database_now
from flows.runner import run_job
from models.mail import OutboxMessage
from notifications import claims
from tasks.workplace import Workplace
from tests.factories import Office, make_bureau, make_draft

MONDAY = date(2026, 3, 23)


@pytest.fixture
def office(place: Workplace) -> Office:
    """A draft has lain since 2 March: the week's look at closings tells the clerk."""
    with place.database.unit_of_work() as session:
        office = make_bureau(session)
        make_draft(session, office)
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
