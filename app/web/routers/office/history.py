"""The office's own history, as chief, auditor and those who keep it read it."""

from fastapi import APIRouter, Response

from app.web.page_request import Visitor
from app.web.pages import render
from models.enums import OfficeVerb
from rectification.office.history_words import SIGNINS, history
from rectification.office.second_person import waiting

router = APIRouter()

_PAGE = 100


@router.get("/office", name="office")
def office(visit: Visitor, before: int | None = None, kind: str = "") -> Response:
    """What was done to the office, the newest first; who signed in stands apart."""
    verbs = SIGNINS if kind == "signin" else frozenset(OfficeVerb) - SIGNINS
    bureau_id = visit.actor.bureau_id
    rows = history(visit.session, limit=_PAGE + 1, verbs=verbs, before=before, bureau_id=bureau_id)
    older = rows[_PAGE - 1].sequence if len(rows) > _PAGE else None
    return render(
        visit,
        "office.html",
        rows=rows[:_PAGE],
        older=older,
        kind=kind,
        requests=waiting(visit.session, bureau_id),
    )
