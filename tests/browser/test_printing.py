"""What people print: every page with its heads and nothing to press."""

import unicodedata

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PATIENCE_MS, Site
from tests.browser.test_main_paths import MAIN_PAGES, come_in, every_page

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
