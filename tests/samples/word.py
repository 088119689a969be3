"""Make a Word file from a draft's lines (README.md lists the prefixes)."""

import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

FONT = "Noto Sans CJK SC"  # printing.py knows it by this name too
INLINE = re.compile(r"(\*\*.+?\*\*|\{\+.+?\+\}|\{-.+?-\}|↵)")
LISTS = {
    "head": [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")],
    "paren": [("chineseCountingThousand", "（%1）"), ("decimal", "%2.")],
    "shi": [("chineseCounting", "%1是")],
    "di": [("chineseCounting", "第%1，")],
    "dot": [("decimal", "%1."), ("decimal", "（%2）")],
    "circle": [("decimalEnclosedCircle", "%1")],
    "bullet": [("bullet", "●")],
}
TRACK = 'w:id="9" w:author="法规科" w:date="2024-01-02T09:00:00Z"'


class Writer:
    """Writes lines of a draft into one Word document, in order."""

    def __init__(self) -> None:
        self.document: WordDocument = Document()
        self.lists: dict[str, int] = {}
        self.rows: list[list[str]] = []
        style: Any = self.document.styles["Normal"]
        style.font.size = Pt(12)
        for name in ("Normal", "Heading 1", "Heading 2", "Header", "Footer"):
            named: Any = self.document.styles[name]
            named.font.name = FONT
            fonts = named.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            fonts.set(qn("w:eastAsia"), FONT)

    def line(self, line: str) -> None:
        kind, _, text = line.partition("| ")
        if kind == "TR":
            self.rows.append([cell.strip() for cell in text.split("¦")])
            return
        self.table()
        if kind == "HEAD":
            self.document.sections[0].header.paragraphs[0].text = text
        elif kind == "FOOT":
            self.footer(text)
        elif kind == "BOX":
            self.text_box(text.split(" / "))
        elif kind == "PB":
            self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        else:
            self.paragraph(kind, text)

    def paragraph(self, kind: str, text: str) -> None:
        heading = re.match(r"H(\d)", kind)
        paragraph = self.document.add_paragraph(style=f"Heading {heading[1]}" if heading else None)
        if kind in {"T", "C"}:
            paragraph.alignment = ALIGN.CENTER
        elif kind == "R":
            paragraph.alignment = ALIGN.RIGHT
        elif kind == "P":
            paragraph.paragraph_format.first_line_indent = Pt(24)
        numbered = re.search(r"L?:(\w+(?:#\d+)?):(\d)", kind)
        if numbered:
            properties: Any = paragraph._p.get_or_add_pPr()
            properties.append(
                parse_xml(
                    f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{numbered[2]}"/>'
                    f'<w:numId w:val="{self.list_number(numbered[1])}"/></w:numPr>'
                )
            )
        self.runs(paragraph, text, bold=kind == "T")

    def runs(self, paragraph: Any, text: str, *, bold: bool = False) -> None:
        for piece in filter(None, INLINE.split(text)):
            if piece == "↵":
                paragraph.add_run().add_break()
            elif piece.startswith(("{+", "{-")):
                tag, word = ("ins", "t") if piece[1] == "+" else ("del", "delText")
                paragraph._p.append(
                    parse_xml(
                        f"<w:{tag} {nsdecls('w')} {TRACK}><w:r><w:{word}>{piece[2:-2]}</w:{word}></w:r></w:{tag}>"
                    )
                )
            else:
                strong = piece.startswith("**")
                paragraph.add_run(piece.strip("*") if strong else piece).bold = strong or bold or None

    def list_number(self, key: str) -> int:
        """The w:numId of list `name#copy`; every copy counts from one again."""
        if key in self.lists:
            return self.lists[key]
        numbering = self.document.part.numbering_part.element
        number = self.lists[key] = 100 + len(self.lists)
        levels = "".join(
            f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{fmt}"/><w:suff w:val="nothing"/>'
            f'<w:lvlText w:val="{text}"/><w:pPr><w:ind w:left="0" w:firstLine="480"/></w:pPr></w:lvl>'
            for i, (fmt, text) in enumerate(LISTS[key.split("#")[0]])
        )
        abstract = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
            f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        )
        numbering.insert(0, abstract)
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )
        return number

    def table(self) -> None:
        """Write the rows gathered so far; `^^` joins a cell with the one above."""
        if not self.rows:
            return
        table: Any = self.document.add_table(len(self.rows), len(self.rows[0]), style="Table Grid")
        top = dict.fromkeys(range(len(self.rows[0])), 0)
        for r, row in enumerate(self.rows):
            for c, text in enumerate(row):
                if text == "^^":
                    table.cell(top[c], c).merge(table.cell(r, c))
                    continue
                top[c] = r
                self.runs(table.cell(r, c).paragraphs[0], text)
        for cell in {id(cell._tc): cell for row in table.rows for cell in row.cells}.values():
            for empty in [p for p in cell.paragraphs[1:] if not p.text]:
                empty._p.getparent().remove(empty._p)
        self.rows = []

    def footer(self, text: str) -> None:
        paragraph: Any = self.document.sections[0].footer.paragraphs[0]
        paragraph.alignment = ALIGN.CENTER
        before, _, after = text.partition("{page}")
        paragraph.add_run(before)
        paragraph._p.append(
            parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        )
        paragraph.add_run(after)

    def text_box(self, lines: list[str]) -> None:
        inner = "".join(
            f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t>{line}</w:t></w:r></w:p>' for line in lines
        )
        self.document.add_paragraph()._p.append(
            parse_xml(
                f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict>'
                '<v:shape style="width:220pt;height:60pt;margin-left:200pt" stroked="f"><v:textbox>'
                f"<w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
            )
        )


def write_docx(draft: str, target: Path) -> None:
    """Write the draft as .docx; the archive's times are fixed, so that the same draft gives the same bytes."""
    writer = Writer()
    for line in filter(str.strip, draft.splitlines()):
        writer.line(line)
    writer.table()
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made.docx"
        writer.document.save(str(made))
        with zipfile.ZipFile(made) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
