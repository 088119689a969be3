"""Lists of tasks: one's own, and the whole ledger narrowed by what stands in the address."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.responses import PlainTextResponse

from app.web.desk import my_moves
from app.web.forms import Choice
from app.web.page_request import Visit, Visitor
from app.web.pages import SHEET, download, render
from app.web.presenting import light_names, list_text
from app.web.workbooks import ledger_workbook
from core.errors import NotFound
from models.enums import Light, Status, Trait, Worded
from rectification.lists.filters import Order, TaskFilter
from rectification.lists.last_said import brought_by
from rectification.lists.load_case_files import case_files
from rectification.lists.look_backs import count_checks
from rectification.lists.paging import count_tasks, page_of
from rectification.lists.rows import TaskRow, rows_of
from rectification.task.lifecycle import ISSUED, OPEN

router = APIRouter()

PAGE: Final = 50
MINE: Final = 80


class View(Worded):
    """The lists people come back to, a tab each: one address for everybody, so that it can be kept or sent."""

    ALL = "", "全部"
    WAITING = "waiting", "等您办理"
    OVERDUE = "overdue", "超期"
    MONTH = "month", "本月到期"
    EARLIER = "earlier", "往年未结"


class Listing(BaseModel):
    """The filters of the list, as they stand in the address: a filtered list can be sent as a link."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    view: View = View.ALL
    kind: str = ""
    status: Status | None = None
    light: Light | None = None
    unit: str = ""
    trait: Trait | None = None
    within: Annotated[int | None, Field(ge=0, le=366)] = None
    q: Annotated[str, Field(max_length=100)] = ""
    sort: Order = Order.URGENCY
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    @field_validator("status", "light", "trait", "within", mode="before")
    @classmethod
    def _absent(cls, value: object) -> object:
        return None if value == "" else value

    @property
    def is_narrowed(self) -> bool:
        """Whether more is asked for than one of the tabs."""
        return bool(self.model_dump(exclude={"view", "sort", "page"}, exclude_defaults=True))

    def turned(self, column: str) -> str:
        """The order a click on a column's head asks for: by it, then the other way, then as it was."""
        following = {column: f"-{column}", f"-{column}": ""}
        return following.get(self.sort, column)

    def address(self, **changes: object) -> str:
        """The same list with something changed, as a query string."""
        values = {**self.model_dump(mode="json"), "page": 1, **changes}
        if values["page"] == 1:
            del values["page"]
        return "?" + urlencode({name: value for name, value in values.items() if value not in (None, "")})


@router.get("/my", name="my_tasks")
def my_tasks(visit: Visitor) -> Response:
    """What waits for this person, by date; then what else the person takes part in."""
    waiting = listed(visit, my_moves(visit), limit=MINE)
    drafts = count_tasks(
        visit.session,
        visit.clock.today,
        actor=visit.actor,
        filters=TaskFilter(waits_for=visit.actor, statuses=frozenset({Status.DRAFT})),
    )
    shown = {row.id for row in waiting}
    others = listed(visit, TaskFilter(takes_part=visit.actor, statuses=OPEN), limit=MINE, besides=shown)
    return render(
        visit,
        "my_tasks.html",
        waiting=waiting,
        brought=brought_by(visit.session, visit.actor, shown),
        drafts=drafts,
        checks=count_checks(visit.session, visit.actor, is_own=True),
        others=others,
        most=MINE,
    )


@router.get("/tasks", name="tasks")
def tasks(visit: Visitor, listing: Annotated[Listing, Query()]) -> Response:
    """The list, narrowed by what stands in the address."""
    rows, total = _page(visit, listing, _filters(visit, listing))
    return render(
        visit,
        "tasks.html",
        rows=rows,
        total=total,
        pages=pages_of(total, listing.page),
        listing=listing,
        views=View,
        orders=[order for order in Order if order is not Order.ENTRY],
        units=[Choice(name, name) for name in visit.bearings.departments],
    )


@router.get("/tasks.txt", name="tasks_text")
def tasks_text(visit: Visitor, listing: Annotated[Listing, Query()]) -> Response:
    """A page of the list as text for a message, with no more than a mail says; 仅限指定人员 left out."""
    rows, total = _page(visit, listing, replace(_filters(visit, listing), is_open_to_all=True))
    what = f"台账（{listing.view.word}{'，已筛选' if listing.is_narrowed else ''}）"
    return PlainTextResponse(list_text(what, rows, total, light_names(visit.policy), visit.clock.today))


def _page(visit: Visit, listing: Listing, filters: TaskFilter) -> tuple[list[TaskRow], int]:
    """The rows of one page, and how many all pages have."""
    total = counted(visit, filters)
    pages_of(total, listing.page)
    return listed(visit, filters, limit=PAGE, offset=(listing.page - 1) * PAGE), total


@router.get("/tasks.xlsx", name="tasks_xlsx")
def tasks_xlsx(visit: Visitor, listing: Annotated[Listing, Query()]) -> Response:
    """What the list shows, as the office's workbook: all pages of it, 仅限指定人员 left out."""
    filters, today = _filters(visit, listing), visit.clock.today
    files = case_files(visit.session, today, visit.calendar, actor=visit.actor, filters=filters)
    is_whole = not listing.model_fields_set - {"page"}
    return download(
        ledger_workbook(visit, files, is_whole=is_whole), f"整改台账{today.isoformat()}.xlsx", SHEET
    )


def pages_of(total: int, page: int) -> int:
    """How many pages so many rows fill.

    Raises: NotFound, where `page` is beyond them.
    """
    pages = max(1, -(-total // PAGE))
    if page > pages:
        raise NotFound("没有这一页", f"一共 {pages} 页", "请从第一页看起")
    return pages


def _filters(visit: Visit, listing: Listing) -> TaskFilter:
    today = visit.clock.today
    chosen = TaskFilter(
        statuses=frozenset({listing.status}) if listing.status else ISSUED,
        is_problem={"problem": True, "plan": False}.get(listing.kind),
        light=listing.light,
        near_until=visit.near_until,
        unit=listing.unit or None,
        trait=listing.trait,
        due=(today, today + timedelta(days=listing.within)) if listing.within is not None else None,
        words=listing.q.strip() or None,
        order=listing.sort,
    )
    return replace(chosen, **_of_view(visit, listing.view, chosen, today))


def _of_view(visit: Visit, view: View, chosen: TaskFilter, today: date) -> dict[str, Any]:
    """What a tab narrows a filter to."""
    is_open = (chosen.statuses or ISSUED) & OPEN
    following = today.replace(day=28) + timedelta(days=4)
    narrowed: dict[View, dict[str, Any]] = {
        View.ALL: {},
        View.WAITING: {
            "statuses": is_open,
            "waits_for": visit.actor,
            "heads_confirm": visit.policy.requires_unit_head,
        },
        View.OVERDUE: {"overdue_only": True},
        View.MONTH: {"due": (today.replace(day=1), following - timedelta(days=following.day))},
        View.EARLIER: {"statuses": is_open, "issued_before": today.replace(month=1, day=1)},
    }
    return narrowed[view]


def listed(
    visit: Visit, filters: TaskFilter, *, limit: int, offset: int = 0, besides: Collection[int] = ()
) -> list[TaskRow]:
    """What this person may see of it, the longest overdue first, `besides` what is shown already."""
    today = visit.clock.today
    page = visit.of_bureau(
        ("page", filters, limit, offset),
        lambda: page_of(visit.session, today, limit=limit, offset=offset, actor=visit.actor, filters=filters),
    )
    wanted = [each for each in page if each not in besides]
    return rows_of(visit.session, wanted, today, visit.calendar, visit.policy)


def counted(visit: Visit, filters: TaskFilter) -> int:
    """How many rows `listed` has without a limit."""
    return visit.of_bureau(
        ("count", filters),
        lambda: count_tasks(visit.session, visit.clock.today, actor=visit.actor, filters=filters),
    )
