"""Issuing by the breakdown table on the command line."""

from datetime import UTC, datetime
from pathlib import Path

from openpyxl import load_workbook

from tests.cli import Rectify

PEOPLE = (
    ("管台", "clerk", "法规科", "台账管理员"),
    ("方核", "reviewer", "法规科", "复核人"),
    ("周分管", "leader", "局领导", "分管领导"),
    ("陈路", "officer", "路政科", "责任人"),
)


def with_drafts(rectify: Rectify, path: Path) -> None:
    """A bureau with its people and two findings entered by Excel."""
    rectify.ok("unit", "add", "松原县交通局")
    for unit in ("法规科", "局领导", "路政科"):
        rectify.ok("unit", "add", unit)
    for name, login, unit, roles in PEOPLE:
        rectify.ok("people", "add", name, "--login", login, "--unit", unit, "--roles", roles)
    rectify.ok("ledger", "export", path)
    book = load_workbook(path)
    for row, text in ((5, "处罚决定未按期公示"), (6, "内控制度缺失")):
        sheet = book["整改台账"]
        sheet.cell(row, 2).value, sheet.cell(row, 4).value, sheet.cell(row, 12).value = (
            "巡察",
            text,
            f"{datetime.now(UTC).year + 1}年6月30日",
        )
    book.save(path)
    rectify.ok("ledger", "import", path, "--as", "clerk")


def test_a_filled_in_table_issues_what_it_can_and_names_the_rest(rectify: Rectify, tmp_path: Path) -> None:
    with_drafts(rectify, tmp_path / "台账.xlsx")
    path = tmp_path / "分解表.xlsx"
    assert "2 项待确认的任务" in rectify.ok("breakdown", "export", path).out
    book = load_workbook(path)
    book["整改任务分解表"]["H5"].value = "路政科"
    book.save(path)
    said = rectify("breakdown", "import", path, "--as", "clerk", "--dry-run")
    assert said.code == 1
    assert "没有写责任单位" in said.err
    assert [task["status"] for task in rectify.ok("task", "list", "--json").json] == ["draft", "draft"]
    rectify("breakdown", "import", path, "--as", "clerk")
    tasks = rectify.ok("task", "list", "--json").json
    assert sorted((task["status"], task["unit"]) for task in tasks) == [
        ("assigned", "路政科"),
        ("draft", None),
    ]


def test_another_kind_of_file_is_refused_in_one_line(rectify: Rectify, tmp_path: Path) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    said = rectify("breakdown", "export", tmp_path / "分解表.pdf")
    assert (said.code, said.err.count("\n")) == (1, 1)
