"""The ladder of a date: which rung of it has been reached on a day. Pure.

A rung is a number of working days from the date. Those before it speak together with the week they lie in, on its first
working day; the day itself and the steps after it on their own days; all that repeats on the first working day of a week
(docs/decisions/0004).
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Final, NamedTuple

from core.workdays import ONE_DAY, WorkCalendar

_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs ascending; after the last of them one more each week. The first may have to wait for its own day."""

    steps: tuple[int, ...]
    opens_on_its_day: bool = False

    def is_drawn_forward(self, step: int) -> bool:
        """Whether it speaks when its week begins."""
        return step < 0 and not (self.opens_on_its_day and step == self.steps[0])


class Repeat(NamedTuple):
    """A week's rung after the last step, the day that opens the week, and whether it is a month's first such day."""

    rung: int
    day: date
    opens_month: bool


class Latest(NamedTuple):
    """What somebody hears last: the rung, the day it belongs to, and which repeat it is, counted from 1; 0 for a step."""

    rung: int
    day: date
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class Reached:
    """The highest step a date has reached, the day it belongs to, and the weekly repeats since the last step."""

    rung: int
    day: date
    repeats: tuple[Repeat, ...] = ()

    def since(self, day: date) -> "Reached":
        """Without the repeats of before `day`."""
        if not self.repeats or self.repeats[0].day >= day:
            return self
        return replace(self, repeats=tuple(repeat for repeat in self.repeats if repeat.day >= day))

    def latest(self, weekly: int | None) -> Latest:
        """What somebody hears last who hears so many repeats week by week, and then one a month; None: every week."""
        for number in range(len(self.repeats), 0, -1):
            rung, day, opens_month = self.repeats[number - 1]
            if weekly is None or number <= weekly or opens_month:
                return Latest(rung, day, number)
        return Latest(self.rung, self.day)

    def heard(self, weekly: int | None) -> Iterator[int]:
        """The rungs of all repeats such a person hears."""
        for number, repeat in enumerate(self.repeats, 1):
            if weekly is None or number <= weekly or repeat.opens_month:
                yield repeat.rung


def day_told(due_on: date, step: int, calendar: WorkCalendar) -> date:
    """When a step speaks: one before its date on the first working day of its week, the others on their own day."""
    own = calendar.shift(due_on, step)
    return calendar.on_or_after(own - timedelta(days=own.weekday())) if step < 0 else own


class LadderDay:
    """Ladders as they stand on one working day."""

    def __init__(self, day: date, calendar: WorkCalendar) -> None:
        self.day = day
        self.calendar = calendar
        self.week_ends_on = day + timedelta(days=7 - day.isoweekday())
        self.reached, self.day_of = cache(self._reached), cache(self._day_of)
        self._openings: list[date] = []
        self._ago: list[int] = []
        self._monday = self.week_ends_on - _WEEK + ONE_DAY

    def horizon(self, ladder: Ladder) -> date:
        """The last date any rung of which has been reached: what lies beyond it is silent."""
        lowest = ladder.steps[0]
        edge = self.week_ends_on if ladder.is_drawn_forward(lowest) else self.day
        return self.calendar.shift(edge, 1 - lowest) - ONE_DAY

    def _day_of(self, due_on: date, rung: int) -> date:
        """The day a rung belongs to: a date on a rest day is pulled forward, what lies after it never."""
        anchor = due_on if rung > 0 else self.calendar.on_or_before(due_on)
        return self.calendar.shift(anchor, rung)

    def _reached(self, ladder: Ladder, due_on: date) -> Reached | None:
        """How far a date has come on this day; None before its first rung."""
        position = self.calendar.between(due_on, self.day)
        if ladder.opens_on_its_day and position < ladder.steps[0]:
            return None
        by_week = self.calendar.between(due_on, self.week_ends_on)
        steps = [
            step for step in ladder.steps if step <= (by_week if ladder.is_drawn_forward(step) else position)
        ]
        if not steps:
            return None
        return Reached(
            steps[-1], self.day_of(due_on, steps[-1]), self._repeats(position, position - ladder.steps[-1])
        )

    def _repeats(self, position: int, past: int) -> tuple[Repeat, ...]:
        """The weeks that opened less than `past` working days ago, the oldest first."""
        if past <= 0:
            return ()
        while not self._ago or self._ago[-1] < past:
            self._look_back()
        return tuple(
            Repeat(
                position - self._ago[n],
                self._openings[n],
                self._openings[n].month != self._openings[n + 1].month,
            )
            for n in reversed(range(bisect_left(self._ago, past)))
        )

    def _look_back(self) -> None:
        """One more week that opened by this day; some have no working day."""
        opening = self.calendar.on_or_after(self._monday)
        if opening < self._monday + _WEEK and opening <= self.day:
            self._openings.append(opening)
            self._ago.append(self.calendar.between(opening, self.day))
        self._monday -= _WEEK
