"""What was typed while a session ended: shown to the same person after signing in, to be sent again or dropped."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Response

from app.web.forms import RecordId
from app.web.page_request import Visitor
from app.web.pages import redirect, render
from models.signin import KeptText
from rectification.office.kept_text import drop_text, kept_texts

router = APIRouter(prefix="/kept")
_SHORT = 12


@dataclass(frozen=True, slots=True)
class KeptField:
    """One field; what is short and nothing people read (a version, a choice) goes along unseen."""

    name: str
    text: str
    is_shown: bool


@router.get("", name="kept")
def kept(visit: Visitor) -> Response:
    """Every text that is kept for whoever is signed in."""
    rows = kept_texts(visit.session, visit.clock.now, visit.actor.person_id)
    return render(visit, "kept.html", kept=[(row, list(_fields(row))) for row in rows])


@router.post("/{text_id}/drop", name="kept_drop_post")
def drop_post(visit: Visitor, text_id: RecordId) -> Response:
    """The text is no longer wanted."""
    with visit.unit_of_work() as session:
        drop_text(session, visit.clock.now, visit.actor.person_id, text_id)
    return redirect(visit, "kept", note="已丢弃")


def _fields(row: KeptText) -> Iterator[KeptField]:
    for name, text in row.fields:
        yield KeptField(name, text, len(text) > _SHORT or not text.isascii())
