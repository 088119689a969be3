"""An office whose digests wait to be sent, and claims on them."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.db import Database, database_now
from core.settings import Settings
from models.mail import OutboxMessage
from notifications import claims
from notifications.claims import Claim
from notifications.letterhead import Letterhead
from notifications.sweep import sweep
from tests.factories import Office, clock_on, make_bureau, make_task

LEASE = timedelta(minutes=3)
Take = Callable[..., Claim]


def rows(database: Database) -> list[OutboxMessage]:
    with database.reading() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, mail_from="整改台账 <r@office.gov.cn>", mail_timeout_seconds=5)


@pytest.fixture
def office(database: Database, house: Settings) -> Office:
    """An office whose officer and head each have a digest that waits to be sent."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office)
    with database.unit_of_work() as session:
        clock = clock_on(date(2026, 7, 1))
        now = database_now(session)
        sweep(session, type(clock)(now, clock.today), [office.bureau.id], Letterhead.of(house))
    return office


@pytest.fixture
def take(database: Database, house: Settings, office: Office) -> Take:
    def take(lease: timedelta = LEASE, limit: int = 10) -> Claim:
        with database.unit_of_work() as session:
            return claims.claim(session, Letterhead.of(house), lease=lease, limit=limit)

    return take
