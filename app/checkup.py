"""The slow looks at the installation, kept with their moment: nobody waits for them, and pages show what they found last."""

import logging
from datetime import datetime
from pathlib import Path
from threading import Lock, Thread
from typing import Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from app.diagnosis import Diagnosis, Patient
from app.doctor import examine
from core.settings import Settings

log = logging.getLogger("rectify.checkup")


class Checkup(NamedTuple):
    """What was found, and when."""

    at: datetime
    found: list[Diagnosis]


_KEPT: Final = TypeAdapter(Checkup)
_AT_WORK: Final = Lock()


def look_closely(patient: Patient) -> list[Diagnosis]:
    """Make the slow checks now, and keep what they find."""
    found = list(examine(patient, is_slow=True))
    file = _file(patient.settings)
    with_new = file.with_suffix(".new")
    with_new.write_bytes(_KEPT.dump_json(Checkup(patient.clock.now, found)))
    with_new.replace(file)
    return found


def last_checkup(settings: Settings) -> Checkup | None:
    """What they found last; nothing where that cannot be read."""
    try:
        return _KEPT.validate_json(_file(settings).read_bytes())
    except (OSError, ValidationError):
        return None


def is_at_work() -> bool:
    """Whether this process is at it."""
    return _AT_WORK.locked()


def begin(patient: Patient) -> None:
    """Make them in the background, unless that is being done."""
    if _AT_WORK.acquire(blocking=False):
        Thread(target=_work, args=(patient,), name="checkup", daemon=True).start()


def _work(patient: Patient) -> None:
    try:
        look_closely(patient)
    except Exception:
        log.exception("the checkup broke off")
    finally:
        _AT_WORK.release()


def _file(settings: Settings) -> Path:
    return settings.data_dir / "checkup.json"
