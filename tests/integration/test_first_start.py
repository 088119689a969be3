"""Several processes start at once on a PostgreSQL that holds nothing yet: each finds the ledger ready."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import Cluster

pytestmark = pytest.mark.integration
START = (
    "import sys\n"
    "from core.clock import read_clock\n"
    "from core.settings import load_settings\n"
    "from rectification.casework.opening import open_ledger\n"
    "settings = load_settings()\n"
    "clock = read_clock(settings.zone)\n"
    "print(flush=True)\n"
    "sys.stdin.readline()\n"  # all are there before one begins
    "open_ledger(settings, clock).dispose()\n"
)


@pytest.mark.parametrize("attempt", [1, 2])
def test_three_at_once_on_an_empty_database_all_start(cluster: Cluster, tmp_path: Path, attempt: int) -> None:
    name = cluster.create()
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", START],
            env=os.environ
            | {"RECTIFY_DATA_DIR": str(tmp_path / str(number)), "RECTIFY_DATABASE_URL": cluster.url(name)},
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    for process in starting:
        assert process.stdout is not None
        process.stdout.readline()
    for process in starting:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120)[1] for process in starting]
    assert [process.returncode for process in starting] == [0, 0, 0], said
    cluster.drop(name)
