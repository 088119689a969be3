"""Pages set in two columns: their glyphs in the order in which a person reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from reports.readers.pdf_page import Glyph

_FEWEST_LINES = 8
_MIDDLE = (0.35, 0.65)
_GUTTER_EM = 1.0
_FULL_EM, _INDENT_EM = 1.7, 2.6
_SAME_LINE = 0.3


@dataclass(frozen=True, slots=True)
class Column:
    """Glyphs that are read together; `turned`: the eye went up to the head of a new column for them."""

    glyphs: tuple[Glyph, ...]
    turned: bool = False


def columns(glyphs: Sequence[Glyph]) -> list[Column]:
    """The glyphs column by column; those of a right column are moved to where the left one stands.

    A page is set in columns where most of its lines leave one gutter free and fill what is left and right of it, so
    that a table whose cells are set apart by gaps is none.
    """
    lines = list(printed_lines(glyphs))
    gutter = _gutter(lines)
    if gutter is None:
        return [Column(tuple(glyphs))]
    split = [glyph for line in lines if not _crosses(line, gutter) for glyph in line]
    offset = min(each.left for each in split if each.left >= gutter) - min(each.left for each in split)
    found: list[Column] = []
    band: list[list[Glyph]] = []
    for line in lines:
        if _crosses(line, gutter):
            found += [*_halves(band, gutter, offset), Column(tuple(line))]
            band = []
        else:
            band.append(line)
    return [*found, *_halves(band, gutter, offset)]


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


def _gutter(lines: Sequence[Sequence[Glyph]]) -> float | None:
    """Where between two columns nothing is printed; None where the page is not set so."""
    if len(lines) < _FEWEST_LINES:
        return None
    size = median(glyph.size for line in lines for glyph in line) or 1.0
    left = min(glyph.left for line in lines for glyph in line)
    right = max(glyph.right for line in lines for glyph in line)
    first, last = (left + (right - left) * part for part in _MIDDLE)
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
    if most < max(_FEWEST_LINES, len(lines) * 0.4) or not _filled(lines, best, size):
        return None
    return best


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


def _filled(lines: Sequence[Sequence[Glyph]], gutter: float, size: float) -> bool:
    """Whether the lines on both sides run as text does: to their edge mostly, from their margin, without wide gaps."""
    free = [line for line in lines if _is_split(line, gutter, size)]
    for side in (
        [[g for g in line if g.left < gutter] for line in free],
        [[g for g in line if g.left >= gutter] for line in free],
    ):
        starts, ends = (
            [min(g.left for g in half) for half in side],
            [max(g.right for g in half) for half in side],
        )
        margin, edge = min(starts) + _INDENT_EM * size, max(ends) - _FULL_EM * size
        at_margin, full = sum(start <= margin for start in starts), sum(end >= edge for end in ends)
        gaps = sum(any(_gaps(half, size)) for half in side)
        if full < len(side) * 0.5 or at_margin < len(side) * 0.8 or gaps > len(side) * 0.15:
            return False
    return True


def _crosses(line: Sequence[Glyph], gutter: float) -> bool:
    return any(glyph.left < gutter < glyph.right for glyph in line) or _runs_over(line, gutter)


def _runs_over(line: Sequence[Glyph], gutter: float) -> bool:
    """Whether the line goes on over the gutter without leaving it free."""
    before = max((glyph.right for glyph in line if glyph.left < gutter), default=None)
    after = min((glyph.left for glyph in line if glyph.left >= gutter), default=None)
    return before is not None and after is not None and after - before < line[0].size * _GUTTER_EM


def _halves(band: Sequence[Sequence[Glyph]], gutter: float, offset: float) -> Iterator[Column]:
    left = tuple(glyph for line in band for glyph in line if glyph.left < gutter)
    right = tuple(glyph for line in band for glyph in line if glyph.left >= gutter)
    if left:
        yield Column(left)
    if right:
        moved = (replace(glyph, left=glyph.left - offset, right=glyph.right - offset) for glyph in right)
        yield Column(tuple(moved), turned=bool(left))
