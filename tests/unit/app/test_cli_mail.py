"""`rectify simulate` and `mail` on the command line."""

from datetime import date

import pytest
from sqlalchemy import update

from core.settings import load_settings
from models.enums import OutboxStatus
from models.mail import OutboxMessage
from rectification.casework import IssueOrder
from rectification.casework.opening import open_ledger
from tests.cli import Rectify, forget_installation
from tests.factories import clock_on, make_bureau, make_task
from tests.smtp import mailroom


@pytest.fixture
def code(rectify: Rectify) -> str:
    """A task of the officer's, due on the last day of June."""
    with (
        open_ledger(load_settings(), clock_on(date(2026, 3, 2))) as database,
        database.unit_of_work() as session,
    ):
        return make_task(session, make_bureau(session)).code


def test_what_would_go_out_is_json_of_the_promised_shape(rectify: Rectify, code: str) -> None:
    said = rectify.ok("simulate", "--from", "2026-07-01", "--to", "2026-07-03", "--person", "head", "--json")
    assert said.json == [
        {
            "date": "2026-07-01",
            "to": "head",
            "template": "digest",
            "tasks": [{"code": code, "rule": "overdue-1", "flow": "daily_reminders"}],
        }
    ]


def test_spring_festival_is_silent_before_its_notice_has_come(rectify: Rectify) -> None:
    """A date within the festival is spoken of on the working days around it, which the law alone leaves."""
    with (
        open_ledger(load_settings(), clock_on(date(2026, 11, 2))) as database,
        database.unit_of_work() as session,
    ):
        order = IssueOrder(due_on=date(2027, 2, 9))
        make_task(session, make_bureau(session), day=date(2026, 11, 2), order=order)
    assert "2027-02-09（日历暂定）" in rectify.ok("task", "list", "--on", "2026-11-03").out
    said = rectify.ok("simulate", "--from", "2027-02-01", "--to", "2027-02-14", "--json").json
    rules = {(message["date"], task["rule"]) for message in said for task in message["tasks"]}
    assert rules >= {("2027-02-04", "due"), ("2027-02-11", "overdue-1")}
    assert rectify.ok("simulate", "--from", "2027-02-05", "--to", "2027-02-10", "--json").json == []
    shown = rectify.ok("calendar", "show", "2027").out
    assert "暂定" in shown
    assert "春节（补假）" in shown


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (("simulate", "--from", "2026-07-03", "--to", "2026-07-01"), 2, "早于"),
        (("simulate", "--from", "2026-07-01", "--to", "2026-07-01", "--person", "nobody"), 1, "nobody"),
        (("mail", "log", "--person", "nobody"), 1, "nobody"),
        (("mail", "resend", "99"), 1, "99"),
        (("mail", "preview", "nothing"), 1, "digest"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_line(
    rectify: Rectify, code: str, arguments: tuple[str, ...], exit_code: int, words: str
) -> None:
    said = rectify(*arguments)
    assert said.code == exit_code
    assert words in said.err
    assert said.out == ""


def test_a_days_reminders_run_twice_are_in_the_log_once_with_their_rule(rectify: Rectify, code: str) -> None:
    for _ in range(2):
        rectify.ok("run", "daily_reminders", "--on", "2026-06-25")
    [row] = rectify.ok("mail", "log", "--json").json
    assert (row["login"], row["day"], row["status"]) == ("officer", "2026-06-25", "queued")
    assert [reason["rule"] for reason in row["reasons"]][:1] == ["before-3"]
    assert code in rectify.ok("mail", "log").out
    assert rectify.ok("mail", "log", "--undelivered", "--json").json == []


def test_who_runs_a_job_by_hand_is_told_what_sends_its_mails(
    rectify: Rectify, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = rectify.ok("run", "daily_reminders", "--on", "2026-06-25").out
    assert "有 1 封邮件待发" in told
    assert "rectify sender --once" in told

    monkeypatch.setenv("RECTIFY_SMTP_URL", "smtp://127.0.0.1:9")
    forget_installation()
    away = rectify("sender", "--once")
    assert (away.code, "还有 1 封邮件没有发出" in away.err) == (1, True)
    monkeypatch.delenv("RECTIFY_SMTP_URL")
    forget_installation()

    folder = rectify.data_dir / "mail"
    assert f"1 封邮件已写入文件夹 {folder}" in rectify.ok("sender", "--once").out
    assert len(list(folder.glob("*.eml"))) == 1
    assert "没有到时间的待发邮件" in rectify.ok("sender", "--once").out
    assert "待发" not in rectify.ok("run", "daily_reminders", "--on", "2026-06-25").out


def test_an_undelivered_mail_is_sent_again_by_its_number(rectify: Rectify, code: str) -> None:
    rectify.ok("run", "daily_reminders", "--on", "2026-06-25")
    with (
        open_ledger(load_settings(), clock_on(date(2026, 6, 25))) as database,
        database.unit_of_work() as session,
    ):
        session.execute(update(OutboxMessage).values(status=OutboxStatus.UNDELIVERED, last_error="550"))
    [row] = rectify.ok("mail", "log", "--undelivered", "--json").json
    assert (row["last_error"], row["reasons"][0]["code"]) == ("550", code)
    rectify.ok("mail", "resend", str(row["id"]))
    assert rectify.ok("mail", "log", "--undelivered", "--json").json == []


def test_what_happened_while_the_machine_was_off_is_told_once_on_the_next_run(
    rectify: Rectify, code: str
) -> None:
    """Two working days were missed; what was said on the last one before is not said again."""
    rectify.ok("run", "daily_reminders", "--on", "2026-03-11")
    for day in ("2026-03-11", "2026-03-12", "2026-03-13"):
        rectify.ok("task", "instruct", code, "--as", "leader", "--text", f"{day}请抓紧。", "--on", day)
    for day in ("2026-03-17", "2026-03-18"):
        rectify.ok("run", "daily_reminders", "--on", day)
        rectify.ok("sender", "--once")
    told = rectify.ok("mail", "log", "--person", "officer", "--json").json
    assert [(row["day"], [each["rule"] for each in row["reasons"]]) for row in told] == [
        ("2026-03-17", ["happened"] * 3)
    ]


WRONG = ("--on", "2036-12-08", "--allow-future")


def test_what_a_wrong_day_recorded_is_taken_back_and_the_ladder_speaks_again(
    rectify: Rectify, code: str
) -> None:
    """A run ten years ahead leaves all rungs superseded; after the recall a day says what it would have said."""
    rectify.ok("run", "daily_reminders", *WRONG)
    rectify.ok("run", "daily_reminders", "--on", "2026-06-25")
    wrong = rectify.ok("mail", "log", "--json").json
    assert wrong
    assert {row["day"] for row in wrong} == {"2036-12-08"}

    found = rectify.ok("mail", "recall", "2036-12-08", "--json").json
    assert (found["recalled"], found["mails"], found["kept"]) == (False, len(wrong), 0)
    assert found["superseded"] > 100
    assert "没有改动" in rectify.ok("mail", "recall", "2036-12-08").out
    assert len(rectify.ok("mail", "log", "--json").json) == len(wrong)

    assert "已收回" in rectify.ok("mail", "recall", "2036-12-08", "--yes").out
    assert rectify.ok("mail", "log", "--json").json == []
    assert rectify.ok("mail", "recall", "2036-12-08", "--json").json["told"] == 0
    rectify.ok("run", "daily_reminders", "--on", "2026-06-25", "--again")
    [row] = rectify.ok("mail", "log", "--json").json
    assert [reason["rule"] for reason in row["reasons"]][:1] == ["before-3"]
    assert "没有重复" not in rectify.ok("run", "daily_reminders", *WRONG).out


def test_a_days_reminders_replaced_unsent_by_a_wrong_day_are_told_after_the_recall(
    rectify: Rectify, code: str
) -> None:
    rectify.ok("run", "daily_reminders", "--on", "2026-06-25")
    rectify.ok("run", "daily_reminders", *WRONG)
    rectify.ok("mail", "recall", "2036-12-08", "--yes")
    rectify.ok("run", "daily_reminders", "--on", "2026-06-26")
    told = {row["day"]: row for row in rectify.ok("mail", "log", "--json").json}
    assert [reason["rule"] for reason in told["2026-06-26"]["reasons"]][:1] == ["before-3"]


def test_what_was_really_sent_is_not_taken_back(
    rectify: Rectify, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rectify.ok("run", "daily_reminders", "--on", "2026-06-25")
    with mailroom() as room:
        monkeypatch.setenv("RECTIFY_SMTP_URL", room.url)
        forget_installation()
        rectify.ok("sender", "--once")
    found = rectify.ok("mail", "recall", "2026-06-25", "--yes", "--json").json
    assert (found["told"], found["mails"], found["kept"]) == (0, 0, 1)
    rectify.ok("run", "daily_reminders", "--on", "2026-06-25")
    [row] = rectify.ok("mail", "log", "--json").json
    assert row["status"] == "sent"


def test_what_lies_in_the_folder_was_received_by_nobody(rectify: Rectify, code: str) -> None:
    rectify.ok("run", "daily_reminders", "--on", "2026-06-25")
    rectify.ok("sender", "--once")
    assert rectify.ok("mail", "recall", "2026-06-25", "--yes", "--json").json["mails"] == 1
    rectify.ok("run", "daily_reminders", "--on", "2026-06-25")
    [row] = rectify.ok("mail", "log", "--json").json
    assert row["status"] == "queued"
