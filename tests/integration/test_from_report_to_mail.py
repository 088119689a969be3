"""The whole path on the command line: from a report file to an officer's reminder in the folder."""

import email
import email.policy
import hashlib
import sqlite3
import threading
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.cli import common
from notifications.sender import run_sender
from tests.cli import Rectify

pytestmark = pytest.mark.integration

REPORT = next((Path(__file__).parents[1] / "samples" / "reports").glob("s01_*.txt"))
PEOPLE = (
    ("管台", "clerk", "法规科", "", "台账管理员", "", ""),
    ("方核", "reviewer", "法规科", "", "复核人", "", ""),
    ("陈路", "officer", "执法大队", "", "责任人", "", "officer@example.gov.cn"),
    ("田运", "phone", "审批科", "", "责任人", "13800000000", ""),
    ("周分管", "leader", "局领导", "副局长", "分管领导", "", ""),
)


@pytest.fixture
def office(rectify: Rectify, tmp_path: Path) -> Rectify:
    rectify.ok("report", "import", REPORT)
    rectify.ok("people", "template", tmp_path / "人员.xlsx")
    book = load_workbook(tmp_path / "人员.xlsx")
    for person in PEOPLE:
        book["人员"].append(list(person))
    book.save(tmp_path / "人员.xlsx")
    rectify.ok("people", "import", tmp_path / "人员.xlsx")
    return rectify


def drain_outbox() -> None:
    """Let a sender work until nothing is left to send."""
    stop = threading.Event()
    threading.Timer(3, stop.set).start()
    run_sender(common.ledger(), common.settings(), stop)


def mails(rectify: Rectify) -> list[EmailMessage]:
    found = sorted((rectify.data_dir / "mail").rglob("*.eml"))
    return [
        email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
        for path in found
    ]


def test_a_reports_promise_reaches_its_officer_once(office: Rectify) -> None:
    first, second = [task["code"] for task in office.ok("task", "list", "--json").json][:2]
    issued = ("--as", "clerk", "--due", "2026-12-31", "--on", "2026-11-02")
    office.ok("task", "issue", first, "--officer", "officer", *issued)
    office.ok("task", "issue", second, "--officer", "phone", *issued)
    office.ok("task", "accept", first, "--as", "officer", "--on", "2026-11-03")
    office.ok("task", "accept", second, "--as", "phone", "--on", "2026-11-03")

    day = ("--on", "2026-12-22")
    assert (
        office.ok("run", "daily_reminders", *day, "--allow-future", "--json").json["counts"]["digests"] == 1
    )
    office.ok("run", "daily_reminders", *day, "--allow-future")
    drain_outbox()
    [mail] = mails(office)
    assert "officer@example.gov.cn" in mail["To"]
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert first in text
    assert second not in text

    task = office.ok("task", "show", first, "--json").json
    assert task["text"] not in text
    assert [event["verb"] for event in task["timeline"]] == ["draft", "issue", "accept"]
    office.ok("audit", "verify")


def test_a_date_given_for_a_long_term_proposal_makes_it_a_dated_task(office: Rectify) -> None:
    code = office.ok("task", "list", "--kind", "plan", "--json").json[0]["code"]
    line = (
        "task",
        "issue",
        code,
        "--as",
        "clerk",
        "--officer",
        "officer",
        "--due",
        "2026-12-31",
        "--on",
        "2026-11-02",
    )
    assert office(*line, "--time-limit", "long_term").code == 1
    office.ok(*line)
    task = office.ok("task", "show", code, "--json").json
    assert (task["time_limit"], task["due_on"], task["original_due_on"]) == (
        "dated",
        "2026-12-31",
        "2026-12-31",
    )


def test_what_is_missing_for_an_issue_is_named_and_the_rest_goes_on(office: Rectify) -> None:
    first, second = [task["code"] for task in office.ok("task", "list", "--json").json][:2]
    said = office(
        "task",
        "issue",
        "2099-999",
        first,
        "--as",
        "clerk",
        "--lead-unit",
        "执法大队",
        "--due",
        "2026-12-31",
        "--on",
        "2026-11-02",
    )
    assert said.code == 1
    assert "2099-999" in said.err
    assert first in said.out
    refused = office("task", "issue", second, "--as", "officer", "--lead-unit", "执法大队")
    assert refused.code == 1
    assert office.ok("task", "show", second, "--json").json["status"] == "draft"
    past = office("task", "issue", second, "--as", "clerk", "--lead-unit", "执法大队", "--due", "2020-01-01")
    assert past.code == 1


def test_reading_commands_write_nothing(office: Rectify, database_url: str) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("what a file holds is compared")
    ledger = Path(database_url.removeprefix("sqlite:///"))

    def fingerprint() -> str:
        with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as reader:
            return hashlib.sha256("\n".join(reader.iterdump()).encode()).hexdigest()

    before = fingerprint()
    for line in (("task", "list"), ("report", "list"), ("people", "list"), ("audit", "verify"), ("doctor",)):
        office(*line)
        assert fingerprint() == before, line
