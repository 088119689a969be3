"""Many rows asked for at once, on both databases."""

from sqlalchemy import select

from core.bulk import among
from core.db import Database
from models.organisation import Unit
from tests.factories import make_bureau


def test_more_ids_than_a_statement_has_places_for_are_one_question(database: Database) -> None:
    with database.unit_of_work() as session:
        bureau = make_bureau(session).bureau.id
    with database.reading() as session:
        found = session.scalars(
            select(Unit.id).where(among(session, Unit.id, range(bureau, bureau + 300_000)))
        )
        assert bureau in found.all()
        assert session.scalars(select(Unit.id).where(among(session, Unit.id, []))).all() == []
