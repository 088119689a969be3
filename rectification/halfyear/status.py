"""How far a review has come, on one page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from sqlalchemy.orm import Session

from models.base import frozen
from rectification.halfyear.changes_since import VersionChange, changes, later_changes
from rectification.halfyear.cycles import cycle_named
from rectification.halfyear.freezing import Version, versions_of
from rectification.halfyear.hearings import HearingRow, list_hearings
from rectification.halfyear.review_days import Term
from rectification.halfyear.statements import StatementLine, statement_lines


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A frozen version and what it says otherwise than the one before it."""

    number: int
    frozen_on: date
    sha256: str
    changes: tuple[VersionChange, ...]


@dataclass(frozen=True, slots=True)
class ReviewStatus:
    """A review's days, what is missing, what was frozen and what changed since, and where it was heard.

    `versions` are told the newest first. `version` is None while nothing is frozen; `is_unheard` once the time for a hearing has passed without one.
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
    versions: tuple[VersionLine, ...]
    later: tuple[VersionChange, ...]
    hearings: tuple[HearingRow, ...]
    is_unheard: bool


def review_status(session: Session, bureau_id: int, term: Term, today: date) -> ReviewStatus:
    """The standing of one review.

    Raises: NotFound, where it was not opened.
    """
    cycle = cycle_named(session, bureau_id, term)
    lines = statement_lines(session, cycle, today)
    versions = versions_of(session, cycle)
    kept = versions[0] if versions else None
    heard = tuple(row for row in list_hearings(session, bureau_id) if row.term == term.label)
    return frozen(
        ReviewStatus,
        cycle,
        term=term.label,
        stated=sum(line.stated_on is not None for line in lines),
        missing=tuple(line for line in lines if line.is_missing),
        version=kept.number if kept else None,
        frozen_on=kept.frozen_on if kept else None,
        sha256=kept.sha256 if kept else "",
        versions=tuple(_lines(versions)),
        later=tuple(later_changes(session, cycle, kept, said_by=kept.frozen_on)) if kept else (),
        hearings=heard,
        is_unheard=not heard and today > cycle.hearing_by,
    )


def _lines(versions: Sequence[Version]) -> Iterator[VersionLine]:
    """Each version beside the one frozen before it."""
    for version, before in zip_longest(versions, versions[1:]):
        found = tuple(changes(before.frozen, version.frozen)) if before else ()
        yield frozen(VersionLine, version, changes=found)
