"""The leaders' page (进展通报) as HTML: a month on one sheet, with its trend."""

from collections.abc import Callable
from typing import Final

from markupsafe import Markup

from documents.pages import body, page
from documents.sentences import DRAFT_MARK
from documents.trend import trend_svg
from rectification.figures import RATE_FORMULA, Figure, Opening, Row
from rectification.labels import status_label
from rectification.lifecycle import OPEN
from rectification.summaries import SummaryPage, waits_for
from rectification.timelimits import day_text

FIGURES: Final = {
    Figure.TOTAL: "总数",
    Figure.ADDED: "本期新增",
    Figure.CLOSED: "本期销号办结",
    Figure.RUNNING: "未销号办结",
    Figure.OVERDUE: "超期",
    Figure.EXTENDED: "延期",
    Figure.TERMINATED: "终止",
}
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
    return body(
        "summary.html",
        page=summary,
        draft_mark=DRAFT_MARK,
        formula=RATE_FORMULA,
        figure_names=FIGURES,
        sheet=SHEET,
        trend=Markup(trend_svg(summary.trend)),  # noqa: S704  (escaped by its own template)
        task_url=task_url,
        moved_words=_moved,
        stuck_words=lambda row: f"超期{row.overdue_days}天，{waits_for(row)}",
        state_words=lambda row: status_label(row.status, row.kind),
    )


def summary_page(summary: SummaryPage, task_url: Callable[[str], str]) -> str:
    """The page that stands alone."""
    return page(f"{summary.bureau}{summary.label}整改进展通报", summary_body(summary, task_url))


def _moved(row: Row) -> str:
    ended = f"{day_text(row.ended_on)}{status_label(row.status, row.kind)}" if row.status not in OPEN else ""
    return "，".join(part for part in (_OPENINGS[row.opening], ended) if part)
