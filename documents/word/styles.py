"""What a paper sets by hand beside the styles of its template: indents, tables and their cells, a page turned for wide tables.

Lengths are millimetres or points; indents are characters.
"""

import re
from copy import deepcopy
from functools import cache
from typing import Any, Final, Literal

from docx.document import Document, _Body
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.font import Font
from docx.text.paragraph import Paragraph
from docx.text.parfmt import ParagraphFormat

from core.text import printable

BODY_FONT: Final = "仿宋_GB2312"
HEAD_FONT: Final = "黑体"
SIZE_3, SIZE_4, SIZE_SMALL_4, SIZE_5 = 16.0, 14.0, 12.0, 10.5

_IN_CODE: Final = re.compile(r"(?<=(?<!\d)20\d\d)-(?=\d{3,}(?!\d))")

Align = Literal["left", "center", "right", "both"]

_ALIGNMENTS: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def lay_across(section: Section) -> None:
    """Turn a page for wide tables: the number stays below, the sides become narrower."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin = section.right_margin = Mm(20)
    section.footer_distance = Mm(13)


def indent(paragraph: Paragraph, *, first: float = 0, left: float = 0, right: float = 0) -> None:
    """Indents in characters of the body size; a negative first line hangs."""
    _indent(paragraph.paragraph_format, first=first, left=left, right=right)


def align(paragraph: Paragraph, how: Align) -> None:
    paragraph.alignment = _ALIGNMENTS[how]


def fill_cell(
    cell: _Cell, text: str, *, font: str = BODY_FONT, size: float = SIZE_SMALL_4, how: Align = "left"
) -> None:
    """Put a text into a cell, a paragraph a line, in the middle of its height."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    lines = printable(text).split("\n")
    for n, line in enumerate(lines):
        add_line(cell, line, font=font, size=size, how=how, is_first=n == 0)


def add_line(
    into: _Cell | _Body, line: str, *, font: str = BODY_FONT, size: float, how: Align, is_first: bool = False
) -> Paragraph:
    """One more line in a cell or paper; the first fills the paragraph every cell begins with."""
    paragraph = into.paragraphs[0] if is_first else into.add_paragraph()
    paragraph._p.extend(list(deepcopy(_plain_line(font, size, how))))
    paragraph.runs[-1].text = printable(line)
    return paragraph


@cache
def _plain_line(font: str, size: float, how: Align) -> BaseOxmlElement:
    """A line without its words: most of a paper's time went into making each anew."""
    bare: Any = OxmlElement("w:p")
    paragraph = Paragraph(bare, bare)
    indent(paragraph)
    align(paragraph, how)
    paragraph.paragraph_format.line_spacing = Pt(size * 1.4)
    paragraph._p.get_or_add_pPr().insert_element_before(
        _element("w:snapToGrid", val="0"), "w:spacing", "w:ind", "w:jc"
    )
    _set_font(paragraph.add_run().font, font, size)
    return paragraph._p


def set_padding(table: Table) -> None:
    """The space between a table's lines and its texts."""
    padding = _element("w:tblCellMar")
    for edge, width in (("top", 0.8), ("left", 1), ("bottom", 0.8), ("right", 1)):
        padding.append(_element(f"w:{edge}", w=str(Mm(width).twips), type="dxa"))
    for look in table._tbl.tblPr.findall(qn("w:tblLook")):
        look.addprevious(padding)


def mark_row(row: _Row, mark: Literal["w:tblHeader", "w:cantSplit"]) -> None:
    """Repeat a row on every page, or keep it in one piece."""
    row._tr.get_or_add_trPr().append(_element(mark))


def unbroken(paper: Document) -> None:
    """Keep every task's code on one line; dates are kept by the line breaking rules of the template."""
    for text in list(paper.element.body.iter(qn("w:t"))):
        first, *rest = _IN_CODE.split(text.text or "")
        text.text, place = first, text
        for part in rest:
            after = OxmlElement("w:t")
            after.text = part
            after.set(qn("xml:space"), "preserve")
            place.addnext(OxmlElement("w:noBreakHyphen"))
            place.getnext().addnext(after)
            place = after


def _set_font(font: Font, name: str, size: float) -> None:
    """One font for Chinese and Latin alike; a theme's font would win over it and goes."""
    font.size, font.name = Pt(size), name
    for fonts in font._element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), name)


def _indent(form: ParagraphFormat, *, first: float = 0, left: float = 0, right: float = 0) -> None:
    """In points for programs that know no characters, and in hundredths of a character for those that do."""
    form.left_indent, form.right_indent = Pt(left * SIZE_3), Pt(right * SIZE_3)
    form.first_line_indent = Pt(first * SIZE_3)
    lengths = {"left": left, "right": right, "firstLine" if first >= 0 else "hanging": abs(first)}
    for indents in form._element.iter(qn("w:ind")):
        for name, characters in lengths.items():
            indents.set(qn(f"w:{name}Chars"), str(round(characters * 100)))


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element  # type: ignore[return-value]
