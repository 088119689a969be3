"""Take the pictures of the documents: the demonstration as it stands today, in Debian's chromium.

.venv/bin/python docs/screenshots.py
"""

import shutil
import socket
import tempfile
import threading
from pathlib import Path
from typing import Final

import uvicorn
from playwright.sync_api import Browser, ViewportSize, sync_playwright
from sqlalchemy import select

from app.demo.making import make_demo
from app.web.application import create_app
from app.web.page_request import SESSION_COOKIE
from core.clock import read_clock
from core.settings import Settings
from models.organisation import Person
from notifications.sender import send_due
from rectification.casework.opening import open_ledger
from rectification.office.signin import open_session

QUALITY: Final = 72
IMAGES: Final = Path(__file__).parent / "images"
DESK: Final = ViewportSize(width=1366, height=768)
TALL: Final = ViewportSize(width=1366, height=1250)
PHONE: Final = ViewportSize(width=390, height=844)

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
    ("settings", "su", "/settings", DESK),
    ("list", "du", "/tasks", DESK),
    ("mail", "su", "/mail", DESK),
)


def main() -> None:
    """Write every picture into docs/images."""
    folder = Path(tempfile.mkdtemp())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = Settings(data_dir=folder, port=port)
    clock = read_clock(settings.zone)
    database = open_ledger(settings, clock)
    make_demo(settings, database, clock)
    send_due(database, settings)
    app = create_app(settings, database, lambda: clock)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, login, path, size in PICTURES:
            with database.unit_of_work() as session:
                person = session.scalars(select(Person).where(Person.login == login)).one()
                token = open_session(session, clock, person.id)
            _take(browser, f"http://127.0.0.1:{port}", token, name, path, size)
        browser.close()
    server.should_exit = True
    thread.join(10)
    database.dispose()
    shutil.rmtree(folder)


def _take(browser: Browser, address: str, token: str, name: str, path: str, size: ViewportSize) -> None:
    context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
    page.goto(address + path)
    page.screenshot(path=IMAGES / f"{name}.jpg", type="jpeg", quality=QUALITY)
    context.close()


if __name__ == "__main__":
    main()
