"""The slow looks at the installation, kept with their moment: pages show what they found last, and wait for none."""

import threading
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter, ValidationError

from app.doctor import SLOW, Diagnosis, Patient, examine
from core.settings import Settings

_FILE: Final = "checkup.json"
Checkup = tuple[datetime, list[Diagnosis]]
_KEPT: Final[TypeAdapter[Checkup]] = TypeAdapter(Checkup)


def look_closely(patient: Patient) -> list[Diagnosis]:
    """Make the slow checks now, and keep what they find."""
    found = list(examine(patient, SLOW))
    kept = _KEPT.dump_json((patient.clock.now, found))
    (patient.settings.data_dir / _FILE).write_bytes(kept)
    return found


def last_checkup(settings: Settings) -> Checkup | None:
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
