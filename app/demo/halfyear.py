"""Which half-year the demonstration has heard, and which one runs: the calendar's, whatever day today is."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core.workdays import WorkCalendar
from rectification.halfyear.review_days import CycleDays, cycle_days, term_of
from rectification.office.settings import Policy

HEARD_AFTER: Final = 12
"""Working days from a half-year's cut-off to the meeting that hears it."""


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
