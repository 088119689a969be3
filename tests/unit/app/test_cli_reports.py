"""Reading and importing reports on the command line."""

import json
from pathlib import Path

import pytest

from app.cli import common
from models.enums import Role
from rectification.office.units import add_bureau, add_department, home_bureau
from tests.cli import Rectify
from tests.factories import BY, make_person

SAMPLES = Path(__file__).parents[2] / "samples" / "reports"


def sample(start: str) -> Path:
    return next(path for path in sorted(SAMPLES.glob(f"{start}_*")) if path.suffix != ".json")


def test_read_prints_json_lines_alone_and_stores_nothing(rectify: Rectify) -> None:
    said = rectify.ok("read", sample("s01"), sample("s03"), "--json")
    reports = [json.loads(line) for line in said.out.splitlines()]
    assert [
        set(report) >= {"title", "org", "year", "issued", "shortcomings", "plans"} for report in reports
    ] == [True] * 2
    assert not (rectify.data_dir / "rectify.db").exists()


def test_a_folder_is_read_with_one_line_a_file_and_a_summary_of_failures(
    rectify: Rectify, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for start in ("s01", "s03"):
        (folder / sample(start).name).write_bytes(sample(start).read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    said = rectify("read", folder)
    assert said.code == 1
    assert len(said.out.splitlines()) == 2
    assert "empty.txt" in said.err
    assert "共 3 个文件，1 个没有读成" in said.err


def test_a_report_becomes_drafts_once(rectify: Rectify) -> None:
    first = rectify.ok("report", "import", sample("s01"))
    again = rectify.ok("report", "import", sample("s01"))
    assert "已登记单位" in first.out
    assert "没有新增" in again.out
    [report] = rectify.ok("report", "list", "--json").json
    tasks = rectify.ok("task", "list", "--json").json
    assert len(tasks) == report["shortcomings"] + report["plans"]
    assert set(tasks[0]) >= {
        "code", "org", "kind", "title", "status", "officer", "due_on", "original_due_on",
        "overdue_days", "light", "time_limit", "source",
    }  # fmt: skip
    assert set(tasks[0]["source"]) >= {"kind", "number", "year", "section", "text"}
    assert rectify.ok("report", "show", str(report["id"]), "--json").json["items"]


def test_a_new_version_keeps_the_tasks(rectify: Rectify, tmp_path: Path) -> None:
    words = sample("s01").read_text()
    rectify.ok("report", "import", sample("s01"))
    before = rectify.ok("task", "list", "--json").json
    version = tmp_path / "新版.txt"
    version.write_text(words.replace("基层林业站执法能力偏弱", "基层林业站执法能力仍偏弱"))
    assert "已导入新版本，任务保留" in rectify.ok("report", "import", version).out
    assert [row["code"] for row in rectify.ok("task", "list", "--json").json] == [
        row["code"] for row in before
    ]
    shown = rectify.ok("report", "show", "2").out
    assert "〔改写〕基层林业站执法能力仍偏弱" in shown
    assert "上一版：基层林业站执法能力偏弱" in shown


def test_what_a_report_assigns_is_shown_and_issued(rectify: Rectify, tmp_path: Path) -> None:
    with common.ledger().unit_of_work() as session:
        bureau = add_bureau(session, BY, "云山县交通运输局")
        make_person(session, add_department(session, BY, bureau, "路政科"), "chen")
        legal = add_department(session, BY, bureau, "法规科")
        for login, role in (("clerk", Role.CLERK), ("lin", Role.REVIEWER), ("wei", Role.LEADER)):
            make_person(session, legal, login, role)
    report = tmp_path / "报告.txt"
    report.write_text(
        "云山县交通运输局\n2025年度法治政府建设情况报告\n\n一、存在的不足\n（一）执法案卷制作不规范。\n\n"
        "二、2026年工作安排\n（一）开展案卷评查。（责任单位：路政科；完成时限：2026年9月30日）\n\n"
        "云山县交通运输局\n2026年2月18日\n"
    )
    rectify.ok("report", "import", report, "--on", "2026-03-02")
    shown = rectify.ok("report", "show", "1").out
    assert "报告写明：" in shown
    assert "路政科" in shown.partition("报告写明：")[2].splitlines()[0]

    rectify.ok("task", "issue", "2025-002", "--as", "clerk", "--reviewer", "lin", "--on", "2026-03-02")
    task = rectify.ok("task", "show", "2025-002", "--json").json
    assert (task["unit"], task["due_on"], task["status"]) == ("路政科", "2026-09-30", "assigned")


def test_another_bureaus_report_asks_first(rectify: Rectify) -> None:
    rectify.ok("report", "import", sample("s01"))
    refused = rectify("report", "import", sample("s03"))
    assert refused.code == 1
    assert "--new-bureau" in refused.err
    rectify.ok("report", "import", sample("s03"), "--new-bureau")
    assert len(rectify.ok("report", "list", "--json").json) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.txt", b""),
        ("noise.txt", bytes(range(256)) * 40),
        ("novel.txt", "很久以前，山里住着一位老人，他每天去河边钓鱼。".encode() * 30),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    ],
)
def test_what_is_no_report_is_refused_in_one_line_and_stores_nothing(
    rectify: Rectify, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    said = rectify("report", "import", tmp_path / name)
    assert said.code == 1
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert rectify.ok("report", "list", "--json").json == []
    assert rectify.ok("unit", "list", "--json").json == []


def test_a_missing_file_is_refused_by_name(rectify: Rectify) -> None:
    said = rectify("report", "import", "没有这个.txt")
    assert said.code == 1
    assert "没有这个.txt" in said.err


def test_a_typed_body_counts_where_none_is_read_or_both_are_one(rectify: Rectify, tmp_path: Path) -> None:
    rectify.ok("report", "import", sample("s01"))
    [own] = {row["org"] for row in rectify.ok("report", "list", "--json").json}
    other = tmp_path / "other.txt"
    other.write_text(sample("s01").read_text().replace(own, "临河县水利局"))
    refused = rectify("report", "import", other, "--org", own)
    assert refused.code == 1
    assert f"报告里写的是“临河县水利局”，填写的单位是“{own}”" in refused.err
    rectify.ok("report", "import", other, "--org", "临河县水利局", "--new-bureau")


def test_an_import_is_withdrawn_and_may_be_imported_anew(rectify: Rectify) -> None:
    rectify.ok("report", "import", sample("s01"))
    with common.ledger().unit_of_work() as session:
        home = home_bureau(session)
        assert home is not None
        make_person(session, home, "guan", Role.CLERK)
    [kept] = json.loads(rectify.ok("report", "list", "--json").out)
    refused = rectify("report", "withdraw", kept["id"], "--reason", "。", "--as", "guan")
    assert (refused.code, refused.out) == (1, "")
    assert "没有写原因" in refused.err
    said = rectify.ok("report", "withdraw", kept["id"], "--reason", "传错了文件", "--as", "guan")
    assert "项草稿已存档，原因：传错了文件" in said.out
    assert json.loads(rectify.ok("report", "list", "--json").out) == []
    assert "已导入：" in rectify.ok("report", "import", sample("s01")).out
