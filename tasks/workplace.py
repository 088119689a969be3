"""Where a step finds its settings and its ledger: the same in a worker process and in the program itself."""

import gc
from dataclasses import dataclass
from datetime import date
from functools import cache

from core.clock import Clock, read_clock
from core.db import Database
from core.settings import Settings, load_settings
from documents.template_files import stand_in
from models.processes import must_share_folder, take_part
from rectification.casework.opening import open_ledger


@dataclass(frozen=True)
class Workplace:
    """One process's settings and ledger."""

    settings: Settings
    database: Database

    def with_files(self) -> Settings:
        """The settings, to read or write files of the data folder by.

        Raises: OtherFolder, where it is not the one of all other processes.
        """
        with self.database.reading() as session:
            must_share_folder(session, self.settings.data_dir)
        return self.settings

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
    place = Workplace(settings, open_ledger(settings, read_clock(settings.zone)))
    take_part(place.database, settings, "run")
    return place
