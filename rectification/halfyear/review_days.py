"""The days of a review (半年调度): when it opens, asks, cuts off and expects a hearing. Pure."""

import calendar
from collections.abc import Iterator, Sequence
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

    `is_asking` until its figures are frozen or its hearing is overdue; `is_heard` once a meeting heard it; `opened_on`
    where it stands open.
    """

    label: str
    opens_on: date
    cut_off_on: date
    due_on: date
    hearing_by: date
    is_asking: bool
    is_heard: bool = False
    is_frozen: bool = False
    opened_on: date | None = None

    @property
    def told_on(self) -> date:
        """The day of its opening, which may have been missed."""
        return max(self.opens_on, self.opened_on or self.opens_on)


class ReviewNotice(StrEnum):
    """What a clerk is told of a review."""

    OPENED = "review-opened"
    TO_FREEZE = "review-unfrozen"
    TO_HEAR = "review-unheard"


HEARING_AHEAD: Final = 10
"""The clerk hears of a hearing that is due so many working days before; the leaders as many after it."""


def notices(
    reviews: Sequence[ReviewWindow], day: date, workdays: WorkCalendar, since: date, *, opens_week: bool
) -> Iterator[tuple[ReviewWindow, ReviewNotice]]:
    """What the clerk is told of a bureau's reviews, in their order: that one opened after `since`, and where the day
    `opens_week`, that it is still to be frozen or to be heard.

    Freezing a later review is the end of asking for an earlier one; a hearing ends only the asking for its own.
    """
    for place, review in enumerate(reviews):
        if since < review.told_on <= day:
            yield review, ReviewNotice.OPENED
        if not opens_week or day <= review.cut_off_on:
            continue
        if not any(later.is_frozen for later in reviews[place:]):
            yield review, ReviewNotice.TO_FREEZE
        is_near = workdays.between(day, review.hearing_by) <= HEARING_AHEAD
        if is_near and not review.is_heard:
            yield review, ReviewNotice.TO_HEAR


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


def terms_opened(day: date, since: date, policy: Policy, workdays: WorkCalendar) -> list[CycleDays]:
    """The reviews whose windows had come by `day` and were not over before `since`, the latest last; none between windows.

    A window that nobody opened in time stays open until its hearing is overdue, so that an installation that stood
    still over the cut-off catches up.
    """
    term, found = term_of(day, policy.review_cadence), list[CycleDays]()
    while (days := cycle_days(term, policy, workdays)).hearing_by >= since:
        if days.opens_on <= day:
            found.insert(0, days)
        term = term_of(term.starts_on - timedelta(days=1), policy.review_cadence)
    return found
