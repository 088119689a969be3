"""The leaders' page (进展通报) as HTML: a month on one sheet, with its trend."""

from collections.abc import Callable, Iterator
from typing import Final

from markupsafe import Markup

from documents.figure_rows import CountedRows, FigureRows
from documents.halfyear.trend import closed_words, trend_svg
from documents.pages import body
from documents.sentences import DRAFT_MARK, Counted
from models.enums import Verb
from rectification.halfyear.summaries import SummaryPage, happened, is_newly_supervised
from rectification.labels import status_label
from rectification.lists.figures import (
    RATE_FORMULA,
    Figure,
    Figures,
    Row,
    Selection,
    count,
    rows_behind,
    scope_text,
)
from rectification.task.lifecycle import OPEN
from rectification.task.time_limits import day_text

FIGURES: Final = (
    Figure.TOTAL,
    Figure.ADDED,
    Figure.CLOSED,
    Figure.RUNNING,
    Figure.OVERDUE,
    Figure.MISSED,
    Figure.EXTENDED,
    Figure.REDATED,
    Figure.TERMINATED,
)
SHEET: Final = (
    Figure.TOTAL,
    Figure.CLOSED_ON_TIME,
    Figure.CLOSED_LATE,
    Figure.OVERDUE,
    Figure.EXTENDED,
    Figure.TERMINATED,
)
UNIT_HEADS: Final = ("事项总数", "按期申请", "超期申请", "现超期", "延期", "终止")
"""What SHEET's figures are called beside a unit's name."""
MOVED, STUCK = "变化", "超期，在谁手中"
_HAPPENED: Final = {Figure.ADDED: "新增"} | {
    figure: figure.word for figure in (Figure.REOPENED, Figure.EXTENDED, Figure.REDATED)
}


def summary_body(summary: SummaryPage, task_url: Callable[[str], str]) -> Markup:
    """The body; `task_url` tells where a task's page is."""
    scope, year = CountedRows(summary.rows), CountedRows(summary.year, "本年")
    lines, sheet = figure_lines(summary), unit_lines(summary)
    return body(
        "summary.html",
        page=summary,
        scopes=scopes(summary),
        lines=lines,
        units=sheet,
        anchor=scope.anchor,
        year_anchor=year.anchor,
        behind=[*_lists(scope, lines), *_lists(year, sheet)],
        draft_mark=DRAFT_MARK,
        formula=RATE_FORMULA,
        figure_names=[figure.word for figure in FIGURES],
        trend=Markup(trend_svg(summary.trend)),  # noqa: S704  (escaped by its own template)
        closed=closed_words(summary.trend),
        task_url=task_url,
        moved=MOVED,
        stuck=STUCK,
        unit_heads=UNIT_HEADS,
        moved_words=moved_words,
        stuck_words=stuck_words,
        state_words=lambda row: status_label(row.status, row.kind),
    )


Line = tuple[str, tuple[Counted, ...]]


def scopes(summary: SummaryPage) -> list[str]:
    """What the figures of problems, and of plans, are out of."""
    return [scope_text(summary.figures, summary.whole, are_problems=asked) for asked in (True, False)]


def figure_lines(summary: SummaryPage) -> list[Line]:
    """The period's figures, problems and plans apart."""
    figures = summary.figures
    return [_line("问题", figures, are_problems=True), _line("工作任务", figures, are_problems=False)]


def unit_lines(summary: SummaryPage) -> list[Line]:
    """Each unit's year."""
    return [_of_unit(summary.year, group.name) for group in count(summary.year).by_unit]


def _line(name: str, figures: Figures, *, are_problems: bool) -> Line:
    tally = figures.of(are_problems=are_problems)
    return name, tuple(Counted(tally.of(figure), Selection(figure, are_problems)) for figure in FIGURES)


def _of_unit(rows: tuple[Row, ...], unit: str) -> Line:
    """A unit's year: problems and plans together."""
    asked = [Selection(figure, unit=unit) for figure in SHEET]
    counts = (Counted(len(rows_behind(rows, selection)), selection) for selection in asked)
    return unit or "（未定）", tuple(counts)


def _lists(scope: CountedRows, lines: list[Line]) -> Iterator[FigureRows]:
    yield from scope.lists(figure for _, figures in lines for figure in figures)


def stuck_words(row: Row) -> str:
    """How late a task is, and for whom it waits."""
    return "，".join(filter(None, (f"超期{row.overdue_days}天", row.whose_move)))


def moved_words(row: Row) -> str:
    """What happened to a task in the period."""
    told = [_HAPPENED[figure] for figure in happened(row) if figure in _HAPPENED]
    supervised = Verb.SUPERVISE.word if is_newly_supervised(row) else ""
    ended = f"{day_text(row.ended_on)}{status_label(row.status, row.kind)}" if row.status not in OPEN else ""
    return "，".join(part for part in (*told, supervised, ended) if part)
