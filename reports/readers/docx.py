"""Word and WPS .docx: paragraphs, lists with their automatic numbers, tables and text boxes, as accepted.

Tags are compared by local name, so that transitional, strict and WPS files read alike.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml.etree import _Element

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

STRUCK_OUT = "文件里加了删除线的文字没有读取，请对照原件核对"
ACCEPTED = "文件含有修订痕迹，已按“接受全部修订”读取"
EMBEDDED = "文件里嵌入了另一份文档，其中的内容未能读取，请用 Word 打开后另存为 .docx 再试"
_GONE = ("{*}del", "{*}moveFrom", "{*}rt")
_WRAPPERS = tuple(
    f"{{*}}{name}"
    for name in (
        "ins",
        "moveTo",
        "sdt",
        "sdtContent",
        "customXml",
        "fldSimple",
        "AlternateContent",
        "Choice",
        "Fallback",
    )
)
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
    told = (
        (_has(body, "ins", "del", "moveFrom", "moveTo"), ACCEPTED),
        (_has(body, "altChunk"), EMBEDDED),
    )
    _accept(body)
    walker = _Walker(styles, Numbering(roots.get("numbering"), styles), budget, body)
    found, facts, gone = tidied(list(walker.container(body, 0)))
    notices = [notice for holds, notice in (*told, (walker.struck, STRUCK_OUT)) if holds]
    return Reading(
        found if walker.paged else [replace(block, page=None) for block in found], facts, (*notices, *gone)
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


def _has(body: _Element, *names: str) -> bool:
    return next(body.iter(*(f"{{*}}{name}" for name in names)), None) is not None


def _accept(body: _Element) -> None:
    """Leaves in the body what is read once all changes are accepted, one of several alternatives, no table of contents."""
    for properties in reversed(list(body.iter("{*}pPr"))):
        mark, paragraph = child(properties, "rPr"), properties.getparent()
        below = None if paragraph is None else paragraph.getnext()
        gone = child(mark, "del") is not None or child(mark, "moveFrom") is not None
        if gone and paragraph is not None and below is not None and local(below) == "p":
            start = 0 if child(below, "pPr") is None else 1
            below[start:start] = [each for each in paragraph if each is not properties]
            _remove(paragraph)
    for each in list(body.iter("{*}tr", "{*}sdt", "{*}fldSimple", "{*}AlternateContent")):
        contents = attr(child(each, "sdtPr", "docPartObj", "docPartGallery")) == "Table of Contents"
        if contents or child(each, "trPr", "del") is not None or _PAGE_FIELDS.match(attr(each, "instr")):
            _remove(each)
        elif local(each) == "AlternateContent":
            each[:] = _chosen(each)
    etree.strip_elements(body, *_GONE, with_tail=False)
    etree.strip_tags(body, *_WRAPPERS)


def _remove(element: _Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


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


class _Walker:
    """Goes through the body in reading order, counting lists and pages as it goes."""

    def __init__(self, styles: Styles, numbering: Numbering, budget: Budget, body: _Element) -> None:
        self._styles = styles
        self._numbering = numbering
        self._budget = budget
        self._rendered = _has(body, "lastRenderedPageBreak")
        ends = [attr(each, "fldCharType") for each in body.iter("{*}fldChar")]
        self._fields_closed = ends.count("begin") == ends.count("end")
        self._fields: list[_Field] = []
        self._page = 1
        self.struck = False

    @property
    def paged(self) -> bool:
        """Whether the file says where its pages end."""
        return self._rendered or self._page > 1

    def container(self, element: _Element, depth: int) -> Iterator[Block]:
        """The blocks inside a body, cell or text box."""
        self._budget.depth(depth)
        for each in element:
            name = local(each)
            if name == "p":
                yield from self._paragraph(each, depth)
            elif name == "tbl":
                yield from blocks_of_table(self._grid(each, depth))
            else:
                yield from self.container(each, depth + 1)

    def _paragraph(self, element: _Element, depth: int) -> Iterator[Block]:
        """The paragraph, and after it the text boxes anchored in it."""
        properties = child(element, "pPr")
        style = attr(child(properties, "pStyle"))
        if _TOC_STYLE.match(self._styles.name(style)):
            return
        if toggled(properties, "pageBreakBefore") and not self._rendered:
            self._page += 1
        boxes = list(element.iter("{*}txbxContent"))
        for box in boxes:
            _remove(box)
        text = _Text()
        for run in element.iter("{*}r"):
            self._run(run, text, style)
        if child(properties, "sectPr") is not None and not self._rendered:
            self._page += attr(child(properties, "sectPr", "type")) != "continuous"
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
        for box in boxes:
            yield from self.container(box, depth + 1)

    def _label(self, properties: _Element | None, style: str) -> tuple[str, int]:
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

    def _run(self, element: _Element, text: _Text, style: str) -> None:
        properties = child(element, "rPr")
        if self._toggled(properties, style, "vanish"):
            return
        struck = any(self._toggled(properties, style, name) for name in ("strike", "dstrike"))
        bold = self._toggled(properties, style, "b")
        for each in element:
            name = local(each)
            if name == "fldChar":
                self._field(attr(each, "fldCharType"), text)
            elif name == "instrText" and self._fields:
                self._fields[-1].code += each.text or ""
            elif name == "lastRenderedPageBreak":
                self._page += 1
            elif name == "br" and attr(each, "type") == "page":
                self._page += not self._rendered
            elif struck:
                self.struck |= bool(_characters(name, each).strip())
            else:
                self._add(text, _characters(name, each), bold)

    def _toggled(self, properties: _Element | None, style: str, name: str) -> bool:
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

    def _grid(self, table: _Element, depth: int) -> list[list[Cell]]:
        """The table's cells, merged ones standing in each place they cover."""
        grid: list[list[Cell]] = []
        for row in table.findall("{*}tr"):
            before = min(number(attr(child(row, "trPr", "gridBefore"))), 64)
            cells: list[Cell] = [() for _ in range(before)]
            for each in row.findall("{*}tc"):
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


def _chosen(element: _Element) -> list[_Element]:
    """Of the alternatives of one content, the one to read: the first choice, else the fallback."""
    choice, fallback = child(element, "Choice"), child(element, "Fallback")
    if choice is not None and (fallback is None or _has(choice, "t", "txbxContent")):
        return [choice]
    return [] if fallback is None else [fallback]


def _characters(name: str, element: _Element) -> str:
    """What one child of a run prints."""
    if name == "t":
        return element.text or ""
    return {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}.get(name, "")
