"""Automatic numbers of Word lists: which number a paragraph bears on the page, from numbering.xml.

Counters belong to the abstract list, so that two lists of one kind go on counting; a list that overrides its
start begins anew when it is first used; a level begins anew when a level above it has counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml.etree import _Element

from reports.readers.docx_styles import Styles
from reports.readers.docx_xml import attr, child, local, number, toggled
from reports.readers.number_formats import BULLET, printed


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list as its definition gives it."""

    start: int
    format: str
    text: str
    restart: int | None
    legal: bool
    style: str


@dataclass(frozen=True, slots=True)
class _List:
    """A w:num: the abstract list it counts on, its levels, and the starts it overrides."""

    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int]

    def start(self, depth: int) -> int:
        return self.starts.get(depth, self.levels[depth].start if depth in self.levels else 1)


class Numbering:
    """The lists that numbering.xml defines, counted paragraph by paragraph in reading order."""

    def __init__(self, root: _Element | None, styles: Styles) -> None:
        found = list(root) if root is not None else []
        abstracts = {attr(each, "abstractNumId"): each for each in found if local(each) == "abstractNum"}
        numbers = {attr(each, "numId"): each for each in found if local(each) == "num"}
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        for name, each in numbers.items():
            abstract = abstracts.get(attr(child(each, "abstractNumId")))
            link = attr(child(abstract, "numStyleLink"))
            if link and (place := styles.place(link)):  # the levels stand in the list that a style names
                abstract = abstracts.get(attr(child(numbers.get(place[0].num_id), "abstractNumId")), abstract)
            overrides = [override for override in each if local(override) == "lvlOverride"]
            inner = [level for override in overrides if (level := child(override, "lvl")) is not None]
            self._lists[name] = _List(
                attr(child(each, "abstractNumId")),
                _levels(abstract if abstract is not None else ()) | _levels(inner),
                {
                    number(attr(override, "ilvl")): number(attr(start), 1)
                    for override in overrides
                    if (start := child(override, "startOverride")) is not None
                },
            )

    def level_of_style(self, num_id: str, style: str) -> int:
        """The level of the list that the paragraph style is bound to, else the outermost."""
        levels = self._lists[num_id].levels if num_id in self._lists else {}
        return next((depth for depth, level in levels.items() if level.style == style), 0)

    def label(self, num_id: str, depth: int) -> str:
        """The number of the next paragraph on that level, as printed; empty where the list prints none."""
        counted = self._lists.get(num_id)
        if counted is None or depth not in counted.levels:
            return ""
        level = counted.levels[depth]
        counters = self._counters.setdefault(counted.abstract, {})
        self._count(num_id, counted, depth, counters)
        if level.format == "bullet":
            return BULLET
        text = level.text
        for other in range(9):
            if f"%{other + 1}" in text:
                shown = counted.levels.get(other, level)
                format_ = "decimal" if level.legal and other != depth else shown.format
                value = counters.get(other, counted.start(other))
                text = text.replace(f"%{other + 1}", printed(value, format_))
        return text.strip()

    def _count(self, num_id: str, counted: _List, depth: int, counters: dict[int, int]) -> None:
        anew = depth not in counters or ((num_id, depth) not in self._begun and depth in counted.starts)
        counters[depth] = counted.start(depth) if anew else counters[depth] + 1
        self._begun.add((num_id, depth))
        for deeper in [other for other in counters if other > depth]:
            restart = counted.levels[deeper].restart if deeper in counted.levels else None
            if restart is None or 0 != restart > depth:
                del counters[deeper]


def _levels(elements: Iterable[_Element]) -> dict[int, _Level]:
    return {number(attr(each, "ilvl")): _level(each) for each in elements if local(each) == "lvl"}


def _level(element: _Element) -> _Level:
    restart, direct = child(element, "lvlRestart"), child(element, "numFmt")
    plain = child(element, "AlternateContent", "Fallback", "numFmt") if direct is None else direct
    return _Level(
        start=number(attr(child(element, "start")), 1),
        format=attr(plain) or "decimal",
        text=attr(child(element, "lvlText")),
        restart=None if restart is None else number(attr(restart)),
        legal=toggled(element, "isLgl") or False,
        style=attr(child(element, "pStyle")),
    )
