"""The papers of one task: 销号单, 回头看核查记录, and all of it as one folder (一项一档)."""

from fastapi import APIRouter, Response

from app.web.page_request import Visitor
from app.web.pages import DOCX, download
from app.web.task_in_view import seen_file
from documents.task import papers
from documents.task.folder import folder_parts
from rectification.lists.timeline import timeline

router = APIRouter(prefix="/tasks/{code}")


@router.get("/sheet.docx", name="task_sheet")
def task_sheet(visit: Visitor, code: str) -> Response:
    """销号单 (办结单 of a plan, 终止单 of what was terminated); what is not signed yet is left open, to be printed and signed."""
    file = seen_file(visit, code)[1]
    return download(papers.closing_sheet(file).to_bytes(), f"{code}{papers.sheet_name(file)}.docx", DOCX)


@router.get("/look-back.docx", name="task_look_back")
def task_look_back(visit: Visitor, code: str) -> Response:
    """The record of the latest look-back; an open one is left to be filled in."""
    file = seen_file(visit, code)[1]
    return download(papers.look_back_sheet(file).to_bytes(), f"{code}回头看核查记录.docx", DOCX)


@router.get("/folder.zip", name="task_folder")
def task_folder(visit: Visitor, code: str) -> Response:
    """Cover, catalogue, history, closing sheet and evidence; what is missing is told of in the catalogue."""
    found, file = seen_file(visit, code)
    zone, store, events = visit.site.settings.zone, visit.files, timeline(visit.session, found.id)
    parts = folder_parts(file.row.org, file, events, store, visit.clock.today, zone)
    return download(parts, f"{code}一项一档.zip", "application/zip")
