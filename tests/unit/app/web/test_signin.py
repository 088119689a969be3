"""Signing in and out: passwords, throttling, sessions, one-time links."""

import re
from datetime import timedelta

import pytest

from app.web.page_request import SESSION_COOKIE
from models.enums import LinkPurpose, Role
from models.organisation import Person
from rectification.office import attempts, signin
from rectification.office.people import person_by_login, roles_of
from rectification.office.units import home_bureau
from tests.factories import BY, DAY, clock_on
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Board, Browser

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
    assert "下一步：单位与科室" in page
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
