"""The measures of GB/T 9704-2012 and how Word is told of them: page, grid, styles, page numbers, cells.

Lengths are millimetres or points; indents are characters. Twenty-eight characters of 16 points are a little wider than
the line: the styles set them that little closer. (Word's own character grid, narrower than its characters, makes
LibreOffice give each of them two cells.)
"""

import math
from typing import Final, Literal

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section, _Footer
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.font import Font
from docx.text.paragraph import Paragraph
from docx.text.parfmt import ParagraphFormat
from lxml.etree import _Element

from core.text import printable

TITLE_FONT: Final = "方正小标宋简体"
BODY_FONT: Final = "仿宋_GB2312"
HEAD_FONT: Final = "黑体"
SUBHEAD_FONT: Final = "楷体_GB2312"
NUMBER_FONT: Final = "宋体"

PAGE_WIDTH: Final = 210
PAGE_HEIGHT: Final = 297
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
SIDE_OF_LANDSCAPE: Final = 20
TEXT_WIDTH: Final = PAGE_WIDTH - LEFT - RIGHT
TEXT_HEIGHT: Final = PAGE_HEIGHT - TOP - BOTTOM
LINES: Final = 22
CHARACTERS: Final = 28
SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4 = 22.0, 16.0, 14.0, 12.0
LINE_TWIPS: Final = int(TEXT_HEIGHT / 25.4 * 1440 / LINES)
CHARACTER_TWIPS: Final = math.floor((TEXT_WIDTH / 25.4 * 72 / CHARACTERS - SIZE_3) * 20)
NUMBER_GAP: Final = 7
NUMBER_HEIGHT: Final = 6

Align = Literal["left", "center", "right", "both"]

_ALIGNMENTS: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_LEVEL_FONTS: Final = {1: HEAD_FONT, 2: SUBHEAD_FONT, 3: BODY_FONT, 4: BODY_FONT}


def set_styles(document: Document) -> None:
    """Normal is the body; Title and Heading 1 to 4 are redefined, so that Word's navigation knows them."""
    _style(document, "Normal", BODY_FONT, SIZE_3, first=2)
    _style(document, "Title", TITLE_FONT, SIZE_2, align="center", line=Pt(34))
    for level, font in _LEVEL_FONTS.items():
        _style(document, f"Heading {level}", font, SIZE_3, first=2)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def set_page(section: Section, *, is_landscape: bool = False) -> None:
    """A4 with the margins and the grid of 22 lines; turned for wide tables."""
    long, short = Mm(PAGE_HEIGHT), Mm(PAGE_WIDTH)
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if is_landscape else (short, long)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    if is_landscape:
        section.top_margin, section.bottom_margin = Mm(LEFT), Mm(RIGHT)
        section.left_margin = section.right_margin = Mm(SIDE_OF_LANDSCAPE)
    section.footer_distance = Mm((RIGHT if is_landscape else BOTTOM) - NUMBER_GAP - NUMBER_HEIGHT)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    section._sectPr.append(_element("w:docGrid", type="lines", linePitch=str(LINE_TWIPS)))


def number_pages(section: Section) -> None:
    """— 1 — in 4号 宋体, a character in from the right on odd pages and from the left on even ones."""
    _number(section.footer, "right")
    _number(section.even_page_footer, "left")


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
    cell: _Cell, line: str, *, font: str = BODY_FONT, size: float, how: Align, is_first: bool = False
) -> None:
    """One more line in a cell; the first fills the paragraph every cell begins with."""
    paragraph = cell.paragraphs[0] if is_first else cell.add_paragraph()
    indent(paragraph)
    align(paragraph, how)
    paragraph.paragraph_format.line_spacing = Pt(size * 1.4)
    paragraph._p.get_or_add_pPr().insert_element_before(
        _element("w:snapToGrid", val="0"), "w:spacing", "w:ind", "w:jc"
    )
    _set_font(paragraph.add_run(printable(line)).font, font, size)


def set_padding(table: Table, *, sides: float = 1, ends: float = 0.8) -> None:
    """The space between a table's lines and its texts."""
    padding = _element("w:tblCellMar")
    for edge, width in (("top", ends), ("left", sides), ("bottom", ends), ("right", sides)):
        padding.append(_element(f"w:{edge}", w=str(Mm(width).twips), type="dxa"))
    for look in table._tbl.tblPr.findall(qn("w:tblLook")):
        look.addprevious(padding)


def mark_row(table: Table, number: int, mark: Literal["w:tblHeader", "w:cantSplit"]) -> None:
    """Repeat a row on every page, or keep it in one piece."""
    table.rows[number]._tr.get_or_add_trPr().append(_element(mark))


def _style(
    document: Document,
    name: str,
    font: str,
    size: float,
    *,
    first: float = 0,
    align: Align = "both",
    line: int | None = None,
) -> None:
    style = document.styles[name]
    if not isinstance(style, ParagraphStyle) or style.type is not WD_STYLE_TYPE.PARAGRAPH:
        raise TypeError(f"{name} is no paragraph style")
    _set_font(style.font, font, size)
    style.font.bold = style.font.italic = False
    style.element.get_or_add_rPr().insert_element_before(
        _element("w:spacing", val=str(CHARACTER_TWIPS)), "w:w", "w:kern", "w:position", "w:sz", "w:szCs"
    )
    style.font.color.rgb = RGBColor(0, 0, 0)
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(LINE_TWIPS / 20) if line is None else line
    form.alignment = _ALIGNMENTS[align]
    form.keep_with_next = name.startswith("Heading")
    form.widow_control = False
    _indent(form, first=first)
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _set_font(font: Font, name: str, size: float) -> None:
    """One font for Chinese and Latin alike; a theme's font would win over it and goes."""
    font.size, font.name = Pt(size), name
    for fonts in font._element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), name)


def _number(footer: _Footer, side: Literal["left", "right"]) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    align(paragraph, side)
    inset = SIZE_4 / SIZE_3
    indent(paragraph, left=inset if side == "left" else 0, right=inset if side == "right" else 0)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        _set_font(run.font, NUMBER_FONT, SIZE_4)
        if text is None:
            for kind in ("begin", "", "end"):
                run._r.append(_element("w:fldChar", fldCharType=kind) if kind else _instruction(" PAGE "))


def _instruction(code: str) -> _Element:
    instruction = _element("w:instrText")
    instruction.text = code
    return instruction


def _indent(form: ParagraphFormat, *, first: float = 0, left: float = 0, right: float = 0) -> None:
    """In points for programs that know no characters, and in hundredths of a character for those that do."""
    form.left_indent, form.right_indent = Pt(left * SIZE_3), Pt(right * SIZE_3)
    form.first_line_indent = Pt(first * SIZE_3)
    lengths = {"left": left, "right": right, "firstLine" if first >= 0 else "hanging": abs(first)}
    for indents in form._element.iter(qn("w:ind")):
        for name, characters in lengths.items():
            indents.set(qn(f"w:{name}Chars"), str(round(characters * 100)))


def _element(tag: str, **attributes: str) -> _Element:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
