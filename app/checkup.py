"""The slow looks at the installation, kept with their moment: pages show what they found last, and wait for none."""

import threading
from contextlib import suppress
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter, ValidationError

from app.doctor import SLOW, Diagnosis, Patient, examine
from core.settings import Settings

_FILE: Final = "checkup.json"
_KEPT: Final = TypeAdapter(tuple[datetime, list[Diagnosis]])


def look_closely(patient: Patient) -> list[Diagnosis]:
    """Make the slow checks now, and keep what they find where that can be written."""
    found = list(examine(patient, SLOW))
    with suppress(OSError):
        (patient.settings.data_dir / _FILE).write_bytes(_KEPT.dump_json((patient.clock.now, found)))
    return found


def last_checkup(settings: Settings) -> tuple[datetime, list[Diagnosis]] | None:
    """When they were made last, and what they found; nothing where that cannot be read."""
    try:
        return _KEPT.validate_json((settings.data_dir / _FILE).read_bytes())
    except (OSError, ValidationError):
        return None


def begin(patient: Patient) -> None:
    """Make them in the background, unless that is being done."""
    if not is_at_work():
        threading.Thread(target=look_closely, args=(patient,), name=_FILE, daemon=True).start()


def is_at_work() -> bool:
    """Whether this process is at it."""
    return any(thread.name == _FILE for thread in threading.enumerate())
