"""回头看: what was drawn to be looked at again, and the draw itself."""

from fastapi import APIRouter, Response

from app.web.page_request import Visitor
from app.web.pages import redirect, render
from rectification import casework
from rectification.lists.look_backs import doubted_closings, list_checks
from rectification.task.look_back_draw import half_year_before

router = APIRouter(prefix="/look-backs")


@router.get("", name="look_backs")
def look_backs(visit: Visitor) -> Response:
    """What waits to be looked at again, then what was found."""
    rows = list_checks(visit.session, visit.actor)
    return render(
        visit,
        "look_backs.html",
        waiting=[row for row in rows if row.checked_on is None],
        done=[row for row in rows if row.checked_on],
        doubted=doubted_closings(visit.session, visit.actor),
        half_year=half_year_before(visit.clock.today),
    )


@router.post("", name="look_backs_post")
def look_backs_post(visit: Visitor) -> Response:
    """Draw from what was closed in the last half-year; drawn twice it adds nothing."""
    with visit.unit_of_work() as session:
        drawn = casework.draw_look_backs(session, visit.clock, visit.acting)
    note = (
        f"已抽取 {len(drawn)} 项：{'、'.join(each.code for each in drawn)}" if drawn else "没有新抽取的任务"
    )
    return redirect(visit, "look_backs", note=note)
