"""How a run of enumerators counts: which style is outermost, how far it has come, whether it goes on."""

from bisect import bisect_left
from collections.abc import Sequence

from reports.enumeration import Mark


class Counting:
    """Answers about the marks of a region, each in logarithmic time."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self.marks = marks
        self._starts = [mark.at.start for mark in marks]
        self.outer = marks[0].style if marks else None
        self._outer = [mark for mark in marks if mark.style == self.outer]
        self._outer_starts = [mark.at.start for mark in self._outer]
        self._latest = {mark.value: mark.at.start for mark in self._outer}
        self._greatest_after: list[int] = []
        greatest = 0
        for mark in reversed(self._outer):
            greatest = max(greatest, mark.value)
            self._greatest_after.append(greatest)
        self._greatest_after.reverse()

    def next(self, at: int) -> Mark | None:
        """The first mark at a place or after it."""
        place = bisect_left(self._starts, at)
        return self.marks[place] if place < len(self.marks) else None

    def index(self, at: int) -> int:
        """Where in the marks the first one at a place or after it stands."""
        return bisect_left(self._starts, at)

    def last(self, before: int) -> int:
        """The value the outermost count has reached before a place; 0 where it has not begun."""
        place = bisect_left(self._outer_starts, before)
        return self._outer[place - 1].value if place else 0

    def last_outer(self, before: int) -> Mark | None:
        """The last mark of the outermost style before a place."""
        place = bisect_left(self._outer_starts, before)
        return self._outer[place - 1] if place else None

    def next_outer(self, at: int) -> Mark | None:
        """The first mark of the outermost style at a place or after it."""
        place = bisect_left(self._outer_starts, at)
        return self._outer[place] if place < len(self._outer) else None

    def reaches(self, value: int, after: int) -> bool:
        """Whether the outermost count comes to a value at a place or after it."""
        return self._latest.get(value, -1) >= after

    def exceeds(self, value: int, after: int) -> bool:
        """Whether the outermost count goes beyond a value at a place or after it."""
        place = bisect_left(self._outer_starts, after)
        return place < len(self._outer) and self._greatest_after[place] > value
