"""Signing in and out: passwords, throttling, sessions, one-time links."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.web.page_request import SESSION_COOKIE
from core.clock import Clock
from models.enums import LinkPurpose, Role
from models.organisation import Person
from rectification.office import attempts, signin
from rectification.office.people import person_by_login, roles_of
from rectification.office.units import home_bureau
from tests.factories import BY, DAY, clock_on
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import BASE, Board, Browser

NAME_KEPT = r'<input[^>]*value="officer"[^>]*name="login"'
PASSWORD = "秋天的路边有一排老银杏树"


@pytest.fixture
def known(world: World) -> World:
    """The officer has a password."""
    hashed = signin.hash_password(PASSWORD, login="officer")
    with world.board.database.unit_of_work() as session:
        signin.set_password_hash(session, BY, session.get_one(Person, world.home.officer.id), hashed)
    return world


def sign_in(browser: Browser, login: str, password: str, **more: str) -> int:
    browser.get("/signin")
    return browser.post("/signin", {"login": login, "password": password, **more}).status_code


def test_the_right_password_opens_and_signing_out_closes(known: World) -> None:
    browser = known.board.browser()

    assert sign_in(browser, "officer", PASSWORD) == 303
    assert browser.get("/my").status_code == 200
    browser.get("/account")
    assert browser.post("/signout").status_code == 303
    assert browser.get("/my").status_code == 303


def test_a_wrong_password_and_an_unknown_name_look_alike(known: World) -> None:
    browser = known.board.browser()

    for login in ("officer", "nobody", "head"):
        assert sign_in(browser, login, "不对的密码一二三四") == 422
        assert "登录名或密码不对" in browser.last
        assert "不对的密码" not in browser.last


def test_too_many_attempts_are_stopped_even_with_the_right_password(known: World) -> None:
    browser = known.board.browser()
    for _ in range(attempts.TRIES_BY_LOGIN):
        sign_in(browser, "officer", "不对的密码一二三四")

    assert sign_in(browser, "officer", PASSWORD) == 429
    later = Board(known.board.database, known.board.folder, DAY + timedelta(days=1))
    assert sign_in(later.browser(), "officer", PASSWORD) == 303


def test_who_is_locked_out_at_one_desk_comes_in_at_another_and_later_here(known: World) -> None:
    elsewhere = known.board.browser()
    elsewhere.client = TestClient(known.board.app, base_url=BASE, client=("10.6.6.6", 5000))
    for _ in range(12):
        sign_in(elsewhere, "officer", "不对的密码一二三四五六")
    assert sign_in(elsewhere, "officer", PASSWORD) == 429
    assert "秒后再试" in elsewhere.last
    assert re.search(NAME_KEPT, elsewhere.last)

    assert sign_in(known.board.browser(), "officer", PASSWORD) == 303
    soon = clock_on(DAY).now + timedelta(seconds=6)
    object.__setattr__(known.board.app.state.site, "read_clock", lambda: Clock(soon, DAY))
    assert sign_in(elsewhere, "officer", PASSWORD) == 303


def test_an_office_behind_one_proxy_signs_in_more_often_than_names_may_be_tried(known: World) -> None:
    told = {sign_in(known.board.browser(), "officer", PASSWORD) for _ in range(attempts.TRIES_BY_ADDRESS + 5)}

    assert told == {303}


@pytest.mark.parametrize("password", ["", "不对的密码一二三四五六"])
def test_the_name_that_was_typed_stays_and_so_does_the_page_to_go_to(known: World, password: str) -> None:
    browser = known.board.browser()
    browser.get("/signin?next=/tasks")

    assert sign_in(browser, "officer", password, next="/tasks") == 422
    assert re.search(NAME_KEPT, browser.last)
    assert 'name="next" value="/tasks"' in browser.last


def test_one_address_cannot_try_every_name(known: World) -> None:
    browser = known.board.browser()
    statuses = {
        sign_in(browser, f"name{n}", "不对的密码一二三四") for n in range(attempts.TRIES_BY_ADDRESS + 1)
    }

    assert 429 in statuses


def test_a_session_gets_a_new_token_at_sign_in(known: World) -> None:
    browser = known.board.browser()
    sign_in(browser, "officer", PASSWORD)
    first = browser.client.cookies[SESSION_COOKIE]
    browser.get("/account")
    form = {"present": PASSWORD, "password": "另一句更加好记的十二字话", "again": "另一句更加好记的十二字话"}
    assert browser.post("/account/password", form).status_code == 303

    second = browser.client.cookies[SESSION_COOKIE]
    assert first != second
    stolen = known.board.browser()
    stolen.client.cookies.set(SESSION_COOKIE, first)
    assert stolen.get("/my").status_code == 303


def test_changing_the_password_asks_for_the_present_one(known: World) -> None:
    browser = known.board.browser()
    sign_in(browser, "officer", PASSWORD)
    browser.get("/account")

    form = {
        "present": "猜的密码随便猜的密码",
        "password": "另一句更加好记的十二字话",
        "again": "另一句更加好记的十二字话",
    }
    assert browser.post("/account/password", form).status_code == 422
    assert "现在的密码不对" in browser.last


def test_signing_out_everywhere_ends_every_session(known: World) -> None:
    office, home = known.board.browser(), known.board.browser()
    sign_in(office, "officer", PASSWORD)
    sign_in(home, "officer", PASSWORD)
    home.get("/account")
    home.post("/signout/everywhere")

    assert office.get("/my").status_code == 303


def test_the_account_shows_the_own_sessions_and_ends_one_or_all_others(known: World) -> None:
    agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile"}
    office, phone, home = (known.board.browser() for _ in range(3))
    phone.client.headers.update(agent)
    for browser in (office, phone, home):
        sign_in(browser, "officer", PASSWORD)
    other = known.board.browser(known.home.clerk)
    other.get("/account")

    page = office.get("/account").text
    assert (page.count("本次登录"), page.count("Android"), page.count('name="session"')) == (1, 1, 2)
    numbers = re.findall(r'name="session" value="(\d+)"', page)
    assert other.post("/signout/everywhere", {"session": numbers[0]}).status_code == 303
    assert home.get("/my").status_code == 200  # nobody ends another's
    assert office.post("/signout/everywhere", {"session": numbers[0]}).status_code == 303
    assert home.get("/my").status_code == 303
    assert phone.get("/my").status_code == 200
    assert office.post("/signout/everywhere").status_code == 303
    assert (office.get("/my").status_code, phone.get("/my").status_code) == (200, 303)


@pytest.mark.parametrize(("settings", "minutes"), [({}, 120), ({"session_idle_minutes": 30}, 30)])
def test_a_session_ends_after_so_long_without_a_page_and_lives_on_with_one(
    world: World, settings: dict[str, int], minutes: int
) -> None:
    board = Board(world.board.database, world.board.folder, DAY, settings)
    begin = clock_on(DAY).now

    def at(minute: float) -> None:
        now = begin + timedelta(minutes=minute)
        object.__setattr__(board.app.state.site, "read_clock", lambda: Clock(now, DAY))

    busy, idle = board.browser(world.home.officer), board.browser(world.home.officer)
    at(minutes * 0.9)
    assert busy.get("/my").status_code == 200
    at(minutes + 1)
    assert busy.get("/my").status_code == 200
    assert idle.get("/my").status_code == 303


def test_no_session_lives_longer_than_a_day_of_work(known: World) -> None:
    browser = known.board.browser()
    begin = clock_on(DAY).now
    answer = browser.get("/signin")
    answer = browser.post("/signin", {"login": "officer", "password": PASSWORD})
    assert "Max-Age=43200" in answer.headers["set-cookie"]
    for half_hours in range(1, 26):
        now = begin + timedelta(minutes=30 * half_hours)
        object.__setattr__(known.board.app.state.site, "read_clock", lambda now=now: Clock(now, DAY))
        assert browser.get("/my").status_code == (200 if half_hours < 24 else 303), half_hours


@pytest.mark.parametrize("life", [signin.IDLE_LIFE, signin.WHOLE_LIFE], ids=["idle", "whole"])
def test_a_session_ends_by_itself(world: World, life: timedelta) -> None:
    browser = world.board.browser(world.home.officer)
    later = Board(world.board.database, world.board.folder, DAY + life + timedelta(days=1)).browser()
    later.client.cookies.set(SESSION_COOKIE, browser.client.cookies[SESSION_COOKIE])

    assert later.get("/my").status_code == 303


@pytest.mark.parametrize("address", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_to_this_site_alone(known: World, address: str) -> None:
    browser = known.board.browser()
    browser.get("/signin")

    answer = browser.post("/signin", {"login": "officer", "password": PASSWORD, "next": address})

    assert answer.headers["location"] == "/"


def test_cookies_are_closed_to_scripts_and_behind_https_secure(known: World) -> None:
    for base, secure in (("http://board.test", False), ("https://board.test", True)):
        browser = known.board.browser()
        browser.client.base_url = base
        browser.get("/signin")
        answer = browser.post("/signin", {"login": "officer", "password": PASSWORD})
        cookie = next(
            value for value in answer.headers.get_list("set-cookie") if value.startswith(SESSION_COOKIE)
        )
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert ("Secure" in cookie) is secure


def link(world: World, purpose: LinkPurpose, person_id: int | None) -> str:
    with world.board.database.unit_of_work() as session:
        return signin.make_link(session, clock_on(DAY), purpose, person_id)


def test_a_link_sets_a_password_once(world: World) -> None:
    token = link(world, LinkPurpose.INVITATION, world.home.officer.id)
    browser = world.board.browser()
    form = {"password": PASSWORD, "again": PASSWORD}

    assert browser.get(f"/enter/{token}").status_code == 200
    assert browser.get(f"/enter/{token}").status_code == 200
    assert browser.post(f"/enter/{token}", form).status_code == 303
    assert browser.get("/my").status_code == 200
    assert world.board.browser().get(f"/enter/{token}").status_code == 400


def test_a_link_expires_and_a_newer_one_replaces_it(world: World) -> None:
    old = link(world, LinkPurpose.RESET, world.home.officer.id)
    new = link(world, LinkPurpose.RESET, world.home.officer.id)
    later = Board(world.board.database, world.board.folder, DAY + timedelta(days=4)).browser()

    assert world.board.browser().get(f"/enter/{old}").status_code == 400
    assert world.board.browser().get(f"/enter/{new}").status_code == 200
    assert later.get(f"/enter/{new}").status_code == 400


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("短", "短", "密码太短"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "太容易猜到"),
        ("officer-2026!", "officer-2026!", "太容易猜到"),
        (PASSWORD, PASSWORD + "x", "两次输入的密码不一样"),
        ("长" * 200, "长" * 200, "密码太长"),
    ],
)
def test_a_poor_password_is_refused_and_the_link_stays_good(
    world: World, password: str, again: str, says: str
) -> None:
    token = link(world, LinkPurpose.INVITATION, world.home.officer.id)
    browser = world.board.browser()
    browser.get(f"/enter/{token}")

    answer = browser.post(f"/enter/{token}", {"password": password, "again": again})

    assert answer.status_code == 422
    assert says in answer.text
    assert world.board.browser().get(f"/enter/{token}").status_code == 200


def test_the_clerk_hands_out_a_link_that_works(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    page = clerk.post(f"/people/{world.home.officer.id}/link").text

    found = re.search(r"/enter/[\w-]+", page)
    assert found is not None
    assert world.board.browser().get(found[0]).status_code == 200


def test_the_first_start_makes_bureau_and_keeper_and_leads_to_the_checklist(board: Board) -> None:
    with board.database.unit_of_work() as session:
        token = signin.make_link(session, clock_on(DAY), LinkPurpose.FIRST_START)
    browser = board.browser()
    browser.get(f"/enter/{token}")
    form = {
        "bureau": "云山县交通运输局",
        "name": "苏敏",
        "login": "su",
        "password": PASSWORD,
        "again": PASSWORD,
    }

    entered = browser.post(f"/enter/{token}", form)

    assert entered.headers["location"] == "/start"
    page = browser.get("/start").text
    assert "下一步：网址" in page
    with board.database.reading() as session:
        bureau, person = home_bureau(session), person_by_login(session, "su")
        assert bureau is not None
        assert bureau.name == "云山县交通运输局"
        assert person is not None
        assert set(roles_of(session, person.id)) == {Role.ADMIN, Role.CLERK}
        assert signin.has_anyone_a_password(session)
    assert board.browser().post(f"/enter/{token}", form).status_code in (400, 403)


def test_nobody_enters_a_real_ledger_as_a_demonstration_person(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        session.get_one(Person, world.home.chief.id).login = "he"
    browser = world.board.browser()
    browser.get("/signin")

    assert "演示" not in browser.last
    assert browser.post("/signin/demo", {"login": "he"}).status_code == 404
