"""A list of tasks under hands: short on a phone, walked by keys, copied for a message."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE_MS, SIZES, Site
from tests.browser.test_main_paths import come_in

MOST_HIGH = 2_000


def test_twenty_tasks_are_two_thousand_points_of_a_phone(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(viewport=SIZES["phone"], locale="zh-CN", base_url=site.address)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    come_in(page, "su")
    page.goto("/tasks")
    twentieth = page.locator(".lines tbody tr").nth(19).bounding_box()
    assert twentieth is not None
    assert twentieth["y"] + twentieth["height"] <= MOST_HIGH
    expect(page.get_by_label("责任单位")).to_be_hidden()
    page.get_by_text("筛选和排序").click()
    expect(page.get_by_label("责任单位")).to_be_visible()
    context.close()


def test_a_persons_row_unfolds_under_a_finger(chromium: Browser, site: Site) -> None:
    """Without scripts too: what one looks for stands there, what one does to it comes with a tap."""
    size = SIZES["phone"]
    context = chromium.new_context(
        viewport=size, locale="zh-CN", base_url=site.address, java_script_enabled=False
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    come_in(page, "su")
    page.goto("/people")
    row = page.locator(".fold tbody tr").first
    folded = row.bounding_box()
    assert folded is not None
    assert folded["height"] < 120
    expect(row.get_by_text("离岗")).to_be_hidden()
    row.locator(".opens label").click()
    expect(row.get_by_text("离岗")).to_be_visible()
    page.goto("/office")
    first = page.locator(".fold tbody tr").first.bounding_box()
    assert first is not None
    assert first["height"] < 130
    context.close()


def test_keys_walk_the_list_and_the_copy_is_on_the_clipboard(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(viewport=SIZES["desktop"], locale="zh-CN", base_url=site.address)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    come_in(page, "he")
    page.goto("/tasks?sort=code")
    page.get_by_role("link", name="复制为文字").click()
    expect(page.get_by_role("link", name="已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    codes = page.locator(".lines .code").all_inner_texts()
    assert [line.split()[1] for line in copied.splitlines()[1:] if line] == codes

    page.get_by_label("查找").press("j")
    expect(page.get_by_label("查找")).to_be_focused()
    page.locator("main").focus()
    for key in "jjk":
        page.keyboard.press(key)
    expect(page.locator(".lines .task").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(codes[0]).first).to_be_visible()
    expect(page).to_have_url(f"{site.address}/tasks/{codes[0]}")
    context.close()
