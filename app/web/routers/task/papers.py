"""The papers of one task: 销号单, alone and with its evidence, 回头看核查记录, and all of it as one folder (一项一档)."""

from fastapi import APIRouter, Response

from app.web.page_request import Visitor
from app.web.pages import DOCX, download
from app.web.task_in_view import seen_file
from core.errors import FilesGone
from documents.pack import zip_parts
from documents.task import papers
from documents.task.dossier import dossier
from documents.task.exhibits import exhibits
from documents.task.folder import folder_files
from rectification.lists.timeline import timeline

router = APIRouter(prefix="/tasks/{code}")


@router.get("/sheet.docx", name="task_sheet")
def task_sheet(visit: Visitor, code: str) -> Response:
    """销号单 (办结单 of a plan, 终止单 of what was terminated); what is not signed yet is left open, to be printed and signed."""
    found, file = seen_file(visit, code)
    sheet = papers.closing_sheet(file, timeline(visit.session, found.id))
    return download(sheet.to_bytes(), f"{code}{papers.sheet_name(file)}.docx", DOCX)


@router.get("/dossier.docx", name="task_dossier")
def task_dossier(visit: Visitor, code: str) -> Response:
    """The same sheet, and every piece of evidence after it, shown as far as it can be."""
    found, file = seen_file(visit, code)
    paper = dossier(file, timeline(visit.session, found.id), visit.files, visit.site.settings.zone)
    return download(paper.to_bytes(), f"{code}{papers.sheet_name(file)}和佐证材料.docx", DOCX)


@router.get("/look-back.docx", name="task_look_back")
def task_look_back(visit: Visitor, code: str) -> Response:
    """The record of the latest look-back; an open one is left to be filled in."""
    file = seen_file(visit, code)[1]
    return download(papers.look_back_sheet(file).to_bytes(), f"{code}回头看核查记录.docx", DOCX)


@router.get("/folder.zip", name="task_folder")
def task_folder(visit: Visitor, code: str) -> Response:
    """Closing sheet, catalogue, history and evidence; refused where a file is gone, as half a folder looks like a whole one."""
    found, file = seen_file(visit, code)
    pieces = exhibits(file, visit.files)
    if gone := [each.line.file_name for each in pieces if each.is_missing]:
        raise FilesGone(*gone)
    files = folder_files(file, timeline(visit.session, found.id), pieces, visit.site.settings.zone)
    return download(zip_parts(files), f"{code}一项一档.zip", "application/zip")
