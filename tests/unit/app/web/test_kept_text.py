"""Text sent after the session has ended: kept for the same person, offered after signing in, sent again once."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest

from app.web.page_request import SESSION_COOKIE
from models.organisation import Person
from rectification.office import signin
from tests.factories import BY, DAY
from tests.unit.app.web.conftest import World, status_of
from tests.unit.app.web.site import Board, Browser

PASSWORD = "秋天的路边有一排老银杏树"
TYPED = "已逐卷核对处罚案卷一百二十份，缺送达回证的九份全部补正。"


@pytest.fixture
def known(world: World) -> World:
    """Officer and reviewer have passwords."""
    for person in (world.home.officer, world.home.reviewer):
        hashed = signin.hash_password(PASSWORD, login=person.login)
        with world.board.database.unit_of_work() as session:
            signin.set_password_hash(session, BY, session.get_one(Person, person.id), hashed)
    return world


def next_day(world: World, days: int = 1) -> Board:
    return Board(world.board.database, world.board.folder, DAY + timedelta(days=days))


def lapsed(known: World, board: Board, person: Person) -> Browser:
    """A browser with a form on its screen, whose session has ended overnight."""
    before = known.board.browser(person)
    before.get(f"/tasks/{known.running}/progress")
    browser = board.browser()
    browser.client.cookies.set(SESSION_COOKIE, before.client.cookies[SESSION_COOKIE])
    browser._csrf = before._csrf
    return browser


def send(known: World, browser: Browser, **more: object) -> str:
    here = f"/tasks/{known.running}/progress"
    response = browser.post(
        here, {"text": TYPED, "version": "1"}, headers={"referer": f"http://board.test{here}"}, **more
    )
    assert response.status_code == 401
    return response.text


def sign_in(browser: Browser, login: str) -> str:
    browser.get("/signin")
    response = browser.post("/signin", {"login": login, "password": PASSWORD})
    assert response.status_code == 303
    return response.headers["location"]


def test_text_sent_after_the_session_ended_is_offered_after_signing_in_and_goes_once(known: World) -> None:
    board = next_day(known)
    browser = lapsed(known, board, known.home.officer)
    assert "已为您保存 24 小时" in send(known, browser)

    assert sign_in(browser, "officer") == "/kept"
    page = unescape(browser.get("/kept").text)
    assert TYPED in page
    assert f'action="/tasks/{known.running}/progress"' in page
    assert f'href="/tasks/{known.running}/progress"' in page
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.split("<main", 1)[1]))
    form = fields | {"text": TYPED, "version": ""}
    assert browser.post(f"/tasks/{known.running}/progress", form).status_code == 303
    assert TYPED in browser.get(f"/tasks/{known.running}").text
    assert TYPED not in browser.get("/kept").text


def test_another_person_at_the_same_machine_does_not_get_it(known: World) -> None:
    board = next_day(known)
    browser = lapsed(known, board, known.home.officer)
    send(known, browser)

    assert sign_in(browser, "reviewer") != "/kept"
    assert TYPED not in browser.get("/kept").text
    number = 1
    assert browser.post(f"/kept/{number}/drop").status_code == 404
    assert sign_in(board.browser(), "officer") == "/kept"


def test_it_is_kept_a_day(known: World) -> None:
    browser = lapsed(known, next_day(known), known.home.officer)
    send(known, browser)
    sign_in(browser, "officer")
    assert TYPED in browser.get("/kept").text
    later = next_day(known, 3).browser(known.home.officer)
    assert TYPED not in later.get("/kept").text


def test_it_can_be_dropped(known: World) -> None:
    browser = lapsed(known, next_day(known), known.home.officer)
    send(known, browser)
    sign_in(browser, "officer")
    browser.get("/kept")
    assert browser.post("/kept/1/drop").status_code == 303
    assert TYPED not in browser.get("/kept").text


def test_a_form_without_its_token_keeps_nothing(known: World) -> None:
    browser = lapsed(known, next_day(known), known.home.officer)
    browser._csrf = "0" * 64
    assert browser.post(f"/tasks/{known.running}/progress", {"text": TYPED}).status_code == 403
    assert sign_in(browser, "officer") != "/kept"


def test_files_are_not_kept_and_it_is_said(known: World) -> None:
    browser = lapsed(known, next_day(known), known.home.officer)
    said = send(known, browser, files={"file": ("现场.txt", BytesIO("照片".encode()))})
    assert "文件（现场.txt）没有保存" in said
    sign_in(browser, "officer")
    page = browser.get("/kept").text
    assert "现场.txt" in page
    assert "<button>重新提交" not in page


def test_a_password_is_never_kept(known: World) -> None:
    browser = lapsed(known, next_day(known), known.home.officer)
    browser.post(
        "/account/password",
        {"present": PASSWORD, "password": "另一句更加好记的话语", "again": "另一句更加好记的话语"},
    )
    assert sign_in(browser, "officer") != "/kept"


def test_who_signed_out_is_told_that_nothing_was_kept(known: World) -> None:
    browser = known.board.browser(known.home.officer)
    browser.get("/account")
    token, csrf = browser.client.cookies[SESSION_COOKIE], browser._csrf
    browser.post("/signout")
    browser.client.cookies.set(SESSION_COOKIE, token)
    browser._csrf = csrf
    assert "没有保存" in send(known, browser)
    assert status_of(known, known.running) is not None
