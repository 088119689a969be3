"""Choosing among candidates by evidence: those that agree count together, and what came second is kept.

Evidence is counted in points about as strong as log-odds: one point makes a thing about three times as likely.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import nlargest
from operator import eq
from typing import Generic, TypeVar

T = TypeVar("T")
_MOST = 60  # of a file with thousands only the best are weighed against one another
CHECK_BELOW = 0.8
"""Below this confidence a person is asked to look."""


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """A value somebody might mean, with the points that speak for it."""

    value: T
    points: float


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """What was chosen, how surely (0 to 1), and what would have been chosen in its place."""

    value: T
    confidence: float
    runner_up: T | None = None


def choose(
    candidates: Iterable[Candidate[T]], agree: Callable[[T, T], bool] = eq, doubt: float = 0.0
) -> Choice[T] | None:
    """The candidate that most speaks for; None where none has more than `doubt` points, which a false one may have too.

    Of equals the first is chosen.
    """
    totals: dict[T, float] = {}
    for each in candidates:
        totals[each.value] = totals.get(each.value, 0.0) + each.points
    given = nlargest(_MOST, totals.items(), key=lambda each: each[1])
    backed = [
        (sum(more for other, more in given if agree(value, other)), points, value) for value, points in given
    ]
    if not backed:
        return None
    points, _, value = max(backed, key=lambda each: each[:2])
    others = [each for each in backed if not agree(value, each[2])]
    second = max(others, key=lambda each: each[:2], default=None)
    lead = points - max(doubt, second[0] if second else doubt)
    if points <= doubt:
        return None
    return Choice(
        value, round(1 / (1 + math.exp(-lead)), 2), second[2] if second and second[0] > doubt else None
    )
