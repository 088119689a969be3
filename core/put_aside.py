"""Files put aside until they are taken in: each in a folder of its own, under its own name, known by its bytes' hash."""

import hashlib
import os
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core.files import tidy_name

_KEY: Final = re.compile(r"[0-9a-f]{64}")


def put_aside(folder: Path, name: str, content: bytes, now: datetime) -> tuple[str, Path]:
    """Keep a file in `folder` from `now` on; returns the key it is found by, and where it stands."""
    key = hashlib.sha256(content).hexdigest()
    shutil.rmtree(folder / key, ignore_errors=True)
    (folder / key).mkdir(parents=True, mode=0o700)
    place = folder / key / tidy_name(name)
    place.write_bytes(content)
    os.utime(folder / key, (now.timestamp(), now.timestamp()))
    return key, place


def find_aside(folder: Path, key: str) -> Path | None:
    """The file put aside under `key`, byte for byte; None where it is not."""
    found = next((folder / key).iterdir(), None) if _KEY.fullmatch(key) and (folder / key).is_dir() else None
    if found is None or hashlib.sha256(found.read_bytes()).hexdigest() != key:
        return None
    return found


def drop_aside(place: Path) -> None:
    """It was taken in, or waited too long."""
    shutil.rmtree(place.parent, ignore_errors=True)


def is_stale(place: Path, now: datetime, kept: timedelta) -> bool:
    """Whether the file has waited longer than `kept`."""
    return now.timestamp() - place.parent.stat().st_mtime > kept.total_seconds()


def drop_stale(folder: Path, now: datetime, kept: timedelta) -> int:
    """Drop what has waited in `folder` longer than `kept`; how many files."""
    stale = [place for place in folder.glob("*/*") if is_stale(place, now, kept)]
    for place in stale:
        drop_aside(place)
    return len(stale)
