"""What the READMEs tell a newcomer to type is typed, line by line, on reports of real offices and an invented one."""

import email
import email.policy
import re
import shlex
import shutil
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pytest
from docx import Document
from openpyxl import load_workbook

from app.cli import common
from app.cli.root import commands
from rectification.office.calendar import load_calendar
from tests.cli import Rectify, Said, forget_installation
from tests.reports import INVENTED, REAL, ROOT

pytestmark = pytest.mark.integration

READMES: Final = ("README.md", "README.zh-CN.md")
REPORTS: Final = [
    pytest.param(
        path,
        id=path.stem,
        marks=pytest.mark.skipif(not path.is_file(), reason=f"{path.name} is not beside the checkout"),
    )
    for path in (*INVENTED, *REAL)
]
LOGINS: Final = {
    "CLERK": "clerk",
    "台账管理员登录名": "clerk",
    "OFFICER": "officer",
    "责任人登录名": "officer",
    "LEADER": "leader",
    "领导登录名": "leader",
    "REVIEWER": "reviewer",
    "复核人登录名": "reviewer",
}
PEOPLE: Final = (
    ("管台", "clerk", "法规科", "", "台账管理员", "", "clerk@office.gov.cn"),
    ("方核", "reviewer", "法规科", "", "复核人", "", "reviewer@office.gov.cn"),
    ("陈路", "officer", "执法大队", "", "责任人", "", "officer@office.gov.cn"),
    ("周分管", "leader", "局领导", "副局长", "分管领导", "", "leader@office.gov.cn"),
)
RESIDENT: Final = "rectify up"
"""Runs until it is stopped: test_up starts it."""


def lines_of(readme: str) -> list[str]:
    """Every command of the README's own blocks, in order."""
    blocks = re.findall(
        r"^```\n(.*?)^```", (ROOT / readme).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return [line for block in blocks for line in block.splitlines() if line.startswith("rectify ")]


class Walk:
    """A newcomer with a report and a data folder of his own; `is_then` as of the report's own time, else today."""

    def __init__(self, rectify: Rectify, report: Path, *, is_then: bool) -> None:
        self.rectify = rectify
        self.report = report
        self.is_then = is_then
        self.day: date | None = None
        self.year = 0

    def along(self, readme: str) -> dict[str, Said]:
        """Type every line; what each answered, by its first two words."""
        lines = lines_of(readme)
        assert sum(line.startswith(RESIDENT) for line in lines) == 1
        return {
            " ".join(line.split()[1:3]): self._type(line) for line in lines if not line.startswith(RESIDENT)
        }

    def _type(self, line: str) -> Said:
        words = [self._meant(word) for word in shlex.split(line, comments=True)[1:]]
        if words[:2] == ["report", "import"] and self.is_then:
            self.day = date(int(self.rectify.ok("read", self.report, "--json").json["year"]) + 1, 3, 1)
        if words[:2] == ["run", "daily_reminders"] and self.is_then:
            self.day = self._fifth_day_overdue()
        said = self.rectify.ok(*words, *self._on(words))
        if words[:2] == ["report", "import"]:
            self.year = self.rectify.ok("report", "list", "--json").json[0]["year"]
        if words[:2] == ["people", "template"]:
            self._fill_in(Path(words[2]))
        return said

    def _meant(self, word: str) -> str:
        if word == "报告.docx":
            return str(self.report)
        if re.fullmatch(r"\d{4}-\d{3}", word):
            return self.code
        return LOGINS.get(word, word.replace("2026", str(self.year + 1)))

    @cached_property
    def code(self) -> str:
        """The first problem with a date."""
        tasks = self.rectify.ok("task", "list", "--kind", "shortcoming", "--json").json
        return str(min(task["code"] for task in tasks if task["time_limit"] == "dated"))

    def _on(self, words: list[str]) -> tuple[str, ...]:
        """`--on`, where the walk is through the past and the command takes it."""
        command: Any = commands()
        for word in words:
            command = getattr(command, "commands", {}).get(word, command)
        takes_day = any("--on" in option.opts for option in command.params)
        return ("--on", self.day.isoformat()) if self.day and takes_day else ()

    def _fifth_day_overdue(self) -> date:
        task = self.rectify.ok("task", "show", self.code, "--json").json
        with common.ledger().reading() as session:
            return load_calendar(session).shift(date.fromisoformat(task["deadline_on"]), 5)

    @staticmethod
    def _fill_in(sheet: Path) -> None:
        book = load_workbook(sheet)
        for person in PEOPLE:
            book["人员"].append(list(person))
        book.save(sheet)


@pytest.fixture
def newcomer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Rectify]:
    """The command in an empty folder, where nothing is set but where the data go."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECTIFY_DATA_DIR", str(tmp_path / "data"))
    shutil.copy(ROOT / "tests/samples/reading/official.pdf", "案卷.pdf")
    forget_installation()
    yield Rectify(tmp_path / "data", capsys)
    forget_installation()


def mails_to(rectify: Rectify, login: str) -> list[EmailMessage]:
    """What lies in the mail folder for a person."""
    mails = [
        email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
        for path in sorted((rectify.data_dir / "mail").glob("*.eml"))
    ]
    return [mail for mail in mails if f"{login}@office.gov.cn" in mail["To"]]


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("readme", READMES)
def test_the_walk_ends_with_the_mails_and_the_briefing(newcomer: Rectify, readme: str, report: Path) -> None:
    said = Walk(newcomer, report, is_then=True).along(readme)
    assert "封邮件待发" in said["run daily_reminders"].out
    assert "rectify sender --once" in said["run daily_reminders"].out
    assert str(newcomer.data_dir / "mail") in said["sender --once"].out
    [to_officer] = mails_to(newcomer, "officer")
    assert "超期" in to_officer["Subject"]
    [to_leader] = mails_to(newcomer, "leader")
    assert "超期" in to_leader["Subject"]
    briefing = "\n".join(paragraph.text for paragraph in Document("汇报材料.docx").paragraphs)
    assert "整改" in briefing
    assert "依据第1版冻结数据" in said["briefing write"].out


@pytest.mark.parametrize("report", REPORTS)
def test_the_walk_goes_through_on_the_day_it_is_read(newcomer: Rectify, report: Path) -> None:
    """A report of the past imported today: its dates have passed, and that is said rather than stumbled over."""
    said = Walk(newcomer, report, is_then=False).along("README.md")
    assert "改拟" in said["report import"].out
    assert "已过" in said["task list"].out
    assert "现为“待签收”，时限" in said["task issue"].out
