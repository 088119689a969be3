"""axe-core finds no serious fault on any main page, light or dark. Needs scripts: with scripts off axe never answers."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PATIENCE_MS, SIZES, Site
from tests.browser.test_main_paths import MAIN_PAGES, come_in

Scheme = Literal["light", "dark"]


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Scheme:
    found: Scheme = request.param
    return found


@pytest.fixture
def tinted(chromium: Browser, site: Site, scheme: Scheme) -> Iterator[Page]:
    context = chromium.new_context(
        viewport=SIZES["desktop"], color_scheme=scheme, locale="zh-CN", base_url=site.address
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("login", MAIN_PAGES)
def test_no_serious_fault(tinted: Page, login: str) -> None:
    come_in(tinted, login)
    for path in ["/account", *MAIN_PAGES[login]]:
        tinted.goto(path)
        found = Axe().run(tinted).response["violations"]
        serious = [
            (each["id"], [node["html"][:120] for node in each["nodes"]][:3])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
        assert serious == [], path
