"""Moves of people on the command line: a line with its tasks, a leaver's cover, a paper of who has left."""

import getpass
from datetime import timedelta
from pathlib import Path

import pytest

from app.cli import common
from models.enums import Role, Status
from rectification.casework import IssueOrder
from rectification.office import signin
from rectification.office.people import person_named
from rectification.office.substitutes import add_substitute
from tests.cli import Rectify
from tests.factories import BY, DAY, Office, make_bureau, make_person, make_task

CODE = "2026-001"


@pytest.fixture
def office(rectify: Rectify) -> Office:
    rectify.ok("unit", "list")
    with common.ledger().unit_of_work() as session:
        office = make_bureau(session)
        make_task(
            session, office, status=Status.SUBMITTED, order=IssueOrder(due_on=DAY + timedelta(days=200))
        )
        make_person(session, office.legal, "new_leader", Role.LEADER, name="吴新")
        make_person(session, office.legal, "heir", Role.REVIEWER, name="向核")
        return office


def test_a_line_is_looked_at_and_then_moved_with_its_tasks(rectify: Rectify, office: Office) -> None:
    line = (
        "unit",
        "leader",
        "路政科",
        "运输科",
        "new_leader",
        "--reason",
        "党组〔2026〕3号",
        "--on",
        "2026-03-20",
    )

    tried = rectify.ok(*line, "--dry-run").out
    assert (
        f"{CODE}　2025年报告·{CODE}　路政科　待复核　责任领导：周分管 → 吴新；审签人：周分管 → 吴新" in tried
    )
    assert "路政科、运输科将由吴新分管" in tried
    assert rectify.ok("task", "show", CODE, "--json").json["leader"] == "周分管"

    assert "路政科、运输科由吴新分管" in rectify.ok(*line).out
    shown = rectify.ok("task", "show", CODE, "--json").json
    assert (shown["leader"], shown["approver"]) == ("吴新", "吴新")
    assert shown["timeline"][-1]["text"] == "分管调整：路政科、运输科改由吴新分管；党组〔2026〕3号"
    units = {row["name"]: row["leader"] for row in rectify.ok("unit", "list", "--json").json}
    assert (units["路政科"], units["运输科"], units["法规科"]) == ("吴新", "吴新", "")
    assert "不是在岗的分管领导" in rectify("unit", "leader", "路政科", "officer").err
    rectify.ok("audit", "verify")


def test_cover_that_ends_with_a_leaver_is_said(rectify: Rectify, office: Office) -> None:
    with common.ledger().unit_of_work() as session:
        add_substitute(
            session, BY, office.bureau.id, office.chief.id, office.other.id, DAY, DAY + timedelta(days=5)
        )
    said = rectify.ok("people", "leave", "other", "--on", DAY.isoformat()).out
    assert "AB岗随之结束：田运代郑局（2026年3月2日至2026年3月7日），此后郑局无人代岗" in said


def test_the_last_chief_keeps_the_role_while_a_task_needs_one(rectify: Rectify, office: Office) -> None:
    rectify.ok("task", "supervise", CODE, "--as", "clerk", "--reason", "列入清单", "--on", "2026-03-20")
    said = rectify("people", "leave", "chief", "--on", "2026-03-20")
    assert said.code == 1
    assert "还有 1 项任务须主要负责人审签" in said.err


def test_a_paper_of_who_has_left_is_recorded_with_as(rectify: Rectify, office: Office) -> None:
    rectify.ok(
        "task", "hand-over", "reviewer", "heir", "--as", "clerk", "--reason", "调离", "--on", "2026-03-12"
    )
    rectify.ok("people", "leave", "reviewer", "--on", "2026-03-12")
    verify = (
        "task",
        "verify",
        CODE,
        "--as",
        "reviewer",
        "--verdict",
        "看过属实",
        "--paper-no",
        "法规〔2026〕9号",
        "--on",
        "2026-03-20",
    )

    assert "没有登录名为“reviewer”的在岗人员" in rectify(*verify, "--paper-date", "2026-03-13").err
    rectify.ok(*verify, "--paper-date", "2026-03-11")
    event = rectify.ok("task", "show", CODE, "--json").json["timeline"][-1]
    assert (event["actor"], event["verb"]) == ("方核", "verify")


def test_a_source_is_marked_as_sent_and_put_right(rectify: Rectify, office: Office) -> None:
    added = rectify.ok(
        "source", "add", "--kind", "审计", "--title", "审计报告", "--paper-no", "审〔2026〕3号", "--received-on", "2026-03-02"
    )  # fmt: skip
    number = added.out.split()[1]
    on = ("--on", "2026-03-20")

    rectify.ok("source", "sent", number, "result", "--date", "2026-03-18", "--paper-no", "交〔2026〕8号", *on)
    assert "2026-03-18 已报 交〔2026〕8号" in rectify.ok("source", "list").out
    assert "在今天之后" in rectify("source", "sent", number, "plan", "--date", "2026-03-21", *on).err
    assert "没有变化" in rectify("source", "sent", number, "plan", *on).err
    rectify.ok("source", "correct", number, "--paper-no", "审〔2026〕5号", "--reason", "文号录错")
    (row,) = [each for each in rectify.ok("source", "list", "--json").json if str(each["id"]) == number]
    assert (row["paper_no"], row["result_sent_on"], row["title"]) == (
        "审〔2026〕5号",
        "2026-03-18",
        "审计报告",
    )
    assert "没有编号为 99 的问题来源" in rectify("source", "sent", "99", "plan", "--date", "2026-03-18").err
    told = rectify.ok("audit", "office", "--limit", "2").out
    assert "文号：审〔2026〕3号 → 审〔2026〕5号；原因：文号录错" in told
    assert "整改结果报送日期：（空） → 2026-03-18" in told
    rectify.ok("audit", "verify")


def test_a_field_of_a_source_that_should_be_empty_is_emptied(rectify: Rectify, office: Office) -> None:
    added = rectify.ok(
        *("source", "add", "--kind", "审计", "--title", "审计报告", "--paper-no", "审〔2026〕3号"),
        *("--issuing-body", "审计局", "--received-on", "2026-03-02", "--plan-due", "2026-04-01"),
    )
    correct = ("source", "correct", added.out.split()[1], "--reason", "登记错了")

    emptied = ("--paper-no", "", "--issuing-body", "", "--received-on", "", "--plan-due", "")
    rectify.ok(*correct, *emptied, "--result-due", "2026年5月1日")

    row = rectify.ok("source", "list", "--json").json[0]
    names = ("title", "paper_no", "issuing_body", "received_on", "plan_due_on", "result_due_on")
    assert [row[name] for name in names] == ["审计报告", "", "", None, None, "2026-05-01"]
    told = rectify.ok("audit", "office", "--limit", "1").out
    assert "收文日期：2026-03-02 → （空）" in told
    assert rectify(*correct, "--title", "").code == 1
    assert rectify(*correct, "--received-on", "昨天").code == 2
    rectify.ok("audit", "verify")


def test_a_merged_finding_is_told_of_on_both_sides(rectify: Rectify, office: Office) -> None:
    added = rectify.ok(
        "source", "add", "--kind", "审计", "--title", "审计报告", "--paper-no", "审〔2026〕3号"
    )
    rectify.ok(
        "task",
        "enter",
        "--as",
        "clerk",
        "--source",
        added.out.split()[1],
        "--text",
        "罚没台账登记不全。",
        "--on",
        "2026-03-20",
    )
    rectify.ok("task", "merge", "2026-002", "--as", "clerk", "--into", CODE, "--on", "2026-03-20")

    assert f"并入 {CODE}，见其整改情况" in rectify.ok("task", "show", "2026-002").out
    assert "并入的问题　2026-002　罚没台账登记不全。　《审计报告》" in rectify.ok("task", "show", CODE).out
    (merged,) = rectify.ok("task", "show", CODE, "--json").json["merged"]
    assert (merged["code"], merged["source"]) == ("2026-002", "审计报告")
    assert (
        "审〔2026〕3号 共 1 项"
        in rectify.ok("documents", "source", "审〔2026〕3号", "--out", rectify.data_dir / "复函.docx").out
    )


def test_a_finding_is_passed_on_to_a_bureau_below(rectify: Rectify, office: Office) -> None:
    with common.ledger().unit_of_work() as session:
        make_bureau(session, "第一局", prefix="b_")
    rectify.ok("unit", "below", "第一局", office.bureau.name)
    added = rectify.ok(
        "source", "add", "--kind", "法治督察", "--title", "督察反馈", "--paper-no", "督〔2026〕2号"
    )
    entry = (
        "task",
        "enter",
        "--as",
        "clerk",
        "--source",
        added.out.split()[1],
        "--text",
        "罚没台账登记不全。",
    )
    rectify.ok(*entry, "--on", "2026-03-20")
    line = ("task", "pass-on", "2026-002", "--as", "clerk", "--on", "2026-03-20")

    assert "不是本单位的下级单位" in rectify(*line, "--to", "没有的局").err
    rectify.ok(*line, "--to", "第一局")

    assert rectify(*line, "--to", "第一局").code == 1
    (there,) = rectify.ok("task", "show", "2026-002", "--json").json["passed_to"]
    assert (there["bureau"], there["status"]) == ("第一局", "draft")
    assert f"已交办第一局（{there['code']}），现为“待确认”" in rectify.ok("task", "show", "2026-002").out
    assert f"由{office.bureau.name}交办（2026-002）" in rectify.ok("task", "show", there["code"]).out
    rectify.ok("audit", "verify")
    rectify.ok("audit", "verify", "--bureau", "第一局")


def test_another_unit_brings_its_leader_and_a_leaders_part_its_signature(
    rectify: Rectify, office: Office
) -> None:
    rectify.ok("unit", "leader", "运输科", "new_leader")
    on = ("--as", "clerk", "--reason", "职责调整", "--on", "2026-03-20")

    assert "责任单位为“运输科”" in rectify.ok("task", "transfer", CODE, "--officer", "other", *on).out
    shown = rectify.ok("task", "show", CODE, "--json").json
    assert (shown["unit"], shown["leader"], shown["approver"]) == ("运输科", "吴新", "吴新")

    rectify.ok("task", "hand-over", "new_leader", "leader", "--part", "leader", *on)
    shown = rectify.ok("task", "show", CODE, "--json").json
    assert (shown["leader"], shown["approver"]) == ("周分管", "周分管")


def test_the_command_line_names_who_sat_there_and_asks_where_a_second_person_is_needed(
    rectify: Rectify, office: Office, tmp_path: Path
) -> None:
    me = f"系统用户 {getpass.getuser()}"
    with common.ledger().unit_of_work() as session:
        make_person(session, office.legal, "admin", Role.ADMIN, name="钱管理")
        for login in ("admin", "chief"):
            person = person_named(session, login)
            signin.set_password_hash(session, BY, person, "a hash")
    rectify.ok("ledger", "export", tmp_path / "台账.xlsx")
    rectify.ok("backup", tmp_path / "b.zip")

    assert (
        "复核人角色待第二人确认"
        in rectify.ok(
            *("people", "add", "假复核", "--login", "fake", "--unit", "法规科", "--roles", "责任人、复核人")
        ).out
    )
    assert "待第二人确认" in rectify.ok("people", "code", "leader").out
    rectify.ok("people", "substitute", "leader", "other", "--from", "2026-03-02", "--to", "2026-03-06")

    waits = rectify.ok("people", "requests", "--json").json
    assert [each["asked_by"] for each in waits] == [me] * 3
    assert "由田运代周分管" in waits[0]["what"]
    assert rectify.ok("people", "substitutes", "--json").json == []
    told = rectify.ok("audit", "office").out
    assert f"导出台账\t{me}" in told
    assert f"备份\t{me}\t命令行代录\tb.zip" in told
    rectify.ok("restore", tmp_path / "b.zip", "--replace", "--yes")
    assert f"恢复备份\t{me}" in rectify.ok("audit", "office", "--limit", "2").out
    rectify.ok("audit", "verify")


def test_a_record_with_as_names_who_sat_there(rectify: Rectify, office: Office) -> None:
    rectify.ok("task", "instruct", CODE, "--as", "chief", "--text", "抓紧。", "--on", "2026-03-20")
    assert f"（系统用户 {getpass.getuser()}代录）" in rectify.ok("task", "show", CODE).out
    rectify.ok("audit", "verify")


def test_what_was_done_about_a_source_is_entered_and_taken_away(rectify: Rectify, office: Office) -> None:
    added = rectify.ok(
        "source", "add", "--kind", "专项整治", "--title", "专项整治", "--received-on", "2026-03-02"
    )
    number, on = added.out.split()[1], ("--on", "2026-03-20")
    talk = ("source", "add-step", number, "--kind", "约谈", "--date", "2026-03-18")

    assert "2026年3月18日约谈8人次" in rectify.ok(*talk, "--number", "8", "--text", "财务科", *on).out
    assert "数量应是 1 以上的整数" in rectify(*talk, *on).err
    assert "“谈话”不在其中" in rectify(*talk[:4], "谈话", *talk[5:], "--number", "1", *on).err
    assert (
        "约谈3人次（约〔2026〕1号）"
        in rectify.ok(*talk, "--number", "3", "--paper-no", "约〔2026〕1号", *on).out
    )
    rectify.ok("source", "remove-step", number, "2", "--reason", "重复", *on)
    assert "合计：约谈8人次" in rectify.ok("source", "steps", number).out
    assert rectify.ok("source", "steps", number, "--json").json[0]["number"] == 8
    rectify.ok("source", "correct", number, "--received-on", "", "--reason", "没有收文")
    (row,) = [each for each in rectify.ok("source", "list", "--json").json if str(each["id"]) == number]
    assert row["received_on"] is None
    rectify.ok("source", "remove-step", number, "1", "--reason", "登错来源", *on)
    assert "还没有登记工作情况" in rectify.ok("source", "steps", number).err
    assert "说明：财务科；原因：登错来源" in rectify.ok("audit", "office", "--limit", "9").out
