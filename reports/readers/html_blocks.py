"""An article's elements to blocks: paragraphs by block elements and breaks, list numbers, tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from reports.document import Block
from reports.limits import Budget
from reports.normalise import squeeze
from reports.readers import furniture
from reports.readers.docx_xml import number
from reports.readers.html_article import is_block
from reports.readers.number_formats import BULLET, printed
from reports.readers.readings import paragraphs
from reports.readers.tables import Cell, blocks_of_table

_SPACE = re.compile(r"[ \t\n\r\f]+")
_HEADING = re.compile(r"^h([1-6])$")
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_ALIGNED = re.compile(r"text-align\s*:", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|bolder|[6-9]00)", re.IGNORECASE)
_UNBOLD = re.compile(r"font-weight\s*:\s*(?:normal|lighter|[1-5]00)", re.IGNORECASE)
_KEEPS_LINES = re.compile(r"white-space\s*:\s*pre", re.IGNORECASE)
_SPACE_IN_LINE = re.compile(r"[ \t\r\f]+")
_WORD_NUMBER = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.IGNORECASE)
_FORMATS = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting",
}
_MOST_SPAN = 64


@dataclass(slots=True)
class _List:
    """A list being read; `format` is empty where it shows no numbers."""

    format: str
    value: int


@dataclass(slots=True)
class _Context:
    """What the elements around a piece of text say of it."""

    bold: bool = False
    centred: bool = False
    heading: int | None = None
    linked: bool = False
    keeps_lines: bool = False


@dataclass(slots=True)
class _Paragraph:
    """A paragraph being gathered."""

    parts: list[str] = field(default_factory=list)
    plain: int = 0
    linked: int = 0
    size: int = 0


class _Reader:
    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._lists: list[_List] = []
        self._label = ""
        self._current = _Paragraph()

    def read(self, element: HtmlElement, context: _Context) -> Iterator[Block]:
        """The blocks of an element, in order."""
        if is_block(element):
            yield from self._flush(context)
        inner = _inside(element, context)
        if element.tag == "table":
            yield from self._table(element)
        elif element.tag in {"ol", "ul"}:
            self._lists.append(_list(element))
            yield from self._children(element, inner)
            yield from self._flush(inner)
            self._lists.pop()
        elif element.tag == "rt" or _WORD_NUMBER.search(element.get("style") or ""):
            self._label = squeeze(element.text_content()) if element.tag != "rt" else self._label
        else:
            if element.tag == "li":
                self._label = self._next(element)
            elif element.tag == "br":
                self._current.parts.append("\n")
            yield from self._children(element, inner)
        if is_block(element):
            yield from self._flush(inner)

    def _children(self, element: HtmlElement, context: _Context) -> Iterator[Block]:
        self._add(element.text, context)
        for child in element:
            if isinstance(child.tag, str):
                yield from self.read(child, context)
            self._add(child.tail, context)

    def _add(self, text: str | None, context: _Context) -> None:
        if not text:
            return
        shown = len(text.strip())
        self._current.parts.append((_SPACE_IN_LINE if context.keeps_lines else _SPACE).sub(" ", text))
        self._current.size += shown
        self._current.plain += 0 if context.bold else shown
        self._current.linked += shown if context.linked else 0

    def _flush(self, context: _Context) -> Iterator[Block]:
        paragraph, self._current = self._current, _Paragraph()
        text = "".join(paragraph.parts).strip()
        links = paragraph.linked > paragraph.size * 0.8 and not furniture.is_body(text.partition("\n")[0])
        if not text or links:
            return
        label, self._label = self._label, ""
        yield from paragraphs(
            text,
            self._budget,
            number=label,
            depth=max(0, len(self._lists) - 1),
            heading=context.heading,
            centred=context.centred,
            bold=paragraph.plain == 0,
        )

    def _next(self, item: HtmlElement) -> str:
        """The number of a list item as the page shows it."""
        if not self._lists:
            return BULLET
        current = self._lists[-1]
        current.value = number(item.get("value", ""), current.value + 1)
        if current.format in {"", "bullet"}:
            return BULLET if current.format else ""
        mark = "、" if current.format.startswith("chinese") else "."
        return printed(current.value, current.format) + mark

    def _table(self, table: HtmlElement) -> Iterator[Block]:
        grid: list[list[Cell]] = []
        above: dict[int, tuple[Cell, int]] = {}
        for row in table.xpath("tr|thead/tr|tbody/tr|tfoot/tr"):
            cells: list[Cell] = []
            for cell in row.xpath("td|th"):
                _carry_down(cells, above)
                content: Cell = self._cell(cell)
                for _ in range(_span(cell, "colspan")):
                    above[len(cells)] = (content, _span(cell, "rowspan"))
                    cells.append(content)
            _carry_down(cells, above)
            above = {at: (content, left - 1) for at, (content, left) in above.items() if left > 1}
            grid.append(cells)
            self._budget.tick()
        yield from blocks_of_table(grid)

    def _cell(self, cell: HtmlElement) -> list[Block]:
        reader = _Reader(self._budget)
        return list(reader.read(cell, _Context(bold=cell.tag == "th")))


def blocks_of(article: HtmlElement, budget: Budget) -> Iterator[Block]:
    """The blocks of the article."""
    yield from _Reader(budget).read(article, _Context())


def _carry_down(cells: list[Cell], above: dict[int, tuple[Cell, int]]) -> None:
    while len(cells) in above:
        cells.append(above[len(cells)][0])


def _inside(element: HtmlElement, context: _Context) -> _Context:
    style = element.get("style") or ""
    bold = context.bold or element.tag in {"b", "strong"} or _BOLD.search(style) is not None
    aligned = element.get("align") or _ALIGNED.search(style)
    centred = (element.get("align") or "").lower() == "center" or _CENTRED.search(style) is not None
    heading = _HEADING.match(element.tag)
    return _Context(
        bold=bold and not _UNBOLD.search(style),
        centred=centred or element.tag == "center" or (context.centred and not aligned),
        heading=int(heading[1]) if heading else context.heading,
        linked=context.linked or element.tag == "a",
        keeps_lines=context.keeps_lines or element.tag == "pre" or _KEEPS_LINES.search(style) is not None,
    )


def _list(element: HtmlElement) -> _List:
    value = number(element.get("start", ""), 1) - 1
    style = _LIST_STYLE.search(element.get("style", ""))
    shown = style[1].lower() if style else element.get("type", "")
    if shown == "none" or element.tag == "ul":
        return _List("" if shown == "none" else "bullet", value)
    return _List(_FORMATS.get(shown, "decimal"), value)


def _span(cell: HtmlElement, name: str) -> int:
    return min(max(1, number(cell.get(name, ""), 1)), _MOST_SPAN)
