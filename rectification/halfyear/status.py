"""How far a review has come, on one page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import frozen
from models.task import RectificationTask
from rectification.halfyear.changes_since import VersionChange, changes, later_changes
from rectification.halfyear.cycles import cycle_named
from rectification.halfyear.freezing import Version, versions_of
from rectification.halfyear.hearings import HearingRow, list_hearings
from rectification.halfyear.review_days import Term
from rectification.halfyear.statements import StatementLine, statement_lines
from rectification.office.actors import Actor
from rectification.task.access import visible


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

    `missing` are those the reader may see, `unseen` how many are missing beside them. `versions` are told the newest first. `version` is None while nothing is frozen; `is_unheard` once the time for a hearing has passed without one.
    """

    term: str
    opens_on: date
    statements_due_on: date
    cut_off_on: date
    hearing_by: date
    stated: int
    missing: tuple[StatementLine, ...]
    unseen: int
    version: int | None
    frozen_on: date | None
    sha256: str
    versions: tuple[VersionLine, ...]
    later: tuple[VersionChange, ...]
    hearings: tuple[HearingRow, ...]
    is_unheard: bool


def review_status(
    session: Session, bureau_id: int, term: Term, today: date, seen_by: Actor | None = None
) -> ReviewStatus:
    """The standing of one review, as `seen_by` may see it. Raises: NotFound, where it was not opened."""
    cycle = cycle_named(session, bureau_id, term)
    lines = statement_lines(session, cycle, today)
    versions = versions_of(session, cycle)
    kept = versions[0] if versions else None
    missing, unseen = [line for line in lines if line.is_missing], 0
    if seen_by:
        asked = select(RectificationTask.id).where(visible(seen_by))
        seen = set(session.scalars(asked.where(RectificationTask.id.in_([line.task_id for line in missing]))))
        missing, unseen = [line for line in missing if line.task_id in seen], len(missing) - len(seen)
    heard = tuple(row for row in list_hearings(session, bureau_id) if row.term == term.label)
    return frozen(
        ReviewStatus,
        cycle,
        term=term.label,
        stated=sum(line.stated_on is not None for line in lines),
        missing=tuple(missing),
        unseen=unseen,
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
