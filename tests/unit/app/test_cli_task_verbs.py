"""A task's whole life on the command line: refusal, reissue, extension, return, paper, look-back."""

from pathlib import Path

import pytest
from sqlalchemy import text

from app.cli import common
from rectification.office.sources import add_kind
from tests.cli import Rectify
from tests.factories import BY, DAY, Office, make_bureau, make_draft

CODE = "2026-001"
PAPER = ("--paper-date", "2026-07-20", "--paper-no", "签批〔2026〕12号")


@pytest.fixture
def office(rectify: Rectify) -> Office:
    rectify.ok("unit", "list")
    with common.ledger().unit_of_work() as session:
        office = make_bureau(session)
        make_draft(session, office)
    return office


def status(rectify: Rectify) -> str:
    found: str = rectify.ok("task", "show", CODE, "--json").json["status"]
    return found


def test_a_task_goes_its_whole_way(rectify: Rectify, office: Office, tmp_path: Path) -> None:
    receipt = tmp_path / "送达回证.pdf"
    receipt.write_bytes(b"%PDF-1.7\n")
    scan = tmp_path / "签批单.pdf"
    scan.write_bytes(b"%PDF-1.7\nsigned\n")

    def do(verb: str, who: str, *options: str | Path, on: str = DAY.isoformat()) -> str:
        return rectify.ok("task", verb, CODE, "--as", who, *options, "--on", on).out

    do("issue", "clerk", "--lead-unit", "路政科", "--reviewer", "reviewer")
    do("refuse", "head", "--reason", "属运输科职责")
    assert status(rectify) == "draft"
    do("issue", "clerk", "--lead-unit", "运输科", "--reviewer", "reviewer", "--measures", "补齐送达回证")
    do("accept", "other_head", "--officer", "other", "--goal", "四十二件案卷回证齐全")
    do("progress", "other", "--text", "已排查四十二件")
    do("request-extension", "other", "--reason", "案卷较多", "--due", "2026-07-31", on="2026-06-20")
    do(
        "grant-extension",
        "leader",
        "--paper-date",
        "2026-06-22",
        "--paper-no",
        "延〔2026〕3号",
        on="2026-06-23",
    )
    do("evidence", "other", "--file", receipt, "--own-date", "2026-02-20", on="2026-07-01")
    do("finish-measure", "other", "--position", "1", on="2026-07-01")
    do("submit", "other", "--statement", "四十二件案卷均已补齐。", "--despite-doubts", on="2026-07-01")
    do("return", "reviewer", "--reason", "缺三件", on="2026-07-10")
    again = (
        "task",
        "submit",
        CODE,
        "--as",
        "other",
        "--statement",
        "缺的三件也已补齐。",
        "--on",
        "2026-07-15",
    )
    doubted = rectify(*again)
    assert "材料早于下达（dated_before_issue）" in doubted.err
    assert "补上下达以后的材料" in doubted.err
    assert "（命令：--despite-doubts）" in doubted.err
    rectify.ok(*again, "--despite-doubts")
    refused = rectify("task", "verify", CODE, "--as", "reviewer", "--verdict", "齐全", "--on", "2026-07-20")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "--paper-date" in refused.err
    judged = ("task", "verify", CODE, "--as", "reviewer", "--verdict", "齐全", *PAPER, "--on", "2026-07-20")
    for unanswered in ((), ("--answer", "dated_before_issue=不成立")):
        refused = rectify(*judged, *unanswered)
        assert (refused.code, refused.err.count("\n")) == (1, 1)
        assert "--answer dated_before_issue=…" in refused.err
    nothing_new = ("--answer", "nothing_new=缺的三件原已扫描，漏看了")
    rectify.ok(*judged, *nothing_new, "--answer", "dated_before_issue=回证上的日期是笔误，已看原卷")
    answers = (*nothing_new, "--answer=dated_before_issue=同意复核人意见")
    do("approve", "leader", *answers, "--paper-date", "2026-07-21", "--paper-scan", scan, on="2026-07-22")
    shown = rectify.ok("task", "show", CODE, "--on", "2026-07-22").out
    assert "回证上的日期是笔误，已看原卷" in shown
    assert "同意复核人意见" in shown
    assert status(rectify) == "closed"
    do("look-back", "reviewer", "--finding", "抽查属实", on="2026-09-01")
    do("reopen", "reviewer", "--finding", "新案卷仍缺", on="2026-09-02")

    shown = rectify.ok("task", "show", CODE, "--json", "--on", "2026-09-02").json
    assert (shown["status"], shown["original_due_on"], shown["due_on"]) == (
        "in_progress",
        "2026-06-30",
        "2026-07-31",
    )
    assert [row["decision"] for row in shown["extensions"]] == ["granted"]
    assert [[step["stage"] for step in row["steps"]] for row in shown["closures"]] == [
        ["submit", "return"],
        ["submit", "verify", "approve"],
    ]
    assert [row["is_signed_paper"] for row in shown["evidence"]] == [False, True]
    assert [row["has_reopened"] for row in shown["look_backs"]] == [False, True]
    assert "抽查属实" in rectify.ok("task", "show", CODE).out
    assert rectify.ok("audit", "verify").out.startswith("云山县交通运输局的办理记录完好")

    with common.ledger().unit_of_work() as session:
        session.execute(text("UPDATE task_event SET effective_on = '2026-06-30' WHERE verb = 'submit'"))
    found = rectify("audit", "verify")
    assert found.code == 1
    assert "第 11 条被改动过" in found.err


def test_a_verb_on_many_tasks_refuses_one_and_does_the_rest(rectify: Rectify, office: Office) -> None:
    with common.ledger().unit_of_work() as session:
        second = make_draft(session, office).code
    rectify.ok("task", "archive", CODE, "--as", "clerk")
    said = rectify("task", "archive", CODE, second, "2026-099", "--as", "clerk", "--reason", "学习类")
    assert said.code == 1
    assert said.out.count("仅存档") == 1
    assert said.err.count("\n") == 2


def test_a_day_that_is_yet_to_come_must_be_meant(rectify: Rectify, office: Office) -> None:
    archive = ("task", "archive", CODE, "--as", "clerk", "--reason", "学习类", "--on", "2099-01-05")
    said = rectify(*archive)
    assert said.code == 1
    assert "2099-01-05 还没有到" in said.err
    assert "--allow-future" in said.err
    assert "还没有到" in rectify("review", "freeze", "--as", "clerk", "--on", "2099-01-05").err
    assert "现为“仅存档”" in rectify.ok("--allow-future", *archive).out
    assert rectify.ok("task", "show", CODE, "--on", "2099-01-05").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("submit", CODE, "--as", "officer"), "--statement"),
        (("submit", CODE, "--statement", "已办"), "--as"),
        (("redate", CODE, "--as", "leader", "--reason", "因", "--due", "下月"), "下月"),
        (("approve", CODE, "--as", "leader", "--paper-no", "1号"), "--paper-date"),
        (("evidence", CODE, "--as", "officer", "--file", "/nowhere/a.pdf"), "/nowhere/a.pdf"),
    ],
)
def test_what_is_missing_or_misspelt_is_wrong_usage(
    rectify: Rectify, office: Office, arguments: tuple[str, ...], told: str
) -> None:
    said = rectify("task", *arguments)
    assert said.code == 2
    assert told in said.err


def test_a_file_that_is_no_evidence_is_refused_in_one_line(
    rectify: Rectify, office: Office, tmp_path: Path
) -> None:
    program = tmp_path / "安装.pdf"
    program.write_bytes(b"MZ\x90\x00")
    said = rectify("task", "evidence", CODE, "--as", "officer", "--file", program)
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "不能上传" in said.err


def test_a_file_uploaded_by_mistake_is_gone_and_doctor_accepts_it(
    rectify: Rectify, office: Office, tmp_path: Path
) -> None:
    secret = tmp_path / "误传.pdf"
    secret.write_bytes(b"%PDF-1.7\nsecret")
    rectify.ok(
        "task",
        "issue",
        CODE,
        "--as",
        "clerk",
        "--lead-unit",
        "路政科",
        "--reviewer",
        "reviewer",
        "--on",
        "2026-03-02",
    )
    rectify.ok("task", "accept", CODE, "--as", "head", "--officer", "officer", "--on", "2026-03-02")
    rectify.ok("task", "evidence", CODE, "--as", "officer", "--file", secret, "--on", "2026-03-02")
    (stored,) = [path for path in (rectify.data_dir / "evidence").rglob("*") if path.is_file()]
    rectify.ok(
        "task",
        "purge-evidence",
        CODE,
        "--as",
        "clerk",
        "--evidence",
        "1",
        "--reason",
        "误传",
        "--witness",
        "head",
    )
    assert not stored.exists()
    assert "佐证文件齐全" in rectify("doctor").out
    stored.write_bytes(b"%PDF-1.7\nback again")
    assert "仍在硬盘上" in rectify("doctor").out


def test_a_finding_is_entered_from_a_source_of_the_offices_own_list(rectify: Rectify, office: Office) -> None:
    with common.ledger().unit_of_work() as session:
        add_kind(session, BY, office.bureau.id, "领导交办")
    said = rectify.ok(
        "source", "add", "--kind", "领导交办", "--title", "关于超限治理的交办单", "--paper-no", "交办〔2026〕7号",
        "--received-on", "2026-04-01", "--result-due", "2026-05-31",
    )  # fmt: skip
    number = said.out.split()[1]
    refused = rectify("task", "enter", "--as", "officer", "--source", number, "--text", "源头超限未处理")
    assert "不能登记任务" in refused.err
    entered = rectify.ok("task", "enter", "--as", "clerk", "--source", number, "--text", "源头超限未处理")
    assert "2026年领导交办·问题第1项" in entered.out
    (row,) = [task for task in rectify.ok("task", "list", "--json").json if task["kind"] == "finding"]
    assert (row["due_on"], row["source"]["number"]) == ("2026-05-31", "交办〔2026〕7号")
    assert "关于超限治理的交办单" in rectify.ok("source", "list").out


def test_a_leavers_tasks_go_at_once(rectify: Rectify, office: Office) -> None:
    rectify.ok(
        "task", "issue", CODE, "--as", "clerk", "--officer", "officer", "--reviewer", "reviewer",
        "--on", "2026-03-02",
    )  # fmt: skip
    said = rectify("task", "hand-over", "officer", "other", "--as", "clerk", "--reason", "轮岗")
    assert "不在责任单位" in said.err
    rectify.ok("people", "add", "新人", "--login", "new", "--unit", "路政科")
    assert CODE in rectify.ok("task", "hand-over", "officer", "new", "--as", "clerk", "--reason", "轮岗").out
    assert rectify.ok("task", "show", CODE, "--json").json["officer_login"] == "new"


def test_a_notice_moves_what_is_counted_in_working_days(
    rectify: Rectify, office: Office, tmp_path: Path
) -> None:
    rectify.ok(
        *("--allow-future", "task", "issue", CODE, "--as", "clerk", "--lead-unit", "路政科"),
        "--reviewer", "reviewer", "--limit-days", "5", "--time-limit", "dated", "--on", "2027-01-04",
    )  # fmt: skip
    assert rectify.ok("task", "show", CODE, "--json").json["due_on"] == "2027-01-11"
    notice = tmp_path / "2027.toml"
    notice.write_text(
        'year = 2027\nnumber = "国办发明电〔2026〕9号"\n[[holiday]]\nname = "元旦"\n'
        "off = [2027-01-05, 2027-01-06]\nwork = [2027-01-09]\n",
        encoding="utf-8",
    )
    said = rectify.ok("calendar", "import", notice)
    assert f"{CODE}　时限由 2027-01-11 改为 2027-01-12" in said.out
    assert "改为" not in rectify.ok("calendar", "import", notice).out


def test_a_draft_is_edited_split_and_joined(rectify: Rectify, office: Office) -> None:
    as_clerk = ("--as", "clerk")

    rectify.ok("task", "edit", CODE, *as_clerk, "--kind", "plan", "--title", "规范案卷")
    shown = rectify.ok("task", "show", CODE, "--json").json
    assert (shown["kind"], shown["title"], shown["status"]) == ("plan", "规范案卷", "draft")
    rectify.ok("task", "split", CODE, *as_clerk, "--parts", "补齐送达回证", "--parts", "开展案卷评查")
    assert rectify.ok("task", "show", "2026-002", "--json").json["text"] == "开展案卷评查"
    rectify.ok("task", "join", CODE, *as_clerk, "--other", "2026-002")
    assert rectify.ok("task", "show", CODE, "--json").json["text"] == "补齐送达回证\n开展案卷评查"
    refused = rectify("task", "split", CODE, *as_clerk, "--parts", "一段")
    assert refused.code == 1
    assert "只有一项" in refused.err
