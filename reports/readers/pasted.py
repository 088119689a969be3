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
    above: Block | None = None
    last: Line | None = None
    turned = False
    for block in blocks:
        if furniture.is_page_number(block.text):
            turned = True
            continue
        line = replace(_line(block), gap=True, turned=turned)
        if above and last and _is_plain(block) and _goes_on(above, last, line, setting):
            above = replace(above, text=wrapping.glue([above.text, block.text]))
        else:
            if above:
                yield above
            above = block
        last, turned = (None if block.rows else line), False
    if above:
        yield above


def _goes_on(above: Block, last: Line, line: Line, setting: Measure) -> bool:
    if above.rows or above.heading is not None:
        return False
    sure = setting.wrapped or line.turned or wrapping.ends_open(last.text)
    return sure and wrapping.runs_on(last, line, setting)


def _is_plain(block: Block) -> bool:
    return not (block.rows or block.number or block.heading is not None)


def _line(block: Block) -> Line:
    return Line(block.text, 0.0, float(columns(block.text)), heading=block.heading, centred=block.centred)
