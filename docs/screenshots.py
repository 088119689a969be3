"""Take the pictures of the documents in Debian's chromium: pages as they stand today, and the terminals of docs/terminals.

.venv/bin/python docs/screenshots.py
"""

import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Final
from unittest.mock import patch

import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from sqlalchemy import select

from app.cli.common import system_by
from app.demo.making import make_demo
from app.up import greeting
from app.web.application import create_app
from app.web.page_request import SESSION_COOKIE
from core.clock import Clock, read_clock
from core.db import Database
from core.settings import Settings
from models.organisation import Person
from notifications.sender import send_due
from rectification.casework.opening import open_ledger
from rectification.office.signin import open_session
from rectification.office.units import add_bureau

IMAGES: Final = Path(__file__).parent / "images"
DESK: Final = ViewportSize(width=1366, height=768)
TALL: Final = ViewportSize(width=1366, height=1250)
PHONE: Final = ViewportSize(width=390, height=844)
TERMINAL: Final = (
    "padding: 1em; background: #1d2b34; color: #eee; font: 15px/1.5 monospace; white-space: pre-wrap"
)
WORDS: Final = "春江水暖鸭先知道吗三月里"

SHOWN_AS: Final = "([its, ours]) => document.body.innerHTML = document.body.innerHTML.replaceAll(its, ours)"
"""A page names the folder of an office, not the one of this making."""
PICTURES: Final = (
    ("board", "he", "/board", TALL),
    ("board-phone", "he", "/board", PHONE),
    ("sheet", "he", "/summary", TALL),
    ("task", "tang", "/tasks/2025-005", DESK),
    ("my-tasks", "chen", "/my", DESK),
    ("my-tasks-phone", "chen", "/my", PHONE),
    ("progress", "chen", "/tasks/2025-001/progress", TALL),
    ("accept", "fan", "/tasks/2025-012/accept", DESK),
    ("report", "su", "/reports/2", DESK),
    ("issue", "su", "/reports/2/issue", DESK),
    ("verify", "tang", "/tasks/2025-005/verify", TALL),
    ("reviews", "su", "/reviews", DESK),
    ("people", "su", "/people", DESK),
    ("calls", "su", "/calls", DESK),
    ("settings", "su", "/settings", DESK),
    ("list", "du", "/tasks", DESK),
    ("mail", "su", "/mail", DESK),
)


def main() -> None:
    """Write every picture into docs/images."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with _board() as (settings, database, clock):
            make_demo(settings, database, clock)
            send_due(database, settings)
            for name, login, path, size in PICTURES:
                with database.unit_of_work() as session:
                    person = session.scalars(select(Person).where(Person.login == login)).one()
                    token = open_session(session, clock, person.id)
                with _window(browser, size) as page:
                    page.set_extra_http_headers({"Cookie": f"{SESSION_COOKIE}={token}"})
                    _take(page, settings.own_url + path, name)
        address = "http://10.1.2.3:8321"  # of an office: nobody is asked there
        reached = patch("app.web.routers.office.start.why_unreached", return_value="")
        with reached, _board(address) as (settings, database, clock), _window(browser, DESK) as page:
            with database.unit_of_work() as session:
                add_bureau(session, system_by(), "云岭市市场监督管理局")
            token = greeting(settings, database, clock)[-1].rpartition("/")[2]
            _take(page, f"{settings.own_url}/enter/{token}", "first")
            page.fill("[name=name]", "林枫")
            page.fill("[name=login]", "linfeng")
            page.fill("[name=password]", WORDS)
            page.fill("[name=again]", WORDS)
            page.click("main button")
            page.wait_for_url("**/start")
            page.evaluate(SHOWN_AS, [str(settings.data_dir), "/var/lib/rectify"])
            page.screenshot(path=IMAGES / "start.jpg", type="jpeg", quality=72)
        page = browser.new_page(viewport=ViewportSize(width=940, height=400))
        for file in Path(__file__).with_name("terminals").glob("*.txt"):
            page.set_content(f"<pre style='{TERMINAL}'>{escape(file.read_text(encoding='utf-8'))}</pre>")
            page.locator("pre").screenshot(path=IMAGES / f"{file.stem}.png")
        browser.close()


@contextmanager
def _board(address: str = "") -> Iterator[tuple[Settings, Database, Clock]]:
    """A board on an empty ledger of its own; `address` is where it says that it is."""
    with socket.create_server(("127.0.0.1", 0)) as free, tempfile.TemporaryDirectory() as folder:
        port = free.getsockname()[1]
        free.close()
        settings = Settings(data_dir=Path(folder), port=port, base_url=address)
        clock = read_clock(settings.zone)
        database = open_ledger(settings, clock)
        board = uvicorn.Config(create_app(settings, database, lambda: clock), port=port, log_level="warning")
        server = uvicorn.Server(board)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield settings, database, clock
        server.should_exit = True
        thread.join(10)
        database.dispose()


@contextmanager
def _window(browser: Browser, size: ViewportSize) -> Iterator[Page]:
    context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()


def _take(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.screenshot(path=IMAGES / f"{name}.jpg", type="jpeg", quality=72)


if __name__ == "__main__":
    main()
