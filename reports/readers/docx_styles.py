"""Styles and list definitions of a Word file: what a paragraph inherits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.readers.docx_xml import attr, child, local, number, toggled
from reports.readers.numbering import Level, ListInstance, Numbering

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADING_NAME = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_TITLE_NAME = re.compile(r"^(?:title|标题)$", re.IGNORECASE)
_MOST_ANCESTORS = 20
_BODY_LEVEL = 9
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class ListPlace:
    """The list a paragraph belongs to and its level there; `num_id` "0" takes it out of any list."""

    num_id: str
    depth: int | None


class Styles:
    """The styles of one document, looked up along basedOn."""

    def __init__(self, root: "_Element | None") -> None:
        self._styles: dict[str, _Element] = {}
        self._default = ""
        for style in root if root is not None else ():
            if local(style) != "style":
                continue
            self._styles[attr(style, "styleId")] = style
            if attr(style, "type") == "paragraph" and attr(style, "default") in {"1", "true", "on"}:
                self._default = attr(style, "styleId")

    def name(self, style: str) -> str:
        """The style's name, as its user interface shows it."""
        return attr(child(self._styles.get(style), "name"))

    def ancestry(self, style: str) -> Iterator[tuple[str, "_Element"]]:
        """The style and those it is based on, nearest first."""
        style = style or self._default
        for _ in range(_MOST_ANCESTORS):
            element = self._styles.get(style)
            if element is None:
                return
            yield style, element
            style = attr(child(element, "basedOn"))

    def heading(self, style: str) -> int | None:
        """The heading level the style gives, 1 outermost."""
        for _, element in self.ancestry(style):
            if named := _HEADING_NAME.match(attr(child(element, "name"))):
                return int(named[1])
            level = child(element, "pPr", "outlineLvl")
            if level is not None:
                return heading_of(level)
        return None

    def is_title(self, style: str) -> bool:
        """Whether the style is the document's title."""
        return _TITLE_NAME.match(self.name(style)) is not None

    def alignment(self, style: str) -> str:
        """The paragraph's alignment by style."""
        return next(
            (attr(jc) for _, each in self.ancestry(style) if (jc := child(each, "pPr", "jc")) is not None), ""
        )

    def toggled(self, style: str, name: str) -> bool:
        """Whether the style turns a run property on."""
        values = (toggled(child(element, "rPr"), name) for _, element in self.ancestry(style))
        return next((value for value in values if value is not None), False)

    def place(self, style: str) -> tuple[ListPlace, str] | None:
        """The list the style puts a paragraph on, and the style that says so."""
        for name, element in self.ancestry(style):
            if (place := place_of(child(element, "pPr"))) is not None:
                return place, name
        return None


def heading_of(outline: "_Element") -> int | None:
    """The heading level of a w:outlineLvl; body text has none."""
    level = number(attr(outline), _BODY_LEVEL)
    return level + 1 if 0 <= level < _BODY_LEVEL else None


def place_of(properties: "_Element | None") -> ListPlace | None:
    """The list place a w:pPr gives."""
    numbered = child(properties, "numPr")
    num_id = attr(child(numbered, "numId"))
    if not num_id:
        return None
    depth = child(numbered, "ilvl")
    return ListPlace(num_id, None if depth is None else min(max(number(attr(depth)), 0), _DEEPEST))


def numbering_from(root: "_Element", styles: Styles) -> Numbering:
    """The lists that numbering.xml defines, links through list styles resolved."""
    abstracts = {attr(each, "abstractNumId"): each for each in root if local(each) == "abstractNum"}
    numbers = {attr(each, "numId"): each for each in root if local(each) == "num"}
    levels = {name: _levels(_linked(each, abstracts, numbers, styles)) for name, each in abstracts.items()}
    instances = {name: _instance(each) for name, each in numbers.items()}
    return Numbering(levels, instances)


def _linked(
    abstract: "_Element", abstracts: dict[str, "_Element"], numbers: dict[str, "_Element"], styles: Styles
) -> "_Element":
    """The abstract list that really holds the levels, where this one points to a list style."""
    link = attr(child(abstract, "numStyleLink"))
    place = styles.place(link) if link else None
    if place is None:
        return abstract
    target = attr(child(numbers.get(place[0].num_id), "abstractNumId"))
    return abstracts.get(target, abstract)


def _instance(element: "_Element") -> ListInstance:
    starts: dict[int, int] = {}
    levels: dict[int, Level] = {}
    for override in element:
        if local(override) != "lvlOverride":
            continue
        depth = number(attr(override, "ilvl"))
        if (start := child(override, "startOverride")) is not None:
            starts[depth] = number(attr(start), 1)
        if (level := child(override, "lvl")) is not None:
            levels[depth] = _level(level)
    return ListInstance(attr(child(element, "abstractNumId")), starts, levels)


def _levels(abstract: "_Element") -> dict[int, Level]:
    return {number(attr(each, "ilvl")): _level(each) for each in abstract if local(each) == "lvl"}


def _level(element: "_Element") -> Level:
    restart = child(element, "lvlRestart")
    return Level(
        start=number(attr(child(element, "start")), 1),
        format=attr(_format(element)) or "decimal",
        text=attr(child(element, "lvlText")),
        restart=None if restart is None else number(attr(restart)),
        legal=toggled(element, "isLgl") or False,
        style=attr(child(element, "pStyle")),
    )


def _format(element: "_Element") -> "_Element | None":
    """The number format, of the plain fallback where a custom one is offered first."""
    direct = child(element, "numFmt")
    return direct if direct is not None else child(element, "AlternateContent", "Fallback", "numFmt")
