"""Where a step finds its settings and its ledger: the same in a worker process and in the program itself."""

import gc
from dataclasses import dataclass
from datetime import date
from functools import cache

from core.clock import Clock, read_clock
from core.db import Database
from core.settings import Settings, load_settings
from documents.template_files import stand_in
from rectification.casework.opening import open_ledger


@dataclass(frozen=True)
class Workplace:
    """One process's settings and ledger."""

    settings: Settings
    database: Database

    def clock(self, day: date | None = None) -> Clock:
        """The present moment; `day` stands in for the business day."""
        return read_clock(self.settings.zone, on=day)


@cache
def workplace() -> Workplace:
    """This process's workplace, made at the first step from RECTIFY_* and kept.

    Raises: Misconfigured, where settings, data folder or schema do not fit.
    """
    settings = load_settings()
    stand_in(settings.template_dir)
    gc.freeze()  # what is imported stays: a long step's collections need not walk through it over and over
    return Workplace(settings, open_ledger(settings, read_clock(settings.zone)))
