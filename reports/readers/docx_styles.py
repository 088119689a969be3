"""Styles of a Word file: what a paragraph inherits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element

from reports.readers.docx_xml import attr, child, local, number, toggled

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

    def __init__(self, root: _Element | None) -> None:
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

    def ancestry(self, style: str) -> Iterator[tuple[str, _Element]]:
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


def heading_of(outline: _Element) -> int | None:
    """The heading level of a w:outlineLvl; body text has none."""
    level = number(attr(outline), _BODY_LEVEL)
    return level + 1 if 0 <= level < _BODY_LEVEL else None


def place_of(properties: _Element | None) -> ListPlace | None:
    """The list place a w:pPr gives."""
    numbered = child(properties, "numPr")
    num_id = attr(child(numbered, "numId"))
    if not num_id:
        return None
    depth = child(numbered, "ilvl")
    return ListPlace(num_id, None if depth is None else min(max(number(attr(depth)), 0), _DEEPEST))
