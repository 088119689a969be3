"""Evidence to save, and to look at: its pages as pictures the server made of it, each anew, so that none outlives its file (误传清除).

Who may download a piece may look at it. The file itself is never shown inside a page.
"""

from pathlib import Path
from threading import Lock
from typing import Final

from fastapi import APIRouter, Response
from sqlalchemy import select

from app.web.page_request import Visit, Visitor
from app.web.pages import render, to_save
from app.web.task_in_view import stored_place
from core.errors import NotFound
from documents.task.pictures import LONGEST_SIDE, NotShown, pictures
from models.task import Evidence
from rectification.task.access import seen_task

router = APIRouter(prefix="/tasks/{code}/evidence/{evidence_id}")

MOST_PAGES: Final = 30
SMALL: Final = 320  # pixels of the longer side
_ONE_AT_A_TIME: Final = Lock()  # an unpacked picture may take 150 MB


@router.get("", name="evidence_file")
def evidence_file(visit: Visitor, code: str, evidence_id: int) -> Response:
    """A piece of evidence, always to be saved, never shown inside a page."""
    piece, place = _piece(visit, code, evidence_id)
    return to_save(place, piece.file_name)


@router.get("/preview", name="evidence_preview")
def evidence_preview(visit: Visitor, code: str, evidence_id: int) -> Response:
    """The first pages of a piece, large, one below the other; or why they are not shown."""
    piece, place = _piece(visit, code, evidence_id)
    try:
        why, (_, count) = "", pictures(place, piece.media_type, 0)
    except NotShown as error:
        why, count = str(error), 0
    return render(
        visit, "preview.html", code=code, piece=piece, count=count, shown=min(count, MOST_PAGES), why=why
    )


@router.get("/pages/{number}", name="evidence_page")
def evidence_page(
    visit: Visitor, code: str, evidence_id: int, number: int, *, small: bool = False
) -> Response:
    """One page of a piece as a picture; in plain words that it cannot be shown."""
    piece, place = _piece(visit, code, evidence_id)
    longest, is_there = SMALL if small else LONGEST_SIDE, 1 <= number <= MOST_PAGES
    try:
        with _ONE_AT_A_TIME:
            drawn, count = pictures(place, piece.media_type, is_there, first=number - 1, longest=longest)
    except NotShown as why:
        return Response(f"不能预览：{why}", 415, media_type="text/plain")
    if not drawn:
        raise NotFound("没有这一页", f"一共 {count} 页，这里可以看前 {MOST_PAGES} 页", "请下载原件查看")
    return Response(drawn[0], media_type="image/jpeg")


def _piece(visit: Visit, code: str, evidence_id: int) -> tuple[Evidence, Path]:
    """A file of the task's evidence and where it lies; NotFound also where it left the task's file, FilesGone where it does not lie there."""
    found = seen_task(visit.session, visit.actor, code)
    of_task = select(Evidence).where(Evidence.id == evidence_id, Evidence.task_id == found.id)
    piece = visit.session.scalar(of_task.where(Evidence.sha256 != "", Evidence.purged_at.is_(None)))
    if piece:
        return piece, stored_place(visit, piece.sha256, piece.file_name)
    raise NotFound("没有这个佐证文件", "可能已按误传清除", "请从任务页面打开")
