"""Where things stand: the leaders' board, one's own tasks, the whole list."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.web.access import ACCESS
from app.web.forms import Choice
from app.web.pages import SHEET, download, redirect, render
from app.web.presenting import by_unit
from app.web.visit import Visit, Visitor
from core.errors import NotFound
from models.enums import Light, Status
from models.organisation import Unit
from rectification.casefiles import case_files
from rectification.filters import TaskFilter
from rectification.lifecycle import OPEN
from rectification.organisation import department_names
from rectification.overview import overview
from rectification.queries import TaskRow, count_tasks, list_tasks

router = APIRouter()

PAGE: Final = 50
AHEAD: Final = timedelta(days=30)
_ON_BOARD: Final = 40


class Listing(BaseModel):
    """The filters of the list, as they stand in the address: a filtered list can be sent as a link."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: str = ""
    status: Status | None = None
    light: Light | None = None
    unit: str = ""
    within: Annotated[int | None, Field(ge=0, le=366)] = None
    q: Annotated[str, Field(max_length=100)] = ""
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    @field_validator("status", "light", "within", mode="before")
    @classmethod
    def _absent(cls, value: object) -> object:
        return None if value == "" else value

    def address(self, **changes: object) -> str:
        """The same list with something changed, as a query string."""
        values = {**self.model_dump(mode="json"), "page": 1, **changes}
        return "?" + urlencode({name: value for name, value in values.items() if value not in (None, "", 1)})


@router.get("/", name="home")
def home(visit: Visitor) -> Response:
    """Where this person begins."""
    route = "board" if ACCESS["board"].admits(visit.actor.roles) else "my_tasks"
    return redirect(visit, route)


@router.get("/board", name="board")
def board(visit: Visitor) -> Response:
    """The leaders' board."""
    today = visit.clock.today
    figures = overview(visit.session, today, visit.near_until, visit.actor)
    overdue = _listed(visit, TaskFilter(overdue_only=True), limit=_ON_BOARD)
    ahead = TaskFilter(due=(today, today + AHEAD))
    coming = _listed(visit, ahead, limit=_ON_BOARD)
    return render(
        visit,
        "board.html",
        figures=figures,
        groups=by_unit(overdue),
        coming=coming,
        summary_open=ACCESS["summary"].admits(visit.actor.roles),
        coming_count=count_tasks(visit.session, today, actor=visit.actor, filters=ahead),
    )


@router.get("/my", name="my_tasks")
def my_tasks(visit: Visitor) -> Response:
    """What waits for this person, by date; then what else the person takes part in."""
    waiting = _listed(visit, TaskFilter(waits_for=visit.actor, statuses=OPEN), limit=200)
    drafts = count_tasks(
        visit.session,
        visit.clock.today,
        actor=visit.actor,
        filters=TaskFilter(waits_for=visit.actor, statuses=frozenset({Status.DRAFT})),
    )
    others = _listed(visit, TaskFilter(takes_part=visit.actor, statuses=OPEN), limit=200)
    seen = {row.id for row in waiting}
    return render(
        visit,
        "my_tasks.html",
        waiting=waiting,
        drafts=drafts,
        others=[row for row in others if row.id not in seen],
    )


@router.get("/tasks", name="tasks")
def tasks(visit: Visitor, listing: Annotated[Listing, Query()]) -> Response:
    """The list, narrowed by what stands in the address."""
    filters = _filters(visit, listing)
    total = count_tasks(visit.session, visit.clock.today, actor=visit.actor, filters=filters)
    pages = max(1, -(-total // PAGE))
    if listing.page > pages:
        raise NotFound("没有这一页", f"一共 {pages} 页", "请从第一页看起")
    rows = _listed(visit, filters, limit=PAGE, offset=(listing.page - 1) * PAGE)
    units = [Choice(name, name) for name in department_names(visit.session, visit.actor.bureau_id)]
    return render(
        visit, "tasks.html", rows=rows, total=total, pages=pages, listing=listing, units=units, size=PAGE
    )


@router.get("/tasks.xlsx", name="tasks_xlsx")
def tasks_xlsx(visit: Visitor, listing: Annotated[Listing, Query()]) -> Response:
    """What the list shows, as the office's workbook: all pages of it, 仅限指定人员 left out."""
    from documents.ledger import LedgerExport, write_ledger

    filters, today = _filters(visit, listing), visit.clock.today
    files = case_files(visit.session, today, visit.calendar, actor=visit.actor, filters=filters)
    bureau = visit.session.get_one(Unit, visit.actor.bureau_id).name
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        write_ledger(path, LedgerExport(bureau, today, files))
        content = path.read_bytes()
    return download(content, f"整改台账{today.isoformat()}.xlsx", SHEET)


@router.get("/summary", name="summary")
def summary(visit: Visitor) -> Response:
    """The leaders' page of the month that ended last, on one sheet of paper."""
    from documents.summary_page import summary_body
    from rectification.summaries import last_month, summary_of

    page = summary_of(visit.session, visit.actor.bureau_id, last_month(visit.clock.today))
    return render(visit, "summary.html", body=summary_body(page, lambda code: visit.path("task", code=code)))


def _filters(visit: Visit, listing: Listing) -> TaskFilter:
    today = visit.clock.today
    return TaskFilter(
        statuses=frozenset({listing.status}) if listing.status else _LISTED,
        is_problem={"problem": True, "plan": False}.get(listing.kind),
        light=listing.light,
        near_until=visit.near_until,
        unit=listing.unit or None,
        due=(today, today + timedelta(days=listing.within)) if listing.within is not None else None,
        words=listing.q.strip() or None,
    )


_LISTED: Final = frozenset(Status) - {Status.DRAFT, Status.ARCHIVED}


def _listed(visit: Visit, filters: TaskFilter, *, limit: int, offset: int = 0) -> list[TaskRow]:
    return list_tasks(
        visit.session,
        visit.clock.today,
        visit.calendar,
        actor=visit.actor,
        filters=filters,
        limit=limit,
        offset=offset,
    )
