"""What one will be told, when and why, if nobody acts until then."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.web.forms import Choice
from app.web.page_request import Visit, Visitor
from app.web.pages import render
from models.enums import Role
from notifications.letterhead import Letterhead
from notifications.simulate import LEFT_OUT, PHONE, simulate
from rectification.labels import JOB
from rectification.office.people import list_people, person_of

router = APIRouter()

_FOR_OTHERS: Final = frozenset({Role.CLERK, Role.ADMIN})
_DAYS: Final = (30, 90, 365)


class Ahead(BaseModel):
    """How far to look, and for whom; clerk and administrator may ask for anybody of their bureau."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    days: Annotated[int, Field(ge=1, le=366)] = 30
    person: Annotated[str, Field(max_length=64)] = ""


@router.get("/upcoming", name="upcoming")
def upcoming(visit: Visitor, ahead: Annotated[Ahead, Query()]) -> Response:
    """Message by message, each task with its rule."""
    others = _others(visit)
    login = ahead.person if others and ahead.person else visit.actor.login
    person = person_of(visit.session, visit.actor.bureau_id, login)
    today = visit.clock.today
    letterhead = Letterhead.of(visit.site.settings)
    messages = list(
        simulate(
            visit.session,
            today,
            today + timedelta(days=ahead.days),
            login=login,
            leaves=letterhead.leaves,
            zone=letterhead.zone,
        )
    )
    return render(
        visit,
        "upcoming.html",
        messages=messages,
        person=person,
        is_own=login == visit.actor.login,
        others=others,
        days=ahead.days,
        spans=_DAYS,
        phone=PHONE,
        left_out=LEFT_OUT,
        flows=JOB,
    )


def _others(visit: Visit) -> Sequence[Choice]:
    if _FOR_OTHERS.isdisjoint(visit.actor.roles):
        return ()
    people = list_people(visit.session, visit.actor.bureau_id)
    return [Choice(row.login, f"{row.name}（{row.unit}）") for row in people if row.is_active]
