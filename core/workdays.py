"""The working-day calendar: which days an office works, and counting in them.

Source: the State Council General Office's yearly notice on holidays. A year without a notice is weekdays without
the statutory holidays, and provisional (docs/decisions/0006).
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """Days off and make-up workdays over the weekday rule.

    `exceptions` maps a date to True (a make-up workday) or False (a day off); `announced` are the years whose
    notice is in force. `statutory` gives the days of rest of any other year, and is asked for none but those.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    announced: frozenset[int] = frozenset()
    statutory: Callable[[int], Collection[date]] = lambda _year: ()

    def is_workday(self, day: date) -> bool:
        known = self.exceptions.get(day)
        if known is not None or day.weekday() >= 5:
            return bool(known)
        return not self.is_provisional(day) or day not in self.statutory(day.year)

    def is_provisional(self, day: date) -> bool:
        """Whether the year of `day` has no notice yet."""
        return day.year not in self.announced

    def on_or_after(self, day: date) -> date:
        """`day`, or the first working day after it."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def on_or_before(self, day: date) -> date:
        """`day`, or the last working day before it."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def shift(self, day: date, workdays: int) -> date:
        """The date `workdays` working days after `day` (before it, where negative); `day` itself is not counted.

        Zero gives `day`, working day or not. It goes no further than the calendar does.
        """
        step, end = (ONE_DAY, date.max) if workdays > 0 else (-ONE_DAY, date.min)
        left = abs(workdays)
        while left and day != end:
            day += step
            left -= self.is_workday(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative where `end` lies before `start`."""
        if end < start:
            return -self.between(end, start)
        weeks, rest = divmod((end - start).days, 7)
        count = 5 * weeks + sum(
            (start + timedelta(days=7 * weeks + i)).weekday() < 5 for i in range(1, rest + 1)
        )
        return count + self._surplus(end) - self._surplus(start) - self._holidays(start, end)

    @cached_property
    def _deviations(self) -> tuple[tuple[date, ...], tuple[int, ...]]:
        """Dates that differ from the weekday rule, sorted, and the running sum of what they add or take away."""
        days = sorted(day for day, works in self.exceptions.items() if works != (day.weekday() < 5))
        sums, total = [], 0
        for day in days:
            total += 1 if self.exceptions[day] else -1
            sums.append(total)
        return tuple(days), tuple(sums)

    def _surplus(self, day: date) -> int:
        days, sums = self._deviations
        found = bisect_right(days, day)
        return sums[found - 1] if found else 0

    def _holidays(self, start: date, end: date) -> int:
        """Weekdays after `start` up to `end` that the law alone makes days of rest."""
        return sum(
            start < day <= end and day.weekday() < 5 and day not in self.exceptions
            for year in range(start.year, end.year + 1)
            if year not in self.announced
            for day in self.statutory(year)
        )
