"""The mail log with the reason of every message, and sending again."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from sqlalchemy import func, select

from app.web.forms import RecordId
from app.web.page_request import Visitor
from app.web.pages import redirect, render
from core.errors import RectifyError
from models.enums import OutboxStatus
from models.mail import OutboxMessage
from notifications.health import mail_health
from notifications.letterhead import Letterhead
from notifications.log import mail_log, resend, words_of

router = APIRouter(prefix="/mail")

PAGE: Final = 100


@router.get("", name="mail")
def mail(
    visit: Visitor,
    status: Annotated[OutboxStatus | None, Query()] = None,
    undelivered: Annotated[bool, Query()] = False,
) -> Response:
    """The newest messages; the words of a message are shown while they are kept."""
    bureau_id = visit.actor.bureau_id
    counts = visit.session.execute(
        select(OutboxMessage.status, func.count())
        .where(OutboxMessage.bureau_id == bureau_id)
        .group_by(OutboxMessage.status)
    )
    rows = mail_log(visit.session, bureau_id=bureau_id, status=status, undelivered=undelivered, limit=PAGE)
    return render(
        visit,
        "mail.html",
        messages=rows,
        words=words_of(visit.session, [row.id for row in rows]),
        counts=dict(counts.tuples().all()),
        shown=status,
        undelivered=undelivered,
        health=mail_health(visit.session, visit.clock, visit.calendar, bureau_id),
        size=PAGE,
    )


@router.post("/{message_id}/resend", name="mail_resend_post")
def resend_post(visit: Visitor, message_id: RecordId) -> Response:
    """Send a message again that did not arrive."""
    letterhead = Letterhead.of(visit.site.settings)
    try:
        with visit.unit_of_work() as session:
            resend(session, visit.clock, message_id, letterhead, bureau_id=visit.actor.bureau_id)
    except RectifyError as error:
        if error.status == 404:
            raise
        return redirect(visit, "mail", note=error.line, query={"undelivered": "true"})
    return redirect(visit, "mail", note="已重新排队，几分钟内发出", query={"undelivered": "true"})
