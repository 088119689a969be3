"""Tables that only gaps set apart: rows and cells are found, and text around them is left alone."""

import pytest

from reports.readers.gaps import gap_tables
from reports.readers.pdf_page import Glyph
from tests.unit.reports.test_readers_columns import line

COLUMNS = (50, 200, 350)
HEADER = ("主要问题", "产生原因", "改进措施")
FULL = "一二三四五六七八九十甲乙"  # as wide as a column


def printed(*rows: tuple[str, ...], pitch: float = 18, start: float = 100) -> list[Glyph]:
    """The glyphs of lines of cells, one under the other."""
    return [
        glyph
        for place, row in enumerate(rows)
        for left, text in zip(COLUMNS, row, strict=False)
        for glyph in line(text, left, start + place * pitch)
    ]


def cells(glyphs: list[Glyph]) -> list[list[tuple[str, ...]]]:
    """The tables found, by the words of their cells."""
    return [
        [tuple("".join(glyph.text for glyph in cell) for cell in row) for row in table.rows]
        for table in gap_tables(glyphs)[0]
    ]


def test_rows_of_one_line_each() -> None:
    rows = [HEADER, ("力量不足", "编制紧张", "招录三名"), ("普法单一", "投入不够", "拍短视频")]
    assert cells(printed(*rows)) == [rows]


def test_two_columns_are_a_table_under_two_names() -> None:
    rows = [("存在问题", "整改措施"), ("力量不足", "招录三名"), ("普法单一", "拍短视频")]
    assert cells(printed(*rows)) == [rows]


def test_a_row_goes_on_where_its_cells_were_full() -> None:
    rows = [
        HEADER,
        (FULL, "编制紧张", FULL),
        ("力量不足", "", "招录三名"),
        ("普法单一", "投入不够", "拍短视频"),
    ]
    assert cells(printed(*rows)) == [[HEADER, (FULL + "力量不足", "编制紧张", FULL + "招录三名"), rows[3]]]


def test_what_stands_under_the_table_is_not_of_it() -> None:
    rows = [HEADER, ("力量不足", "编制紧张", "招录三名"), ("普法单一", "投入不够", "拍短视频")]
    below = line("四、工作安排", 50, 154) + line("字" * 45, 50, 172)
    tables, rest = gap_tables(printed(*rows) + below)
    assert len(tables) == 1
    assert "".join(glyph.text for glyph in rest) == "四、工作安排" + "字" * 45


@pytest.mark.parametrize(
    "rows",
    [
        [HEADER],
        [HEADER, ("力量不足", "编制紧张", "招录三名")],
        [("来源：本站", "时间：今天", "浏览：一次"), ("甲", "乙", "丙"), ("丁", "戊", "己")],
        [("一、主要成效", "三、存在不足"), ("甲", "乙"), ("丙", "丁")],
        [("字" * 13, "字" * 13, "字" * 13), ("甲", "乙", "丙"), ("丁", "戊", "己")],
    ],
)
def test_lines_with_gaps_that_are_no_table(rows: list[tuple[str, ...]]) -> None:
    assert cells(printed(*rows)) == []


def test_a_page_without_glyphs_has_none() -> None:
    assert gap_tables([]) == ([], [])
