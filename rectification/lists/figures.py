"""The figures of a period, and the rows behind each of them. Pure.

Every figure is a question asked of rows: counting and clicking through ask the same one. Problems and plans are
counted apart everywhere; 整改率 covers problems alone and its formula is printed beside it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from models.enums import Status, Worded
from rectification.task.as_of import Standing, TaskHistory, TaskOnDay
from rectification.task.lifecycle import OPEN

RATE_FORMULA: Final = "整改率＝已销号项数÷（问题总数－已终止项数）"


@dataclass(frozen=True, slots=True)
class Period:
    """From the day after the last cut-off to this one, both included."""

    starts_on: date
    cut_off_on: date


class Opening(StrEnum):
    """How a task came into the period."""

    CARRIED = "carried"
    ADDED = "added"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Row(Standing):
    """A task as it stood at the cut-off: one line of the ledger a briefing is made of.

    `unit_order` and `source_order` keep units and sources in the office's own order. `late_reason` and
    `needs_decision` are the latest the owner gave in the period; `whose_move` says in words for whom the task waited.
    `statement` is what the owner closed it with; `report_year` the year of the own report it stands in; `is_entered_late`:
    nobody had entered it at the cut-off (补录). `cause` is None in a version frozen before versions held it. What is
    called `…_before` had happened when the period began: a figure of the period does not count it.
    """

    task_id: int
    code: str
    title: str
    text: str
    unit: str
    unit_order: int
    officer: str
    leader: str
    source: str
    source_order: int
    source_paper: str
    opening: Opening
    cause: str | None = None
    report_year: int | None = None
    count_total: int | None = None
    count_done: int | None = None
    is_entered_late: bool = False
    statement: str = ""
    progress: str = ""
    progress_on: date | None = None
    late_reason: str = ""
    needs_decision: str = ""
    whose_move: str = ""
    missed_days: int = 0
    extensions_before: int = 0
    was_redated_before: bool = False
    was_supervised_before: bool = False

    @property
    def is_problem(self) -> bool:
        return self.kind.is_problem


class Numbered(Protocol):
    """What may carry a number of its own, of which so many are done."""

    @property
    def count_total(self) -> int | None: ...
    @property
    def count_done(self) -> int | None: ...


class Figure(Worded):
    """What is counted, and its name where one head serves problems and plans."""

    TOTAL = "total", "总数"
    CARRIED = "carried", "上期结转"
    ADDED = "added", "本期新增"
    REOPENED = "reopened", "回头看重开"
    CLOSED = "closed", "已销号办结"
    CLOSED_ON_TIME = "closed_on_time", "按期申请"
    CLOSED_LATE = "closed_late", "超期申请"
    RUNNING = "running", "正在办理"
    OVERDUE = "overdue", "超期"
    MISSED = "missed", "节点超期"
    EXTENDED = "extended", "延期"
    REDATED = "redated", "重定时限"
    ENTERED_LATE = "entered_late", "截止日后补录"
    TERMINATED = "terminated", "终止"


def _is_late(row: Row) -> bool:
    return bool(row.days_late) or row.was_redated


_OF_PROBLEMS: Final = {Figure.TOTAL: "本期问题", Figure.CLOSED: "已销号", Figure.RUNNING: "正在整改"}
_OF_PLANS: Final = {Figure.TOTAL: "本期任务", Figure.CLOSED: "已办结"}


def figure_label(figure: Figure, *, are_problems: bool | None = None) -> str:
    """What a figure is called: of problems, of plans, or (None) where one head serves both."""
    own = {} if are_problems is None else _OF_PROBLEMS if are_problems else _OF_PLANS
    return own.get(figure, figure.word)


def rate_text(closed: int, total: int, terminated: int) -> str:
    """整改率 (or 办结率) to a tenth of a per cent, as a reader's calculator gives it; only all of them is 100%, only none 0%.

    A dash where there is nothing to divide by.
    """
    base = total - terminated
    if not base:
        return "—"
    tenths = (closed * 2000 + base) // (2 * base)
    if 0 < closed < base:
        tenths = min(max(tenths, 1), 999)
    return f"{tenths / 10:.1f}%"


FIGURES: Final[Mapping[Figure, Callable[[Row], bool]]] = {
    Figure.TOTAL: lambda _: True,
    Figure.CARRIED: lambda row: row.opening is Opening.CARRIED,
    Figure.ADDED: lambda row: row.opening is Opening.ADDED,
    Figure.REOPENED: lambda row: row.opening is Opening.REOPENED,
    Figure.CLOSED: lambda row: row.status is Status.CLOSED,
    Figure.CLOSED_ON_TIME: lambda row: row.status is Status.CLOSED and not _is_late(row),
    Figure.CLOSED_LATE: lambda row: row.status is Status.CLOSED and _is_late(row),
    Figure.RUNNING: lambda row: row.status in OPEN,
    Figure.OVERDUE: lambda row: row.status in OPEN and row.overdue_days > 0,
    Figure.MISSED: lambda row: row.status in OPEN and row.missed_days > 0,
    Figure.EXTENDED: lambda row: row.extensions > row.extensions_before,
    Figure.REDATED: lambda row: row.was_redated and not row.was_redated_before,
    Figure.ENTERED_LATE: lambda row: row.is_entered_late,
    Figure.TERMINATED: lambda row: row.status is Status.TERMINATED,
}
SUMS: Final = (
    (Figure.TOTAL, (Figure.CARRIED, Figure.ADDED, Figure.REOPENED)),
    (Figure.TOTAL, (Figure.CLOSED, Figure.RUNNING, Figure.TERMINATED)),
    (Figure.CLOSED, (Figure.CLOSED_ON_TIME, Figure.CLOSED_LATE)),
)
"""What adds up to what; extended, re-dated, overdue and entered late are said of some of them."""


@dataclass(frozen=True, slots=True)
class Whole:
    """全部在账: everything issued by a day and not handed back, whenever it ended; `earlier` in years before that day's (往年);
    `origins` says by which papers they came in, where that is known.

    The board, the district and every paper on a period say it alike; a paper says its period's part beside it (本期).
    """

    total: int = 0
    earlier: int = 0
    closed: int = 0
    terminated: int = 0
    origins: str = ""

    @property
    def base(self) -> int:
        """What the rate is out of."""
        return self.total - self.terminated

    @property
    def rate(self) -> str:
        """整改率 (办结率): closed out of all but the terminated."""
        return rate_text(self.closed, self.total, self.terminated)

    @property
    def scope(self) -> str:
        """What is counted (口径), as it is printed beside the figures."""
        came = f"（{self.origins}）" if self.origins else ""
        return f"全部在账{self.total}项{came}，含往年{self.earlier}项"


@dataclass(frozen=True, slots=True)
class InLedger:
    """全部在账, problems and plans apart."""

    problems: Whole
    plans: Whole

    def of(self, *, are_problems: bool) -> Whole:
        return self.problems if are_problems else self.plans


def whole_of(standings: Iterable[tuple[Status, date | None]], day: date) -> Whole:
    """Tasks in the ledger, counted by how each stands and when it was issued."""
    found = list(standings)
    return Whole(
        total=len(found),
        earlier=sum(issued is not None and issued.year < day.year for _, issued in found),
        closed=sum(status is Status.CLOSED for status, _ in found),
        terminated=sum(status is Status.TERMINATED for status, _ in found),
    )


def origins(rows: Sequence[Row]) -> str:
    """By which papers the rows came in: 2025年度报告8项，法治督察3项."""
    return origin_words(Counter((row.source_order, row.source, row.report_year) for row in rows))


def origin_words(counts: Mapping[tuple[int, str, int | None], int], most: int | None = None) -> str:
    """The same of counts by a source's place, its name and the year of the own report; every report, of the others the `most` that brought most and the rest together."""
    reports, others = Counter[int](), Counter[tuple[int, str]]()
    for (place, source, year), tasks in counts.items():
        if year:
            reports[year] += tasks
        else:
            others[place, source] += tasks
    named = others.most_common(most)
    words = [f"{year}年度报告{tasks}项" for year, tasks in sorted(reports.items())]
    words += [f"{name}{tasks}项" for (_, name), tasks in sorted(named)]
    if left := others.total() - sum(tasks for _, tasks in named):
        words.append(f"其他来源{left}项")
    return "，".join(words)


def by_number(rows: Iterable[Numbered], done_word: str) -> str:
    """What stands behind the tasks that carry a number of their own, which no 整改率 counts, as a clause; empty where none does."""
    of = [(row.count_done or 0, row.count_total) for row in rows if row.count_total]
    if not of:
        return ""
    counted = number_text(sum(done for done, _ in of), sum(total for _, total in of), done_word)
    return f"；按数量计的{len(of)}项任务所列{counted}，不计入按任务算的比率"


def number_text(done: int, total: int, done_word: str) -> str:
    """How far what is counted has come: 共72项，已整改60项（83.3%）."""
    return f"共{total}项，已{done_word}{done}项（{rate_text(done, total, 0)}）"


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of some rows."""

    total: int = 0
    carried: int = 0
    added: int = 0
    reopened: int = 0
    closed: int = 0
    closed_on_time: int = 0
    closed_late: int = 0
    running: int = 0
    overdue: int = 0
    missed: int = 0
    extended: int = 0
    redated: int = 0
    entered_late: int = 0
    terminated: int = 0

    def of(self, figure: Figure) -> int:
        value: int = getattr(self, figure.value)
        return value

    @property
    def rate(self) -> str:
        return rate_text(self.closed, self.total, self.terminated)


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one unit or source, problems and plans apart."""

    name: str
    problems: Tally
    plans: Tally


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a briefing counts."""

    problems: Tally
    plans: Tally
    by_unit: tuple[Group, ...]
    by_source: tuple[Group, ...]

    def of(self, *, are_problems: bool) -> Tally:
        return self.problems if are_problems else self.plans


def scope_text(figures: Figures, whole: InLedger | None, *, are_problems: bool) -> str:
    """What the figures of a period are out of, with both rates; a version kept before versions held the whole has its own alone."""
    what, rate = ("问题", "整改率") if are_problems else ("工作任务", "办结率")
    tally = figures.of(are_problems=are_problems)
    here = f"本期{what}{tally.total}项，本期{rate}{tally.rate}"
    if whole is None:
        return here
    ledger = whole.of(are_problems=are_problems)
    closed = figure_label(Figure.CLOSED, are_problems=are_problems)
    before = f"其中以前各期已了结{ledger.total - tally.total}项"
    scope = f"整改台账共有{what}{ledger.total}项（全部在账，含往年{ledger.earlier}项）"
    return f"{scope}，{closed}{ledger.closed}项，{rate}{ledger.rate}；{before}，{here}"


def sums(figures: Figures, whole: InLedger | None, *, are_problems: bool) -> Iterator[str]:
    """Every sum of the figures of a period, printed so that a reader can check it."""
    tally = figures.of(are_problems=are_problems)
    if whole is not None:
        total = whole.of(are_problems=are_problems).total
        yield f"全部在账{total}项＝以前各期已了结{total - tally.total}项＋本期{tally.total}项"
    for figure, parts in SUMS:
        name, *names = (
            f"{figure_label(each, are_problems=are_problems)}{tally.of(each)}项" for each in (figure, *parts)
        )
        yield f"{name}＝{'＋'.join(names)}"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows a figure stands for; None does not narrow."""

    figure: Figure
    are_problems: bool | None = None
    unit: str | None = None
    source: str | None = None

    def covers(self, row: Row) -> bool:
        return (
            FIGURES[self.figure](row)
            and self.are_problems in (None, row.is_problem)
            and self.unit in (None, row.unit)
            and self.source in (None, row.source)
        )


def rows_behind(rows: Iterable[Row], selection: Selection) -> tuple[Row, ...]:
    """The rows a figure counts."""
    return tuple(row for row in rows if selection.covers(row))


def tally(rows: Sequence[Row]) -> Tally:
    """Count rows."""
    return Tally(**{figure.value: sum(map(asked, rows)) for figure, asked in FIGURES.items()})


def count(rows: Sequence[Row]) -> Figures:
    """Every figure of a period's rows."""
    return Figures(
        problems=tally([row for row in rows if row.is_problem]),
        plans=tally([row for row in rows if not row.is_problem]),
        by_unit=tuple(_groups(rows, lambda row: (row.unit_order, row.unit))),
        by_source=tuple(_groups(rows, lambda row: (row.source_order, row.source))),
    )


def _groups(rows: Sequence[Row], key: Callable[[Row], tuple[int, str]]) -> Iterator[Group]:
    groups: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    for (_, name), group in sorted(groups.items()):
        yield Group(
            name=name,
            problems=tally([row for row in group if row.is_problem]),
            plans=tally([row for row in group if not row.is_problem]),
        )


def in_period(history: TaskHistory, period: Period) -> tuple[TaskOnDay, Opening] | None:
    """The task at the cut-off and how it came into the period; None where it does not belong there.

    It belongs where it was open when the period began, or was issued or reopened within it, and is in the ledger at
    the cut-off.
    """
    end = history.at(period.cut_off_on)
    if end is None or not end.is_in_ledger:
        return None
    before = history.at(date.fromordinal(period.starts_on.toordinal() - 1))
    if before is None or not before.is_in_ledger:
        return end, Opening.ADDED
    if not before.has_ended:
        return end, Opening.CARRIED
    if end.has_ended and end.ended_on is not None and end.ended_on < period.starts_on:
        return None
    return end, Opening.REOPENED
