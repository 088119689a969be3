"""What was entered wrongly is put right on the command line, and everybody reads what became of it."""

from pathlib import Path

import pytest

from app.cli import common
from models.enums import Status
from tests.cli import Rectify
from tests.factories import DAY, Office, make_bureau, make_task

ON = ("--on", "2026-03-27")


@pytest.fixture
def office(rectify: Rectify) -> Office:
    rectify.ok("unit", "list")
    with common.ledger().unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office)
        make_task(session, office, status=Status.SUBMITTED)
    return office


def _steps(rectify: Rectify, code: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = rectify.ok("task", "show", code, "--json").json["timeline"]
    return found


def _status(rectify: Rectify, code: str) -> str:
    found: str = rectify.ok("task", "show", code, "--json").json["status"]
    return found


def test_a_step_is_taken_back_and_its_number_is_read_beside_it(rectify: Rectify, office: Office) -> None:
    rectify.ok("task", "supervise", "2026-001", "--as", "clerk", "--reason", "多次反复", *ON)
    number = str(_steps(rectify, "2026-001")[-1]["sequence"])
    assert f"  {number}　2026-03-27　管台" in rectify.ok("task", "show", "2026-001").out
    rectify.ok(
        "task", "undo", "2026-001", "--as", "clerk", "--sequence", number, "--reason", "弄错了任务", *ON
    )
    shown = rectify.ok("task", "show", "2026-001")
    assert "挂牌督办：是 → （空）" in shown.out
    assert f"撤销第 {number} 条“挂牌督办”" in shown.out
    assert not rectify.ok("task", "show", "2026-001", "--json").json["is_supervised"]


def test_a_wrong_paper_date_is_amended_and_the_next_paper_fits(rectify: Rectify, office: Office) -> None:
    wrong = ("--paper-date", "2026-03-25", "--paper-no", "签1")
    right = ("--paper-date", "2026-03-18", "--paper-no", "签2")
    rectify.ok("task", "verify", "2026-002", "--as", "reviewer", "--verdict", "看过属实", *wrong, *ON)
    refused = rectify("task", "approve", "2026-002", "--as", "leader", *right, *ON)
    assert (refused.code, "rectify task amend" in refused.err) == (1, True)
    number = str(_steps(rectify, "2026-002")[-1]["sequence"])
    given = ("--sequence", number, "--dated", "2026-03-15", "--reason", "看错了")
    rectify.ok("task", "amend", "2026-002", "--as", "reviewer", *given, *ON)
    rectify.ok("task", "approve", "2026-002", "--as", "leader", *right, *ON)
    assert _status(rectify, "2026-002") == "closed"
    assert _steps(rectify, "2026-002")[-3]["effective_on"] == "2026-03-15"


def test_a_task_entered_twice_is_put_aside_and_comes_back(rectify: Rectify, office: Office) -> None:
    given = (
        "--as",
        "leader",
        "--other",
        "2026-001",
        "--reason",
        "同一件事",
        "--paper-no",
        "签9",
        "--paper-date",
        ON[1],
    )
    rectify.ok("task", "duplicate", "2026-002", *given, *ON)
    assert [row["code"] for row in rectify.ok("task", "list", "--json").json] == ["2026-001"]
    rectify.ok(
        "task",
        "undo",
        "2026-002",
        "--as",
        "leader",
        "--reason",
        "不是一件事",
        "--paper-no",
        "签9",
        "--paper-date",
        ON[1],
        *ON,
    )
    assert _status(rectify, "2026-002") == "submitted"


def test_a_file_in_the_wrong_task_is_taken_out_and_the_right_one_keeps_it(
    rectify: Rectify, office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "评查.pdf"
    file.write_bytes(b"%PDF-1.7\n")
    for code in ("2026-001", "2026-002"):
        rectify.ok("task", "evidence", code, "--as", "officer", "--file", file, *ON)
    pieces = rectify.ok("task", "show", "2026-001", "--json").json["evidence"]
    number = str(pieces[-1]["id"])
    purge = ("--as", "clerk", "--evidence", number, "--witness", "head", "--reason", "误传")
    refused = rectify("task", "purge-evidence", "2026-001", *purge, *ON)
    assert "还在2026-002的材料中" in refused.err
    rectify.ok(
        "task", "detach", "2026-001", "--as", "officer", "--evidence", number, "--reason", "放错了", *ON
    )
    assert "已取出：放错了" in rectify.ok("task", "show", "2026-001").out
    assert rectify("doctor").out.count("不属于任何任务") == 0
    assert "已取出" not in rectify.ok("task", "show", "2026-002").out
    kept = str(rectify.ok("task", "show", "2026-002", "--json").json["evidence"][-1]["id"])
    given = ("--as", "clerk", "--evidence", kept, "--witness", "head", "--reason", "误传")
    rectify.ok("task", "purge-evidence", "2026-002", *given, "--also", "2026-001", *ON)
    assert "误传清除：误传" in rectify.ok("task", "show", "2026-001").out


def test_a_new_date_is_asked_for_and_given(rectify: Rectify, office: Office) -> None:
    late = ("--on", "2026-07-10")
    ask = ("--as", "officer", "--reason", "招标流标", "--due", "2026-09-30")
    assert rectify("task", "request-extension", "2026-001", *ask, *late).code == 1
    rectify.ok("task", "request-redate", "2026-001", *ask, *late)
    signed = ("--paper-date", "2026-07-10", "--paper-no", "签3")
    rectify.ok("task", "redate", "2026-001", "--as", "leader", "--reason", "看过属实", *signed, *late)
    task = rectify.ok("task", "show", "2026-001", "--json").json
    assert (task["due_on"], task["extension_count"]) == ("2026-09-30", 0)


def test_what_is_no_number_of_minutes_is_refused(rectify: Rectify, office: Office) -> None:
    signed = ("--paper-date", DAY.replace(day=20).isoformat(), "--paper-no", "签4")
    rectify.ok("task", "verify", "2026-002", "--as", "reviewer", "--verdict", "看过属实", *signed, *ON)
    given = ("--as", "leader", "--minutes-no", "会上同意", *signed)
    assert "不像会议纪要号" in rectify("task", "approve", "2026-002", *given, *ON).err
