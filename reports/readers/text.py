"""Plain text, as people save it: copied from a page or a pdf, wrapped or not, with marks of other formats in it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from core.han import HAN
from reports.document import Block
from reports.limits import Budget
from reports.normalise import clean, columns, ends_sentence, squeeze
from reports.readers import furniture, wrapping
from reports.readers.encoding import decode
from reports.readers.number_formats import BULLET
from reports.readers.readings import Reading
from reports.readers.wrapping import Line

BROKEN_BYTES = "文件中有损坏的字节，已用“\ufffd”代替，请对照原文核对"
_INDENTED, _NEARLY_ALL = 3, 0.8
_DOUBLE_SPACED = 0.8  # gaps between nearly all lines divide nothing
MARKED_HEADING = re.compile(rf"^(#{{1,6}})(?:\s+(?=[^\s#])|(?=[{HAN}（(]))(.*[^\s#])(?:\s+#+)?$")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.{1,200}?)(?<=\S)\1")
_RULE = re.compile(r"^[-=_*~—─━ ]{3,}$")
_INDENT = re.compile(r"^[ \t\u00a0\u2002\u2003\u3000]*")
_ITEM = re.compile(r"^([-*+]|\d{1,9}[.)])[ \t]+(?=\S)(.*)")
_LEVEL = 2
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_PIPE_ROW = re.compile(r"^[|│┃].*[|│┃]$")
_PIPE_RULE = re.compile(r"^[|│┃├┼┤┌┬┐└┴┘─━:\-+ ]+$")

Rows = tuple[tuple[str, ...], ...]


def read(data: bytes, budget: Budget) -> Reading:
    """What a .txt file holds."""
    text, broken = decode(data)
    return read_lines(clean(text), broken, budget)


def read_lines(text: str, broken: bool, budget: Budget, *, markdown: bool = False) -> Reading:
    """What a clean text holds; in `markdown` the marks of lists are automatic numbers."""
    budget.characters(len(text))
    lines = _without_running_heads(text.replace("\f", "\n\n").split("\n"))
    dropped, facts = furniture.around(lines)
    body = ["" if drop else line for line, drop in zip(lines, dropped, strict=True)]
    notices = ((BROKEN_BYTES,) if broken else ()) + furniture.notice(lines, dropped)
    return Reading(_blocks(body, budget, markdown), facts, notices)


def _without_running_heads(lines: Sequence[str]) -> list[str]:
    """The lines without those that stand beside page numbers again and again; the first, a title, stays."""
    filled = [line.strip() for line in lines if line.strip()]
    beside: Counter[str] = Counter()
    for one, other in pairwise(filled):
        if furniture.is_page_number(one) != furniture.is_page_number(other):
            beside[other if furniture.is_page_number(one) else one] += 1
    heads = {line for line, count in beside.items() if count >= 2 and not furniture.is_body(line)}
    seen: set[str] = set()
    kept = []
    for line in lines:
        again = line.strip() in seen
        kept.append("" if again else line)
        seen |= {line.strip()} & heads
    return kept


def _blocks(lines: Sequence[str], budget: Budget, markdown: bool) -> Iterator[Block]:
    for piece in _pieces(lines, markdown):
        if isinstance(piece, tuple):
            yield Block("", 0, rows=piece)
            continue
        for line in _join(piece):
            budget.block()
            depth = int(line.left) // _LEVEL if line.number else 0
            budget.depth(depth)
            yield Block(
                line.text,
                0,
                heading=line.heading,
                number=line.number,
                depth=depth,
                centred=line.centred,
                bold=line.bold,
            )


def _join(lines: Sequence[Line]) -> list[Line]:
    """The paragraphs of the lines, which were wrapped at a width or, by some programs, at a count of characters."""
    if sum(line.gap for line in lines) > len(lines) * _DOUBLE_SPACED:
        lines = [replace(line, gap=False) for line in lines]
    by_width = wrapping.measure(lines)
    counted = [replace(line, right=line.count) for line in lines]
    by_count = wrapping.measure(counted, least_slack=2.0)
    if by_count.wrapped and (not by_width.wrapped or by_count.slack < by_width.slack):
        return wrapping.join(counted, by_count)
    if by_width.wrapped:
        return wrapping.join(lines, by_width)
    return [paragraph for group in _indented(lines) for paragraph in wrapping.join(group, by_width)]


def _indented(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """The lines in groups that go on at most among themselves: where nearly all are indented, each opens a paragraph."""
    opening = [place for place, line in enumerate(lines) if line.left >= _INDENTED]
    if len(opening) < len(lines) * _NEARLY_ALL:
        yield lines
        return
    for start, end in pairwise(sorted({0, *opening, len(lines)})):
        yield lines[start:end]


def _pieces(lines: Sequence[str], markdown: bool) -> Iterator[list[Line] | Rows]:
    """Runs of lines, and the tables between them."""
    run: list[Line] = []
    index = 0
    gap = turned = False
    while index < len(lines):
        table, after = _table(lines, index)
        if table:
            yield run
            yield table
            run, index, gap, turned = [], after, False, False
            continue
        raw = lines[index]
        index += 1
        if not raw.strip() or _RULE.match(raw.strip()) or _PIPE_RULE.match(raw.strip()):
            gap = True
        elif furniture.is_page_number(raw) or (gap and furniture.is_bare_number(raw)):
            turned = True
        else:
            run.append(_line(raw, markdown, gap=gap, turned=turned))
            gap = turned = False
    yield run


def without_emphasis(text: str) -> str:
    """The text without the marks that markdown sets around bold words."""
    return _EMPHASIS.sub(r"\2", text) if "**" in text or "__" in text else text


def _line(raw: str, markdown: bool, *, gap: bool, turned: bool) -> Line:
    indent = _INDENT.match(raw)
    left = columns(indent[0].expandtabs(4).replace("\u2003", "\u3000")) if indent else 0
    right = float(columns(raw.rstrip()))
    text = raw.strip()
    heading, number = None, ""
    if markdown and (item := _ITEM.match(text)):
        number, text = item[1] if item[1][0].isdigit() else BULLET, item[2]
    if marked := MARKED_HEADING.match(text):
        heading, text = len(marked[1]), marked[2]
    plain = without_emphasis(text)
    bold = plain != text and len(plain) == len(text) - 4 and text[:2] == text[-2:]
    centred = left >= 10 and not ends_sentence(text)
    return Line(
        squeeze(plain),
        float(left),
        right,
        gap,
        turned,
        heading=heading,
        bold=bold,
        centred=centred,
        count=2.0 * len(raw.rstrip()),
        number=number,
    )


def _table(lines: Sequence[str], start: int) -> tuple[Rows | None, int]:
    """The table whose rows start here, with cells divided by bars, tabs or wide gaps, and the index after it."""
    for cells_of, least_rows in ((_barred, 2), (_tabbed, 2), (_spaced, 3)):
        rows: list[list[str]] = []
        index = start
        while index < len(lines):
            cells = cells_of(lines[index])
            if cells and (not rows or len(cells) == len(rows[0])):
                rows.append(cells)
            elif cells or not (rows and _PIPE_RULE.match(lines[index].strip())):
                break
            index += 1
        if len(rows) >= least_rows:
            return tuple(tuple(map(_cell, row)) for row in rows), index
    return None, start


def _cell(text: str) -> str:
    return "\n".join(map(squeeze, BREAK.split(without_emphasis(text))))


def _barred(line: str) -> list[str]:
    line = line.strip()
    cells = re.split(r"[|│┃]", line)[1:-1] if _PIPE_ROW.match(line) and not _PIPE_RULE.match(line) else []
    return cells if len(cells) >= 2 else []


def _tabbed(line: str) -> list[str]:
    return line.strip(" \r\n").split("\t") if "\t" in line.strip() else []


def _spaced(line: str) -> list[str]:
    cells = re.split(r"[ \u3000]{2,}", line.strip())
    return cells if len(cells) >= 3 else []
