"""Tables of any format: those that hold facts stay rows, those that only lay out a page are taken apart."""

from collections.abc import Iterator, Sequence

from reports.document import Block

Cell = Sequence[Block]
_LAYOUT_LENGTH = 1_500
_LAYOUT_BLOCKS = 15


def blocks_of_table(grid: Sequence[Sequence[Cell]]) -> Iterator[Block]:
    """The table as one block of rows, or what its cells hold where it only lays out a page.

    A merged cell stands in the grid as the same object in each place it covers.
    """
    rows = [row for row in grid if any(block.text or block.rows for cell in row for block in cell)]
    if not rows:
        return
    if _lays_out(rows):
        yield from _taken_apart(rows)
        return
    page = next((block.page for row in rows for cell in row for block in cell), None)
    width = max(len(row) for row in rows)
    texts = ([_text(cell) for cell in row] for row in rows)
    yield Block("", 0, page=page, rows=tuple(tuple(row + [""] * (width - len(row))) for row in texts))


def _lays_out(rows: Sequence[Sequence[Cell]]) -> bool:
    if all(len({id(cell) for cell in row}) == 1 for row in rows):
        return True
    return any(
        len(cell) > _LAYOUT_BLOCKS
        or any(block.rows for block in cell)
        or sum(len(block.text) for block in cell) > _LAYOUT_LENGTH
        for row in rows
        for cell in row
    )


def _taken_apart(rows: Sequence[Sequence[Cell]]) -> Iterator[Block]:
    seen: set[int] = set()
    for row in rows:
        for cell in row:
            if id(cell) not in seen:
                seen.add(id(cell))
                yield from cell


def _text(cell: Cell) -> str:
    return "\n".join(block.text for block in cell if block.text)
