"""How far a review has come, on one page."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from rectification.freezing import Change, later_changes, read
from rectification.hearings import HearingRow, list_hearings
from rectification.reviewing import cycle_named, latest_version
from rectification.reviews import Term
from rectification.statements import StatementLine, statement_lines


@dataclass(frozen=True, slots=True)
class ReviewStatus:
    """A review's days, what is missing, what was frozen and what changed since, and where it was heard.

    `version` is None while nothing is frozen; `is_unheard` once the time for a hearing has passed without one.
    """

    term: str
    opens_on: date
    statements_due_on: date
    cut_off_on: date
    hearing_by: date
    stated: int
    missing: tuple[StatementLine, ...]
    version: int | None
    frozen_on: date | None
    sha256: str
    later: tuple[Change, ...]
    hearings: tuple[HearingRow, ...]
    is_unheard: bool


def review_status(session: Session, bureau_id: int, term: Term, today: date) -> ReviewStatus:
    """The standing of one review.

    Raises: NotFound, where it was not opened.
    """
    cycle = cycle_named(session, bureau_id, term)
    lines = statement_lines(session, cycle, today)
    kept = latest_version(session, cycle.id)
    heard = tuple(row for row in list_hearings(session, bureau_id) if row.term == term.label)
    return ReviewStatus(
        term=term.label,
        opens_on=cycle.opens_on,
        statements_due_on=cycle.statements_due_on,
        cut_off_on=cycle.cut_off_on,
        hearing_by=cycle.hearing_by,
        stated=sum(line.stated_on is not None for line in lines),
        missing=tuple(line for line in lines if line.is_missing),
        version=kept.version if kept else None,
        frozen_on=kept.frozen_on if kept else None,
        sha256=kept.sha256 if kept else "",
        later=tuple(later_changes(session, cycle, read(kept), said_by=kept.frozen_on)) if kept else (),
        hearings=heard,
        is_unheard=not heard and today > cycle.hearing_by,
    )
