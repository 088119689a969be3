"""A Word file and a PDF taken in through the browser: the text beside the items, each draft's forms, picking words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS, SIZES, Site
from tests.browser.test_main_paths import come_in

SAMPLES = Path(__file__).parents[1] / "samples" / "reports"
WORD, PDF = SAMPLES / "s32_xiliang_justice.docx", SAMPLES / "s34_shuoxi_agri.pdf"
SELECT = """words => {
  const text = document.querySelector(".original");
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at >= 0) { document.getSelection().setBaseAndExtent(node, at, node, at + words.length); }
  }
  text.dispatchEvent(new PointerEvent("pointerup", {bubbles: true}));
}"""


def take_in(page: Page, file: Path) -> None:
    come_in(page, "su")
    page.goto("/reports/upload")
    page.set_input_files("input[type=file]", file)
    page.get_by_label("记为本单位的别名", exact=False).check()
    page.get_by_role("button", name="读取").click()
    page.wait_for_url(re.compile(r"/reports/\d+$"))


@pytest.fixture
def scripted(chromium: Browser, site: Site) -> Iterator[Page]:
    context = chromium.new_context(viewport=SIZES["desktop"], locale="zh-CN", base_url=site.address)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_a_word_file_is_read_corrected_and_its_draft_split(page: Page) -> None:
    take_in(page, WORD)
    expect(page.get_by_role("status")).to_contain_text("读出 3 项不足、3 项计划")

    first = page.locator(".items > li").first
    first.get_by_role("link", name="原文位置").click()
    expect(page.locator(".original .to:target")).to_be_in_viewport()
    page.locator(".original .to:target").click()
    expect(page.locator(".items > li:target")).to_be_in_viewport()

    first.get_by_text("拆分草稿").first.click()
    parts = first.get_by_label("在要拆开的地方空一行", exact=False)
    parts.fill("只有一项")
    first.get_by_role("button", name="拆分草稿").click()
    expect(page.get_by_role("alert")).to_contain_text("至少拆成两项")
    expect(parts).to_have_value("只有一项")
    parts.fill("办案力量与案件量不匹配\n\n听证、调查等方式运用偏少")
    first.get_by_role("button", name="拆分草稿").click()
    expect(page.get_by_role("status")).to_contain_text("已拆分草稿")
    expect(first.locator(".made")).to_have_count(2)


def test_a_pdf_is_read_and_words_are_picked_by_pasting(page: Page) -> None:
    take_in(page, PDF)
    expect(page.get_by_role("status")).to_contain_text("读出 4 项不足、4 项计划")

    page.get_by_text("从原文添加一条").click()
    words = page.get_by_label("原文中的文字", exact=False)
    words.fill("原文里没有这句")
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("alert")).to_contain_text("原文中没有这些文字")
    expect(words).to_have_value("原文里没有这句")
    words.fill("立案85件，结案79件")
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("status")).to_contain_text("已添加")
    expect(page.locator(".items > li:target")).to_contain_text("立案85件，结案79件")


def test_selecting_words_fills_the_form_and_keeps_their_place(scripted: Page) -> None:
    take_in(scripted, WORD)
    scripted.evaluate(SELECT, "受理案件527件")

    expect(scripted.get_by_label("原文中的文字", exact=False)).to_have_value("受理案件527件")
    near = scripted.locator("#pick [name=near]").input_value()
    assert int(near) > 100
    scripted.get_by_role("button", name="添加").click()
    expect(scripted.locator(".items > li:target")).to_contain_text("受理案件527件")
