"""Web pages of any government site: the article found among navigation, read into paragraphs; nothing is fetched."""

import copy
import email.parser
import email.policy
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from lxml import etree, html
from lxml.html import HtmlElement

from core.errors import Unreadable
from reports.document import Block
from reports.limits import Budget
from reports.normalise import clean, squeeze
from reports.readers import furniture
from reports.readers.encoding import decode
from reports.readers.furniture import Facts
from reports.readers.html_article import article_of, is_hidden
from reports.readers.html_blocks import blocks_of
from reports.readers.pasted import tidied
from reports.readers.readings import Reading
from reports.readers.text import BROKEN_BYTES

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_ENTITY = re.compile(r"<!(?:ENTITY|DOCTYPE[^>]*\[)", re.IGNORECASE)
_TITLES = ("articletitle", "og:title", "dc.title", "citation_title")
_DATES = ("pubdate", "publishdate", "article:published_time", "publish-date", "dc.date", "releasedate")
_SOURCES = ("contentsource", "source", "author_source")
_TITLE_LENGTH, _LINES_ABOVE = 200, 12
_MOST_LINES_ABOVE = 500
_NEVER_SHOWN = {
    "script", "style", "noscript", "template", "svg", "object", "select", "textarea", "button", "input",
}  # fmt: skip


def read(data: bytes, budget: Budget) -> Reading:
    """What a .html file holds.

    Raises: Unreadable, for a page that only frames another one or fills itself by script.
    """
    declared = _CHARSET.search(data[:4096])
    text, broken = decode(data, declared[1].decode("ascii", "replace") if declared else "")
    budget.characters(len(text))
    root = _parse(text, budget)
    metas, title = _metas(root), squeeze(root.findtext(".//title") or "")
    framed = next(root.iter("frame", "iframe"), None) is not None
    etree.strip_elements(root, *_NEVER_SHOWN, with_tail=False)
    shown = copy.deepcopy(root)
    _drop_hidden(shown, budget)
    blocks, inside = _article_blocks(shown, budget)
    if not _has_body(blocks):  # a page saved before its script showed the text
        blocks, inside = _article_blocks(root, budget)
    if not _has_body(blocks):
        _refuse_empty(framed)
    above = _lines_above(root)
    told = filter(None, map(furniture.read_information, above))
    around = reduce(Facts.or_else, (*told, furniture.search_facts(_all_lines(root))))
    facts = inside.or_else(_facts(metas)).or_else(around)
    return Reading(
        blocks,
        replace(facts, made_on=inside.made_on or around.made_on),
        (BROKEN_BYTES,) if broken else (),
        _headlines(metas, title, root, above),
    )


def read_archive(data: bytes, budget: Budget) -> Reading:
    """What a .mht file holds, as browsers save a page with all its parts."""
    message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(data)
    for part in message.walk():
        budget.tick()
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                return read(payload, budget)
    raise Unreadable("网页归档里没有正文", "文件不完整", "请用浏览器打开网页，另存为“网页，仅 HTML”后再试")


def _parse(text: str, budget: Budget) -> HtmlElement:
    if _ENTITY.search(text[:20_000]):
        raise Unreadable(
            "网页含有不允许的实体定义",
            "正常网页不会声明 XML 实体",
            "请复制正文到新建文档，另存为 .docx 后再试",
        )
    budget.markup(text.count("<"))
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(clean(text).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise Unreadable(
            "网页里没有内容", "解析不出任何正文", "请用浏览器打开后复制正文，另存为 .txt"
        ) from error
    most = budget.limits.html_depth
    if root.xpath(f"boolean(//*[count(ancestor::*) >= {most}])"):
        budget.depth(most + 1, most)
    return root


def _metas(root: HtmlElement) -> dict[str, str]:
    """What the page's head says of it, the first of several for one key."""
    metas = (
        (meta.get("name") or meta.get("property") or "", meta.get("content", ""))
        for meta in root.iter("meta")
    )
    return {key.strip().lower(): content.strip() for key, content in reversed(list(metas)) if content}


def _facts(metas: dict[str, str]) -> Facts:
    dates = (furniture.read_date(metas[key]) for key in _DATES if key in metas)
    sources = (squeeze(metas[key]) for key in _SOURCES if key in metas)
    return Facts(
        None, next((day for day in dates if day), None), next((each for each in sources if each), "")
    )


def _headlines(metas: dict[str, str], title: str, root: HtmlElement, above: Sequence[str]) -> tuple[str, ...]:
    """What the page calls itself: in its metadata, a field, a heading, the window's title, the lines above the text."""
    named = [squeeze(metas.get(key, "")) for key in _TITLES]
    named += furniture.search_titles(_all_lines(root))
    named += [squeeze(" ".join(heading.itertext())) for heading in root.iter("h1")]
    able = [line for line in above if furniture.read_information(line) is None]
    lines = [line for line in able if not (furniture.is_tail(line) or furniture.is_trail(line))]
    return tuple(
        dict.fromkeys(each for each in (*named, title[:_TITLE_LENGTH], *lines[:-_LINES_ABOVE:-1]) if each)
    )


def _drop_hidden(root: HtmlElement, budget: Budget) -> None:
    for element in list(root.iter(etree.Element)):
        budget.tick()
        if is_hidden(element) and element.getparent() is not None:
            element.drop_tree()


def _article_blocks(root: HtmlElement, budget: Budget) -> tuple[list[Block], Facts]:
    article = article_of(root, budget)
    blocks, facts, _ = tidied([] if article is None else list(blocks_of(article, budget)))
    return blocks, facts


def _has_body(blocks: Sequence[Block]) -> bool:
    return any(block.rows or furniture.is_body(block.text) for block in blocks)


def _all_lines(root: HtmlElement) -> str:
    return "\n".join(filter(None, (squeeze(piece) for piece in root.itertext())))


def _lines_above(root: HtmlElement) -> list[str]:
    """The pieces of text that stand above the first sentence of the page, links aside."""
    pieces = (
        (element.tail if event == "end" else element.text if element.tag not in {"a", "title"} else "")
        for event, element in etree.iterwalk(root, events=("start", "end"))
    )
    lines: list[str] = []
    for line in filter(None, (squeeze(piece or "") for piece in pieces)):
        if furniture.is_body(line) or len(lines) > _MOST_LINES_ABOVE:
            break
        lines.append(line)
    return lines


def _refuse_empty(framed: bool) -> None:
    why, todo = ("正文可能由脚本加载，保存的文件里没有", "请用浏览器打开后复制正文，另存为 .txt 或 .docx")
    if framed:
        why, todo = ("正文在这个网页嵌入的另一个页面里", "请在浏览器中单独打开正文页面，另存为 .html 后再试")
    raise Unreadable("网页里没有正文", why, todo)
