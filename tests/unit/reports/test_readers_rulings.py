"""Ruled tables: a grid from the lines of a page, and what is none."""

from reports.readers.pdf_page import Rule
from reports.readers.rulings import tables


def ruled(columns: tuple[float, ...], rows: tuple[float, ...]) -> list[Rule]:
    """The lines of a table with these borders."""
    across = [Rule(upright=False, at=row, start=columns[0], end=columns[-1]) for row in rows]
    down = [Rule(upright=True, at=column, start=rows[0], end=rows[-1]) for column in columns]
    return across + down


def test_a_table_has_its_borders() -> None:
    (grid,) = tables(ruled((50, 150, 300), (100, 130, 160)))
    assert (grid.columns, grid.rows) == ((50, 150, 300), (100, 130, 160))


def test_a_frame_is_no_table() -> None:
    assert tables(ruled((50, 300), (100, 160))) == []


def test_a_single_row_is_one_only_where_it_goes_on_with_the_table_of_the_page_before() -> None:
    row = ruled((50, 150, 300), (80, 110))
    before = tables(ruled((50, 151, 300), (600, 700, 780)))[-1]
    other = tables(ruled((50, 200, 300), (600, 700, 780)))[-1]
    assert tables(row) == tables(row, other) == []
    assert [grid.rows for grid in tables(row, before)] == [(80, 110)]
