"""What leaders print: one full sheet stays one sheet, with every column under its head, however much there is to tell."""

import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree
from playwright.sync_api import Browser
from sqlalchemy import select

from core.db import Database
from core.settings import Settings
from models.enums import Status
from models.task import RectificationTask
from tests.browser.conftest import PATIENCE_MS, Site
from tests.browser.test_main_paths import come_in

HEADS = ("事项", "责任单位", "责任人", "时限", "情况")
A4_POINTS = 842
LONG = "统筹推进跨部门综合监管事项清单编制和联合检查结果互认互用长效机制建设" * 3


class Word(NamedTuple):
    """A word on paper, in points from the top left."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


def words_of(paper: Path) -> list[Word]:
    """What is printed, read back by poppler."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine: apt-get install poppler-utils")
    command = ["pdftotext", "-bbox", str(paper), "-"]
    told = subprocess.run(command, check=True, capture_output=True).stdout
    found = []
    for number, page in enumerate(etree.fromstring(told, etree.HTMLParser(encoding="utf-8")).iter("page"), 1):
        for word in page.iter("word"):
            edges = (float(word.get(edge, "")) for edge in ("xmin", "ymin", "xmax", "ymax"))
            found.append(Word(number, word.text or "", *edges))
    return found


def place_of(words: list[Word], text: str) -> Word:
    """Where a word stands that is printed once."""
    (found,) = (word for word in words if word.text == text)
    return found


def rows_below(words: list[Word], heads: list[Word]) -> list[list[float]]:
    """Where the first lines of the cells begin, of each row of a table below these heads that has a date."""
    rows = []
    for day in words:
        if re.fullmatch(r"\d+月\d+日", day.text) and day.top > heads[0].top:
            line = [word for word in words if abs(word.top - day.top) < 2]
            begins = [
                min((word.left for word in line if word.left > left - 3), default=0.0)
                for left in (head.left for head in heads)
            ]
            rows.append(begins)
    return rows


def _overload(folder: Path) -> None:
    """Sixty tasks more, with long names, overdue and recurring."""
    with Database(Settings(data_dir=folder).database).unit_of_work() as session:
        running = RectificationTask.status == Status.IN_PROGRESS
        model = session.scalars(select(RectificationTask).where(running).limit(1)).one()
        kept = ("id", "code", "title", "deadline_on", "is_recurring")
        columns = {
            column.key: getattr(model, column.key)
            for column in RectificationTask.__mapper__.columns
            if column.key not in kept
        }
        assert model.issued_on is not None
        session.add_all(
            RectificationTask(
                **columns,
                code=f"X-{number}",
                title=LONG,
                is_recurring=True,
                deadline_on=model.issued_on + timedelta(days=5 * number),
            )
            for number in range(60)
        )


@pytest.mark.parametrize("is_overloaded", [False, True], ids=["a few tasks", "many with long names"])
def test_the_leaders_sheet_is_one_a4(
    chromium: Browser, site: Site, tmp_path: Path, is_overloaded: bool
) -> None:
    if is_overloaded:
        _overload(tmp_path / "demo")
    context = chromium.new_context(locale="zh-CN", base_url=site.address)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    come_in(page, "he")
    page.goto("/summary")
    page.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
    words = words_of(tmp_path / "sheet.pdf")
    context.close()

    assert {word.page for word in words} == {1}
    heads = [place_of(words, head) for head in HEADS]
    assert len({round(head.top) for head in heads}) == 1
    assert [head.left for head in heads] == sorted(head.left for head in heads)
    rows = rows_below(words, heads)
    assert len(rows) >= 5
    for row in rows:
        assert [round(cell) for cell in row] == [round(head.left) for head in heads]
    assert max(word.bottom for word in words) > 0.85 * A4_POINTS, "the sheet is full"
    sizes = [
        (word.right - word.left) / len(word.text) for word in words if re.fullmatch("[一-龥]+", word.text)
    ]
    assert min(sizes) > 10.4, "the sheet is readable"
    assert any("其余见台账" in word.text for word in words) is is_overloaded
    assert any("整改率" in word.text for word in words)
