"""Tables without ruled lines: cells that only gaps set apart, found by the gutters all their lines leave free."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from reports.readers.columns import printed_lines
from reports.readers.pdf_page import Glyph
from reports.readers.wrapping import is_enumerated

_GAP_EM, _GUTTER_EM, _FULL_EM, _WIDE_EM = 1.0, 0.6, 1.6, 4.0
_HEADER_CELLS, _HEADER_LENGTH = range(2, 13), 10
_LEAST_ROWS, _MOST_LINES = 2, 200
_NEW_ROW = 1.15

Cells = list[list[Glyph]]


@dataclass(frozen=True, slots=True)
class GapTable:
    """A table's rows of cells, each its glyphs line by line; `borders` is where each column ends on the page."""

    rows: tuple[tuple[tuple[Glyph, ...], ...], ...]
    borders: tuple[float, ...]
    top: float


def gap_tables(glyphs: Sequence[Glyph]) -> tuple[list[GapTable], list[Glyph]]:
    """The tables set by gaps among the glyphs of a page, and the glyphs that stand in none."""
    lines = list(printed_lines(glyphs))
    size = median(glyph.size for glyph in glyphs) if glyphs else 1.0
    found: list[GapTable] = []
    rest: list[Glyph] = []
    at = 0
    while at < len(lines):
        taken, gutters = _run(lines, at, size)
        table = _table(lines[at : at + taken], gutters, size) if taken > _LEAST_ROWS else None
        if table is None:
            rest += lines[at]
            at += 1
        else:
            found.append(table)
            at += taken
    return found, rest


def _run(lines: Sequence[Sequence[Glyph]], at: int, size: float) -> tuple[int, list[tuple[float, float]]]:
    """How many lines from a header on leave the header's gutters free, and where these are."""
    parts = _segments(lines[at], size)
    gutters = [(before[-1].right, after[0].left) for before, after in pairwise(parts)]
    if len(parts) not in _HEADER_CELLS or not all(_names_a_column(part) for part in parts):
        return 0, []
    taken, pitch = 1, math.inf
    for above, line in pairwise(lines[at : at + _MOST_LINES]):
        narrowed = [_free(gutter, line) for gutter in gutters]
        if any(right - left < _GUTTER_EM * size for left, right in narrowed) or _is_text(line, gutters):
            break
        step = line[0].base - above[0].base
        alone = len(_segments(line, size)) == 1 and min(glyph.left for glyph in line) >= gutters[0][1]
        if alone and step > pitch * _NEW_ROW:
            break  # a signature stands further below the table than its lines below each other
        gutters, taken, pitch = narrowed, taken + 1, min(pitch, step)
    return taken, gutters


def _segments(line: Sequence[Glyph], size: float) -> Cells:
    ordered = sorted(line, key=lambda glyph: glyph.left)
    parts: Cells = [[ordered[0]]]
    for before, after in pairwise(ordered):
        if after.left - before.right > _GAP_EM * size:
            parts.append([])
        parts[-1].append(after)
    return parts


def _names_a_column(part: Sequence[Glyph]) -> bool:
    words = "".join(glyph.text for glyph in part)
    return len(words) <= _HEADER_LENGTH and not any(char in "：:，。；、0123456789" for char in words)


def _free(gutter: tuple[float, float], line: Sequence[Glyph]) -> tuple[float, float]:
    """What a line leaves free of a gutter; the widest stretch of it."""
    left, right = gutter
    edges = sorted((glyph.left, glyph.right) for glyph in line if glyph.right > left and glyph.left < right)
    best, start = (left, left), left
    for begin, end in [*edges, (right, right)]:
        if begin - start > best[1] - best[0]:
            best = (start, begin)
        start = max(start, end)
    return best


def _is_text(line: Sequence[Glyph], gutters: Sequence[tuple[float, float]]) -> bool:
    """Whether a line that fits the first column is a heading or paragraph below the table."""
    if any(glyph.left >= gutters[0][1] for glyph in line):
        return False
    return is_enumerated("".join(glyph.text for glyph in sorted(line, key=lambda glyph: glyph.left)))


def _table(
    lines: Sequence[Sequence[Glyph]], gutters: Sequence[tuple[float, float]], size: float
) -> GapTable | None:
    middles = [(left + right) / 2 for left, right in gutters]
    cells = [_by_column(line, middles) for line in lines]
    if sum(sum(bool(cell) for cell in row) > 1 for row in cells[1:]) < _LEAST_ROWS:
        return None
    ends = _ends(cells, size)
    pitches = [below[0].base - above[0].base for above, below in pairwise(lines)]
    rows: list[Cells] = [[list(cell) for cell in cells[0]]]
    for place, (above, row) in enumerate(pairwise(cells)):
        if _begins(above, row, ends, size) or pitches[place] > min(pitches) * _NEW_ROW:
            rows.append([list(cell) for cell in row])
        else:
            for whole, more in zip(rows[-1], row, strict=True):
                whole += more
    if len(rows) <= _LEAST_ROWS:
        return None
    top = min(glyph.top for glyph in lines[0])
    return GapTable(tuple(tuple(tuple(cell) for cell in row) for row in rows), tuple(ends), top)


def _by_column(line: Sequence[Glyph], middles: Sequence[float]) -> Cells:
    cells: Cells = [[] for _ in range(len(middles) + 1)]
    for glyph in line:
        cells[sum(glyph.left > middle for middle in middles)].append(glyph)
    return cells


def _ends(cells: Sequence[Cells], size: float) -> list[float]:
    """Where each column's words can end: at its longest cell, or before the next column where no cell came near that."""
    width = len(cells[0])
    lefts = [min((g.left for row in cells for g in row[place]), default=0.0) for place in range(width)]
    rights = [max((g.right for row in cells for g in row[place]), default=0.0) for place in range(width)]
    after = [*lefts[1:], rights[-1]]
    return [
        next_ if next_ - right > _WIDE_EM * size else right
        for right, next_ in zip(rights, after, strict=True)
    ]


def _begins(above: Cells, row: Cells, ends: Sequence[float], size: float) -> bool:
    """Whether a row begins here: a cell above had ended short of its edge, or had none and has words again."""
    for upper, lower, end in zip(above, row, ends, strict=True):
        if lower and (not upper or end - max(glyph.right for glyph in upper) > _FULL_EM * size):
            return True
    return False
