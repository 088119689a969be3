"""Finding the article on a page: the smallest element that holds nearly all of the page's prose."""

import re

from lxml.html import HtmlElement

from reports.limits import Budget
from reports.readers import furniture

INLINE = {
    "a", "abbr", "acronym", "b", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "nobr", "o:p", "q", "s", "samp", "small", "span", "st1", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "ruby", "rb", "rt",
}  # fmt: skip
_PARAGRAPHS = {"p", "ol", "ul", "dl", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre"}
_TABLE_PARTS = {"table", "tbody", "thead", "tfoot", "tr"}
_ASIDE = {"nav", "footer", "aside", "header"}
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)", re.IGNORECASE
)
_PROSE = re.compile(r"[。；，：]")
_PROSE_LENGTH = 12
_NEARLY_ALL = 0.97


def is_hidden(element: HtmlElement) -> bool:
    """Whether the element's own style keeps it from being shown."""
    return "hidden" in element.attrib or _HIDDEN_STYLE.search(element.get("style") or "") is not None


def is_block(element: HtmlElement) -> bool:
    """Whether the element starts a line of its own."""
    return isinstance(element.tag, str) and element.tag not in INLINE and element.tag != "br"


def article_of(root: HtmlElement, budget: Budget) -> HtmlElement | None:
    """The element that holds the article, or None on a page without prose.

    A table that lays out the page is entered, down to the cell with the prose; a table whose prose is in several
    cells belongs to the article.
    """
    weights = _weights(root, budget)
    article = element = root.find("body") if root.find("body") is not None else root
    total = weights.get(element, 0)
    if not total:
        return None
    while True:
        children = (child for child in element if is_block(child) and child.tag not in _PARAGRAPHS)
        heaviest = max(children, key=lambda each: weights.get(each, 0), default=None)
        if heaviest is None or weights.get(heaviest, 0) < total * _NEARLY_ALL:
            return article
        element = heaviest
        article = article if element.tag in _TABLE_PARTS else element


def _weights(root: HtmlElement, budget: Budget) -> dict[HtmlElement, int]:
    """How much prose each element holds: characters of sentences that are not links."""
    weights: dict[HtmlElement, int] = {}
    for element in root.iter():
        budget.tick()
        if not isinstance(element.tag, str) or element.tag == "a":
            continue
        own = [element.text or "", *(child.tail or "" for child in element)]
        prose = sum(len(piece) for piece in map(str.strip, own) if _is_prose(piece))
        if prose and not any(up.tag in _ASIDE or up.tag == "a" for up in (element, *element.iterancestors())):
            weights[element] = weights.get(element, 0) + prose
            for up in element.iterancestors():
                weights[up] = weights.get(up, 0) + prose
    return weights


def _is_prose(piece: str) -> bool:
    long_enough = len(piece) >= _PROSE_LENGTH and _PROSE.search(piece) is not None
    return long_enough and not furniture.is_tail(piece) and furniture.read_information(piece) is None
