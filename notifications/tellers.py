"""Which flow tells what: each entry of a day's digest is one flow's to write, whichever runs first (docs/decisions/0004)."""

from enum import StrEnum
from typing import Final

from rectification.reminders.happenings import EVENT
from rectification.reminders.rules import REVIEW

NOTE: Final = "note:"


class Teller(StrEnum):
    """A flow that writes entries of a day's digest, by its name in JOBS."""

    ANNUAL_REPORT = "annual_report"
    PROGRESS_SUMMARY = "progress_summary"
    SEMIANNUAL_REVIEW = "semiannual_review"
    CLOSURE_CHECK = "closure_check"
    DAILY_REMINDERS = "daily_reminders"

    @property
    def note(self) -> str:
        """The subject of what it says beside tasks, as a told row holds it."""
        return f"{NOTE}{self.value}"


def event_of(subject: str) -> int:
    """The number of the step a told row's subject names."""
    return int(subject.removeprefix(EVENT))


def teller_of(subject: str) -> Teller:
    """Whose to tell it is; `subject` is a mention's or a note's."""
    if subject.startswith(NOTE):
        return Teller(subject.removeprefix(NOTE))
    return Teller.SEMIANNUAL_REVIEW if subject == REVIEW else Teller.DAILY_REMINDERS
