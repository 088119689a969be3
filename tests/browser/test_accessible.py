"""No page of anybody has a serious fault (axe-core), is too heavy, or writes small. Needs scripts: axe is one."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PATIENCE_MS, SIZES, Site
from tests.browser.test_main_paths import MAIN_PAGES, come_in, every_page

Scheme = Literal["light", "dark"]
HEAVIEST = 100_000
OPTIONS = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
"""Only colours differ in the dark."""
SMALL = """
() => [...document.querySelectorAll("body *:not(svg *, option)")].filter((each) =>
  [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
  && each.getClientRects().length && parseFloat(getComputedStyle(each).fontSize) < 14
  && getComputedStyle(each).fontSize !== "0px").map((each) => each.outerHTML.slice(0, 120))
"""
"""What is written smaller than 14 px; at 0 px a step's word is left to the ear."""


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Scheme:
    found: Scheme = request.param
    return found


@pytest.fixture
def tinted(chromium: Browser, site: Site, scheme: Scheme) -> Iterator[Page]:
    context = chromium.new_context(color_scheme=scheme, locale="zh-CN", base_url=site.address)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("login", MAIN_PAGES)
def test_no_serious_fault(tinted: Page, login: str, scheme: Scheme) -> None:
    come_in(tinted, login)
    wrong = []
    for path in every_page(tinted, login):
        answer = tinted.goto(path)
        assert answer is not None
        assert answer.ok, path
        assert len(answer.body()) <= HEAVIEST, path
        for name, size in SIZES.items():
            tinted.set_viewport_size(size)
            found = Axe().run(tinted, options=OPTIONS[scheme]).response["violations"]
            wrong += [
                (path, name, each["id"], [node["html"][:120] for node in each["nodes"]][:3])
                for each in found
                if each["impact"] in ("serious", "critical")
            ]
            wrong += [(path, name, "small", small[:3]) for small in [tinted.evaluate(SMALL)] if small]
    assert not wrong, "\n".join(map(str, wrong))
