"""The demonstration is of today and of this program; nothing else is ever thrown away."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from app.demo.making import make_demo
from app.demo.place import clear_outdated
from core.settings import Settings
from rectification.casework.opening import open_ledger
from rectification.office.units import add_bureau
from tests.factories import DAY, clock_on


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder with the demonstration of DAY."""
    settings = Settings(data_dir=tmp_path / "demo-data")
    database = open_ledger(settings, clock_on(DAY))
    make_demo(settings, database, clock_on(DAY))
    database.dispose()
    return settings.data_dir


def test_it_stays_for_its_day_and_is_thrown_away_on_the_next(made: Path) -> None:
    assert not clear_outdated(made, DAY)
    assert (made / "rectify.db").is_file()

    assert clear_outdated(made, DAY + timedelta(days=1))
    assert not made.exists()
    assert not clear_outdated(made, DAY)


def test_one_of_an_older_schema_is_thrown_away(made: Path) -> None:
    (made / "demonstration.txt").unlink()
    with sqlite3.connect(made / "rectify.db") as connection:
        connection.execute("ALTER TABLE rectification_task DROP COLUMN remark")

    assert clear_outdated(made, DAY)


def test_a_real_ledger_is_never_touched(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "real")
    database = open_ledger(settings, clock_on(DAY))
    with database.unit_of_work() as session:
        add_bureau(session, "云山县交通运输局")
    database.dispose()

    assert not clear_outdated(settings.data_dir, DAY)
    (settings.data_dir / "rectify.db").write_bytes(b"not a database")
    assert not clear_outdated(settings.data_dir, DAY)
    assert (settings.data_dir / "rectify.db").is_file()
