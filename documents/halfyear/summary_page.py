"""The leaders' page (进展通报) as HTML: a month on one sheet, with its trend."""

from collections.abc import Callable, Iterator
from typing import Final

from markupsafe import Markup

from documents.figure_rows import CountedRows, FigureRows
from documents.halfyear.trend import closed_words, trend_svg
from documents.pages import body, page
from documents.sentences import DRAFT_MARK, Counted
from rectification.halfyear.summaries import SummaryPage
from rectification.labels import status_label
from rectification.lists.figures import (
    RATE_FORMULA,
    Figure,
    Figures,
    Opening,
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
_OPENINGS: Final = {Opening.ADDED: "新增", Opening.REOPENED: "回头看重开", Opening.CARRIED: ""}


def summary_body(summary: SummaryPage, task_url: Callable[[str], str]) -> Markup:
    """The body; `task_url` tells where a task's page is."""
    figures = summary.figures
    scope, year = CountedRows(summary.rows), CountedRows(summary.year, "本年")
    lines = [_line("问题", figures, are_problems=True), _line("工作任务", figures, are_problems=False)]
    sheet = [_of_unit(summary.year, group.name) for group in count(summary.year).by_unit]
    return body(
        "summary.html",
        page=summary,
        scopes=[scope_text(figures, summary.whole, are_problems=asked) for asked in (True, False)],
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
        moved_words=_moved,
        stuck_words=lambda row: "，".join(filter(None, (f"超期{row.overdue_days}天", row.whose_move))),
        state_words=lambda row: status_label(row.status, row.kind),
    )


def summary_page(summary: SummaryPage, task_url: Callable[[str], str]) -> str:
    """The page that stands alone."""
    return page(f"{summary.bureau}{summary.label}整改进展通报", summary_body(summary, task_url))


Line = tuple[str, tuple[Counted, ...]]


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


def _moved(row: Row) -> str:
    ended = f"{day_text(row.ended_on)}{status_label(row.status, row.kind)}" if row.status not in OPEN else ""
    return "，".join(part for part in (_OPENINGS[row.opening], ended) if part)
