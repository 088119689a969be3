"""Word and WPS .docx: paragraphs, lists with their automatic numbers, tables and text boxes, as accepted.

Tags are compared by local name, so that transitional, strict and WPS files read alike.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from core.errors import Unreadable
from reports.document import Block
from reports.limits import Budget
from reports.readers.archive import Archive
from reports.readers.docx_styles import Styles, heading_of, place_of
from reports.readers.docx_xml import attr, child, local, number, toggled
from reports.readers.numbering import Numbering
from reports.readers.pasted import tidied
from reports.readers.readings import Reading, paragraphs
from reports.readers.tables import Cell, blocks_of_table

if TYPE_CHECKING:
    from lxml.etree import _Element

STRUCK_OUT = "文件里加了删除线的文字没有读取，请对照原件核对"
ACCEPTED = "文件含有修订痕迹，已按“接受全部修订”读取"
EMBEDDED = "文件里嵌入了另一份文档，其中的内容未能读取，请用 Word 打开后另存为 .docx 再试"
_DROPPED = {
    "del", "moveFrom", "pPr", "rPr", "tblPr", "tblGrid", "sectPr", "sdtPr", "sdtEndPr", "instrText", "delText",
    "delInstrText", "footnoteReference", "endnoteReference", "commentReference", "annotationRef", "footnoteRef",
    "endnoteRef", "proofErr", "rt", "cellDel", "ctrlPr", "fPr", "smartTagPr", "customXmlPr", "separator",
}  # fmt: skip
_PAGE_FIELDS = re.compile(r"^\s*(?:PAGE|NUMPAGES|SECTIONPAGES|PAGEREF|TOC|INDEX)\b", re.IGNORECASE)
_CIRCLED = re.compile(r"\\o\s*\\ac\(\s*○\s*[,，]\s*(\d{1,2})\s*\)", re.IGNORECASE)
_TOC_STYLE = re.compile(r"^(?:toc|目录)\s*\d", re.IGNORECASE)


def read(data: bytes, budget: Budget) -> Reading:
    """What a .docx file holds."""
    archive = Archive(data, budget)
    main = _part(archive, "", "officeDocument", "word/document.xml")
    if main not in archive.names:
        raise Unreadable("不是 Word 文档", "文件里没有正文部件", "请用 Word 或 WPS 打开后另存为 .docx")
    parts = {kind: _part(archive, main, kind, f"word/{kind}.xml") for kind in ("styles", "numbering")}
    roots = {kind: archive.xml(name) for kind, name in parts.items() if name in archive.names}
    styles = Styles(roots.get("styles"))
    body = child(archive.xml(main), "body")
    if body is None:
        raise Unreadable("不是 Word 文档", "文件里没有正文", "请用 Word 或 WPS 打开后另存为 .docx")
    numbering = Numbering(roots.get("numbering"), styles)
    walker = _Walker(styles, numbering, budget, body)
    found, facts, gone = tidied(list(walker.container(body, 0)))
    told = ((walker.tracked, ACCEPTED), (walker.struck, STRUCK_OUT), (walker.embedded, EMBEDDED))
    return Reading(
        found if walker.paged else [replace(block, page=None) for block in found],
        facts,
        (*(notice for happened, notice in told if happened), *gone),
    )


def _part(archive: Archive, source: str, kind: str, usual: str) -> str:
    """The name of the part of a kind that the source (none for the package) names, else the usual one."""
    folder, _, file = source.rpartition("/")
    relations = f"{folder}/_rels/{file}.rels".lstrip("/")
    for relation in archive.xml(relations) if relations in archive.names else ():
        target = attr(relation, "Target")
        name = target.lstrip("/") if target.startswith("/") or not folder else f"{folder}/{target}"
        if attr(relation, "Type").endswith(f"/{kind}") and name in archive.names:
            return name
    return usual


@dataclass(slots=True)
class _Field:
    """A field being read: its code until the separator, its result after."""

    code: str = ""
    in_result: bool = False

    @property
    def hidden(self) -> bool:
        return not self.in_result or _PAGE_FIELDS.match(self.code) is not None


@dataclass(slots=True)
class _Text:
    """The text of one paragraph while it is gathered."""

    parts: list[str] = field(default_factory=list)
    page: int | None = None
    plain: bool = False
    boxes: list[Block] = field(default_factory=list)


class _Walker:
    """Goes through the body in reading order, counting lists and pages as it goes."""

    def __init__(self, styles: Styles, numbering: Numbering, budget: Budget, body: "_Element") -> None:
        self._styles = styles
        self._numbering = numbering
        self._budget = budget
        names = [local(each) for each in body.iter()]
        self._rendered = "lastRenderedPageBreak" in names
        self.embedded = "altChunk" in names
        self.tracked = not {"ins", "del", "moveFrom", "moveTo"}.isdisjoint(names)
        ends = [attr(each, "fldCharType") for each in body.iter() if local(each) == "fldChar"]
        self._fields_closed = ends.count("begin") == ends.count("end")
        self._fields: list[_Field] = []
        self._page = 1
        self.struck = False
        self._carried: _Text | None = None

    @property
    def paged(self) -> bool:
        """Whether the file says where its pages end."""
        return self._rendered or self._page > 1

    def container(self, element: "_Element", depth: int) -> Iterator[Block]:
        """The blocks inside a body, cell, text box or content control."""
        self._budget.depth(depth)
        for each in element:
            name = local(each)
            if name == "p":
                yield from self._paragraph(each, depth)
            elif name == "tbl":
                yield from blocks_of_table(self._grid(each, depth))
            elif name == "sdt":
                gallery = attr(child(each, "sdtPr", "docPartObj", "docPartGallery"))
                content = child(each, "sdtContent")
                if content is not None and gallery != "Table of Contents":
                    yield from self.container(content, depth)
            elif name == "AlternateContent":
                yield from self.container(_chosen(each), depth)
            elif name not in _DROPPED:
                yield from self.container(each, depth)
        if self._carried is not None:
            carried, self._carried = self._carried, None
            yield from self._blocks(carried, None, "")

    def _paragraph(self, element: "_Element", depth: int) -> Iterator[Block]:
        properties = child(element, "pPr")
        style = attr(child(properties, "pStyle"))
        if _TOC_STYLE.match(self._styles.name(style)):
            return
        if toggled(properties, "pageBreakBefore") and not self._rendered:
            self._page += 1
        text, self._carried = self._carried or _Text(), None
        self._runs(element, text, style, depth)
        mark = child(properties, "rPr")
        if child(mark, "del") is not None or child(mark, "moveFrom") is not None:
            self._carried = text
            return
        if child(properties, "sectPr") is not None and not self._rendered:
            self._page += attr(child(properties, "sectPr", "type")) != "continuous"
        yield from self._blocks(text, properties, style)
        yield from text.boxes

    def _blocks(self, text: _Text, properties: "_Element | None", style: str) -> Iterator[Block]:
        label, level = self._label(properties, style)
        outline = child(properties, "outlineLvl")
        alignment = attr(child(properties, "jc")) or self._styles.alignment(style)
        yield from paragraphs(
            "".join(text.parts),
            self._budget,
            number=label,
            depth=level,
            heading=self._styles.heading(style) if outline is None else heading_of(outline),
            page=text.page or self._page,
            centred=alignment == "center" or self._styles.is_title(style),
            bold=not text.plain,
        )

    def _label(self, properties: "_Element | None", style: str) -> tuple[str, int]:
        """The paragraph's automatic number and list level."""
        place, source = place_of(properties), style
        if place is None:
            inherited = self._styles.place(style)
            if inherited is None:
                return "", 0
            place, source = inherited
        if place.num_id == "0":
            return "", 0
        depth = self._numbering.level_of_style(place.num_id, source) if place.depth is None else place.depth
        return self._numbering.label(place.num_id, depth), depth

    def _runs(self, element: "_Element", text: _Text, style: str, depth: int) -> None:
        self._budget.depth(depth)
        for each in element:
            name = local(each)
            if name in _DROPPED:
                continue
            if name == "r":
                self._run(each, text, style, depth)
            elif name == "fldSimple":
                if not _PAGE_FIELDS.match(attr(each, "instr")):
                    self._runs(each, text, style, depth + 1)
            elif name == "AlternateContent":
                self._runs(_chosen(each), text, style, depth + 1)
            elif name == "t":
                self._add(text, each.text or "", bold=True)
            else:
                self._runs(each, text, style, depth + 1)

    def _run(self, element: "_Element", text: _Text, style: str, depth: int) -> None:
        properties = child(element, "rPr")
        if self._toggled(properties, style, "vanish"):
            return
        struck = any(self._toggled(properties, style, name) for name in ("strike", "dstrike"))
        bold = self._toggled(properties, style, "b")
        for each in element:
            name = local(each)
            if name == "fldChar":
                self._field(attr(each, "fldCharType"), text)
            elif name == "instrText":
                if self._fields:
                    self._fields[-1].code += each.text or ""
            elif name in {"drawing", "pict", "object", "AlternateContent"}:
                self._boxes(_chosen(each) if name == "AlternateContent" else each, text, depth)
            elif name == "lastRenderedPageBreak":
                self._page += 1
            elif name == "br" and attr(each, "type") == "page":
                self._page += not self._rendered
            elif name == "ruby":
                self._runs(each, text, style, depth + 1)
            elif struck:
                self.struck |= bool(_characters(name, each).strip())
            else:
                self._add(text, _characters(name, each), bold)

    def _toggled(self, properties: "_Element | None", style: str, name: str) -> bool:
        direct = toggled(properties, name)
        if direct is not None:
            return direct
        character = attr(child(properties, "rStyle"))
        return bool(character and self._styles.toggled(character, name)) or self._styles.toggled(style, name)

    def _add(self, text: _Text, characters: str, bold: bool) -> None:
        if not characters or (self._fields_closed and any(each.hidden for each in self._fields)):
            return
        if characters.strip():
            text.page = text.page or self._page
            text.plain = text.plain or not bold
        text.parts.append(characters)

    def _field(self, kind: str, text: _Text) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].in_result = True
        elif kind == "end" and self._fields:
            circled = _CIRCLED.search(self._fields.pop().code)
            if circled and 1 <= int(circled[1]) <= 20:
                self._add(text, chr(ord("①") + int(circled[1]) - 1), bold=True)

    def _boxes(self, element: "_Element", text: _Text, depth: int) -> None:
        """The text boxes of a drawing, to stand after the paragraph they are anchored in."""
        self._budget.depth(depth)
        for each in element:
            if local(each) == "txbxContent":
                text.boxes.extend(self.container(each, depth + 1))
            elif local(each) == "AlternateContent":
                self._boxes(_chosen(each), text, depth + 1)
            else:
                self._boxes(each, text, depth + 1)

    def _grid(self, table: "_Element", depth: int) -> list[list[Cell]]:
        """The table's cells, merged ones standing in each place they cover."""
        grid: list[list[Cell]] = []
        for row in _inside(table, "tr"):
            if child(row, "trPr", "del") is not None:
                continue
            before = min(number(attr(child(row, "trPr", "gridBefore"))), 64)
            cells: list[Cell] = [() for _ in range(before)]
            for each in _inside(row, "tc"):
                properties = child(each, "tcPr")
                merge = child(properties, "vMerge")
                content: Cell = list(self.container(each, depth + 1))
                above = grid[-1][len(cells)] if grid and len(cells) < len(grid[-1]) else None
                if merge is not None and attr(merge) != "restart" and above is not None and not content:
                    content = above
                span = min(max(1, number(attr(child(properties, "gridSpan")), 1)), 64)
                cells.extend([content] * span)
            grid.append(cells)
        return grid


def _inside(element: "_Element", name: str) -> Iterator["_Element"]:
    """The rows of a table or cells of a row, also inside content controls and tracked insertions."""
    for each in element:
        if local(each) == name:
            yield each
        elif local(each) in {"sdt", "sdtContent", "ins", "moveTo", "customXml"}:
            yield from _inside(each, name)


def _chosen(element: "_Element") -> "_Element":
    """Of the alternatives of one content, the one to read: the first choice, else the fallback."""
    choice = child(element, "Choice")
    if choice is not None and any(local(each) in {"t", "txbxContent"} for each in choice.iter()):
        return choice
    fallback = child(element, "Fallback")
    return next((each for each in (fallback, choice) if each is not None), element)


def _characters(name: str, element: "_Element") -> str:
    """What one child of a run prints."""
    if name == "t":
        return element.text or ""
    return {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}.get(name, "")
