"""The mail log: what went out, what waits, what was not delivered."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from sqlalchemy import func, select

from app.web.pages import render
from app.web.visit import Visitor
from models.enums import OutboxStatus
from models.mail import OutboxMessage
from models.organisation import Person

router = APIRouter(prefix="/mail")

PAGE: Final = 100


@router.get("", name="mail")
def mail(visit: Visitor, status: Annotated[OutboxStatus | None, Query()] = None) -> Response:
    """The newest messages; the words of a message are shown while they are kept."""
    own = OutboxMessage.bureau_id == visit.actor.bureau_id
    query = (
        select(OutboxMessage, Person.name)
        .join(Person, Person.id == OutboxMessage.person_id)
        .where(own)
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .limit(PAGE)
    )
    if status is not None:
        query = query.where(OutboxMessage.status == status)
    counts = visit.session.execute(
        select(OutboxMessage.status, func.count()).where(own).group_by(OutboxMessage.status)
    )
    return render(
        visit,
        "mail.html",
        messages=[(message, name) for message, name in visit.session.execute(query)],
        counts=dict(counts.tuples().all()),
        shown=status,
        size=PAGE,
    )
