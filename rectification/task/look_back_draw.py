"""Which closed tasks are looked at again: pure rules, the same draw whenever and wherever it is made."""

import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from models.enums import ItemKind

SHARE: Final = 5
"""One in so many is drawn."""
RECURRING: Final = "反复出现"
LITIGATED: Final = "涉诉涉复议"
DOUBTED: Final = "带疑点销号"
SAMPLED: Final = "抽取"
_LITIGATION: Final = re.compile(r"败诉|诉讼|被诉|起诉|复议")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A task closed in the half-year, as the draw looks at it."""

    task_id: int
    code: str
    kind: ItemKind
    text: str
    is_recurring: bool = False
    is_litigated: bool = False
    is_doubted: bool = False
    closure_id: int | None = None


@dataclass(frozen=True, slots=True)
class Draw:
    """A task to be looked at again, and why."""

    task_id: int
    code: str
    reason: str
    closure_id: int | None = None


def half_year_before(day: date) -> tuple[date, date]:
    """The first and last day of the half-year that ended before `day`'s own began."""
    last = date(day.year, 1, 1) if day.month <= 6 else date(day.year, 7, 1)
    last -= timedelta(days=1)
    return date(last.year, 1 if last.month == 6 else 7, 1), last


def draw(candidates: Iterable[Candidate], seed: str) -> list[Draw]:
    """A fifth of the problems closed, at least one, and everything that recurs, was litigated or was signed over a doubt; by task id.

    Nobody chooses: the order is by hash of `seed` and task id, so a second draw gives the same tasks. Plans are not
    looked back at.
    """
    problems = [candidate for candidate in candidates if candidate.kind.is_problem]
    problems.sort(key=lambda one: hashlib.sha256(f"{seed}:{one.task_id}".encode()).digest())
    drawn = dict.fromkeys(problems[: max(math.ceil(len(problems) / SHARE), 1)], SAMPLED)
    drawn |= {one: reason for one in problems if (reason := _reason(one))}
    by_id = sorted(drawn.items(), key=lambda found: found[0].task_id)
    return [Draw(one.task_id, one.code, reason, one.closure_id) for one, reason in by_id]


def _reason(candidate: Candidate) -> str:
    if candidate.is_recurring:
        return RECURRING
    if candidate.is_litigated or _LITIGATION.search(candidate.text):
        return LITIGATED
    return DOUBTED if candidate.is_doubted else ""
