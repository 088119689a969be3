"""The guides by role, to be read where no other place can be reached."""

from fastapi import APIRouter, Response

from app.web.guides import CONTENTS, address, read_guide
from app.web.page_request import Visitor
from app.web.pages import render

router = APIRouter(prefix="/help")


@router.get("", name="help_contents")
def help_contents(visit: Visitor) -> Response:
    """What guides there are."""
    return help_page(visit, CONTENTS)


@router.get("/{guide}", name="help")
def help_page(visit: Visitor, guide: str) -> Response:
    """One guide; the one of contents leads to the others."""
    return render(
        visit,
        "help.html",
        guide=read_guide(guide, visit.site.root),
        is_contents=guide == CONTENTS,
        contents=visit.site.root + address(CONTENTS),
    )
