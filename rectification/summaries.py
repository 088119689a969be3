"""The leaders' page (进展通报): what moved, what is stuck and with whom, what falls due, twelve months' trend.

A month's page is made once, as of the month's last day, and kept; whoever reads it later sees what it said. The
per-unit sheet counts 按期, 超期 and 延期 for the year's appraisal; it gives no scores and no ranks.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import Status
from models.organisation import Unit
from models.review import Summary
from rectification.as_of import Standing
from rectification.bureau_history import BureauHistory
from rectification.deadlines import next_checkpoint
from rectification.figures import Figure, Figures, Opening, Period, Row, Selection, count, rows_behind
from rectification.lifecycle import OPEN, RUNNING

MONTHS_SHOWN: Final = 12
DUE_WITHIN: Final = 31


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The ledger at a month's end: problems that were open, overdue among them, and closed during the month."""

    day: date
    open: int
    overdue: int
    closed: int


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """What a page holds. `year` are the figures from 1 January on, for the per-unit sheet."""

    bureau: str
    period: Period
    rows: tuple[Row, ...]
    figures: Figures
    year: Figures
    trend: tuple[TrendPoint, ...]

    @property
    def label(self) -> str:
        """2026年5月; for another stretch its first and last day."""
        first, last = self.period.starts_on, self.period.cut_off_on
        if month_of(last) == self.period:
            return f"{last.year}年{last.month}月"
        return f"{first}至{last}"

    @property
    def moved(self) -> tuple[Row, ...]:
        """Issued, reopened, closed or terminated in the period."""
        return tuple(row for row in self.rows if row.opening is not Opening.CARRIED or row.status not in OPEN)

    @property
    def stuck(self) -> tuple[Row, ...]:
        """Overdue, the longest first; `waits_for` says with whom."""
        late = rows_behind(self.rows, Selection(Figure.OVERDUE))
        return tuple(sorted(late, key=lambda row: -row.overdue_days))

    @property
    def falling_due(self) -> tuple[Row, ...]:
        """Due within a month after the period, the nearest first."""
        last = self.period.cut_off_on
        near = [
            row
            for row in self.rows
            if row.status in RUNNING
            and row.deadline_on is not None
            and last <= row.deadline_on <= last + timedelta(days=DUE_WITHIN)
        ]
        return tuple(sorted(near, key=lambda row: (row.deadline_on or last, row.code)))


_PAGE: Final = TypeAdapter(SummaryPage)
_TREND: Final = TypeAdapter(tuple[TrendPoint, ...])


def month_of(day: date) -> Period:
    """The calendar month `day` lies in."""
    return Period(day.replace(day=1), next_checkpoint(day, 0))


def last_month(day: date) -> Period:
    """The month that was over before `day`."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def waits_for(row: Row) -> str:
    """With whom an overdue task lies."""
    if row.status is Status.SUBMITTED:
        return "复核人"
    if row.status in (Status.VERIFIED, Status.PUBLICISED):
        return "审签领导"
    return row.officer or f"{row.unit}（未定责任人）"


def compute_summary(
    session: Session, bureau_id: int, period: Period, *, task_ids: Iterable[int] | None = None
) -> SummaryPage:
    """The page of a period, from history; of some tasks alone where `task_ids` are given."""
    ends = _month_ends(period.cut_off_on)
    new_year = date(period.cut_off_on.year, 1, 1)
    since = min(ends[0].replace(day=1), new_year, period.starts_on)
    ledger = BureauHistory(session, bureau_id, since, task_ids=task_ids)
    rows = ledger.period(period).rows
    return SummaryPage(
        bureau=session.get_one(Unit, bureau_id).name,
        period=period,
        rows=rows,
        figures=count(rows),
        year=count(ledger.period(Period(new_year, period.cut_off_on)).rows),
        trend=tuple(_point(end, ledger.standings(end)) for end in ends),
    )


def keep_summary(session: Session, clock: Clock, bureau_id: int) -> Summary | None:
    """Make and keep last month's page; None where it stands already."""
    period = last_month(clock.today)
    if find_summary(session, bureau_id, period.cut_off_on) is not None:
        return None
    page = compute_summary(session, bureau_id, period)
    kept = Summary(
        bureau_id=bureau_id,
        starts_on=period.starts_on,
        ends_on=period.cut_off_on,
        content=_canonical(page),
        trend=_TREND.dump_python(page.trend, mode="json"),
        made_on=clock.today,
        made_at=clock.now,
    )
    session.add(kept)
    session.flush()
    return kept


def find_summary(session: Session, bureau_id: int, ends_on: date) -> Summary | None:
    """The page kept for the month that ends on a day."""
    return session.scalar(select(Summary).where(Summary.bureau_id == bureau_id, Summary.ends_on == ends_on))


def read_summary(kept: Summary) -> SummaryPage:
    """A kept page as values."""
    return _PAGE.validate_json(kept.content)


def trend_of(
    session: Session, bureau_id: int, last: date, *, task_ids: Iterable[int]
) -> tuple[TrendPoint, ...]:
    """Twelve months up to `last` of some tasks, from history."""
    ends = _month_ends(last)
    ledger = BureauHistory(session, bureau_id, ends[0].replace(day=1), task_ids=task_ids)
    return tuple(_point(end, ledger.standings(end)) for end in ends)


def kept_trend(session: Session, bureau_id: int) -> tuple[TrendPoint, ...]:
    """Twelve months up to the newest page kept; empty before the first."""
    newest = select(Summary.trend).where(Summary.bureau_id == bureau_id).order_by(Summary.ends_on.desc())
    return _TREND.validate_python(session.scalar(newest.limit(1)) or ())


def summary_of(session: Session, bureau_id: int, period: Period) -> SummaryPage:
    """The page of a period: as it was kept, or computed where none was."""
    kept = find_summary(session, bureau_id, period.cut_off_on)
    if kept is not None and kept.starts_on == period.starts_on:
        return read_summary(kept)
    return compute_summary(session, bureau_id, period)


def untold(session: Session, bureau_ids: Iterable[int], day: date) -> dict[int, Summary]:
    """The newest page of each bureau that its leaders' digests of `day` carry: not told before, or told that day."""
    query = (
        select(Summary)
        .where(
            Summary.bureau_id.in_(list(bureau_ids)),
            Summary.made_on <= day,
            (Summary.told_on.is_(None)) | (Summary.told_on == day),
        )
        .order_by(Summary.ends_on)
    )
    return {kept.bureau_id: kept for kept in session.scalars(query)}


def mark_told(session: Session, bureau_ids: Iterable[int], day: date) -> None:
    """The digests of `day` carry the newest page; an older one nobody was told of is not told any more."""
    session.execute(
        update(Summary)
        .where(Summary.bureau_id.in_(list(bureau_ids)), Summary.made_on <= day, Summary.told_on.is_(None))
        .values(told_on=day)
    )


def _month_ends(last: date) -> list[date]:
    """The last days of the twelve months up to `last`; the month of `last` ends there."""
    ends = [last]
    while len(ends) < MONTHS_SHOWN:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]


def _point(end: date, standings: Mapping[int, Standing]) -> TrendPoint:
    problems = [standing for standing in standings.values() if standing.kind.is_problem]
    in_month = [s for s in problems if s.ended_on is not None and s.ended_on >= end.replace(day=1)]
    return TrendPoint(
        day=end,
        open=sum(s.status in OPEN for s in problems),
        overdue=sum(s.status in OPEN and s.overdue_days > 0 for s in problems),
        closed=sum(s.status is Status.CLOSED for s in in_month),
    )


def _canonical(page: SummaryPage) -> str:
    plain = _PAGE.dump_python(page, mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
