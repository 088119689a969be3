"""A page set in columns is read down one after the other; a table set by gaps is not torn."""

from reports.readers.columns import columns, printed_lines
from reports.readers.pdf_page import Glyph

SIZE = 10.0
PER_COLUMN = 20
LINES = 12


def line(text: str, left: float, top: float) -> list[Glyph]:
    """The glyphs of a text set solid from a place."""
    return [
        Glyph(char, left + place * SIZE, left + (place + 1) * SIZE, top, top + SIZE, top + SIZE, bold=False)
        for place, char in enumerate(text)
    ]


def texts(glyphs: list[Glyph]) -> list[str]:
    """What is read, line by line."""
    return [
        "".join(glyph.text for glyph in sorted(each, key=lambda glyph: glyph.left))
        for column in columns(glyphs)
        for each in printed_lines(column.glyphs)
    ]


def two_columns(right: float) -> list[Glyph]:
    found = line("青溪县林草局二〇二三年度法治政府建设情况报告", 90, 40)
    for count in range(LINES):
        top = 80 + count * 18
        found += line("左" * PER_COLUMN, 50, top) + line("右" * PER_COLUMN, right, top)
    return found


def test_the_left_column_is_read_before_the_right() -> None:
    read = texts(two_columns(right=290))
    assert read[0] == "青溪县林草局二〇二三年度法治政府建设情况报告"
    assert read[1:] == ["左" * PER_COLUMN] * LINES + ["右" * PER_COLUMN] * LINES


def test_the_right_column_is_moved_to_where_the_left_one_stands_and_is_marked() -> None:
    title, left, right = columns(two_columns(right=290))
    assert [title.turned, left.turned, right.turned] == [False, False, True]
    assert min(glyph.left for glyph in right.glyphs) == min(glyph.left for glyph in left.glyphs)


def test_three_columns_are_read_one_after_the_other() -> None:
    glyphs = line("青溪县林草局二〇二三年度法治政府建设情况报告", 150, 40)
    for count in range(LINES):
        for text, left in (("左" * 12, 50), ("中" * 12, 200), ("右" * (12 if count < LINES - 2 else 0), 350)):
            glyphs += line(text, left, 80 + count * 18)
    read = texts(glyphs)
    assert read[1:] == ["左" * 12] * LINES + ["中" * 12] * LINES + ["右" * 12] * (LINES - 2)
    assert [column.turned for column in columns(glyphs)] == [False, False, True, True]


def test_a_table_of_three_short_columns_is_not_torn() -> None:
    glyphs: list[Glyph] = []
    for count in range(LINES):
        top = 80 + count * 18
        glyphs += line("任务" * (1 + count % 3), 50, top) + line("措施" * (1 + count % 4), 200, top)
        glyphs += line("科室" * (1 + count % 2), 350, top)
    assert len(texts(glyphs)) == LINES


def test_text_over_the_whole_width_stays_as_it_is() -> None:
    glyphs = [glyph for count in range(LINES) for glyph in line("字" * 44, 50, 80 + count * 18)]
    assert texts(glyphs) == ["字" * 44] * LINES


def test_a_table_whose_cells_are_set_apart_by_gaps_is_not_torn() -> None:
    glyphs: list[Glyph] = []
    for count in range(LINES):
        top = 80 + count * 18
        glyphs += line("序", 50, top) + line("任务" * (1 + count % 3), 90, top)
        glyphs += line("措施" * (1 + count % 4), 300, top) + line("科室", 460, top)
    assert len(texts(glyphs)) == LINES


def test_glyphs_too_small_to_see_cost_no_more_than_others() -> None:
    tiny = [
        Glyph("字", place * 1e-7, place * 1e-7 + 1e-8, row, row + 1e-8, row, bold=False)
        for row in range(LINES)
        for place in range(0, 9_000_000, 30_000)
    ]
    assert len(columns(tiny)) >= 1
