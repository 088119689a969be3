"""The days of a review (半年调度): when it opens, asks, cuts off and expects a hearing. Pure."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from core.workdays import WorkCalendar
from models.enums import Cadence
from rectification.office.settings import Policy

MONTHS: Final = {Cadence.YEARLY: 12, Cadence.HALF_YEARLY: 6, Cadence.QUARTERLY: 3}
_HALVES: Final = ("上半年", "下半年")
_QUARTERS: Final = ("第一季度", "第二季度", "第三季度", "第四季度")


@dataclass(frozen=True, slots=True)
class Term:
    """A year, half or quarter; `number` counts from 1 within the year."""

    cadence: Cadence
    year: int
    number: int

    @property
    def starts_on(self) -> date:
        return date(self.year, 1 + (self.number - 1) * MONTHS[self.cadence], 1)

    @property
    def ends_on(self) -> date:
        month = self.number * MONTHS[self.cadence]
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def label(self) -> str:
        """2026年上半年, 2026年第三季度, 2026年度."""
        if self.cadence is Cadence.YEARLY:
            return f"{self.year}年度"
        names = _HALVES if self.cadence is Cadence.HALF_YEARLY else _QUARTERS
        return f"{self.year}年{names[self.number - 1]}"

    @property
    def next_label(self) -> str:
        """The term after this one, as plans speak of it."""
        return term_of(self.ends_on + timedelta(days=1), self.cadence).label


@dataclass(frozen=True, slots=True)
class CycleDays:
    """The days of one review."""

    term: Term
    starts_on: date
    cut_off_on: date
    opens_on: date
    statements_due_on: date
    hearing_by: date


@dataclass(frozen=True, slots=True)
class ReviewWindow:
    """The days of a bureau's latest review as reminding needs them.

    `is_asking` until its figures are frozen; `is_heard` once a meeting heard it; `opened_on` where it stands open.
    """

    label: str
    opens_on: date
    cut_off_on: date
    due_on: date
    hearing_by: date
    is_asking: bool
    is_heard: bool = False
    opened_on: date | None = None

    @property
    def told_on(self) -> date:
        """The day of its opening, which may have been missed."""
        return max(self.opens_on, self.opened_on or self.opens_on)


class ReviewNotice(StrEnum):
    """What a clerk is told of a review."""

    OPENED = "opened"
    TO_FREEZE = "to_freeze"
    TO_HEAR = "to_hear"


FREEZE_EVERY: Final = 5
HEARING_NOTICE_DAYS: Final = (10, 5, 1, 0)
"""Working days: between two calls to freeze, and before the day by which a hearing is expected."""


def notices(
    window: ReviewWindow, day: date, workdays: WorkCalendar, since: date | None = None
) -> Iterator[ReviewNotice]:
    """What the clerk is told of a review on a working day: that it opens, waits to be frozen, is still to be heard.

    Nothing was told after `since`, by default the working day before: what days between them would have said is said.
    """
    since = since or workdays.shift(day, -1)
    if since < window.told_on <= day:
        yield ReviewNotice.OPENED
    if not window.cut_off_on < day <= window.hearing_by:
        return
    over = workdays.between(window.cut_off_on, day)
    left = workdays.between(day, window.hearing_by)
    days_ago = range(min(workdays.between(since, day), over))
    if window.is_asking and any((over - ago) % FREEZE_EVERY == 1 for ago in days_ago):
        yield ReviewNotice.TO_FREEZE
    if not window.is_heard and any(left + ago in HEARING_NOTICE_DAYS for ago in days_ago):
        yield ReviewNotice.TO_HEAR


def term_of(day: date, cadence: Cadence) -> Term:
    """The term `day` lies in."""
    return Term(cadence, day.year, (day.month - 1) // MONTHS[cadence] + 1)


def cycle_days(
    term: Term,
    policy: Policy,
    workdays: WorkCalendar,
    *,
    cut_off_on: date | None = None,
    starts_on: date | None = None,
) -> CycleDays:
    """The days of a term's review; cut-off and start are the term's own unless given."""
    cut_off = cut_off_on or term.ends_on
    return CycleDays(
        term=term,
        starts_on=starts_on or term.starts_on,
        cut_off_on=cut_off,
        opens_on=workdays.shift(cut_off, -policy.review_open_days),
        statements_due_on=workdays.shift(cut_off, -policy.review_due_days),
        hearing_by=workdays.shift(cut_off, policy.hearing_days),
    )


def term_to_open(day: date, policy: Policy, workdays: WorkCalendar) -> CycleDays | None:
    """The review whose window `day` lies in, missed days included; None between windows.

    A window that nobody opened in time stays open until its hearing is overdue, so that an installation that stood
    still over the cut-off catches up.
    """
    this = term_of(day, policy.review_cadence)
    last = term_of(this.starts_on - timedelta(days=1), policy.review_cadence)
    for term in (this, last):
        days = cycle_days(term, policy, workdays)
        if days.opens_on <= day <= days.hearing_by:
            return days
    return None
