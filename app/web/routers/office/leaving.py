"""离岗 and 回岗: what still hangs on a person is shown, and handed over, before the account ends."""

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from app.web.access import ACCESS
from app.web.page_request import Visit, Visitor
from app.web.pages import back_to, redirect, render
from core.errors import Conflict, NotFound
from models.organisation import Person
from rectification.casework import leaving

router = APIRouter(prefix="/people/{person_id}")


@router.get("/leave", name="person_leave")
def leave_page(visit: Visitor, person_id: int) -> Response:
    """What hangs on this person; nothing, and the button is there."""
    person = _person(visit, visit.session, person_id)
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
        person = _person(visit, session, person_id)
        ended = leaving.leave(session, visit.by, person)
        name = person.name
    told = f"；AB岗随之结束：{'；'.join(ended)}" if ended else ""
    return redirect(visit, "people", note=f"{name}已离岗，不能再登录，也不再收到提醒{told}")


@router.post("/return", name="person_return_post")
def return_post(visit: Visitor, person_id: int) -> Response:
    """Take the person in again."""
    with visit.unit_of_work() as session:
        person = _person(visit, session, person_id)
        leaving.come_back(session, visit.by, person)
        name = person.name
    return redirect(visit, "people", note=f"{name}已回岗，请发一个登录链接重新设置密码")


def _person(visit: Visit, session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None or person.bureau_id != visit.actor.bureau_id:
        raise NotFound("没有这个人", "", "请从“人员与科室”进入")
    return person
