"""Papers laid out as GB/T 9704-2012 asks: margins, 22 lines of 28 characters, fonts by name, "— 1 —" page numbers.

Page, grid, styles and page numbers stand in templates/official.docx, an empty paper to be opened in Word. Its lines hold
28 characters of 16 points because the styles set them a little closer. (Word's own character grid, narrower than its
characters, makes LibreOffice give each of them two cells.) Fonts are named, never carried along: the office's machine has
them. Source: GB/T 9704-2012, 5 and 7.
"""

import io
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Emu, Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from core.text import printable
from documents.files import write_file
from documents.template_files import in_force, refusal
from documents.word.styles import (
    BODY_FONT,
    HEAD_FONT,
    SIZE_4,
    SIZE_5,
    SIZE_SMALL_4,
    add_line,
    align,
    fill_cell,
    indent,
    lay_across,
    mark_row,
    set_padding,
    unbroken,
)
from rectification.task.time_limits import day_text
from reports.normalise import columns

FILE: Final = "official.docx"
_STYLES: Final = ("Title", "Normal", "Heading 1", "Heading 2", "Heading 3", "Heading 4", "Table Grid")
_PICTURE: Final = Mm(150), Mm(160)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell of a form: a label or an answer, over so many columns, at least so high (millimetres).

    `right` are lines set at the right under the text: who signs, and the date.
    """

    text: str
    span: int = 1
    is_label: bool = False
    height: float = 0
    right: str = ""


class OfficialPaper:
    """A paper in the making, from its title down."""

    def __init__(self, title: str, *, is_landscape: bool = False) -> None:
        self.docx = empty_paper()
        part: Any = self.docx.part
        self._style_id = cache(part.get_style_id)  # each search goes through all styles of the template
        self.docx.core_properties.title = printable(title)
        if is_landscape:
            lay_across(self.docx.sections[0])

    def title(self, text: str) -> None:
        """2号小标宋, centred, with a line below."""
        self._add(text, "Title")
        self._add("", "Normal")

    def salute(self, text: str) -> None:
        """The addressee (主送), at the left edge."""
        indent(self._add(text, "Normal"), first=0)

    def heading(self, level: Literal[1, 2, 3, 4], text: str, *, on_new_page: bool = False) -> None:
        """一、 / （一） / 1. / （1）: 黑体, 楷体, 仿宋, 仿宋; the numbering is the caller's."""
        self._add(text, f"Heading {level}").paragraph_format.page_break_before = on_new_page or None

    def paragraph(self, text: str, *, first: float = 2) -> None:
        """Body text; every line feed starts a paragraph. `first` is the first line's indent in characters."""
        for line in text.split("\n"):
            paragraph = self._add(line, "Normal")
            align(paragraph, "both")
            indent(paragraph, first=first)

    def picture(self, data: bytes, what: str) -> None:
        """A picture as large as a page takes it, in the middle; `what` is read out to those who cannot see it."""
        paragraph = self._add("", "Normal")
        align(paragraph, "center")
        indent(paragraph)
        paragraph.paragraph_format.space_before = Pt(6)
        paragraph.paragraph_format.line_spacing = 1.0  # lines of a fixed height would cut it off
        shape = paragraph.add_run().add_picture(io.BytesIO(data))
        scale = min(_PICTURE[0] / shape.width, _PICTURE[1] / shape.height)
        shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
        shape._inline.docPr.set("descr", printable(what))

    def small_print(self, text: str) -> None:
        """Lines below a form, in its small size."""
        for line in text.split("\n"):
            paragraph = add_line(self.docx._body, line, size=SIZE_5, how="left")
            paragraph.paragraph_format.space_before = Pt(3)

    def attachment_note(self, names: Sequence[str]) -> None:
        """附件说明: a line below the body, two characters in, no full stop."""
        self._add("", "Normal")
        for n, name in enumerate(names, 1):
            start = "附件：" if n == 1 else "　　　"
            number = f"{n}." if len(names) > 1 else ""
            paragraph = self._add(f"{start}{number}{name.rstrip('。')}", "Normal")
            hang = 3 + len(number) / 2
            indent(paragraph, left=2 + hang, first=-hang)

    def sign_off(self, unit: str, day: date | None) -> None:
        """署名 and date, the date four characters in from the right and the name centred over it.

        They stand on a page with what they sign: its last table row or paragraph.
        """
        *_, last = self.docx.iter_inner_content()
        cells = last.rows[-1].cells if isinstance(last, Table) else ()
        kept = [line for cell in cells for line in cell.paragraphs] or [last]
        dated = day_text(day) or "　　年　月　日"
        offset = 4 + (_characters(dated) - _characters(unit)) / 2
        for text, right in (("", 0.0), ("", 0.0), (unit, max(offset, 0)), (dated, 4.0)):
            for line in kept:
                line.paragraph_format.keep_with_next = True
            paragraph = self._add(text, "Normal")
            align(paragraph, "right")
            indent(paragraph, first=0, right=right)
            kept = [paragraph]

    def start_attachment(self, label: str, title: str, *, is_landscape: bool = False) -> None:
        """A new page with 附件 in 黑体 at the left, then its title."""
        section = self.docx.add_section(WD_SECTION.NEW_PAGE)
        if is_landscape:
            lay_across(section)
        paragraph = self._add(label, "Heading 1")
        indent(paragraph, first=0)
        self.title(title)

    def table(
        self,
        heads: Sequence[str],
        widths: Sequence[float],
        rows: Sequence[Sequence[str]],
        *,
        centred: Collection[int] = (),
        size: float = SIZE_SMALL_4,
    ) -> None:
        """A table whose heads repeat on every page; `widths` in millimetres. No row is torn between pages.

        Short texts are centred, and every text in the columns `centred`.
        """
        table = self._grid(len(heads), widths)
        first = _new_row(table)
        for cell, head in zip(first.cells, heads, strict=True):
            fill_cell(cell, head, font=HEAD_FONT, size=size, how="center")
        mark_row(first, "w:tblHeader")
        mark_row(first, "w:cantSplit")
        for texts in rows:
            row = _new_row(table)
            for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                is_centred = column in centred or _characters(text) <= 6
                fill_cell(cell, text, size=size, how="center" if is_centred else "left")
            mark_row(row, "w:cantSplit")

    def form(self, widths: Sequence[float], rows: Sequence[Sequence[FormCell]], size: float = SIZE_4) -> None:
        """A form of labels and answers; the spans of a row add up to the columns."""
        table = self._grid(len(widths), widths)
        for row in rows:
            cells = _new_row(table).cells
            column = 0
            for entry in row:
                cell = cells[column]
                if entry.span > 1:
                    cell = cell.merge(cells[column + entry.span - 1])
                column += entry.span
                _answer(cell, entry, size)
            height = max((entry.height for entry in row), default=0)
            if height:
                table.rows[-1].height = Mm(height)

    def save(self, path: Path) -> None:
        """Write the paper. Raises: Unreadable, where the file cannot be written."""
        write_file(path, self.to_bytes())

    def to_bytes(self) -> bytes:
        """The paper as a file; the same paper gives the same bytes."""
        stored = io.BytesIO()
        unbroken(self.docx)
        self.docx.save(stored)
        return steady(stored.getvalue())

    def _add(self, text: str, style: str) -> Paragraph:
        paragraph = self.docx.add_paragraph(printable(text))
        paragraph._p.style = self._style_id(style, WD_STYLE_TYPE.PARAGRAPH)
        return paragraph

    def _grid(self, columns: int, widths: Sequence[float]) -> Table:
        table: Table = self.docx.add_table(0, columns, style="Table Grid")
        table.autofit = False
        set_padding(table)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        return table


def empty_paper(folder: Path | None = None) -> Docx:
    """The template of papers in force, to be written on; what an office has put into it stands above the title.

    Raises: Unreadable, where the office's own is no Word file, or a style is missing.
    """
    try:
        paper = Document(io.BytesIO(in_force(FILE, folder)))
    except (zipfile.BadZipFile, KeyError, OSError, SyntaxError, ValueError) as error:
        raise refusal(FILE, "不是完整的 Word 文档") from error
    names = {style.name for style in paper.styles}
    if missing := [name for name in _STYLES if name not in names]:
        raise refusal(FILE, f"缺少样式 {'、'.join(missing)}", "样式列表")
    return paper


def steady(data: bytes) -> bytes:
    """An office file without the moments of its making: the same parts give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as parts, zipfile.ZipFile(out, "w") as kept:
        for name in parts.namelist():
            kept.writestr(zipfile.ZipInfo(name, _EPOCH), parts.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _new_row(table: Table) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    return row


def _answer(cell: _Cell, entry: FormCell, size: float) -> None:
    font = HEAD_FONT if entry.is_label else BODY_FONT
    fill_cell(cell, entry.text, font=font, size=size, how="center" if entry.is_label else "left")
    for line in entry.right.split("\n") if entry.right else ():
        add_line(cell, line, size=size, how="right")


def _characters(text: str) -> float:
    """How wide a text is, in Chinese characters."""
    return columns(text) / 2
