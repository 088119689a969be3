"""Moves of people as the command line sees them: a paper of who has left, a new unit's leader, who sat there."""

import getpass
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.cli import common
from models.enums import Role, Status
from models.organisation import Unit
from rectification.casework import IssueOrder, leaving, set_line
from rectification.office import signin
from tests.cli import Rectify, person_named
from tests.factories import BY, DAY, Office, by_on, make_bureau, make_person, make_task

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


def test_a_paper_of_who_has_left_is_recorded_with_as(rectify: Rectify, office: Office) -> None:
    rectify.ok(
        "task", "hand-over", "reviewer", "heir", "--as", "clerk", "--reason", "调离", "--on", "2026-03-12"
    )
    with common.ledger().unit_of_work() as session:
        leaving.leave(session, by_on(date(2026, 3, 12)), person_named(session, "reviewer"))
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
    with common.ledger().unit_of_work() as session:
        leader, unit = person_named(session, "new_leader"), session.get_one(Unit, office.transport.id)
        set_line(session, BY, [unit], leader)
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

    waits = rectify.ok("people", "requests", "--json").json
    assert [each["asked_by"] for each in waits] == [me] * 2
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
