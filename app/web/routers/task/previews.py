"""Evidence to look at: its pages as pictures the server made of it, each anew, so that none outlives its file (误传清除).

Who may download a piece may look at it. The file itself is never shown inside a page.
"""

from threading import Lock
from typing import Final

from fastapi import APIRouter, Response

from app.web.page_request import Visitor
from app.web.pages import render
from app.web.task_in_view import piece_of
from core.errors import NotFound
from documents.task.pictures import LONGEST_SIDE, NotShown, pictures

router = APIRouter(prefix="/tasks/{code}/evidence/{evidence_id}")

MOST_PAGES: Final = 30
"""Who wants to read more than a closing needs downloads the file."""


SMALL: Final = 320
"""Pixels of the longer side, beside other pieces."""
_ONE_AT_A_TIME: Final = Lock()
"""An unpacked picture may take 150 MB."""


@router.get("/preview", name="evidence_preview")
def evidence_preview(visit: Visitor, code: str, evidence_id: int) -> Response:
    """The first pages of a piece, large, one below the other; or why they are not shown."""
    piece, place = piece_of(visit, code, evidence_id)
    why, count = "", 0
    try:
        _, count = pictures(place, piece.media_type, 0)
    except NotShown as error:
        why = str(error)
    return render(
        visit, "preview.html", code=code, piece=piece, count=count, shown=min(count, MOST_PAGES), why=why
    )


@router.get("/pages/{number}", name="evidence_page")
def evidence_page(
    visit: Visitor, code: str, evidence_id: int, number: int, *, small: bool = False
) -> Response:
    """One page of a piece as a picture; in plain words that it cannot be shown."""
    piece, place = piece_of(visit, code, evidence_id)
    if not 1 <= number <= MOST_PAGES:
        raise NotFound("没有这一页", f"这里可以看前 {MOST_PAGES} 页", "请下载原件查看")
    longest = SMALL if small else LONGEST_SIDE
    try:
        with _ONE_AT_A_TIME:
            drawn, count = pictures(place, piece.media_type, 1, first=number - 1, longest=longest)
    except NotShown as why:
        return Response(f"不能预览：{why}", 415, media_type="text/plain")
    if not drawn:
        raise NotFound("没有这一页", f"一共 {count} 页", "请从任务页面打开")
    return Response(drawn[0], media_type="image/jpeg")
