"""What every test may ask for: an empty migrated ledger, on either database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db import Database
from models import schema
from tests.postgres import Cluster, running_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of our own."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)],
)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty ledger at the newest schema stands; a test that asks runs once on each database."""
    if request.param == "sqlite":
        ledger = tmp_path / "rectify.db"
        shutil.copy(request.getfixturevalue("_sqlite_template"), ledger)
        yield f"sqlite:///{ledger}"
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        name = cluster.create(template=request.getfixturevalue("_postgresql_template"))
        yield cluster.url(name)
        cluster.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty ledger at the newest schema; a test that asks runs once on each database."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ledger = tmp_path_factory.mktemp("template") / "rectify.db"
    _migrate(f"sqlite:///{ledger}")
    return ledger


@pytest.fixture(scope="session")
def _postgresql_template(cluster: Cluster) -> str:
    name = cluster.create(name="template_rectify")
    _migrate(cluster.url(name))
    return name


def _migrate(url: str) -> None:
    database = Database(url)
    schema.upgrade(database)
    database.dispose()
