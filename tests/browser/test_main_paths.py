"""What each role does first, driven through the browser."""

import io
import re

import pypdfium2
import pytest
from playwright.sync_api import FilePayload, Page, expect

MAIN_PAGES = {
    "he": [
        "/board",
        "/summary",
        "/district",
        "/my",
        "/tasks",
        "/tasks/2025-001",
        "/tasks/2025-001/instruct",
        "/reviews",
        "/help/README",
    ],
    "su": [
        "/board",
        "/reports",
        "/reports/2",
        "/reports/2/issue",
        "/people",
        "/units",
        "/mail",
        "/calls",
        "/upcoming",
        "/runs",
        "/start",
        "/settings",
        "/calendar",
        "/reviews",
        "/annual",
        "/people/import",
        "/tasks/2025-001",
        "/tasks/2025-001/correct",
        "/ledger",
        "/breakdown",
        "/sources",
        "/entry",
        "/people/hand-over",
        "/people/substitutes",
        "/people/8",
        "/people/slips",
        "/units/2",
        "/people/8/leave",
        "/people/14/leave",
        "/look-backs",
        "/help/clerk",
    ],
    "chen": ["/my", "/tasks/2025-001", "/tasks/2025-001/progress", "/tasks/2025-001/submit"],
    "tang": ["/my", "/tasks/2025-005/verify"],
    "liang": ["/board", "/tasks/2025-004/grant-extension", "/tasks/2025-007", "/tasks/2025-007/approve"],
    "jiang": ["/board", "/my", "/tasks"],
    "du": ["/board", "/tasks", "/tasks/2025-001"],
}


_LEADS = re.compile(r'href="(/[^"?#]+)')
_NO_PAGES = re.compile(r"^/(static|api|help)/|/evidence/|/papers/|\.(docx|xlsx|zip|txt)$")


def _kind(path: str) -> str:
    return re.sub(r"\d+", "0", re.sub(r"^/tasks/[^/]+/.+", "/tasks/0/act", path))


def every_page(page: Page, login: str) -> list[str]:
    """The main pages of who is signed in, and one of every other kind they lead to."""
    shown = ["/account", "/kept", *MAIN_PAGES[login]]
    kinds = {_kind(path) for path in shown}
    for path in shown:
        for lead in _LEADS.findall(page.request.get(path).text()):
            if not _NO_PAGES.search(lead) and _kind(lead) not in kinds:
                kinds.add(_kind(lead))
                shown.append(lead)
    return shown


def come_in(page: Page, login: str) -> None:
    page.goto("/signin")
    page.locator(f"button[value={login}]").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()


def test_the_chief_sees_what_is_overdue_and_opens_it(page: Page) -> None:
    come_in(page, "he")

    expect(page).to_have_url(re.compile("/board$"))
    expect(page.get_by_role("heading", name="已超期")).to_be_visible()
    expect(page.get_by_text("超期 13 天")).to_be_visible()
    page.get_by_role("link", name="执法案卷制作不够规范").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("执法案卷制作不够规范")
    expect(page.get_by_text("完成第二季度案卷评查")).to_be_visible()


def test_each_figure_of_the_board_opens_its_rows(page: Page) -> None:
    come_in(page, "he")
    figure = page.locator(".tally .red a").first
    count = int(figure.locator("b").inner_text())
    figure.click()

    expect(page).to_have_url(re.compile("kind=problem&light=red"))
    expect(page.locator("tbody tr")).to_have_count(count)


def test_the_clerk_issues_a_draft_and_the_units_head_accepts_it_for_an_officer(page: Page) -> None:
    come_in(page, "su")
    page.goto("/my")
    page.get_by_role("link", name="去下达").click()
    page.goto("/tasks/2025-015/issue")
    page.get_by_label("责任单位").select_option(label="综合执法支队")
    page.get_by_label("复核人").select_option(label="唐恒（法规科）")
    page.locator("[name=officer_id]").select_option(
        ""
    )  # proposed from the unit; here its head is to name one
    page.get_by_role("button", name="下达").click()
    expect(page.get_by_role("status")).to_contain_text("已下达")
    expect(page.locator("[aria-current=step]")).to_have_text("待签收")
    page.get_by_role("button", name="退出").click()

    come_in(page, "jiang")
    page.get_by_role("link", name="我的任务").click()
    page.get_by_role("link", name="签收", exact=True).click()
    page.get_by_label("责任人").select_option(label="陈立（综合执法支队）")
    page.get_by_label("措施").fill("优化处理流程\n每月通报时长")
    page.get_by_role("button", name="签收").click()
    expect(page.locator("[aria-current=step]")).to_have_text("办理中")
    expect(page.get_by_text("每月通报时长").first).to_be_visible()


def test_a_units_head_sees_his_units_tasks_and_no_others(page: Page) -> None:
    come_in(page, "jiang")

    expect(page).to_have_url(re.compile("/board$"))
    expect(page.get_by_text("涉及 1 个科室")).to_be_visible()
    page.get_by_role("link", name="执法案卷制作不够规范").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("执法案卷制作不够规范")
    page.get_by_role("link", name="台账", exact=True).first.click()
    expect(page.locator("tbody tr").first).to_contain_text("综合执法支队")
    expect(page.locator("tbody").get_by_text("路政管理科")).to_have_count(0)


def test_an_auditor_finds_a_task_reads_all_of_it_and_changes_nothing(page: Page) -> None:
    come_in(page, "du")
    expect(page.get_by_role("navigation").get_by_role("link")).to_have_text(
        ["总览", "我的任务", "台账", "调度与汇报", "变动记录"]
    )
    page.get_by_role("link", name="台账", exact=True).click()
    if (folded := page.locator("label.opener")).is_visible():  # on a phone
        folded.click()
    page.get_by_label("查找").fill("案卷制作")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("link", name="导出 Excel")).to_be_visible()

    page.get_by_role("link", name="执法案卷制作不够规范").click()
    expect(page.get_by_role("heading", name="办理记录")).to_be_visible()
    expect(page.get_by_text("完成第二季度案卷评查")).to_be_visible()
    expect(page.get_by_text("您现在不需要办理")).to_be_visible()
    expect(page.locator("main form, main a[href$='/progress']")).to_have_count(0)


def test_the_administrator_gives_a_link_and_its_bearer_comes_in_with_a_password(page: Page) -> None:
    come_in(page, "su")
    page.get_by_text("管理", exact=True).click()
    page.get_by_role("link", name="人员与科室").click()
    row = page.locator("tr", has_text="hejing")
    row.wait_for()
    if (unfolds := row.locator(".opens label")).is_visible():  # on a phone
        unfolds.click()
    row.get_by_role("button", name="登录条").click()
    link = page.locator(".card .link").inner_text()
    page.get_by_role("link", name="回到人员").click()
    page.get_by_role("button", name="退出").click()

    page.goto(re.sub(r"^https?://[^/]+", "", link))
    for field in ("新密码", "再输一遍"):
        page.get_by_label(field).fill("秋天的路边有一排老银杏树")
    page.locator("main button").click()
    expect(page.locator(".who")).to_contain_text("何静")
    expect(page).to_have_url(re.compile("/my$"))


def test_a_refused_form_keeps_what_was_typed(page: Page) -> None:
    come_in(page, "chen")
    page.goto("/tasks/2025-001/submit")
    page.get_by_label("进展").fill("已经整改完成，案卷合格率百分之百。")
    page.get_by_label("超期原因").fill("第三季度评查推迟。")
    page.get_by_role("button", name="报送并申请销号").click()

    expect(page.get_by_role("alert")).to_contain_text("措施没有完成")
    expect(page.get_by_label("进展")).to_have_value("已经整改完成，案卷合格率百分之百。")


def test_an_officer_reports_progress_in_one_page(page: Page) -> None:
    come_in(page, "chen")
    page.get_by_role("link", name="报进展").first.click()
    page.get_by_label("进展", exact=False).first.fill("第三季度评查完成。")
    page.get_by_label("超期原因").fill("第三季度评查推迟。")
    page.locator("[name=finish]").check()
    page.get_by_label("文件", exact=True).set_input_files(
        [
            FilePayload(name=name, mimeType="application/pdf", buffer=_pdf(height))
            for name, height in (("第三季度评查台账.pdf", 842), ("培训通知.pdf", 595))
        ]
    )
    common = page.get_by_role("group", name="以上文件都是")
    if common.is_visible():  # without scripts one answer holds for both
        common.get_by_label("材料种类").select_option("register")
    else:
        chosen = page.locator(".piece.chosen")
        expect(chosen).to_have_count(2)
        expect(chosen.first.get_by_label("材料种类")).to_have_value("register")
        expect(chosen.first.get_by_label("3. 每季度评查一次")).to_be_checked()
    page.get_by_role("button", name="报送进展").click()

    expect(page.get_by_text("进展已报送")).to_be_visible()
    expect(page.get_by_text("第三季度评查完成。").first).to_be_visible()
    expect(page.get_by_role("link", name="培训通知.pdf", exact=True)).to_be_visible()


def _pdf(height: int) -> bytes:
    paper, content = pypdfium2.PdfDocument.new(), io.BytesIO()
    paper.new_page(595, height)
    paper.save(content)
    return content.getvalue()


def test_the_reviewer_verifies_with_the_evidence_in_view(page: Page) -> None:
    come_in(page, "tang")
    page.goto("/my")
    page.get_by_role("link", name="复核", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("复核：行政负责人出庭应诉率偏低")
    expect(page.get_by_text("纸质档号 JTJ-2025-005", exact=True)).to_be_visible()
    page.get_by_label("复核意见").fill("查阅安排表和庭审笔录，属实。")
    page.get_by_role("button", name="复核通过").click()
    expect(page.get_by_role("status")).to_contain_text("已复核 2025-005")
    page.goto("/tasks/2025-005")
    expect(page.locator("[aria-current=step]")).to_have_text("待审签")


def test_the_leader_decides_one_after_the_other(page: Page) -> None:
    come_in(page, "liang")
    page.get_by_role("link", name="我的任务").click()
    page.get_by_role("link", name="批延期", exact=True).first.click()
    expect(page.get_by_role("heading", name="申请改期")).to_be_visible()
    page.get_by_role("button", name="同意延期", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("已同意延期 2025-004；措施2的日期一并改为")
    expect(page.get_by_role("status")).to_contain_text("；下一项：2025-007")
    expect(page.get_by_role("heading", level=1)).to_contain_text("审签：")
    expect(page.get_by_text("核对了试卷和学时统计")).to_be_visible()
    picture = page.get_by_role("img", name="预览 第二期轮训现场.jpg")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    page.get_by_label("审签意见").fill("同意。")
    page.get_by_role("button", name="审签同意").click()
    expect(page.get_by_role("status")).to_contain_text("已审签 2025-007")
    expect(page).to_have_url(re.compile("/board$"))
    page.goto("/tasks/2025-007")
    expect(page.locator("[aria-current=step]")).to_have_text("已销号")


def test_help_is_one_click_away_and_is_this_persons(page: Page) -> None:
    come_in(page, "tang")
    page.goto("/tasks/2025-005/verify")
    page.get_by_role("link", name="帮助").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("复核人")
    picture = page.get_by_role("img", name="复核").first
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0


@pytest.mark.parametrize("login", MAIN_PAGES)
def test_no_page_scrolls_sideways(page: Page, login: str, size: dict[str, int]) -> None:
    come_in(page, login)
    for path in MAIN_PAGES[login]:
        page.goto(path)
        box = page.locator("body").bounding_box()
        assert box is not None
        assert box["width"] <= size["width"], path
        overflow = page.locator("html").evaluate("page => page.scrollWidth - innerWidth")
        assert overflow <= 0, path
        main = page.locator("main").bounding_box()
        assert main is not None
        assert main["x"] + main["width"] <= size["width"] + 1, path


def test_the_keyboard_reaches_the_content_first(page: Page) -> None:
    come_in(page, "he")
    page.goto("/board")
    page.keyboard.press("Tab")

    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
