"""What goes into a cell comes back, and nothing that goes in can be run."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from documents.excel.cells import CUT_MARK, MAX_CELL, cell_text, from_cell, held, to_cell
from documents.excel.workbook import ColumnHead, Table, add_table, new_book, to_bytes

STARTS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "\n=1")
NASTY = st.text(max_size=60) | st.sampled_from(
    [
        "",
        "'",
        "''=1",
        "'=1",
        "007",
        "#N/A",
        "#REF!",
        "TRUE",
        "1e5",
        "_x000D_",
        "x005F_",
        "a\r\nb",
        "😀",
        "２０２６",
    ]
)


@pytest.mark.parametrize("text", STARTS)
def test_a_text_that_could_start_a_formula_goes_out_escaped(text: str) -> None:
    assert to_cell(text).startswith("'")
    assert from_cell(to_cell(text)) == text


@given(NASTY | st.tuples(st.sampled_from(["'", "''", "=", "-"]), NASTY).map("".join))
def test_a_cell_gives_back_what_it_can_hold(text: str) -> None:
    assert from_cell(to_cell(text)) == held(text)
    assert held(held(text)) == held(text)


@settings(max_examples=40, deadline=None)
@given(st.lists(NASTY, min_size=1, max_size=8))
def test_a_file_gives_back_every_text_and_holds_no_formula(texts: list[str]) -> None:
    book = new_book("试")
    add_table(book, Table("表", "表", "", "", (ColumnHead("文字", 30),) * 2, [(text, "") for text in texts]))
    sheet = load_workbook(BytesIO(to_bytes(book))).worksheets[0]
    cells = [sheet.cell(row, 1) for row in range(5, 5 + len(texts))]
    assert all(cell.data_type in ("s", "n", "inlineStr") for cell in cells)
    assert [from_cell(str(cell.value or "")) for cell in cells] == [held(text) for text in texts]


def test_a_text_beyond_a_cells_limit_is_cut_and_says_so() -> None:
    cut = held("😀" * MAX_CELL)
    assert cut.endswith(CUT_MARK)
    assert len(cut.encode("utf-16-le")) // 2 <= MAX_CELL
    assert held("字" * MAX_CELL) == "字" * MAX_CELL


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "是"),
        (3.0, "3"),
        (2.5, "2.5"),
        (13800000000, "13800000000"),
        (date(2026, 6, 3), "2026年6月3日"),
        (datetime(2026, 6, 3, 12, 0, tzinfo=UTC), "2026年6月3日"),
        ("  字\r\n字 ", "字\n字"),
    ],
)
def test_any_cell_reads_as_text(value: object, text: str) -> None:
    assert cell_text(value) == text
