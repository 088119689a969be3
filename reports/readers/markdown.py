"""Markdown: headings, lists and tables by a CommonMark parser; numbers of lists are automatic numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports.document import Block, Document
from reports.limits import Budget
from reports.normalise import clean, columns, squeeze
from reports.readers import furniture, wrapping
from reports.readers.encoding import decode
from reports.readers.text import BROKEN_BYTES, without_emphasis, without_furniture
from reports.readers.wrapping import Line

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,4000}?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title[ \t]*:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)
_FRONT_DATE = re.compile(r"^date[ \t]*:[ \t]*(.+)$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_BEYOND = 3  # the parser leaves deeper content out without a word, so it may go a little deeper than allowed
# Links and emphasis are taken out beforehand: the parser needs time that grows with the square of unclosed ones,
# and by its rules "**执法不严。**部分…" is not emphasis, though it is written everywhere.
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,1000}\)")
_LINK = re.compile(r"(?<!\\)\[([^\[\]\n]{1,300})\]\([^()\n]{0,1000}\)")
_BOLD_LINE = re.compile(
    r"^([ \t]*(?:>[ \t]*)?(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+|#{1,6}[ \t]+)?)(\*\*|__)(?=\S)(.{1,500})(?<=\S)\2[ \t]*$",
    re.MULTILINE,
)
_ITALIC = re.compile(r"(?<![\\*\w])\*(?=[^\s*])([^*\n]{1,200})(?<=[^\s\\])\*(?!\*)")
_IS_BOLD = "\x01"
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def read(data: bytes, name: str, budget: Budget) -> Document:
    """The document in a .md file."""
    text, broken = decode(data)
    budget.characters(len(text))
    text = _without_marks(clean(text).replace("\f", "\n\n"))
    headlines: tuple[str, ...] = ()
    posted_on = None
    if front := _FRONT_MATTER.match(text):
        text = text[front.end() :]
        if title := _FRONT_TITLE.search(front[1]):
            headlines = (squeeze(title[1]),)
        if day := _FRONT_DATE.search(front[1]):
            posted_on = furniture.read_date(day[1])
    lines, facts, notices = without_furniture(
        [line for line in text.split("\n") if not furniture.is_page_number(line)]
    )
    walker = _Walker(budget)
    blocks = tuple(walker.blocks(_tokens("\n".join(lines), budget)))
    return Document(
        name=name,
        format="md",
        blocks=blocks,
        headlines=headlines,
        source=facts.source,
        made_on=facts.made_on,
        posted_on=facts.posted_on or posted_on,
        notices=((BROKEN_BYTES,) if broken else ()) + notices,
    )


def _without_marks(text: str) -> str:
    """The source without comments, links and emphasis; a line that is bold as a whole keeps a mark of it."""
    text = _LINK.sub(r"\1", _IMAGE.sub("", _COMMENT.sub("", text)))
    text = _BOLD_LINE.sub(lambda line: line[0] if line[2] in line[3] else line[1] + _IS_BOLD + line[3], text)
    return _ITALIC.sub(r"\1", without_emphasis(text))


def _tokens(text: str, budget: Budget) -> list["Token"]:
    from markdown_it import MarkdownIt

    parser = (
        MarkdownIt("commonmark", {"maxNesting": budget.limits.depth + _BEYOND})
        .enable("table")
        .disable(["code", "lheading", "link", "image", "emphasis"])
    )

    def watch(*_: object) -> bool:
        budget.tick()
        return False

    parser.block.ruler.before("table", "watch", watch)
    parser.inline.ruler.before("text", "watch", watch)
    tokens = parser.parse(text)
    budget.depth(max((token.level for token in tokens), default=0) + 1)
    return tokens


@dataclass
class _Walker:
    budget: Budget
    count: int = 0
    lists: list[tuple[str, int]] = field(default_factory=list)
    label: str = ""
    rows: list[tuple[str, ...]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    in_table: bool = False

    def blocks(self, tokens: Sequence["Token"]) -> Iterator[Block]:
        """The blocks of the parsed text, in order."""
        heading: int | None = None
        for token in tokens:
            kind = token.type
            if kind.endswith("_list_open"):
                start = int(token.attrs.get("start") or 1) if kind.startswith("ordered") else 0
                self.lists.append((token.markup, start))
            elif kind.endswith("_list_close"):
                self.lists.pop()
            elif kind == "list_item_open":
                self.label = self._next_label(token)
            elif kind == "heading_open":
                heading = int(token.tag[1:])
            elif kind == "heading_close":
                heading = None
            elif kind == "inline" and self.in_table:
                self.cells.append("\n".join(filter(None, (squeeze(line) for line in _lines(token)))))
            elif kind == "inline":
                yield from self._paragraph(_lines(token), heading)
            elif kind in {"fence", "code_block", "html_block"}:
                yield from self._paragraph(_BREAK.sub("\n", token.content).split("\n"), None)
            else:
                yield from self._table(kind)

    def _next_label(self, token: "Token") -> str:
        if not token.info:
            return "•"
        return f"{token.info}{token.markup}"

    def _paragraph(self, lines: Sequence[str], heading: int | None) -> Iterator[Block]:
        bold = lines[0].startswith(_IS_BOLD)
        cleaned = [(squeeze(_TAG.sub("", line)), line) for line in lines]
        setting = [Line(text, 0.0, float(columns(raw.rstrip()))) for text, raw in cleaned if text]
        for line in wrapping.join(setting):
            self.count += 1
            self.budget.block()
            label, self.label = self.label, ""
            yield Block(
                line.text,
                self.count,
                heading=heading,
                number=label,
                depth=max(0, len(self.lists) - 1),
                bold=bold,
            )

    def _table(self, kind: str) -> Iterator[Block]:
        if kind == "table_open":
            self.in_table, self.rows = True, []
        elif kind == "tr_open":
            self.cells = []
        elif kind == "tr_close":
            self.rows.append(tuple(self.cells))
        elif kind == "table_close":
            self.in_table = False
            self.count += 1
            self.budget.block()
            yield Block("", self.count, rows=tuple(self.rows))


def _lines(token: "Token") -> list[str]:
    """The lines of a paragraph, without marks."""
    text = ""
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            text += "\n"
        elif child.type == "html_inline":
            text += "\n" if _BREAK.match(child.content) else ""
        elif child.type != "image":
            text += child.content
    return text.split("\n")
