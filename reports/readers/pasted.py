"""What people paste into Word and web editors: a web page with its links, or a pdf line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reports.document import Block
from reports.normalise import columns
from reports.readers import furniture, wrapping
from reports.readers.furniture import Facts
from reports.readers.text import MARKED_HEADING, without_emphasis
from reports.readers.wrapping import Line, Measure


def tidied(blocks: Sequence[Block]) -> tuple[list[Block], Facts, tuple[str, ...]]:
    """The blocks without what a site printed around them and without page numbers, paragraphs whole again.

    Also what the lines left out say, and a notice that they are gone.
    """
    texts = [block.text for block in blocks]
    dropped, facts = furniture.around(texts)
    kept = [cleared(block) for block, drop in zip(blocks, dropped, strict=True) if not drop]
    setting = wrapping.measure([_line(block) for block in kept if _is_plain(block)])
    return list(_rejoined(kept, setting)), facts, furniture.notice(texts, dropped)


def cleared(block: Block) -> Block:
    """The block without page numbers and marks of markdown that were copied with its sentences."""
    text = furniture.without_page_numbers(without_emphasis(block.text))
    heading = block.heading
    if marked := MARKED_HEADING.match(text):
        heading, text = heading or len(marked[1]), marked[2]
    return replace(block, text=text, heading=heading) if text and text != block.text else block


def _rejoined(blocks: Sequence[Block], setting: Measure) -> Iterator[Block]:
    """The blocks, those that were lines of one paragraph put together."""
    lines: list[Line] = []
    texts: list[Block] = []
    turned = False
    for block in blocks:
        if not furniture.is_page_number(block.text):
            texts.append(block)
            lines.append(replace(_line(block), gap=True, turned=turned))
        turned = furniture.is_page_number(block.text)
    waiting = iter(texts)
    for group in wrapping.grouped(lines, setting):
        first, *_ = [next(waiting) for _ in group]
        yield replace(first, text=wrapping.glue([line.text for line in group])) if len(group) > 1 else first


def _is_plain(block: Block) -> bool:
    return not (block.rows or block.number or block.heading is not None)


def _line(block: Block) -> Line:
    """The block as a line; a table goes on as little as a heading does."""
    heading = 0 if block.rows else block.heading
    right = float(columns(block.text))
    return Line(block.text, 0.0, right, heading=heading, centred=block.centred, number=block.number)
