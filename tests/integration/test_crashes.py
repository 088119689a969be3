"""Nobody is told twice or not at all, whatever is killed: `RECTIFY_CRASH_ROUNDS=500` runs it long."""

import os
from pathlib import Path
from typing import Final

import pytest

from core.db import Database
from models import schema
from tests.integration.crashing import PEOPLE, Harness, Outcome
from tests.postgres import running_cluster

ROUNDS: Final = int(os.environ.get("RECTIFY_CRASH_ROUNDS", "6"))


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(60 + 30 * ROUNDS)
@pytest.mark.parametrize("senders", [1, 2, 4])
def test_no_digest_is_lost_or_doubled(
    database: Database, database_url: str, tmp_path: Path, senders: int, capsys: pytest.CaptureFixture[str]
) -> None:
    harness = Harness(database_url, tmp_path, senders=senders, seed=senders)
    with harness.running():
        outcome = harness.run(database, ROUNDS)
    told(capsys, f"{'sqlite' if database.is_sqlite else 'postgresql'}, {senders} senders", outcome)


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.timeout(60 + 30 * ROUNDS)
def test_nor_where_the_database_is_restarted_meanwhile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_cluster() as cluster:
        url = cluster.url(cluster.create())
        with Database(url) as database:
            schema.upgrade(database)
            harness = Harness(url, tmp_path, senders=2, seed=7)
            with harness.running():
                outcome = harness.run(database, ROUNDS, cluster.restart)
    told(capsys, "postgresql restarted, 2 senders", outcome)
    assert outcome.restarts > 0


def told(capsys: pytest.CaptureFixture[str], what: str, outcome: Outcome) -> None:
    """Everything arrived that could; print what happened on the way."""
    with capsys.disabled():
        print(f"\n{what}: {outcome}")
    assert outcome.messages == (PEOPLE - 1) * ROUNDS
    assert outcome.refused == outcome.rounds == ROUNDS
