"""Lists of tasks: one's own, and the whole ledger narrowed by what stands in the address."""

from collections.abc import Collection
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.web.desk import my_moves
from app.web.forms import Choice
from app.web.page_request import Visit, Visitor
from app.web.pages import SHEET, download, render
from app.web.workbooks import ledger_workbook
from core.errors import NotFound
from models.enums import Light, Status, Trait
from rectification.lists.filters import TaskFilter
from rectification.lists.last_said import brought_by
from rectification.lists.load_case_files import case_files
from rectification.lists.look_backs import count_checks
from rectification.lists.paging import count_tasks, page_of
from rectification.lists.rows import TaskRow, rows_of
from rectification.task.lifecycle import OPEN

router = APIRouter()

PAGE: Final = 50
MINE: Final = 80
LISTED: Final = frozenset(Status) - {Status.DRAFT, Status.ARCHIVED}


class Listing(BaseModel):
    """The filters of the list, as they stand in the address: a filtered list can be sent as a link."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: str = ""
    status: Status | None = None
    light: Light | None = None
    unit: str = ""
    trait: Trait | None = None
    within: Annotated[int | None, Field(ge=0, le=366)] = None
    q: Annotated[str, Field(max_length=100)] = ""
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    @field_validator("status", "light", "trait", "within", mode="before")
    @classmethod
    def _absent(cls, value: object) -> object:
        return None if value == "" else value

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
    filters = _filters(visit, listing)
    total = counted(visit, filters)
    pages = pages_of(total, listing.page)
    rows = listed(visit, filters, limit=PAGE, offset=(listing.page - 1) * PAGE)
    units = [Choice(name, name) for name in visit.bearings.departments]
    return render(
        visit, "tasks.html", rows=rows, total=total, pages=pages, listing=listing, units=units, size=PAGE
    )


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
    return TaskFilter(
        statuses=frozenset({listing.status}) if listing.status else LISTED,
        is_problem={"problem": True, "plan": False}.get(listing.kind),
        light=listing.light,
        near_until=visit.near_until,
        unit=listing.unit or None,
        trait=listing.trait,
        due=(today, today + timedelta(days=listing.within)) if listing.within is not None else None,
        words=listing.q.strip() or None,
    )


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
