"""The printed lines of a pdf page, in the order in which the file draws them: that is the order of reading.

So columns need no finding, and the cells of a table without ruled lines come one after the other. A page drawn in
another order, or in columns line by line across, cannot be read for sure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from statistics import median

from reports.normalise import squeeze
from reports.readers.pdf_page import Glyph
from reports.readers.wrapping import Line, Measure, is_enumerated, join

_BREAK_EM, _WIDE_EM, _APART_EM = 0.15, 0.7, 1.0
_SAME_LINE = 0.4
_FEWEST_LINES = 8
_LONG = 10
_HEADER_CELLS, _HEADER_LENGTH, _HEADER_LINES = range(2, 13), 10, 4
_STOPS = set("：:，。；、0123456789")
_LEAST_ROWS, _MOST_LINES, _CELL_PITCH = 3, 60, 2.2
_CELL_SLACK_EM, CELL_PADDING = 1.6, 7.0


@dataclass(frozen=True, slots=True)
class Row:
    """One printed line, or a part of it that a gap sets apart, with its place on the page, in points."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    turned: bool = False  # the first of a column that does not stand at the left


Cells = list[list[Row]]


@dataclass(frozen=True, slots=True)
class Table:
    """The words of a table's cells, where it begins on its page, and the page on which it ends."""

    rows: tuple[tuple[str, ...], ...]
    top: float
    page: int
    last_page: int
    text: str = ""


def rows_of(glyphs: Iterable[Glyph]) -> list[Row]:
    """The printed lines the glyphs make up."""
    return [_row(line) for line in _lines(glyphs)]


def page_rows(glyphs: Sequence[Glyph], page: int) -> tuple[list[Row], list[Table], bool]:
    """The printed lines of a page, those of further columns moved to where the first one stands, and its tables.

    Also whether its order of reading is unclear.
    """
    parts = [part for line in _lines(glyphs) for part in _parts(line)]
    rest, tables = _gap_tables(parts, page)
    lines = _lines(chain.from_iterable(rest))
    runs = _runs([_row(line) for line in lines])
    torn = sum(map(_is_torn, lines))
    unclear = len(lines) >= _FEWEST_LINES and (torn * 3 > len(lines) or len(runs) > max(3, len(lines) / 4))
    return list(_side_by_side(runs)), tables, unclear


def _lines(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """The glyphs line by line; those of another font may be drawn when the rest of their line is."""
    lines: list[list[Glyph]] = []
    last: Glyph | None = None
    for glyph in glyphs:
        if last and abs(glyph.base - last.base) <= _SAME_LINE * min(glyph.size, last.size):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
        last = glyph
    return [sorted(line, key=lambda glyph: glyph.left) for line in lines]


def _parts(line: Sequence[Glyph]) -> list[list[Glyph]]:
    """The parts of a line that wide gaps set apart."""
    parts = [[line[0]]]
    for before, glyph in pairwise(line):
        if glyph.left - before.right > _APART_EM * glyph.size:
            parts.append([])
        parts[-1].append(glyph)
    return parts


def _row(glyphs: Sequence[Glyph]) -> Row:
    size = median(glyph.size for glyph in glyphs)
    text, end = "", glyphs[0].left
    for glyph in glyphs:
        gap = (glyph.left - end) / (size or 1.0)
        text += "\u3000" if gap > _WIDE_EM else " " if gap > _BREAK_EM else ""
        text += glyph.text
        end = max(end, glyph.right)
    return Row(
        squeeze(text),
        glyphs[0].left,
        end,
        min(glyph.top for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs),
        size,
        all(glyph.bold for glyph in glyphs),
    )


def _is_torn(line: Sequence[Glyph]) -> bool:
    """Whether two long parts stand beside each other, as lines of two columns do."""
    parts = _parts(line)
    return len(parts) > 1 and sorted(map(len, parts))[-2] >= _LONG


def _runs(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows from the top down, a new run wherever the eye goes up again."""
    runs: list[list[Row]] = []
    for row in rows:
        if not runs or row.bottom < runs[-1][-1].top:
            runs.append([])
        runs[-1].append(row)
    return runs


def _side_by_side(runs: Sequence[list[Row]]) -> Iterator[Row]:
    margins = [_margin(run) if len(run) >= _FEWEST_LINES else None for run in runs]
    first = min((margin for margin in margins if margin is not None), default=0.0)
    for place, (run, margin) in enumerate(zip(runs, margins, strict=True)):
        offset = 0.0 if margin is None else margin - first
        for row in run:
            moved = offset if row.left >= first + offset - row.size else 0.0
            turned = place > 0 and row is run[0]
            yield replace(row, left=row.left - moved, right=row.right - moved, turned=turned)


def _margin(run: Sequence[Row]) -> float:
    """Where most lines begin."""
    places = Counter(round(row.left) for row in run)
    return float(places.most_common(1)[0][0])


def _gap_tables(pieces: Sequence[list[Glyph]], page: int) -> tuple[list[list[Glyph]], list[Table]]:
    """The pieces that stand in no table, and the tables."""
    rest: list[list[Glyph]] = []
    tables: list[Table] = []
    at = 0
    while at < len(pieces):
        table, taken = _gap_table(pieces, at, page)
        if table:
            tables.append(table)
        else:
            rest.append(pieces[at])
        at += taken
    return rest, tables


def _gap_table(pieces: Sequence[list[Glyph]], at: int, page: int) -> tuple[Table | None, int]:
    """The table whose header begins here, and how many pieces it takes up."""
    header = _header(pieces, at)
    if len(header) not in _HEADER_CELLS:
        return None, 1
    taken = sum(map(len, header))
    rows = [header]
    reach = [(min(row.left for row in cell), max(row.right for row in cell)) for cell in header]
    column, last = len(header) - 1, header[-1][-1]
    for row in map(_row, pieces[at + taken :]):
        met = [place for place, (left, right) in enumerate(reach) if row.left < right and row.right > left]
        below = met == [column] and row.top - last.top > _CELL_PITCH * min(row.size, last.size)
        if len(met) != 1 or below or (met == [0] and is_enumerated(row.text)):
            break
        if met == [column] and (len(rows) == 1 or len(rows[-1][column]) > _MOST_LINES):
            break
        if met[0] < column:
            rows.append([[] for _ in header])
        column, last, taken = met[0], row, taken + 1
        rows[-1][column].append(row)
        reach[column] = min(reach[column][0], row.left), max(reach[column][1], row.right)
    if len(rows) < _LEAST_ROWS:
        return None, 1
    ends = [right + CELL_PADDING for _, right in reach]
    texts = tuple(tuple(cell_text(cell, end) for cell, end in zip(row, ends, strict=True)) for row in rows)
    return Table(texts, header[0][0].top, page, page), taken


def _header(pieces: Sequence[list[Glyph]], at: int) -> Cells:
    """The cells of short names that stand beside each other from here on, each of one line or several."""
    cells: Cells = []
    for piece in pieces[at : at + _HEADER_LINES * _HEADER_CELLS.stop]:
        if len(piece) > _HEADER_LENGTH or len(cells) == _HEADER_CELLS.stop:
            break
        row = _row(piece)
        above = cells[-1][-1] if cells else None
        if not _STOPS.isdisjoint(row.text) or (above and row.top - above.bottom > row.size):
            break
        if above is None or row.left >= above.right:
            cells.append([row])
        elif (
            row.top >= above.bottom - row.size / 2
            and row.right > above.left
            and len(cells[-1]) < _HEADER_LINES
        ):
            cells[-1].append(row)
        else:
            break
    return cells


def cell_text(rows: Sequence[Row], border: float) -> str:
    """The paragraphs of a cell, its wrapped lines joined; `border` is where it ends on the page."""
    slack = _CELL_SLACK_EM * max((row.size for row in rows), default=0.0) + CELL_PADDING
    setting = Measure(wrapped=True, full=border - slack, margin=0.0, indented=False, slack=slack)
    lines = [Line(row.text, 0.0, row.right) for row in rows if row.text]
    return "\n".join(line.text for line in join(lines, setting))
