"""What every reader makes of a file, whatever its format: blocks in reading order.

A reader knows its format and nothing of meaning; everything after it knows meaning and nothing of formats.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item or table, without furniture, markup or automatic numbers in its text.

    `text` is one line (wrapped lines joined); for a table it is empty and `rows` holds the cells, merged cells
    repeated, paragraphs inside a cell divided by a line feed.
    `heading` is the level (1 outermost) where the format itself marks one, else None; a heading typed as plain
    text is recognised later, from words and numbering.
    `number` is an automatic list number as a person sees it on the page ("（一）", "1.", "•"); `depth` its nesting.
    `page` counts from 1 where the format has pages; `paragraph` counts blocks from 1.
    """

    text: str
    paragraph: int
    page: int | None = None
    heading: int | None = None
    number: str = ""
    depth: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    centred: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A file read: its blocks, and what the page around the text says of it (web pages, file properties).

    `headlines` are what the page calls itself, the likeliest first, often with the site's name or a column's.
    `made_on` is the page's 成文日期, `posted_on` its 发布日期; `source` its 发布机构 or 来源.
    `notices` are sentences for the clerk, in Chinese, about what the reader had to do (accepted tracked changes,
    dropped a header, replaced broken bytes).
    """

    name: str
    format: str
    blocks: tuple[Block, ...]
    headlines: tuple[str, ...] = ()
    source: str = ""
    made_on: date | None = None
    posted_on: date | None = None
    notices: tuple[str, ...] = ()
