"""Workbooks handed in, well meant or not."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from core.errors import Unreadable
from documents.excel.reading import MAX_ROWS, read_sheets
from tests.unit.core.test_files import ENCRYPTED


def saved(path: Path, *rows: tuple[object, ...], merge: str = "") -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    if merge:
        sheet.merge_cells(merge)
    book.save(path)
    return path


def rewritten(path: Path, part: str, content: bytes) -> Path:
    """The same workbook with one part replaced."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in (parts | {part: content}).items():
            new.writestr(name, data)
    return path


def test_cells_read_as_a_person_sees_them(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "表.xlsx",
        ("甲", 7, 7.0, datetime(2026, 6, 30, tzinfo=UTC).replace(tzinfo=None), None, "'=x"),
    )
    [sheet] = read_sheets(path)
    assert sheet.rows[0].texts == ("甲", "7", "7", "2026年6月30日", "", "=x")


def test_a_formula_is_neither_run_nor_taken_by_its_cached_result(tmp_path: Path) -> None:
    path = saved(tmp_path / "表.xlsx", ("=1+1", "#REF!"))
    content = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").replace(b"<v></v>", b"<v>2</v>")
    [sheet] = read_sheets(rewritten(path, "xl/worksheets/sheet1.xml", content.replace(b"<v/>", b"<v>2</v>")))
    formula, error = sheet.rows[0].cells
    assert (formula.text, formula.problem) == ("", "单元格是公式，请改为文字")
    assert error.problem == "单元格是错误值 #REF!"


def test_a_merged_range_counts_for_every_row_it_covers(tmp_path: Path) -> None:
    [sheet] = read_sheets(saved(tmp_path / "表.xlsx", ("巡察", "甲"), (None, "乙"), merge="A1:A2"))
    assert [row.texts for row in sheet.rows] == [("巡察", "甲"), ("巡察", "乙")]


def test_empty_rows_at_the_end_and_hidden_sheets_are_left_out(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["甲"])
    book.worksheets[0]["A9"].number_format = "@"
    book.create_sheet("藏").sheet_state = "hidden"
    book.save(tmp_path / "表.xlsx")
    [sheet] = read_sheets(tmp_path / "表.xlsx")
    assert len(sheet.rows) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "不是 Excel 工作簿"),
        (b"PK\x03\x04 broken", "文件已损坏"),
        (b"", "文件是空的"),
        (b"a,b\n", "不是 Excel 工作簿"),
        *((data, "已加密。请去掉打开密码后再上传") for data in ENCRYPTED.values()),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_to_do(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=said) as refusal:
        read_sheets(path)
    assert "\n" not in refusal.value.line


def test_a_zip_bomb_an_entity_and_endless_rows_are_refused(tmp_path: Path) -> None:
    bomb = rewritten(
        saved(tmp_path / "弹.xlsx", ("甲",)), "xl/media/x.xml", b"<a>" + bytes(70 << 20) + b"</a>"
    )
    with pytest.raises(Unreadable, match="解压后过大"):
        read_sheets(bomb)
    entity = b'<!DOCTYPE a [<!ENTITY b "c">]><styleSheet>&b;</styleSheet>'
    with pytest.raises(Unreadable, match="不允许的 XML 定义"):
        read_sheets(rewritten(saved(tmp_path / "体.xlsx", ("甲",)), "xl/styles.xml", entity))
    long = tmp_path / "长.xlsx"
    book = Workbook()
    book.worksheets[0].cell(MAX_ROWS + 1, 1, "末")
    book.save(long)
    with pytest.raises(Unreadable, match=f"超过 {MAX_ROWS} 行"):
        read_sheets(long)


def test_a_zip_that_is_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as other:
        other.writestr("word/document.xml", "<a/>")
    with pytest.raises(Unreadable, match="不是完整的 Excel 工作簿"):
        read_sheets(tmp_path / "x.xlsx")
