"""Paragraphs that hold more than one: a report that lost its line ends, and a form whose cells hold its parts."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from core.han import HAN
from core.numerals import number
from reports.document import Block

_LONG, _PARTS = 120, 2
_PART = re.compile(r"(?<=[。；：:！ \u3000])([一二三四五六七八九十]{1,2})、(?=\S)")
_RUN_ON_HEADING = re.compile(
    r"([一二三四五六七八九十]{1,2}、[^。；：:！，]{2,40}?)(?: |(?=[（(][一1][)）]|一是|1[.．、]|①|首先，))"
)
_RUN_ON_TITLE = re.compile(
    r"([^。；：！，]{6,70}?(?:(?:报告|总结|汇报)(?![的暨和及与（(书表期如以])|情况(?= |20\d\d年[，,]|今年)))\s*"
)
_RUN_ON_SIGNATURE = re.compile(
    rf"(?<=[。！ ])\s*(?P<name>[{HAN}（）()、]{{4,40}})\s*(?P<day>[12二][\d〇○零一二三四五六七八九]{{3}}\s?年[^。，]{{2,8}}日)\s*$"
)
_GAP = re.compile(rf"(?<=[{HAN}。；：！”）\d])[ \u3000]+(?=[{HAN}（“\d①-⑳])")
_NAME, _CELL, _GAPS, _SHORT = 40, 100, 5, 20


def unfolded(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks; those that hold several parts of a report are cut. The pieces keep the place they stood in."""
    for block in blocks:
        if block.rows:
            yield from _parts_of_form(block) if _is_form(block) else [block]
        else:
            yield from (replace(block, text=text.strip()) for text in _pieces(block) if text.strip())


def _pieces(block: Block) -> list[str]:
    """A paragraph that runs through several parts ("…如下：一、…二、…"), cut at their headings, title and signature."""
    plain = not block.number and block.heading is None and len(block.text) > _LONG
    cuts = _part_starts(block.text) if plain else []
    if len(cuts) < _PARTS:
        return [block.text]
    gaps = [match.end() for match in _GAP.finditer(block.text)]
    if len(gaps) >= _GAPS:  # only the line ends were lost: what stood apart still does
        cuts = sorted({*cuts, *gaps})
    opening, *parts = (block.text[start:end] for start, end in pairwise([0, *cuts, len(block.text)]))
    title = _RUN_ON_TITLE.match(opening)
    pieces = [title[1], opening[title.end() :]] if title else [opening]
    for part in parts:
        heading = _RUN_ON_HEADING.match(part)
        pieces += [heading[1], part[heading.end() :]] if heading else [part]
    last = 2 if len(pieces[-1]) < _SHORT else 1
    tail = "".join(pieces[-last:])
    if signed := _RUN_ON_SIGNATURE.search(tail):
        pieces[-last:] = [tail[: signed.start()], signed["name"], signed["day"]]
    return pieces


def _part_starts(text: str) -> list[int]:
    """Where 一、 二、 … begin, counted on from one."""
    found: list[int] = []
    for match in _PART.finditer(text):
        if number(match[1]) == len(found) + 1:
            found.append(match.start())
    return found


def _is_form(block: Block) -> bool:
    """Whether a table is a form: on the left what a part is about, on the right its paragraphs."""
    if any(len(row) != 2 or not 0 < len(row[0]) <= _NAME or row[0] == row[1] for row in block.rows):
        return False
    full = sum("\n" in right and len(right) > _CELL for _, right in block.rows)
    return len(block.rows) >= _PARTS and full * 2 >= len(block.rows)


def _parts_of_form(block: Block) -> Iterator[Block]:
    for left, right in block.rows:
        for heading, text in ((1, left), *((None, line) for line in right.split("\n"))):
            if text.strip():
                yield replace(block, text=text.strip(), rows=(), heading=heading)
