"""A page is read in the order of its drawing: columns, lines whose fonts were drawn apart, tables set by gaps."""

import pytest

from reports.readers.pdf_lines import Row, page_rows
from reports.readers.pdf_page import Glyph

SIZE = 10.0
LINES = 12
COLUMNS = (50, 200, 350)
HEADER = ("主要问题", "产生原因", "改进措施")
ROWS = [HEADER, ("力量不足", "编制紧张", "招录三名"), ("普法单一", "投入不够", "拍短视频")]
TITLE = "青溪县林草局二〇二三年度法治政府建设情况报告"


def line(text: str, left: float, top: float) -> list[Glyph]:
    """The glyphs of a text set solid from a place."""
    return [
        Glyph(char, left + place * SIZE, top, left + (place + 1) * SIZE, top + SIZE, top + SIZE, bold=False)
        for place, char in enumerate(text)
    ]


def rows(glyphs: list[Glyph]) -> list[Row]:
    return page_rows(glyphs, 1)[0]


def texts(glyphs: list[Glyph]) -> list[str]:
    return [row.text for row in rows(glyphs)]


def cells(glyphs: list[Glyph]) -> list[tuple[tuple[str, ...], ...]]:
    """The tables found without ruled lines."""
    return [table.rows for table in page_rows(glyphs, 1)[1]]


def drawn(*table: tuple[str, ...], pitch: float = 18, start: float = 100) -> list[Glyph]:
    """The cells of a table one after the other, lines within a cell under each other."""
    glyphs: list[Glyph] = []
    for row in table:
        for left, text in zip(COLUMNS, row, strict=False):
            for place, part in enumerate(text.split("\n")):
                glyphs += line(part, left, start + place * pitch)
        start += pitch * max(text.count("\n") + 1 for text in row)
    return glyphs


def two_columns() -> list[Glyph]:
    glyphs = line(TITLE, 90, 40)
    for text, left in (("左" * 20, 50), ("右" * 20, 290)):
        for count in range(LINES):
            glyphs += line(text, left, 80 + count * 18)
    return glyphs


def test_one_column_is_read_after_the_other() -> None:
    assert texts(two_columns()) == [TITLE] + ["左" * 20] * LINES + ["右" * 20] * LINES


def test_the_second_column_is_moved_to_where_the_first_one_stands_and_is_marked() -> None:
    read = rows(two_columns())
    assert {row.left for row in read[1:]} == {50}
    assert {row.right for row in read[1:]} == {250}
    assert [row.turned for row in read] == [place == LINES + 1 for place in range(len(read))]


def test_characters_drawn_when_the_rest_of_their_line_is_stand_in_their_place() -> None:
    late = line("“", 70, 40) + line("”", 100, 40)
    glyphs = line("落实", 50, 40) + line("安排", 80, 40) + line("到位。", 110, 40) + late
    assert texts(glyphs + line("下一行", 50, 58)) == ["落实“安排”到位。", "下一行"]


def test_characters_whose_boxes_reach_into_the_lines_around_stay_in_their_own() -> None:
    tall = [glyph._replace(top=glyph.top - 9, bottom=glyph.bottom + 9) for glyph in line("上一行", 50, 40)]
    assert texts(tall + line("下一行", 50, 58)) == ["上一行", "下一行"]


def test_quotation_marks_drawn_after_their_line_are_no_table() -> None:
    late = line("”", 110, 40) + line("“", 130, 40) + line("”", 180, 40)
    glyphs = (
        line("“推广首", 50, 40) + line("次", 90, 40) + line("和", 120, 40) + line("非现场监", 140, 40) + late
    )
    read, tables, _ = page_rows(glyphs + line("管执法，", 50, 58) + line("减少干扰。", 50, 76), 1)
    assert not tables
    assert len(read) == 3


def test_a_raised_figure_stays_in_its_line() -> None:
    raised = [Glyph("2", 90, 41, 94, 47.5, 47.5, bold=False)]
    assert texts(line("约三百米", 50, 40) + raised + line("的林地", 94, 40)) == ["约三百米2的林地"]


def test_columns_drawn_line_by_line_across_are_not_taken_for_lines() -> None:
    across: list[Glyph] = []
    for count in range(LINES):
        across += line("左" * 20, 50, 80 + count * 18) + line("右" * 20, 290, 80 + count * 18)
    assert page_rows(across, 1)[2]


def test_a_page_drawn_from_the_bottom_up_is_not_taken_for_text() -> None:
    upward = [glyph for count in range(LINES) for glyph in line("字" * 40, 50, 700 - count * 18)]
    assert page_rows(upward, 1)[2]


@pytest.mark.parametrize("glyphs", [two_columns(), drawn(*ROWS), []])
def test_what_can_be_read_is_not_doubted(glyphs: list[Glyph]) -> None:
    assert not page_rows(glyphs, 1)[2]


def test_text_over_the_whole_width_stays_as_it_is() -> None:
    glyphs = [glyph for count in range(LINES) for glyph in line("字" * 44, 50, 80 + count * 18)]
    assert texts(glyphs) == ["字" * 44] * LINES


@pytest.mark.parametrize(
    "table",
    [
        ROWS,
        [row[:2] for row in ROWS],
        [("序\n号", "任务", "措施"), ("1", "普法", "招录三名"), ("2", "执法", "拍短视频")],
        [*ROWS, ("其他", "", "另行安排")],
    ],
)
def test_cells_that_gaps_set_apart_are_a_table(table: list[tuple[str, ...]]) -> None:
    read = [tuple(cell.replace("\n", "") for cell in row) for row in table]
    assert cells(drawn(*table)) == [tuple(read)]


def test_the_lines_of_a_cell_are_put_together() -> None:
    full = "一二三四五六七八九十甲乙"
    table = [HEADER, (f"{full}\n力量不足", "编制紧张", f"{full}\n招录三名"), ROWS[2]]
    (read,) = cells(drawn(*table))
    assert read[1] == (full + "力量不足", "编制紧张", full + "招录三名")


@pytest.mark.parametrize(
    "below",
    [
        line("四、工作安排", 50, 154) + line("字" * 45, 50, 172),
        line("字" * 45, 50, 160),
        line("青溪县林草局", 350, 200),
    ],
)
def test_what_stands_under_the_table_is_not_of_it(below: list[Glyph]) -> None:
    read, tables, _ = page_rows(drawn(*ROWS) + below, 1)
    assert [table.rows for table in tables] == [tuple(ROWS)]
    assert "".join(row.text for row in read) == "".join(glyph.text for glyph in below)


@pytest.mark.parametrize(
    "table",
    [
        [HEADER],
        [HEADER, ("力量不足", "编制紧张", "招录三名")],
        [("来源：本站", "时间：今天", "浏览：一次"), ("甲", "乙", "丙"), ("丁", "戊", "己")],
        [("一、主要成效", "三、存在不足"), ("甲", "乙"), ("丙", "丁")],
        [("字" * 13, "字" * 13, "字" * 13), ("甲", "乙", "丙"), ("丁", "戊", "己")],
    ],
)
def test_lines_with_gaps_that_are_no_table(table: list[tuple[str, ...]]) -> None:
    assert cells(drawn(*table)) == []


@pytest.mark.timeout(20)
def test_pages_of_nothing_but_scattered_characters_cost_no_more_than_others() -> None:
    scattered = [
        Glyph(
            "字",
            50 + count % 40 * 12.5,
            count // 40 * 12,
            58 + count % 40 * 12.5,
            count // 40 * 12 + 8,
            count // 40 * 12 + 8,
            bold=False,
        )
        for count in range(20_000)
    ]
    stacked = [
        Glyph("字", 50, count * 1.1, 58, count * 1.1 + 1, count * 1.1 + 1, bold=False)
        for count in range(20_000)
    ]
    for glyphs in (scattered, stacked):
        assert rows(glyphs)
