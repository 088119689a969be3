"""Where the demonstration lives: a folder of its own, whatever the environment says of the real ledger."""

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final

import models

FOLDER: Final = Path("demo-data")
_KEPT: Final = frozenset({"RECTIFY_TIMEZONE", "RECTIFY_HOST", "RECTIFY_PORT"})
_LABEL: Final = "demonstration.txt"


def move_in() -> None:
    """Let this process, and all it runs, know no other ledger and no mail server."""
    for name in [name for name in os.environ if name.startswith("RECTIFY_") and name not in _KEPT]:
        del os.environ[name]
    os.environ["RECTIFY_DATA_DIR"] = str(FOLDER.resolve())


def clear_outdated(folder: Path, today: date) -> bool:
    """Throw away a demonstration of another day or another program: its dates stand around the day it was made.

    Returns whether there was one. A ledger that is not known to be a demonstration is never touched.
    """
    label = folder / _LABEL
    if label.exists() and label.read_text(encoding="utf-8") == _made_of(today):
        return False
    if not label.exists() and not _holds_demonstration(folder / "rectify.db"):
        return False
    shutil.rmtree(folder)
    return True


def label(folder: Path, today: date) -> None:
    """Write down of what day and what program the demonstration is."""
    (folder / _LABEL).write_text(_made_of(today), encoding="utf-8")


def _made_of(today: date) -> str:
    """The day, and a hash of schema and story."""
    story, schema = Path(__file__).parent, Path(models.__path__[0]) / "migrations" / "versions"
    parts = sorted([*(each for each in story.iterdir() if each.is_file()), *schema.glob("*.py")])
    told = hashlib.sha256(b"".join(part.read_bytes() for part in parts))
    return f"{today.isoformat()} {told.hexdigest()}"


def _holds_demonstration(ledger: Path) -> bool:
    """Asked of the file itself: its schema may be one this program no longer reads."""
    if not ledger.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{ledger.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT 1 FROM bureau_setting WHERE key = 'is_demo' LIMIT 1")
            return found.fetchone() is not None
    except sqlite3.Error:
        return False
