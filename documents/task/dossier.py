"""销号卷宗: the closing sheet of a task and all its evidence, numbered and shown as far as it can be, in one Word paper.

What is shown is bounded, so that a task with many large files gives a paper that opens; what is left out is said where
it would stand. The files themselves are in the folder (一项一档).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from core.files import FileStore
from core.filetypes import OFFICE
from documents.own_text import own_text
from documents.task.exhibits import Exhibit, Piece, add_catalogue, pieces
from documents.task.form_rows import WIDTHS, Rows, pair, wide
from documents.task.papers import closing_sheet
from documents.task.pictures import SHOWN, NotShown, Picture, pictures
from documents.word.layout import OfficialPaper
from documents.word.styles import SIZE_5
from rectification.labels import closing_noun
from rectification.lists.case_file import CaseFile
from rectification.lists.timeline import EventRow
from rectification.task.time_limits import day_text

_READ: Final = frozenset(
    {"text/plain", f"{OFFICE}.wordprocessingml.document", f"{OFFICE}.spreadsheetml.sheet"}
)
_MOST_PIECES: Final = 150
_MOST_PAGES: Final = 20
_MOST_TEXT: Final = 3_000
_ORIGINAL: Final = "原件见一项一档的“佐证材料”文件夹"
_TOO_MANY: Final = f"未在文中显示：卷宗只收前{_MOST_PIECES}份材料的内容。{_ORIGINAL}。"


def dossier_name(task: CaseFile) -> str:
    """What the paper is called as a file."""
    return f"{task.row.code}{closing_noun(task.row.kind)}卷宗.docx"


def dossier(task: CaseFile, events: Sequence[EventRow], store: FileStore, zone: tzinfo) -> OfficialPaper:
    """The paper; `zone` is the office's, as upload times are stored in UTC."""
    paper = closing_sheet(task, events)
    found = pieces(task, store)
    add_catalogue(paper, "附件", found, zone)
    several = sum(each.exhibit.line.media_type in SHOWN for each in found)
    pages = max(1, min(_MOST_PAGES, _MOST_PIECES // max(1, several)))
    for number, each in enumerate(found):
        exhibit = each.exhibit
        shown = _shown(each, pages) if number < _MOST_PIECES else _Shown(_TOO_MANY)
        begins = shown.is_something or number == 0
        paper.heading(3, f"{exhibit.label}　{exhibit.line.name}", on_new_page=begins)
        paper.form(WIDTHS, _facts(exhibit, zone), size=SIZE_5)
        for page, picture in enumerate(shown.pictures, 1):
            paper.picture(picture.data, (picture.width, picture.height), f"{exhibit.label}第{page}页")
        for said in filter(None, (shown.text, shown.note)):
            paper.small_print(said)
    return paper


def _facts(exhibit: Exhibit, zone: tzinfo) -> Rows:
    line = exhibit.line
    added = line.uploaded_at.astimezone(zone)
    return [
        pair("种类", exhibit.kind, "材料日期", day_text(line.own_date)),
        pair("提交人", line.uploaded_by, "提交时间", f"{day_text(added.date())} {added:%H:%M}"),
        pair("证明", exhibit.proves, "纸质档号", line.archive_no),
        *([wide("说明", line.note)] if line.note else []),
        *([wide("SHA-256", line.sha256)] if line.sha256 else []),
    ]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is shown of a piece, and what is to be said of it."""

    note: str
    text: str = ""
    pictures: Sequence[Picture] = ()

    @property
    def is_something(self) -> bool:
        return bool(self.text or self.pictures)


def _shown(piece: Piece, most: int) -> _Shown:
    line = piece.exhibit.line
    if piece.place is None:
        return _Shown(f"未在文中显示：{piece.why_not}。")
    if line.media_type in SHOWN:
        try:
            drawn, count = pictures(piece.place, line.media_type, most)
        except NotShown as why:
            return _Shown(f"未在文中显示：{why}。{_ORIGINAL}。")
        rest = f"共{count}页，只显示前{len(drawn)}页。{_ORIGINAL}。"
        return _Shown(rest if count > len(drawn) else "", pictures=drawn)
    text = own_text(piece.place, line.file_name) if line.media_type in _READ else ""
    if not text:
        return _Shown(f"未在文中显示：这种格式的内容不能在 Word 中显示。{_ORIGINAL}。")
    rest = f"，只列前{_MOST_TEXT}字" if len(text) > _MOST_TEXT else ""
    return _Shown(f"以上是文件中的文字{rest}，版式和图片未显示。{_ORIGINAL}。", text[:_MOST_TEXT])
