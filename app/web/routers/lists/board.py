"""The leaders' board (总览), and the same on one A4 page (领导一页纸)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Response
from markupsafe import Markup
from sqlalchemy import select

from app.web.access import ACCESS
from app.web.page_request import Visit, Visitor
from app.web.pages import redirect, render
from app.web.presenting import by_unit
from app.web.routers.lists.task_lists import counted, listed
from documents.halfyear.trend import PANEL, SHEET, PlotFrame, trend_svg
from models.enums import Role, Trait
from models.task import RectificationTask
from notifications.health import mail_health
from rectification.halfyear.hearings import NextHearing, next_hearing
from rectification.halfyear.summaries import TrendPoint, last_month, trend_of
from rectification.halfyear.summary_versions import kept_trend
from rectification.lists.attention import wishes
from rectification.lists.board import Overview, overview
from rectification.lists.district import has_any_below
from rectification.lists.filters import TaskFilter
from rectification.lists.look_backs import DoubtedTally, doubted_closings
from rectification.lists.rows import TaskRow
from rectification.task.access import visible

router = APIRouter()

AHEAD: Final = timedelta(days=30)
ON_BOARD: Final = 20
ON_SHEET: Final = {"overdue": 8, "coming": 5, "asking": 4, "recurring": 3}
MOST_REPLAYED: Final = 500
"""Up to this many tasks their trend is read from history while somebody waits."""


@router.get("/", name="home")
def home(visit: Visitor) -> Response:
    """Where this person begins."""
    route = "board" if ACCESS["board"].admits(visit.actor.roles) else "my_tasks"
    return redirect(visit, route)


@router.get("/board", name="board")
def board(visit: Visitor) -> Response:
    """The leaders' board."""
    figures = _figures(visit)
    overdue = listed(visit, TaskFilter(overdue_only=True), limit=ON_BOARD)
    return render(
        visit,
        "board.html",
        figures=figures,
        groups=by_unit(figures.overdue_by_unit, overdue),
        coming=listed(visit, _ahead(visit), limit=ON_BOARD),
        coming_count=counted(visit, _ahead(visit)),
        trend=_drawn(_trend(visit, figures), PANEL),
        hearing=_hearing(visit),
        doubted=_doubted(visit) if ACCESS["look_backs"].admits(visit.actor.roles) else (),
        district_open=ACCESS["district"].admits(visit.actor.roles)
        and has_any_below(visit.session, visit.actor.bureau_id),
        sheet_open=ACCESS["summary"].admits(visit.actor.roles),
        months_open=ACCESS["month"].admits(visit.actor.roles),
        reviews_open=ACCESS["reviews"].admits(visit.actor.roles),
        health=mail_health(visit.session, visit.clock, visit.calendar, visit.actor.bureau_id),
        mail_open=ACCESS["mail"].admits(visit.actor.roles),
    )


@router.get("/summary", name="summary")
def summary(visit: Visitor) -> Response:
    """The board on one A4 (领导一页纸): what is left out is counted, so that the sheet never becomes two."""
    figures = _figures(visit)
    lists = {
        "overdue": TaskFilter(overdue_only=True),
        "coming": _ahead(visit),
        "asking": TaskFilter(trait=Trait.NEEDS_DECISION),
        "recurring": TaskFilter(trait=Trait.RECURRING),
    }
    rows = {name: listed(visit, filters, limit=ON_SHEET[name]) for name, filters in lists.items()}
    return render(
        visit,
        "leaders_page.html",
        figures=figures,
        rows=rows,
        totals={name: counted(visit, filters) for name, filters in lists.items()},
        wishes=wishes(visit.session, _ids(rows["asking"])),
        trend=_drawn(_trend(visit, figures), SHEET),
        hearing=_hearing(visit),
    )


def _figures(visit: Visit) -> Overview:
    today, until = visit.clock.today, visit.near_until

    return visit.of_bureau(("figures", until), lambda: overview(visit.session, today, until, visit.actor))


def _doubted(visit: Visit) -> Sequence[DoubtedTally]:
    """What became of what was closed over a doubt."""
    return visit.of_bureau("doubted", lambda: doubted_closings(visit.session, visit.actor))


def _ahead(visit: Visit) -> TaskFilter:
    today = visit.clock.today
    return TaskFilter(due=(today, today + AHEAD))


def _ids(rows: Sequence[TaskRow]) -> list[int]:
    return [row.id for row in rows]


def _hearing(visit: Visit) -> NextHearing:
    return next_hearing(visit.session, visit.actor.bureau_id, visit.clock.today, visit.policy, visit.calendar)


def _trend(visit: Visit, figures: Overview) -> tuple[TrendPoint, ...]:
    """As the months were kept, for who sees the bureau; from history for who sees a part of it that is not too large."""
    bureau_id = visit.actor.bureau_id
    if visit.actor.has(Role.CLERK, Role.CHIEF) and (kept := kept_trend(visit.session, bureau_id)):
        return kept
    if not 0 < figures.problems.total + figures.plans.total <= MOST_REPLAYED:
        return ()
    seen = visit.session.scalars(select(RectificationTask.id).where(visible(visit.actor)))
    return trend_of(visit.session, bureau_id, last_month(visit.clock.today).cut_off_on, task_ids=seen)


def _drawn(trend: tuple[TrendPoint, ...], frame: PlotFrame) -> Markup:
    return Markup(trend_svg(trend, frame) if trend else "")  # noqa: S704  (escaped by its own template)
