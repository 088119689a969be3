"""Plain text, as people save it: copied from a page or a pdf, wrapped or not, with marks of other formats in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reports.document import Block, Document
from reports.limits import Budget
from reports.normalise import HAN, clean, columns, ends_sentence, squeeze
from reports.readers import furniture, wrapping
from reports.readers.encoding import decode
from reports.readers.furniture import Facts
from reports.readers.wrapping import Line

BROKEN_BYTES = "文件中有损坏的字节，已用“\ufffd”代替，请对照原文核对"
_DOUBLE_SPACED = 0.8  # gaps between nearly all lines divide nothing
MARKED_HEADING = re.compile(rf"^(#{{1,6}})(?:\s+(?=[^\s#])|(?=[{HAN}（(]))(.*[^\s#])(?:\s+#+)?$")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.{1,200}?)(?<=\S)\1")
_RULE = re.compile(r"^[-=_*~—─━ ]{3,}$")
_INDENT = re.compile(r"^[ \t\u00a0\u2002\u2003\u3000]*")
_PIPE_ROW = re.compile(r"^[|│┃].*[|│┃]$")
_PIPE_RULE = re.compile(r"^[|│┃├┼┤┌┬┐└┴┘─━:\-+ ]+$")


def read(data: bytes, name: str, budget: Budget) -> Document:
    """The document in a .txt file."""
    text, broken = decode(data)
    budget.characters(len(text))
    body, facts = without_furniture(clean(text).replace("\f", "\n\n").split("\n"))
    blocks = tuple(_blocks(body, budget))
    return Document(
        name=name,
        format="txt",
        blocks=blocks,
        source=facts.source,
        made_on=facts.made_on,
        posted_on=facts.posted_on,
        notices=(BROKEN_BYTES,) if broken else (),
    )


def without_furniture(lines: Sequence[str]) -> tuple[list[str], Facts]:
    """The lines, with those that a site printed around the text emptied, and what those said."""
    dropped, facts = furniture.around(lines)
    return ["" if drop else line for line, drop in zip(lines, dropped, strict=True)], facts


def _blocks(lines: Sequence[str], budget: Budget) -> Iterator[Block]:
    count = 0
    for piece in _pieces(lines):
        if isinstance(piece, _Table):
            count += 1
            yield Block("", count, rows=piece.rows)
            continue
        for line in _join(piece):
            count += 1
            budget.block()
            yield Block(
                line.text,
                count,
                heading=line.heading,
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
    return wrapping.join(lines, by_width)


@dataclass(frozen=True, slots=True)
class _Table:
    rows: tuple[tuple[str, ...], ...]


def _pieces(lines: Sequence[str]) -> Iterator[list[Line] | _Table]:
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
        if not raw.strip() or _RULE.match(raw.strip()):
            gap = True
        elif furniture.is_page_number(raw) or (gap and furniture.is_bare_number(raw)):
            turned = True
        else:
            run.append(replace(_line(raw), gap=gap, turned=turned))
            gap = turned = False
    yield run


def without_emphasis(text: str) -> str:
    """The text without the marks that markdown sets around bold words."""
    return _EMPHASIS.sub(r"\2", text)


def _line(raw: str) -> Line:
    indent = _INDENT.match(raw)
    left = columns(indent[0].expandtabs(4).replace("\u2003", "\u3000")) if indent else 0
    right = float(columns(raw.rstrip()))
    text = raw.strip()
    heading = None
    if marked := MARKED_HEADING.match(text):
        heading, text = len(marked[1]), marked[2]
    plain = without_emphasis(text)
    bold = plain != text and len(plain) == len(text) - 4 and text.startswith(("**", "__"))
    centred = left >= 10 and not ends_sentence(text)
    return Line(
        squeeze(plain),
        float(left),
        right,
        heading=heading,
        bold=bold,
        centred=centred,
        count=2.0 * len(raw.rstrip()),
    )


def _table(lines: Sequence[str], start: int) -> tuple[_Table | None, int]:
    """The table whose rows start here, with cells divided by tabs or bars, and the index after it."""
    rows: list[tuple[str, ...]] = []
    index = start
    while index < len(lines):
        stripped = lines[index].strip()
        if _PIPE_ROW.match(stripped) and len(re.findall(r"[|│┃]", stripped)) > 2:
            if not _PIPE_RULE.match(stripped):
                rows.append(
                    tuple(squeeze(without_emphasis(cell)) for cell in re.split(r"[|│┃]", stripped)[1:-1])
                )
        elif "\t" in stripped:
            rows.append(tuple(squeeze(cell) for cell in lines[index].strip(" \r\n").split("\t")))
        elif not (rows and _PIPE_RULE.match(stripped) and stripped):
            break
        index += 1
    widths = {len(row) for row in rows}
    if len(rows) >= 2 and len(widths) == 1:
        return _Table(tuple(rows)), index
    return None, start
