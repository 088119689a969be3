"""The leaders' page (进展通报): what moved, what is stuck and with whom, what falls due, twelve months' trend.

The per-unit sheet counts 按期, 超期 and 延期 for the year's appraisal; it gives no scores and no ranks.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Status
from models.organisation import Unit
from rectification.halfyear.freezing import Version
from rectification.halfyear.history_rows import BureauHistory
from rectification.halfyear.review_days import Term
from rectification.lists.figures import Figure, Figures, InLedger, Period, Row, Selection, count, rows_behind
from rectification.task.as_of import TaskOnDay
from rectification.task.deadlines import next_checkpoint
from rectification.task.lifecycle import OPEN, RUNNING

MONTHS_SHOWN: Final = 12
DUE_WITHIN: Final = 31
HAPPENED: Final = (
    Figure.ADDED,
    Figure.REOPENED,
    Figure.EXTENDED,
    Figure.REDATED,
    Figure.CLOSED,
    Figure.TERMINATED,
)
"""What a period's figures count as having happened in it: the list of changes (本期变化) is of the same."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The ledger at a month's end: problems that were open, overdue among them, and closed during the month."""

    day: date
    open: int
    overdue: int
    closed: int


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """What a page holds. `year` are the tasks from 1 January on without their words, for the per-unit sheet.

    `term` is the half-year and `version` the frozen figures it stands on; a month's page has neither. `whole` is of the
    bureau: a page of some tasks alone has none.
    """

    bureau: str
    period: Period
    rows: tuple[Row, ...]
    year: tuple[Row, ...]
    trend: tuple[TrendPoint, ...]
    term: Term | None = None
    version: int = 0
    whole: InLedger | None = None

    @property
    def heading(self) -> str:
        """The bureau, and what its paper is called."""
        return f"{self.bureau}\n{self.label}整改进展通报"

    @property
    def label(self) -> str:
        """2026年5月, 2026年上半年; for another stretch its first and last day."""
        if self.term:
            return self.term.label
        first, last = self.period.starts_on, self.period.cut_off_on
        if month_of(last) == self.period:
            return f"{last.year}年{last.month}月"
        return f"{first}至{last}"

    @property
    def figures(self) -> Figures:
        return count(self.rows)

    @property
    def moved(self) -> tuple[Row, ...]:
        """What any figure of what happened in the period counts, and what was put under 挂牌督办 in it."""
        return tuple(row for row in self.rows if is_newly_supervised(row) or happened(row))

    @property
    def stuck(self) -> tuple[Row, ...]:
        """Overdue, the longest first."""
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


def happened(row: Row) -> list[Figure]:
    """The figures of what happened in the period that count a task."""
    return [figure for figure in HAPPENED if Selection(figure).covers(row)]


def is_newly_supervised(row: Row) -> bool:
    """Whether it was put under 挂牌督办 in the period."""
    return row.is_supervised and not row.was_supervised_before


def month_of(day: date) -> Period:
    """The calendar month `day` lies in."""
    return Period(day.replace(day=1), next_checkpoint(day, 0))


def last_month(day: date) -> Period:
    """The month that was over before `day`."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def compute_summary(
    session: Session, bureau_id: int, period: Period, *, task_ids: Collection[int] | None = None
) -> SummaryPage:
    """The page of a period, from history; of some tasks alone where `task_ids` are given."""
    (page,) = compute_summaries(session, (bureau_id,), period, task_ids=task_ids)
    return page


def compute_summaries(
    session: Session, bureau_ids: Collection[int], period: Period, *, task_ids: Collection[int] | None = None
) -> Iterator[SummaryPage]:
    """The pages of several bureaus, in the order of their ids; what they stand on is read once for all."""
    if not bureau_ids:
        return
    ends = _month_ends(period.cut_off_on)
    new_year = date(period.cut_off_on.year, 1, 1)
    since = min(ends[0].replace(day=1), new_year, period.starts_on)
    names = dict(session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(bureau_ids))).tuples().all())
    read = BureauHistory(session, min(bureau_ids), since, task_ids=task_ids, beside=bureau_ids)
    for bureau_id in sorted(bureau_ids):
        ledger = read.of(bureau_id)
        yield SummaryPage(
            bureau=names[bureau_id],
            period=period,
            rows=ledger.period(period).rows,
            year=_without_words(ledger.period(Period(new_year, period.cut_off_on)).rows),
            trend=_trend(ledger, ends),
            whole=ledger.whole(period.cut_off_on) if task_ids is None else None,
        )


def summarise_version(
    session: Session, bureau_id: int, version: Version, *, task_ids: Collection[int] | None = None
) -> SummaryPage:
    """The page of a frozen version: its own rows; the year and the trend from history."""
    frozen = version.frozen
    rows = tuple(row for row in frozen.rows if task_ids is None or row.task_id in task_ids)
    page = compute_summary(session, bureau_id, frozen.period, task_ids=task_ids)
    is_whole_year = frozen.period.starts_on == date(frozen.period.cut_off_on.year, 1, 1)
    year = _without_words(rows) if is_whole_year else page.year
    whole = frozen.whole if task_ids is None else None
    return replace(page, rows=rows, year=year, term=frozen.term, version=version.number, whole=whole)


def trend_of(
    session: Session, bureau_id: int, last: date, *, task_ids: Iterable[int]
) -> tuple[TrendPoint, ...]:
    """Twelve months up to `last` of some tasks, from history."""
    ends = _month_ends(last)
    return _trend(BureauHistory(session, bureau_id, ends[0].replace(day=1), task_ids=task_ids), ends)


def _without_words(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    words = ("text", "statement", "progress", "late_reason", "needs_decision", "whose_move")
    none: dict[str, Any] = dict.fromkeys(words, "")
    return tuple(replace(row, cause=None, **none) for row in rows)


def _month_ends(last: date) -> list[date]:
    """The last days of the twelve months up to `last`; the month of `last` ends there."""
    ends = [last]
    while len(ends) < MONTHS_SHOWN:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]


def _trend(ledger: BureauHistory, ends: Iterable[date]) -> tuple[TrendPoint, ...]:
    """One month's standings after the other: all twelve of a large bureau fill the memory."""
    return tuple(_point(end, ledger.standings(end)) for end in ends)


def _point(end: date, standings: Mapping[int, TaskOnDay]) -> TrendPoint:
    problems = [standing for standing in standings.values() if standing.kind.is_problem]
    in_month = [s for s in problems if s.ended_on is not None and s.ended_on >= end.replace(day=1)]
    return TrendPoint(
        day=end,
        open=sum(s.status in OPEN for s in problems),
        overdue=sum(s.status in OPEN and s.overdue_days > 0 for s in problems),
        closed=sum(s.status is Status.CLOSED for s in in_month),
    )
