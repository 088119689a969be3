"""What every test may ask for: an empty migrated ledger, on either database."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from core.db import Database
from models import schema
from tasks.workplace import Workplace, workplace
from tests.engines import share_compiled_statements
from tests.postgres import Cluster, Ledgers, running_cluster

PREFECT_HOME = tempfile.mkdtemp(prefix="rectify-prefect-")
os.environ |= {"PREFECT_HOME": PREFECT_HOME, "DO_NOT_TRACK": "1"}  # before anything imports Prefect

share_compiled_statements()

pytest_plugins = ("tests.cli",)

# Machines are shared: no test fails for being slow. In CI the same examples run every time.
settings.register_profile(
    "rectify",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.register_profile(  # one failing example is enough to notice a mutant
    "mutants",
    settings.get_profile("rectify"),
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile("rectify")


def pytest_unconfigure() -> None:
    """Whatever imported Prefect left its files in a folder that goes with the session."""
    shutil.rmtree(PREFECT_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of our own."""
    with running_cluster() as cluster:
        yield cluster


POSTGRESQL_NIGHTLY = pytest.mark.parametrize(
    "database_url",
    ["sqlite", pytest.param("postgresql", marks=[pytest.mark.integration, pytest.mark.nightly])],
    indirect=True,
)
"""For tests of many pages that ask nothing of the database which others do not: on PostgreSQL by night."""

SQLITE_AND_POSTGRESQL = ["sqlite", pytest.param("postgresql", marks=pytest.mark.integration)]


@pytest.fixture
def new_ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes an empty ledger at the newest schema on "sqlite" or "postgresql" and tells its URL."""
    made: list[str] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return _copied(request.getfixturevalue("_sqlite_template"), tmp_path)
        cluster: Cluster = request.getfixturevalue("cluster")
        ledgers: Ledgers = request.getfixturevalue("_postgresql_ledgers")
        made.append(ledgers.take())
        return cluster.url(made[-1])

    yield make
    for name in made:
        request.getfixturevalue("_postgresql_ledgers").give_back(name)


@pytest.fixture(params=SQLITE_AND_POSTGRESQL)
def database_url(request: pytest.FixtureRequest, new_ledger: Callable[[str], str]) -> str:
    """Where an empty ledger at the newest schema stands; a test that asks runs once on each database."""
    return new_ledger(request.param)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty ledger at the newest schema; a test that asks runs once on each database."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def place(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    """The workplace steps find in this process: an empty ledger and a data folder of its own."""
    monkeypatch.setenv("RECTIFY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("RECTIFY_DATABASE_URL", database_url)
    workplace.cache_clear()
    place = workplace()
    yield place
    place.database.dispose()
    workplace.cache_clear()


@pytest.fixture(scope="session")
def new_sqlite_ledger(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Makes an empty ledger on SQLite for several tests that change nothing in it."""
    return lambda: _copied(_sqlite_template, tmp_path_factory.mktemp("shared"))


def _copied(template: Path, folder: Path) -> str:
    ledger = Path(tempfile.mkdtemp(dir=folder, prefix="ledger-")) / "rectify.db"
    shutil.copy(template, ledger)
    return f"sqlite:///{ledger}"


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ledger = tmp_path_factory.mktemp("template") / "rectify.db"
    _migrate(f"sqlite:///{ledger}")
    return ledger


@pytest.fixture(scope="session")
def _postgresql_ledgers(cluster: Cluster) -> Ledgers:
    name = cluster.create(name="template_rectify")
    _migrate(cluster.url(name))
    return Ledgers(cluster, name)


def _migrate(url: str) -> None:
    database = Database(url)
    schema.upgrade(database)
    database.dispose()
