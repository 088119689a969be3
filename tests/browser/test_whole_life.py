"""One task's whole life by the pages: an invented report's draft, refused, issued anew to a unit, extended, returned,
verified, signed on paper and recorded by the clerk, looked at again and reopened.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.clock import read_clock
from core.settings import Settings
from tests.browser.conftest import PATIENCE_MS, SIZES, Site
from tests.browser.test_intake import take_in
from tests.browser.test_main_paths import come_in

REPORT = Path(__file__).parents[1] / "samples" / "reports" / "s32_xiliang_justice.docx"
TODAY = read_clock(Settings().zone).today
DUE, LATER = (TODAY + timedelta(days=days) for days in (40, 90))


@pytest.fixture
def plain(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page without scripts: what works here works everywhere."""
    context = chromium.new_context(
        viewport=SIZES["desktop"], java_script_enabled=False, locale="zh-CN", base_url=site.address
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


class Life:
    """The task's page, seen by one person after another."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def seen_by(self, login: str) -> None:
        self.page.context.clear_cookies()
        come_in(self.page, login)
        self.page.goto(self.address)

    def do(self, verb: str, *, button: str = "", **fields: str) -> None:
        """Press the button of what is to be done on the task's page, fill its form, send it by the form's `button`."""
        self.page.get_by_role("link", name=verb, exact=True).first.click()
        self.send(button or verb, **fields)
        if button:  # whoever decided is led on to the next one
            self.page.goto(self.address)

    def send(self, verb: str, **fields: str) -> None:
        for name, value in fields.items():
            control = self.page.locator(f"[name={name}]")
            if control.evaluate("node => node.tagName") == "SELECT":
                control.select_option(label=value)
            else:
                control.fill(value)
        self.page.get_by_role("button", name=verb, exact=True).click()

    def ask(self, statement: str) -> None:
        """Ask for the closing; a life told in one day is doubted, which is seen and put up with."""
        self.page.get_by_role("link", name="申请销号", exact=True).first.click()
        doubted = self.page.get_by_label("仍然申请", exact=False)
        self.send("报送并申请销号", text=statement)
        if doubted.count():
            expect(self.page.get_by_label("进展")).to_have_value(statement)
            doubted.check()
            self.page.get_by_role("button", name="报送并申请销号").click()

    def answer(self, words: str) -> None:
        """Something of its own is said to each doubt on the form."""
        for number, field in enumerate(self.page.locator("textarea[name^='answer.']").all(), 1):
            field.fill(f"{words}（第{number}处）")

    def stands_at(self, step: str) -> None:
        expect(self.page.locator("[aria-current=step]")).to_have_text(step)

    def issue(self) -> None:
        self.do(
            "下达",
            title="补充办案力量",
            lead_unit_id="综合执法支队",
            reviewer_id="唐恒（法规科）",
            due_on=DUE.isoformat(),
        )
        self.stands_at("待签收")


def test_a_task_lives_its_whole_life_on_the_pages(plain: Page) -> None:
    take_in(plain, REPORT)
    plain.locator(".items .made a[href*='/tasks/']").first.click()
    life = Life(plain, re.sub(r"(/tasks/[^/?]+).*", r"\1", plain.url))
    plain.goto(life.address)

    life.issue()
    life.seen_by("jiang")
    life.do("退回（非本单位职责）", reason="应由客运管理科办理")
    expect(plain).to_have_url(re.compile("/my$"))

    life.seen_by("su")
    expect(plain.get_by_text("应由客运管理科办理").first).to_be_visible()
    life.issue()
    life.seen_by("jiang")
    life.do(
        "签收",
        officer_id="陈立（综合执法支队）",
        goal="每科两名持证人员",
        measures="补充办案人员两名\n每季度开展案卷评查",
    )
    life.stands_at("整改中")

    life.seen_by("chen")
    life.do("申请延期", reason="招录程序未完成", due_on=LATER.isoformat())
    life.seen_by("liang")
    expect(plain.get_by_text("待批")).to_be_visible()
    life.do("去批延期", button="同意延期")
    expect(plain.get_by_text("延期1次")).to_be_visible()

    life.seen_by("chen")
    for each in ("1. 补充办案人员两名", "2. 每季度开展案卷评查"):
        life.do("完成整改措施", position=each, text="已完成")
    plain.get_by_role("link", name="提交佐证材料", exact=True).first.click()
    life.send("提交佐证材料", archive_no="档2026-15", note="招录批复")
    expect(plain.get_by_role("alert")).to_contain_text("没有选这份材料证明什么")
    for each in ("1. 补充办案人员两名", "2. 每季度开展案卷评查"):
        plain.get_by_label(each).check()
    life.send("提交佐证材料", kind="其他")
    life.ask("已补充两名办案人员，案卷评查按季开展。")
    life.stands_at("待复核")

    life.seen_by("tang")
    life.do("去复核", button="退回整改", opinion="缺少案卷评查记录")
    life.seen_by("chen")
    expect(plain.get_by_text("缺少案卷评查记录").first).to_be_visible()
    life.ask("已补充评查记录，见档2026-15。")
    life.seen_by("tang")
    plain.get_by_role("link", name="去复核", exact=True).first.click()
    life.send("复核通过", opinion="查阅批复和评查记录，属实。")
    expect(plain.get_by_role("alert")).to_contain_text("没有答复")
    life.answer("在原卷中补正，已看原卷")
    life.send("复核通过", opinion="查阅批复和评查记录，属实。")
    plain.goto(life.address)
    life.stands_at("待审签")

    life.seen_by("su")
    plain.get_by_text("代录（依据签批件）").click()
    plain.locator(".actions details").get_by_role("link", name="审签", exact=True).first.click()
    life.answer("同意复核意见")
    life.send("审签同意", opinion="同意。", paper_no="")
    expect(plain.get_by_role("alert")).to_contain_text("签批件")
    life.send("审签同意", paper_no="签〔2026〕8号")
    life.stands_at("已销号")
    expect(plain.get_by_text("在原卷中补正，已看原卷").first).to_be_visible()
    expect(plain.get_by_text("苏敏代录").first).to_be_visible()
    expect(plain.get_by_text("签〔2026〕8号").first).to_be_visible()

    life.seen_by("tang")
    life.do("登记回头看", button="回头看重开", opinion="又发现两件超期案件")
    life.stands_at("整改中")
    expect(plain.get_by_role("heading", name="回头看")).to_be_visible()
    expect(plain.get_by_text("签〔2026〕8号").first).to_be_visible()
