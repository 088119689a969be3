"""The pages written from the tables say what the tables say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_pages_written_from_tables_are_current() -> None:
    found = subprocess.run(
        [sys.executable, ROOT / "docs" / "make_tables.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, "")
