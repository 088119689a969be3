"""Ruled tables: from lines on a page to a grid of cells, merged ones among them."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reports.readers.pdf_page import Rule

_NEAR = 3.0
_MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Grid:
    """One table: its column and row borders, and for each slot the first slot of the cell that covers it."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    cells: tuple[tuple[tuple[int, int], ...], ...]

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """The cell at a place, or None outside the table."""
        column, row = bisect_right(self.columns, x) - 1, bisect_right(self.rows, y) - 1
        inside = 0 <= column < len(self.columns) - 1 and 0 <= row < len(self.rows) - 1
        return self.cells[row][column] if inside else None


def tables(rules: Sequence[Rule], overleaf: Grid | None = None) -> list[Grid]:
    """The tables the rules draw, from the top; a lone frame or a line under a heading is none.

    `overleaf` is the last table of the page before: a single row with its columns goes on with it.
    """
    grids = []
    for group in _touching(_merged(rules)):
        columns = _positions([rule for rule in group if rule.upright])
        rows = _positions([rule for rule in group if not rule.upright])
        if len(columns) < 3 or len(rows) < 2:
            continue
        grid = Grid(columns, rows, _cells(columns, rows, group))
        stands_alone = len(rows) >= 3 and len({cell for row in grid.cells for cell in row}) >= 4
        if stands_alone or (overleaf and _same_columns(grid, overleaf)):
            grids.append(grid)
    return sorted(grids, key=lambda grid: grid.rows[0])


def _same_columns(one: Grid, other: Grid) -> bool:
    return len(one.columns) == len(other.columns) and all(
        abs(here - there) <= _NEAR for here, there in zip(one.columns, other.columns, strict=True)
    )


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """The rules with pieces of one line put together."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda each: (each.upright, round(each.at / _NEAR), each.start)):
        last = merged[-1] if merged else rule
        same = last.upright == rule.upright and abs(last.at - rule.at) <= _NEAR
        if merged and same and rule.start <= last.end + _NEAR:
            merged[-1] = Rule(last.upright, last.at, last.start, max(last.end, rule.end))
        else:
            merged.append(rule)
    return merged if len(merged) <= _MOST_LINES else []


def _touching(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The rules in groups that hang together."""
    groups: list[list[Rule]] = []
    for rule in rules:
        met = [group for group in groups if any(_cross(rule, other) for other in group)]
        groups = [group for group in groups if group not in met]
        groups.append([rule, *(each for group in met for each in group)])
    return groups


def _cross(one: Rule, other: Rule) -> bool:
    return one.upright != other.upright and one.reaches(other.at, _NEAR) and other.reaches(one.at, _NEAR)


def _positions(rules: Sequence[Rule]) -> tuple[float, ...]:
    places: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not places or at - places[-1] > _NEAR:
            places.append(at)
    return tuple(places)


def _cells(
    columns: Sequence[float], rows: Sequence[float], rules: Sequence[Rule]
) -> tuple[tuple[tuple[int, int], ...], ...]:
    """For each slot the first slot of its cell: no rule parts it from the one to its left, or else above it."""

    def parted(upright: bool, at: float, along: float) -> bool:
        near = (rule for rule in rules if rule.upright == upright and abs(rule.at - at) <= _NEAR)
        return any(rule.reaches(along) for rule in near)

    cells: list[list[tuple[int, int]]] = []
    for row, (top, bottom) in enumerate(pairwise(rows)):
        cells.append([])
        for column, (left, right) in enumerate(pairwise(columns)):
            if column and not parted(True, left, (top + bottom) / 2):
                cells[row].append(cells[row][column - 1])
            elif row and not parted(False, top, (left + right) / 2):
                cells[row].append(cells[row - 1][column])
            else:
                cells[row].append((row, column))
    return tuple(map(tuple, cells))
