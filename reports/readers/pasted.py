"""What people paste into Word and web editors: a web page with its links, or a pdf line by line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from core.han import HAN
from core.numerals import number
from reports.document import Block
from reports.normalise import columns
from reports.readers import furniture, wrapping
from reports.readers.furniture import Facts
from reports.readers.text import MARKED_HEADING, without_emphasis
from reports.readers.wrapping import Line, Measure

_LONG, _PARTS = 120, 2
_PART = re.compile(r"(?<=[。；：:！ ])([一二三四五六七八九十]{1,2})、(?=\S)")
_RUN_ON_HEADING = re.compile(
    r"([一二三四五六七八九十]{1,2}、[^。；：:！，]{2,40}?)(?: |(?=[（(][一1][)）]|一是|1[.．、]|①|首先，))"
)
_RUN_ON_TITLE = re.compile(
    r"([^。；：！，]{6,70}?(?:报告|总结|汇报|情况))(?: |(?=20\d\d年[，,]|今年|一年来|近年来|根据|按照|为))"
)
_RUN_ON_SIGNATURE = re.compile(
    rf"(?<=[。！ ])\s*(?P<name>[{HAN}（）()、]{{4,40}})\s*(?P<day>[12二][\d〇○零一二三四五六七八九]{{3}}\s?年[^。，]{{2,8}}日)\s*$"
)


def tidied(blocks: Sequence[Block]) -> tuple[list[Block], Facts, list[str]]:
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


def unfolded(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks; one that holds several parts of a report ("…如下：一、…二、…") is cut at their headings.

    Some web editors lose every line end. A title that runs into the text and a signature that the text runs into
    are cut off too. The pieces keep the place of the paragraph they stood in.
    """
    for block in blocks:
        cuts = _part_starts(block.text) if _is_plain(block) and len(block.text) > _LONG else []
        if len(cuts) < _PARTS:
            yield block
            continue
        pieces = [block.text[start:end] for start, end in pairwise([0, *cuts, len(block.text)])]
        title = _RUN_ON_TITLE.match(pieces[0])
        words = [title[1], pieces[0][title.end() :]] if title else [pieces[0]]
        for piece in pieces[1:]:
            heading = _RUN_ON_HEADING.match(piece)
            words += [heading[1], piece[heading.end() :]] if heading else [piece]
        if signed := _RUN_ON_SIGNATURE.search(words[-1]):
            words[-1:] = [words[-1][: signed.start()], signed["name"], signed["day"]]
        yield from (replace(block, text=text.strip()) for text in words if text.strip())


def _part_starts(text: str) -> list[int]:
    """Where 一、 二、 … begin, counted on from one."""
    found: list[int] = []
    for match in _PART.finditer(text):
        if number(match[1]) == len(found) + 1:
            found.append(match.start())
    return found


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
