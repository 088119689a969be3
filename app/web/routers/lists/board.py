"""The leaders' board (总览), and the same on one A4 page (领导一页纸)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Response
from markupsafe import Markup
from sqlalchemy import select

from app.web.access import ACCESS
from app.web.desk import my_moves
from app.web.one_sheet import SheetPart, fitting, sheet_line
from app.web.page_request import Visit, Visitor
from app.web.pages import redirect, render
from app.web.presenting import by_unit, days_left, light_names, light_words
from app.web.routers.lists.task_lists import counted, listed
from documents.halfyear.trend import PANEL, SHEET, closed_words, trend_svg
from models.enums import Light, Role, Trait
from models.task import RectificationTask
from notifications.health import mail_health
from notifications.phone import call_list
from rectification.halfyear.hearings import NextHearing, next_hearing
from rectification.halfyear.summaries import TrendPoint, last_month, trend_of
from rectification.halfyear.summary_versions import kept_trend
from rectification.lists.board import Overview, overview
from rectification.lists.district import has_any_below
from rectification.lists.filters import TaskFilter
from rectification.lists.last_said import brought_by, last_said
from rectification.lists.look_backs import DoubtedTally, count_checks, doubted_closings
from rectification.lists.rows import TaskRow
from rectification.task.access import visible
from rectification.task.lifecycle import OPEN

router = APIRouter()

AHEAD: Final = timedelta(days=30)
SOON: Final = timedelta(days=7)
ON_BOARD: Final = 20
AWAITED: Final = 5
TILES: Final = 120
ON_SHEET: Final = 10
MOST_REPLAYED: Final = 500
"""Up to this many tasks their trend is read from history while somebody waits."""
MONTHS_BEFORE: Final = 11


@router.get("/", name="home")
def home(visit: Visitor) -> Response:
    """Where this person begins."""
    route = "board" if ACCESS["board"].admits(visit.actor.roles) else "my_tasks"
    return redirect(visit, route)


@router.get("/board", name="board")
def board(visit: Visitor) -> Response:
    """The leaders' board."""
    figures = _figures(visit)
    tiles = listed(visit, TaskFilter(statuses=OPEN), limit=TILES)
    overdue = [row for row in tiles if row.overdue_days][:ON_BOARD]
    awaited = listed(visit, my_moves(visit), limit=AWAITED)
    trend = _trend(visit, figures)
    return render(
        visit,
        "board.html",
        figures=figures,
        longest=_longest(figures, overdue),
        groups=[group for group in by_unit(figures.units, overdue) if group.rows],
        said=last_said(visit.session, [row.id for row in overdue]),
        picture=by_unit(figures.units, tiles),
        awaited=awaited,
        brought=brought_by(visit.session, visit.actor, [row.id for row in awaited]),
        coming=listed(visit, _within(visit, AHEAD), limit=ON_BOARD),
        coming_count=counted(visit, _within(visit, AHEAD)),
        soon_count=counted(visit, _within(visit, SOON)),
        months=trend,
        trend=Markup(trend_svg(trend, PANEL)),  # noqa: S704  (escaped by its own template)
        closed=closed_words(trend),
        hearing=_hearing(visit),
        doubted=_doubted(visit) if ACCESS["look_backs"].admits(visit.actor.roles) else (),
        district_open=ACCESS["district"].admits(visit.actor.roles)
        and has_any_below(visit.session, visit.actor.bureau_id),
        sheet_open=ACCESS["summary"].admits(visit.actor.roles),
        months_open=ACCESS["month"].admits(visit.actor.roles),
        reviews_open=ACCESS["reviews"].admits(visit.actor.roles),
        health=mail_health(visit.session, visit.clock, visit.calendar, visit.actor.bureau_id),
        chores=list(_chores(visit, figures)) if visit.actor.has(Role.CLERK) else (),
        mail_open=ACCESS["mail"].admits(visit.actor.roles),
    )


@router.get("/summary", name="summary")
def summary(visit: Visitor) -> Response:
    """The board on one A4 (领导一页纸): what is left out is counted, so that the sheet never becomes two."""
    figures = _figures(visit)
    overdue = listed(visit, TaskFilter(overdue_only=True), limit=ON_SHEET)
    trend = _trend(visit, figures)
    return render(
        visit,
        "leaders_page.html",
        figures=figures,
        longest=_longest(figures, overdue),
        soon_count=counted(visit, _within(visit, SOON)),
        parts=fitting([*_sheet(visit, overdue)]),
        months=trend,
        trend=Markup(trend_svg(trend, SHEET)),  # noqa: S704  (escaped by its own template)
        closed=closed_words(trend),
        hearing=_hearing(visit),
    )


def _sheet(visit: Visit, overdue: Sequence[TaskRow]) -> Iterator[SheetPart]:
    """The sheet's lists with more of each than it may hold."""
    today = visit.clock.today

    def part(title: str, address: str, filters: TaskFilter, words: Callable[[TaskRow], str]) -> SheetPart:
        rows = overdue if filters.overdue_only else listed(visit, filters, limit=ON_SHEET)
        lines = [sheet_line(row, words(row)) for row in rows]
        return SheetPart(title, address, counted(visit, filters), lines)

    asking = TaskFilter(trait=Trait.NEEDS_DECISION)
    said = last_said(visit.session, [row.id for row in listed(visit, asking, limit=ON_SHEET)])
    yield part(
        "已超期",
        "light=red",
        TaskFilter(overdue_only=True),
        lambda row: f"超期{row.overdue_days}天，等{row.whose_move}",
    )
    yield part("提请研究事项", "trait=needs_decision", asking, lambda row: said[row.id].needs_decision)
    yield part(
        "未来 30 天到期，已报送待审的不计",
        "within=30",
        _within(visit, AHEAD),
        lambda row: f"{days_left(row, today)}，等{row.whose_move}",
    )
    yield part(
        "反复出现、尚未了结",
        "trait=recurring",
        TaskFilter(trait=Trait.RECURRING),
        lambda row: f"{light_words(row, light_names(visit.policy))}，等{row.whose_move}",
    )


def _figures(visit: Visit) -> Overview:
    today, until = visit.clock.today, visit.near_until
    return visit.of_bureau(("figures", until), lambda: overview(visit.session, today, until, visit.actor))


def _longest(figures: Overview, overdue: Sequence[TaskRow]) -> TaskRow | None:
    """The task that is overdue the longest."""
    days = figures.units[0].longest_days if figures.overdue else 0
    return next((row for row in overdue if row.overdue_days == days), None)


def _chores(visit: Visit, figures: Overview) -> Iterator[tuple[str, int, str, str]]:
    """What the clerk's own desk holds: its name, how much, of what, and the address of the list."""
    stated = sum(tally.lights[Light.STATED] for tally in (figures.problems, figures.plans))
    calls = len(call_list(visit.session, visit.clock.today, visit.actor.bureau_id))
    yield "待电话通知", calls, "人", visit.path("calls")
    yield "待下达", figures.drafts, "项", visit.path("tasks") + "?status=draft"
    yield "待检查", stated, "项", visit.path("tasks") + "?light=stated"
    yield "待回头看", count_checks(visit.session, visit.actor), "项", visit.path("look_backs")


def _doubted(visit: Visit) -> Sequence[DoubtedTally]:
    """What became of what was closed over a doubt."""
    return visit.of_bureau("doubted", lambda: doubted_closings(visit.session, visit.actor))


def _within(visit: Visit, ahead: timedelta) -> TaskFilter:
    today = visit.clock.today
    return TaskFilter(due=(today, today + ahead))


def _hearing(visit: Visit) -> NextHearing:
    return next_hearing(visit.session, visit.actor.bureau_id, visit.clock.today, visit.policy, visit.calendar)


def _trend(visit: Visit, figures: Overview) -> tuple[TrendPoint, ...]:
    """The months up to the last, and how problems stand now; empty where the months are not known."""
    if not (months := _months(visit, figures)):
        return ()
    now = figures.problems
    today = TrendPoint(visit.clock.today, now.open, now.lights[Light.RED], now.closed_lately)
    return (*months[-MONTHS_BEFORE:], today)


def _months(visit: Visit, figures: Overview) -> tuple[TrendPoint, ...]:
    """As the months were kept, for who sees the bureau; from history for who sees a part of it that is not too large."""
    bureau_id = visit.actor.bureau_id
    if visit.actor.has(Role.CLERK, Role.CHIEF) and (kept := kept_trend(visit.session, bureau_id)):
        return kept
    if not 0 < figures.problems.total + figures.plans.total <= MOST_REPLAYED:
        return ()
    last = last_month(visit.clock.today).cut_off_on

    def replayed() -> tuple[TrendPoint, ...]:
        seen = visit.session.scalars(select(RectificationTask.id).where(visible(visit.actor)))
        return trend_of(visit.session, bureau_id, last, task_ids=seen)

    return visit.of_bureau("months", replayed)
