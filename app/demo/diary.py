"""The days of the demonstration: what was done is done in the order of its days, on working days, up to today."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from heapq import heappop, heappush
from itertools import count

from sqlalchemy.orm import Session

from core.clock import Clock
from core.db import Database
from core.workdays import WorkCalendar

Deed = Callable[[Session, Clock], object]


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
