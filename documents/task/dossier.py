"""The closing sheet of a task and all its evidence, numbered and shown as far as it can be, in one Word paper.

What is shown is bounded, so that a task with many large files gives a paper that opens; what is left out is said where
it would stand. The files themselves are in the folder (一项一档).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Final

from core.files import FileStore
from documents.own_text import own_text
from documents.task.exhibits import Exhibit, add_catalogue, exhibits
from documents.task.papers import closing_sheet
from documents.task.pictures import NotShown, is_pictured, pictures
from documents.word.layout import OfficialPaper
from rectification.lists.case_file import CaseFile
from rectification.lists.timeline import EventRow

_MOST_PIECES: Final = 150
_MOST_PAGES: Final = 20
_MOST_TEXT: Final = 3_000
_ORIGINAL: Final = "原件见一项一档的“佐证材料”文件夹"


def dossier(task: CaseFile, events: Sequence[EventRow], store: FileStore, zone: tzinfo) -> OfficialPaper:
    """The paper; `zone` is the office's, as upload times are stored in UTC."""
    paper = closing_sheet(task, events)
    found = exhibits(task, store)
    pictured = sum(is_pictured(each.line.media_type) for each in found) or 1
    pages = max(1, min(_MOST_PAGES, _MOST_PIECES // pictured))
    shown = [_shown(each, pages if n <= _MOST_PIECES else 0) for n, each in enumerate(found, 1)]
    listed = [replace(each, why_not=why_not) for each, (_, _, why_not) in zip(found, shown, strict=True)]
    add_catalogue(paper, "附件", listed, zone)
    for each, (drawn, said, _) in zip(found, shown, strict=True):
        if drawn or said:
            pages_shown = f"（{len(drawn)}页）" if len(drawn) > 1 else ""
            paper.heading(3, f"{each.label}　{each.line.name}{pages_shown}", on_new_page=True)
        for page, picture in enumerate(drawn, 1):
            paper.picture(picture, f"{each.label}第{page}页")
        if said:
            paper.small_print(said)
    return paper


def _shown(exhibit: Exhibit, most: int) -> tuple[list[bytes], str, str]:
    """What is shown of a piece: at `most` so many pictures, and words; or why nothing is."""
    line, place = exhibit.line, exhibit.place
    if place is None:
        return [], "", exhibit.why_not
    if not most:
        return [], "", f"未在文中显示：只收前{_MOST_PIECES}份材料的内容"
    if is_pictured(line.media_type):
        try:
            drawn, count = pictures(place, line.media_type, most)
        except NotShown as why:
            return [], "", f"未在文中显示：{why}"
        rest = f"共{count}页，只显示前{len(drawn)}页。{_ORIGINAL}。"
        return drawn, rest if count > len(drawn) else "", ""
    text = own_text(place, line.file_name)
    if not text:
        return [], "", "未在文中显示：这种格式的内容不能在 Word 中显示"
    rest = f"，只列前{_MOST_TEXT}字" if len(text) > _MOST_TEXT else ""
    return [], f"{text[:_MOST_TEXT]}\n（以上是文件中的文字{rest}，版式和图片未显示。{_ORIGINAL}。）", ""
