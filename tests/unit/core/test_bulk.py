"""Many rows at once, on both databases."""

from datetime import date

from sqlalchemy import select

from core.bulk import among, insert_rows
from core.db import Database
from models.base import Base
from models.calendar import CalendarDay
from models.organisation import Unit
from tests.factories import make_bureau

COLUMNS = ("day", "is_workday", "name")


def test_more_ids_than_a_statement_has_places_for_are_one_question(database: Database) -> None:
    with database.unit_of_work() as session:
        bureau = make_bureau(session).bureau.id
    with database.reading() as session:
        found = session.scalars(
            select(Unit.id).where(among(session, Unit.id, range(bureau, bureau + 300_000)))
        )
        assert bureau in found.all()
        assert session.scalars(select(Unit.id).where(among(session, Unit.id, []))).all() == []


def test_rows_go_in_as_they_are(database: Database) -> None:
    rows = [(date(2031, 1, 1), False, "元旦\t“一”\\\n二"), (date(2031, 1, 2), True, "")]
    with database.unit_of_work() as session:
        insert_rows(session, Base.metadata.tables["calendar_day"], COLUMNS, rows)
        insert_rows(session, Base.metadata.tables["calendar_day"], COLUMNS, [])
    with database.reading() as session:
        days = session.scalars(
            select(CalendarDay).where(CalendarDay.day >= date(2031, 1, 1)).order_by(CalendarDay.day)
        )
        assert [(each.day, each.is_workday, each.name) for each in days] == rows
