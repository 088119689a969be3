"""The demonstration in a real browser: desktop and phone, with and without scripts."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright

from app.demo.making import make_demo
from app.web.application import create_app
from core.clock import read_clock
from core.db import Database
from core.settings import Settings
from rectification.casework.opening import open_ledger

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SIZES = {"desktop": ViewportSize(width=1366, height=768), "phone": ViewportSize(width=390, height=844)}
PATIENCE_MS = 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A hanging browser must not hang the run: every test here has a timeout of its own."""
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(150))


@dataclass(frozen=True)
class Site:
    """The demonstration, answering on a port of its own."""

    address: str

    def url(self, path: str) -> str:
        return self.address + path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's chromium; without one the tests are skipped, in CI they fail."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no chromium on this machine")
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's folder, made once."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("demonstration"))
    clock = read_clock(settings.zone)
    database = open_ledger(settings, clock)
    make_demo(settings, database, clock)
    database.dispose()
    return settings.data_dir


@pytest.fixture
def site(demonstration: Path, tmp_path: Path) -> Iterator[Site]:
    """A demonstration of one's own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    shutil.copytree(demonstration, tmp_path / "demo")
    settings = Settings(data_dir=tmp_path / "demo", port=port)
    database = Database(settings.database)
    config = uvicorn.Config(create_app(settings, database), port=port, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while thread.is_alive() and not server.started:
        sleep(0.01)
    yield Site(f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join(10)
    database.dispose()


@pytest.fixture(params=["desktop", "phone"])
def size(request: pytest.FixtureRequest) -> ViewportSize:
    return SIZES[str(request.param)]


def is_complaint(said: ConsoleMessage) -> bool:
    """An error of the page; a form that is answered with 422 is none."""
    return said.type == "error" and "status of 422" not in said.text


@pytest.fixture(params=["scripts", "no-scripts"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: Site, size: ViewportSize) -> Iterator[Page]:
    """A page on either size, with and without JavaScript; whatever the console complains of fails the test."""
    context = chromium.new_context(
        viewport=size, java_script_enabled=request.param == "scripts", locale="zh-CN", base_url=site.address
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []
