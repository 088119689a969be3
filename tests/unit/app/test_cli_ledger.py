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


def with_a_clerk(rectify: Rectify, path: Path) -> Path:
    """A bureau, its clerk, and an exported ledger to fill in."""
    rectify.ok("unit", "add", "松原县交通局")
    rectify.ok("unit", "add", "法规科")
    rectify.ok("people", "add", "管台", "--login", "clerk", "--unit", "法规科", "--roles", "台账管理员")
    rectify.ok("ledger", "export", path)
    return path


def fill(path: Path, *rows: tuple[str, str]) -> None:
    """Write source and problem of new rows under the heads."""
    book = load_workbook(path)
    for number, (source, text) in enumerate(rows, 5):
        book["整改台账"].cell(number, 2).value = source
        book["整改台账"].cell(number, 4).value = text
    book.save(path)


def test_findings_are_entered_by_excel_tried_first(rectify: Rectify, tmp_path: Path) -> None:
    path = with_a_clerk(rectify, tmp_path / "台账.xlsx")
    fill(path, ("法治督察（松法督〔2026〕3号）", "处罚决定未按期公示"), ("巡察", "内控制度缺失"))
    tried = rectify.ok("ledger", "import", path, "--as", "clerk", "--dry-run")
    assert "试导入，没有写入：新增 2" in tried.out
    assert rectify.ok("task", "list", "--json").json == []
    assert "新增 2，办理 0，未变 0，未导入 0" in rectify.ok("ledger", "import", path, "--as", "clerk").out
    tasks = rectify.ok("task", "list", "--json").json
    assert [(task["kind"], task["status"], task["source"]["kind"]) for task in tasks] == [
        ("finding", "draft", "法治督察"),
        ("finding", "draft", "巡察"),
    ]


def test_bad_rows_are_named_exit_one_and_stop_nothing_else(rectify: Rectify, tmp_path: Path) -> None:
    path = with_a_clerk(rectify, tmp_path / "台账.xlsx")
    fill(path, ("没有这种来源", "问题甲"), ("巡察", "问题乙"))
    said = rectify("ledger", "import", path, "--as", "clerk")
    assert said.code == 1
    assert "第 5 行：未导入　B 列（问题来源）" in said.err
    assert "新增 1，办理 0，未变 0，未导入 1" in said.out
    again = rectify("ledger", "import", path, "--as", "clerk", "--json")
    assert again.code == 1
    assert [row["fate"] for row in again.json["rows"]] == ["refused", "refused"]
