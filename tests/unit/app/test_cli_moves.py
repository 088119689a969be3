"""Moves of people on the command line: a line with its tasks, a leaver's cover, a paper of who has left."""

from datetime import timedelta

import pytest

from app.cli import common
from models.enums import Role, Status
from rectification.casework import IssueOrder
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
        "属实",
        "--paper-no",
        "法规〔2026〕9号",
        "--on",
        "2026-03-20",
    )

    assert "没有登录名为“reviewer”的在岗人员" in rectify(*verify, "--paper-date", "2026-03-13").err
    rectify.ok(*verify, "--paper-date", "2026-03-11")
    event = rectify.ok("task", "show", CODE, "--json").json["timeline"][-1]
    assert (event["actor"], event["verb"]) == ("方核", "verify")
