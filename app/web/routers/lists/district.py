"""The bureaus below this one: counts of the day, and the list of a bureau that released it."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.web.page_request import Visitor
from app.web.pages import redirect, render
from app.web.routers.lists.task_lists import PAGE, pages_of
from models.enums import Status
from models.organisation import Unit
from rectification.lists.district import (
    Counts,
    district,
    keep_day_figures,
    release_rows,
    released_below,
)
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.lists.paging import count_tasks
from rectification.lists.rows import list_tasks
from rectification.office.units import ids_below
from rectification.task.lifecycle import ISSUED

router = APIRouter()


@router.get("/district", name="district")
def district_page(visit: Visitor) -> Response:
    """Every bureau below with its counts."""
    today, bureau_id = visit.clock.today, visit.actor.bureau_id
    bureaus = district(visit.session, today, bureau_id)
    archived = TaskFilter(statuses=frozenset({Status.ARCHIVED}), bureau_id=bureau_id, is_open_to_all=True)
    files = case_files(visit.session, today, visit.calendar, filters=archived)
    return render(
        visit,
        "district.html",
        bureaus=bureaus,
        passed=[file for file in files if file.passed_to],
        problems=sum((each.problems for each in bureaus), Counts()),
        plans=sum((each.plans for each in bureaus), Counts()),
    )


@router.post("/district", name="district_count_post")
def district_count_post(visit: Visitor) -> Response:
    """Count them now instead of tomorrow morning."""
    below = ids_below(visit.session, visit.actor.bureau_id)
    with visit.unit_of_work() as session:
        counted = keep_day_figures(session, visit.clock, below)
    return redirect(visit, "district", note=f"已重新统计 {counted} 个单位")


@router.get("/district/{unit_id}", name="district_rows")
def district_rows(
    visit: Visitor, unit_id: int, page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """The list of a bureau that released it: what it is about, with whom it lies, never what hangs on it."""
    bureau = released_below(visit.session, visit.actor.bureau_id, unit_id)
    today, wanted = visit.clock.today, TaskFilter(bureau_id=bureau.id, is_open_to_all=True, statuses=ISSUED)
    total = count_tasks(visit.session, today, filters=wanted)
    pages = pages_of(total, page)
    rows = list_tasks(
        visit.session, today, visit.calendar, filters=wanted, limit=PAGE, offset=(page - 1) * PAGE
    )
    return render(visit, "district_rows.html", bureau=bureau, rows=rows, total=total, page=page, pages=pages)


@router.post("/units/release", name="rows_release_post")
def rows_release_post(visit: Visitor) -> Response:
    """Let the bureaus above read this one's list, or counts alone."""
    is_released = bool(visit.text("is_released"))
    with visit.unit_of_work() as session:
        release_rows(session, visit.by, session.get_one(Unit, visit.actor.bureau_id), is_released=is_released)
    told = "上级单位现在可以查看任务明细" if is_released else "上级单位现在只看到数字"
    return redirect(visit, "units", note=told)
