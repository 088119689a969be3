"""The leaders' pages as they were made: each once, and whoever reads one later sees what it said.

A month's page is as of the month's last day; a half-year's stands on the figures the clerk froze, so that a second
version makes a second page.
"""

from collections.abc import Collection
from datetime import date
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from core.clock import Clock
from core.text import canonical
from models.review import FrozenVersion, ReviewCycle, Summary
from rectification.halfyear.cycles import latest_version, period_of
from rectification.halfyear.freezing import read
from rectification.halfyear.summaries import (
    SummaryPage,
    TrendPoint,
    compute_summaries,
    compute_summary,
    last_month,
    summarise_version,
)
from rectification.lists.figures import Period

_PAGE: Final = TypeAdapter(SummaryPage)
_TREND: Final = TypeAdapter(tuple[TrendPoint, ...])


def keep_summaries(session: Session, clock: Clock, *bureau_ids: int) -> list[Summary]:
    """Make and keep the pages these bureaus lack: last month's, and the newest frozen half-year's."""
    month = last_month(clock.today)
    key = select(Summary.bureau_id, Summary.starts_on, Summary.ends_on, Summary.version)
    kept = set(session.execute(key.where(Summary.bureau_id.in_(bureau_ids))).tuples())
    lacking = sorted(
        own for own in set(bureau_ids) if (own, month.starts_on, month.cut_off_on, 0) not in kept
    )
    pages = compute_summaries(session, lacking, month)
    made = [_page(clock, *each) for each in zip(lacking, pages, strict=True)]
    for bureau_id, (version_id, period, number) in _newest_frozen(session, bureau_ids).items():
        if (bureau_id, period.starts_on, period.cut_off_on, number) not in kept:
            version = read(session.get_one(FrozenVersion, version_id))
            made.append(_page(clock, bureau_id, summarise_version(session, bureau_id, version)))
    session.add_all(made)
    session.flush()
    return made


def _newest_frozen(session: Session, bureau_ids: Collection[int]) -> dict[int, tuple[int, Period, int]]:
    """The newest version of the newest half-year that was frozen, by bureau: its id, its period, its number."""
    frozen = (
        select(ReviewCycle, FrozenVersion.id, FrozenVersion.version)
        .join(FrozenVersion, FrozenVersion.cycle_id == ReviewCycle.id)
        .where(ReviewCycle.bureau_id.in_(bureau_ids))
        .order_by(ReviewCycle.ends_on, FrozenVersion.version)
    )
    return {
        cycle.bureau_id: (key, period_of(cycle), number) for cycle, key, number in session.execute(frozen)
    }


def find_summary(session: Session, bureau_id: int, period: Period, version: int = 0) -> Summary | None:
    """The page kept for a month, or for a half-year's frozen version."""
    return session.scalar(select(Summary).where(Summary.bureau_id == bureau_id, *_of(period, version)))


def _of(period: Period, version: int = 0) -> tuple[ColumnElement[bool], ...]:
    is_of_period = Summary.starts_on == period.starts_on, Summary.ends_on == period.cut_off_on
    return *is_of_period, Summary.version == version


def summary_of(session: Session, bureau_id: int, period: Period) -> SummaryPage:
    """The page of a month: as it was kept, or computed where none was."""
    kept = find_summary(session, bureau_id, period)
    return read_summary(kept) if kept else compute_summary(session, bureau_id, period)


def summary_of_term(session: Session, cycle: ReviewCycle) -> SummaryPage | None:
    """The page of a half-year's newest version: as it was kept, or computed; None while nothing is frozen."""
    frozen = latest_version(session, cycle.id)
    if frozen is None:
        return None
    kept = find_summary(session, cycle.bureau_id, period_of(cycle), frozen.version)
    return read_summary(kept) if kept else summarise_version(session, cycle.bureau_id, read(frozen))


def kept_trend(session: Session, bureau_id: int) -> tuple[TrendPoint, ...]:
    """Twelve months up to the newest month's page kept; empty before the first."""
    newest = (
        select(Summary.trend)
        .where(Summary.bureau_id == bureau_id, Summary.version == 0)
        .order_by(Summary.ends_on.desc())
    )
    return _TREND.validate_python(session.scalar(newest.limit(1)) or ())


def read_summary(kept: Summary) -> SummaryPage:
    """A kept page as values."""
    return _PAGE.validate_json(kept.content)


def untold(session: Session, bureau_ids: Collection[int], day: date) -> dict[int, list[Summary]]:
    """The pages each bureau's leaders are told of on `day`, the newest of each kind.

    They are those told that day, or where none was, those not told before: what is made later in a day is told another.
    """
    query = (
        select(Summary)
        .where(
            Summary.bureau_id.in_(bureau_ids),
            Summary.made_on <= day,
            (Summary.told_on == day) | _is_left(bureau_ids, day),
        )
        .order_by(Summary.ends_on, Summary.version)
    )
    newest: dict[int, dict[bool, Summary]] = {}
    for kept in session.scalars(query):
        newest.setdefault(kept.bureau_id, {})[kept.version > 0] = kept
    return {bureau_id: [found[kind] for kind in sorted(found)] for bureau_id, found in newest.items()}


def mark_told(session: Session, bureau_ids: Collection[int], day: date) -> None:
    """The digests of `day` carry the newest pages; an older one nobody was told of is not told any more."""
    is_left = _is_left(bureau_ids, day)
    session.execute(update(Summary).where(Summary.made_on <= day, is_left).values(told_on=day))


def _is_left(bureau_ids: Collection[int], day: date) -> ColumnElement[bool]:
    """A page of these bureaus not told yet, where the day's digests carry none."""
    told = select(Summary.bureau_id).where(Summary.bureau_id.in_(bureau_ids), Summary.told_on == day)
    return and_(Summary.bureau_id.in_(bureau_ids), Summary.told_on.is_(None), Summary.bureau_id.not_in(told))


def _page(clock: Clock, bureau_id: int, page: SummaryPage) -> Summary:
    return Summary(
        bureau_id=bureau_id,
        starts_on=page.period.starts_on,
        ends_on=page.period.cut_off_on,
        version=page.version,
        content=canonical(_PAGE.dump_python(page, mode="json")),
        trend=_TREND.dump_python(page.trend, mode="json"),
        made_on=clock.today,
        made_at=clock.now,
    )
