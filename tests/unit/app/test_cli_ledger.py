"""The ledger's workbook on the command line."""

from pathlib import Path

from openpyxl import load_workbook

from tests.cli import Rectify


def test_an_empty_ledger_exports_with_its_heads(rectify: Rectify, tmp_path: Path) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    said = rectify.ok("ledger", "export", tmp_path / "台账.xlsx", "--json")
    assert said.json == {"problems": 0, "plans": 0, "left_out": 0}
    assert load_workbook(tmp_path / "台账.xlsx")["整改台账"]["D4"].value == "具体问题"


def test_a_file_that_cannot_be_written_is_one_line_and_exit_one(rectify: Rectify, tmp_path: Path) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    said = rectify("ledger", "export", tmp_path / "无此文件夹" / "台账.xlsx")
    assert said.code == 1
    assert said.err.count("\n") == 1
    assert "写不了文件" in said.err
