"""The days of the demonstration: what was done is done in the order of its days, on working days, up to today; and which
half-year was heard, and which one runs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Final

from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from core.workdays import WorkCalendar
from rectification.halfyear.review_days import CycleDays, cycle_days, term_of
from rectification.office.settings import Policy

Deed = Callable[[Session, Clock], object]
HEARD_AFTER: Final = 12
"""Working days from a half-year's cut-off to the meeting that hears it."""


class Diary:
    """What is still to be done, the next first; a deed may note others of later days."""

    def __init__(self, today: date, workdays: WorkCalendar) -> None:
        self.today = today
        self.workdays = workdays
        self._noted: list[tuple[date, bool, int, Deed]] = []
        self._number = count()

    def on(self, day: date, deed: Deed, *, closes_day: bool = False) -> None:
        """Note a deed for the last working day by `day`, after its others where it `closes_day`; none is done of a day to come."""
        if day <= self.today:
            heappush(self._noted, (self.workdays.on_or_before(day), closes_day, next(self._number), deed))

    def live(self, database: Database) -> None:
        """Do it all, each day in a unit of work of its own: what is frozen stands on the history before it."""
        while self._noted:
            day = self._noted[0][0]
            with database.unit_of_work() as session:
                while self._noted and self._noted[0][0] == day:
                    heappop(self._noted)[-1](session, clock_on(day))


def clock_on(day: date) -> Clock:
    """A quarter past ten in the morning of `day`."""
    return Clock(now=datetime.combine(day, time(2, 15), UTC), today=day)


@dataclass(frozen=True, slots=True)
class HalfYears:
    """The last half-year whose meeting has been by today, the day of that meeting, and the half-year after it."""

    heard: CycleDays
    heard_on: date
    running: CycleDays


def half_years(today: date, policy: Policy, workdays: WorkCalendar) -> HalfYears:
    """The two half-years the demonstration tells of."""
    running = cycle_days(term_of(today, policy.review_cadence), policy, workdays)
    while True:
        before = term_of(running.starts_on - timedelta(days=1), policy.review_cadence)
        heard = cycle_days(before, policy, workdays)
        heard_on = workdays.shift(heard.cut_off_on, HEARD_AFTER)
        if heard_on <= today:
            return HalfYears(heard, heard_on, running)
        running = heard
