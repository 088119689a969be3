"""Pages set in two or three columns: their glyphs in the order in which a person reads them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from reports.readers.pdf_page import Glyph

_FEWEST_LINES = 8
# Where between the edges of a page its gutters may stand: one near the middle, or two.
_LAYOUTS = (((0.35, 0.65),), ((0.25, 0.42), (0.58, 0.75)))
_GUTTER_EM = 1.0
_FULL_EM, _INDENT_EM = 1.7, 2.6
_SAME_LINE = 0.3


@dataclass(frozen=True, slots=True)
class Column:
    """Glyphs that are read together; `turned`: the eye went up to the head of a new column for them."""

    glyphs: tuple[Glyph, ...]
    turned: bool = False


def columns(glyphs: Sequence[Glyph]) -> list[Column]:
    """The glyphs column by column; those of further columns are moved to where the first one stands.

    A page is set in columns where most of its lines leave the gutters free and fill what is between them, so
    that a table whose cells are set apart by gaps is none.
    """
    lines = list(printed_lines(glyphs))
    gutters = _gutters(lines)
    if not gutters:
        return [Column(tuple(glyphs))]
    split = [glyph for line in lines if not _crosses(line, gutters) for glyph in line]
    margins = [min(glyph.left for glyph in strip) for strip in _strips(split, gutters)]
    found: list[Column] = []
    band: list[Glyph] = []
    for line in lines:
        if _crosses(line, gutters):
            found += [*_columns_of(band, gutters, margins), Column(tuple(line))]
            band = []
        else:
            band += line
    return [*found, *_columns_of(band, gutters, margins)]


def printed_lines(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """The glyphs line by line as they stand beside each other, from the top."""
    line: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda each: each.base):
        if line and glyph.base - line[-1].base > _SAME_LINE * min(glyph.size, line[-1].size):
            yield line
            line = []
        line.append(glyph)
    if line:
        yield line


def _gutters(lines: Sequence[Sequence[Glyph]]) -> list[float]:
    """Where between columns nothing is printed; none where the page is not set so."""
    if len(lines) < _FEWEST_LINES:
        return []
    size = median(glyph.size for line in lines for glyph in line) or 1.0
    left = min(glyph.left for line in lines for glyph in line)
    width = max(glyph.right for line in lines for glyph in line) - left
    for layout in _LAYOUTS:
        places = [_freest(lines, left + width * first, left + width * last, size) for first, last in layout]
        gutters = [place for place in places if place is not None]
        if len(gutters) == len(layout) and _filled(lines, gutters, size):
            return gutters
    return []


def _freest(lines: Sequence[Sequence[Glyph]], first: float, last: float, size: float) -> float | None:
    """The place between two others that most lines leave free; None where too few do."""
    edges: list[tuple[float, int]] = []
    for line in lines:
        for begin, end in _gaps(line, size):
            if begin < last and end > first:
                edges += [(max(begin, first), 1), (min(end, last), -1)]
    edges.sort()
    best, most, free = 0.0, 0, 0
    for (at, change), (after, _) in pairwise(edges):
        free += change
        if free > most:
            best, most = (at + after) / 2, free
    return best if most >= max(_FEWEST_LINES, len(lines) * 0.4) else None


def _gaps(line: Sequence[Glyph], size: float) -> Iterator[tuple[float, float]]:
    """The stretches of a line, between its first glyph and its last, wide enough to be a gutter."""
    ordered = sorted(line, key=lambda glyph: glyph.left)
    for before, after in pairwise(ordered):
        if after.left - before.right >= size * _GUTTER_EM:
            yield before.right, after.left


def _is_split(line: Sequence[Glyph], at: float, size: float) -> bool:
    before = max((glyph.right for glyph in line if glyph.left < at), default=None)
    after = min((glyph.left for glyph in line if glyph.left >= at), default=None)
    return before is not None and after is not None and before <= at and after - before >= size * _GUTTER_EM


def _filled(lines: Sequence[Sequence[Glyph]], gutters: Sequence[float], size: float) -> bool:
    """Whether the lines between gutters run as text does: to their edge mostly, from their margin, without wide gaps."""
    free = [line for line in lines if all(_is_split(line, gutter, size) for gutter in gutters)]
    if not free:
        return False
    for side in zip(*(_strips(line, gutters) for line in free), strict=True):
        starts, ends = (
            [min(g.left for g in part) for part in side],
            [max(g.right for g in part) for part in side],
        )
        margin, edge = min(starts) + _INDENT_EM * size, _usual(ends) - _FULL_EM * size
        at_margin, full = sum(start <= margin for start in starts), sum(end >= edge for end in ends)
        gaps = sum(any(_gaps(part, size)) for part in side)
        if full < len(side) * 0.4 or at_margin < len(side) * 0.8 or gaps > len(side) * 0.15:
            return False
    return True


def _usual(ends: list[float]) -> float:
    """The furthest place of all but a few: a stop may hang over the edge."""
    return sorted(ends)[-1 - len(ends) // 10]


def _crosses(line: Sequence[Glyph], gutters: Sequence[float]) -> bool:
    return any(
        any(glyph.left < gutter < glyph.right for glyph in line) or _runs_over(line, gutter)
        for gutter in gutters
    )


def _runs_over(line: Sequence[Glyph], gutter: float) -> bool:
    """Whether the line goes on over the gutter without leaving it free."""
    before = max((glyph.right for glyph in line if glyph.left < gutter), default=None)
    after = min((glyph.left for glyph in line if glyph.left >= gutter), default=None)
    return before is not None and after is not None and after - before < line[0].size * _GUTTER_EM


def _strips(glyphs: Sequence[Glyph], gutters: Sequence[float]) -> list[list[Glyph]]:
    """The glyphs of each column."""
    return [
        [glyph for glyph in glyphs if start <= glyph.left < end]
        for start, end in pairwise([-math.inf, *gutters, math.inf])
    ]


def _columns_of(
    band: Sequence[Glyph], gutters: Sequence[float], margins: Sequence[float]
) -> Iterator[Column]:
    """The columns of lines that stand between two lines over the whole width."""
    read = False
    for strip, margin in zip(_strips(band, gutters), margins, strict=True):
        offset = margin - margins[0]
        moved = (replace(glyph, left=glyph.left - offset, right=glyph.right - offset) for glyph in strip)
        if strip:
            yield Column(tuple(moved) if offset else tuple(strip), turned=read)
            read = True
