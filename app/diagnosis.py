"""What a look at the installation finds: how much it matters, what it is, what to do."""

from dataclasses import dataclass
from datetime import datetime

from core.clock import Clock
from core.db import Database
from core.settings import Settings
from models.enums import Worded


class Level(Worded):
    """How much a finding matters: `problem` makes the command exit 1."""

    FINE = "fine", "正常"
    NOTE = "note", "留意"
    PROBLEM = "problem", "问题"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at; `todo` says what to do where it is not fine, `about` what part it is of."""

    level: Level
    what: str
    todo: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation looked at."""

    settings: Settings
    database: Database
    clock: Clock

    def moment(self, at: datetime) -> str:
        """A moment by the office's clock."""
        return f"{at.astimezone(self.settings.zone):%Y-%m-%d %H:%M}"
