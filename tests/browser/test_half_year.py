"""A clerk's way through a half-year on pages: opened, frozen, read, heard with its papers, decided; and the year's page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from core.clock import read_clock
from core.settings import Settings
from tests.browser.conftest import PATIENCE_MS, SIZES, Site
from tests.browser.test_main_paths import come_in

PAPER = Path(__file__).parents[1] / "samples/reports/s83_dunhe_street.docx"


def through_the_half_year(page: Page) -> list[str]:
    """From opening the review that runs, cut off today, to a decision of the meeting; the addresses of the pages passed."""
    come_in(page, "su")
    page.goto("/reviews")
    by_hand = page.get_by_text("手动开启一期调度")
    if by_hand.count():  # in its window the term has opened by itself
        by_hand.click()
        terms = page.get_by_label("期间", exact=False)
        terms.select_option(index=terms.locator("option").count() - 1)
        page.get_by_role("button", name="开启", exact=True).click()
        expect(page.locator("p.note")).to_contain_text("调度已开启")
    else:
        page.locator("tbody a").first.click()
    review = page.url
    if page.get_by_role("button", name="冻结数据").count() == 0:
        page.locator("input[name=cut_off_on]").fill(read_clock(Settings().zone).today.isoformat())
        page.get_by_role("button", name="调整截止日").click()
    page.get_by_role("button", name="冻结数据").click()
    expect(page.locator("p.note")).to_contain_text("已冻结第1版")
    page.get_by_role("link", name="查看汇报材料").click()
    expect(page.get_by_role("heading", name="一、总体情况")).to_be_visible()
    briefing = page.url

    page.goto("/reviews/hearings/new")
    page.get_by_label("会议", exact=False).nth(1).select_option(label="党组")
    page.get_by_label("议题", exact=False).fill("听取半年法治建设工作情况汇报")
    page.get_by_label("会上所用材料").set_input_files(PAPER)
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("p.note")).to_contain_text("请接着登记议定事项")
    expect(page.get_by_role("link", name=PAPER.name)).to_be_visible()
    page.get_by_role("textbox", name="议定事项").fill("更新执法记录仪。")
    page.get_by_role("button", name="登记议定事项").click()
    expect(page.locator("p.note")).to_contain_text("已成为待确认的任务")
    hearing = page.url
    return [
        "/reviews",
        review,
        briefing,
        "/reviews/hearings/new",
        hearing,
        "/summaries",
        "/annual",
        "/settings",
    ]


def test_a_half_year_is_gone_through_without_help(page: Page, size: dict[str, int]) -> None:
    for address in through_the_half_year(page):
        page.goto(address)
        main = page.locator("main").bounding_box()
        assert main is not None
        assert main["x"] + main["width"] <= size["width"] + 1, address


@pytest.fixture(params=["light", "dark"])
def tinted(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[Page]:
    context = chromium.new_context(
        viewport=SIZES["desktop"], color_scheme=request.param, locale="zh-CN", base_url=site.address
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_its_pages_have_no_serious_fault(tinted: Page) -> None:
    for address in through_the_half_year(tinted):
        tinted.goto(address)
        found = Axe().run(tinted).response["violations"]
        serious = [
            (each["id"], [node["html"][:120] for node in each["nodes"]][:3])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
        assert serious == [], address
