"""离岗 and 回岗: what still hangs on a person is shown, and handed over, before the account ends."""

from fastapi import APIRouter, Response

from app.web.access import ACCESS
from app.web.page_request import Visitor
from app.web.pages import back_to, redirect, render
from app.web.routers.office.people import person_of_bureau
from core.errors import Conflict
from rectification.casework import leaving

router = APIRouter(prefix="/people/{person_id}")


@router.get("/leave", name="person_leave")
def leave_page(visit: Visitor, person_id: int) -> Response:
    """What hangs on this person; nothing, and the button is there."""
    person = person_of_bureau(visit, visit.session, person_id)
    return render(
        visit,
        "leaving.html",
        person=person,
        ties=leaving.ties_of(visit.session, person),
        covers=leaving.covers_of(visit.session, person, visit.clock.today),
        may_hand_over=ACCESS["hand_over"].admits(visit.actor.roles),
    )


@router.post("/leave", name="person_leave_post")
@back_to(leave_page, but=(Conflict,))
def leave_post(visit: Visitor, person_id: int) -> Response:
    """End the account."""
    with visit.unit_of_work() as session:
        person = person_of_bureau(visit, session, person_id)
        ended = leaving.leave(session, visit.by, person)
        name = person.name
    told = f"；AB岗随之结束：{'；'.join(ended)}" if ended else ""
    return redirect(visit, "people", note=f"{name}已离岗，不能再登录，也不再收到提醒{told}")


@router.post("/return", name="person_return_post")
def return_post(visit: Visitor, person_id: int) -> Response:
    """Take the person in again."""
    with visit.unit_of_work() as session:
        person = person_of_bureau(visit, session, person_id)
        leaving.come_back(session, visit.by, person)
        name = person.name
    return redirect(visit, "people", note=f"{name}已回岗，请发一张登录条重新设置密码")
