"""The ledger's workbook on the command line."""

from pathlib import Path

from openpyxl import load_workbook

from tests.cli import Rectify
from tests.unit.documents.tables.superior_papers import justice_bureau


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


def test_a_superior_s_form_is_kept_by_name_filled_and_taken_back(rectify: Rectify, tmp_path: Path) -> None:
    path = with_a_clerk(rectify, tmp_path / "台账.xlsx")
    fill(path, ("法治督察（松法督〔2026〕3号）", "处罚决定未按期公示"))
    rectify.ok("ledger", "import", path, "--as", "clerk")
    form = justice_bureau(tmp_path / "市司法局.xlsx")

    added = rectify.ok("form", "add", form, "--name", "市司法局").out
    assert "用“附件1”" in added
    assert "反馈问题：具体问题" in added
    rectify.ok("form", "set", "市司法局", "备注=备注", "责任分工·责任人=", "--rename", "司法局")
    (kept,) = rectify.ok("form", "list", "--json").json
    assert kept["name"] == "司法局"
    assert ["责任分工·责任人", ""] in kept["heads"]
    assert "表样里没有“无此栏”" in rectify("form", "set", "司法局", "无此栏=备注").err

    filled = tmp_path / "报出.xlsx"
    said = rectify.ok("ledger", "export", filled, "--form", "司法局", "--problems", "--json")
    assert said.json == {"problems": 0, "plans": 0, "left_out": 1}  # a draft is no task yet
    book = load_workbook(filled)
    book["附件1"]["B5"] = "新查出：检查计划未公示"
    book.save(filled)
    source = rectify.ok("source", "list", "--json").json[0]["id"]
    taken = rectify.ok("ledger", "import", filled, "--form", "司法局", "--as", "clerk", "--source", source)
    assert "新增 1" in taken.out
    assert [task["source"]["kind"] for task in rectify.ok("task", "list", "--json").json] == ["法治督察"] * 2

    assert rectify("ledger", "export", filled, "--form", "司法局", "--public").code == 2
    rectify.ok("form", "remove", "司法局")
    refused = rectify("ledger", "export", filled, "--form", "司法局")
    assert refused.code == 1
    assert "没有上级表样“司法局”" in refused.err
