"""What people print: every page with its heads and nothing to press; the leaders' sheet stays one sheet."""

import re
import unicodedata
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from core.db import Database
from core.settings import Settings
from models.enums import Status
from models.task import RectificationTask
from tests.browser.conftest import PATIENCE_MS, Site
from tests.browser.test_main_paths import MAIN_PAGES, come_in, every_page

LONG = "统筹推进跨部门综合监管事项清单编制和联合检查结果互认互用长效机制建设" * 3


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
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    assert ("列前 8 项" in page.content()) is is_overloaded
    context.close()


PRESSED = "[...document.querySelectorAll('button, nav, .button, .who')].filter((e) => e.getClientRects().length).length"
HEADS = "[...document.querySelectorAll('thead th')].filter((e) => e.innerText.trim() && !e.querySelector('.hidden')).map((e) => e.textContent)"
LITTLE = 60
"""Signs on a page that has no more than the frame and a title."""


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _printed(page: Page) -> list[str]:
    """The text of each sheet of paper."""
    paper = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    return [_bare(sheet.get_textpage().get_text_range()) for sheet in paper]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("login", MAIN_PAGES)
def test_every_page_prints_with_its_heads_and_nothing_to_press(
    chromium: Browser, site: Site, login: str
) -> None:
    context = chromium.new_context(
        locale="zh-CN", base_url=site.address, viewport={"width": 794, "height": 1123}
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    come_in(page, login)
    wrong = []
    for path in every_page(page, login):
        page.goto(path)
        if page.locator("body.one-sheet").count():
            continue
        heads = [_bare(head) for head in page.evaluate(HEADS)]
        title = _bare(page.locator("h1").first.inner_text())
        sheets = _printed(page)
        page.emulate_media(media="print")
        if page.evaluate(PRESSED):
            wrong.append((path, "buttons"))
        page.emulate_media(media="null")
        if title not in sheets[0] or (len(sheets) > 1 and len(sheets[0]) < LITTLE + len(title)):
            wrong.append((path, f"begins with {sheets[0][:80]}"))
        lost = [head for head in heads if head not in "".join(sheets)]
        if lost:
            wrong.append((path, f"without {lost}"))
    assert not wrong, "\n".join(map(str, wrong))
    context.close()
