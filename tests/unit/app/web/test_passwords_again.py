"""Before what acts on accounts or takes the ledger out, the password is asked for again."""

import re
from datetime import timedelta

import pytest

from core.clock import Clock
from models.enums import LinkPurpose, Role
from models.organisation import Person
from rectification.office import attempts, signin
from rectification.office.people import roles_of
from tests.factories import BY, DAY, clock_on
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Board, Browser

PASSWORD = "秋天的路边有一排老银杏树"
ASKED = "请再输入一次密码"


@pytest.fixture(params=["", "/zgtz"], ids=["at the root", "under a path"])
def root(request: pytest.FixtureRequest) -> str:
    """What stands before every path."""
    return str(request.param)


@pytest.fixture
def later(world: World) -> Board:
    """The board an hour after everybody signed in: the session lives, the password was typed too long ago."""
    return an_hour_on(world)


def an_hour_on(world: World, root: str = "") -> Board:
    hashed = signin.hash_password(PASSWORD, login="clerk")
    with world.board.database.unit_of_work() as session:
        for person in (world.home.clerk, world.home.officer):
            signin.set_password_hash(session, BY, session.get_one(Person, person.id), hashed)
    settings = {"base_url": f"http://board.test{root}"}
    board = Board(world.board.database, world.board.folder, DAY, settings)
    hour_on = clock_on(DAY).now + timedelta(hours=1)
    object.__setattr__(board.app.state.site, "read_clock", lambda: Clock(hour_on, DAY))
    return board


def carried(browser: Browser) -> dict[str, list[str]]:
    """The hidden fields of the page that asks, by name."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', browser.last):
        found.setdefault(name, []).append(value)
    return found


def test_a_link_is_made_only_with_the_password(world: World, later: Board) -> None:
    clerk, address = later.browser(world.home.clerk), f"/people/{world.home.officer.id}/link"

    asked = clerk.post(address)
    assert (asked.status_code, ASKED in asked.text, "/enter/" in asked.text) == (401, True, False)
    assert f'action="{address}"' in asked.text
    wrong = clerk.post(address, {"present": "不对的密码一二三四五六七"})
    assert (wrong.status_code, "现在的密码不对" in wrong.text) == (401, True)
    made = clerk.post(address, {"present": PASSWORD})
    assert (made.status_code, "/enter/" in made.text) == (200, True)
    assert "/enter/" in clerk.post(address).text  # for some time it is not asked again


def test_roles_are_given_with_the_password_and_what_was_filled_in_goes_along(
    world: World, later: Board
) -> None:
    clerk = later.browser(world.home.clerk)
    clerk.get("/people")
    form = {"name": "周新", "login": "zhouxin", "unit": "法规科", "role": ["leader", "reviewer"]}

    assert clerk.post("/people", form).status_code == 401
    sent = carried(clerk)
    assert sent["role"] == ["leader", "reviewer"]
    assert sent["name"] == ["周新"]
    del sent["csrf"]
    assert clerk.post("/people", {**sent, "present": PASSWORD}).status_code == 303
    with later.database.reading() as session:
        person = session.query(Person).filter_by(login="zhouxin").one()
        assert set(roles_of(session, person.id)) == {Role.LEADER, Role.REVIEWER}


def test_the_ledger_leaves_with_the_password_and_the_way_leads_back(world: World, later: Board) -> None:
    clerk = later.browser(world.home.clerk)
    referer = {"Referer": "http://board.test/ledger"}

    asked = clerk.client.get("/ledger.xlsx", headers=referer)
    clerk._seen(asked)
    assert (asked.status_code, ASKED in asked.text) == (401, True)
    assert carried(clerk)["place"] == ["/ledger"]
    wrong = clerk.post("/account/confirm", {"present": "不对", "place": "/ledger"})
    assert (wrong.status_code, carried(clerk)["place"]) == (401, ["/ledger"])
    back = clerk.post("/account/confirm", {"present": PASSWORD, "place": "/ledger"})
    assert back.headers["location"] == "/ledger"
    assert clerk.get("/ledger.xlsx").headers["content-type"].endswith("sheet")


def test_what_asks_stands_where_everything_stands(world: World, root: str) -> None:
    clerk = an_hour_on(world, root).browser(world.home.clerk)
    address = f"{root}/people/{world.home.officer.id}/link"
    assert f'action="{address}"' in clerk.post(address).text
    asked = clerk.client.get(
        f"{root}/ledger.xlsx", headers={"Referer": f"http://board.test{root}/ledger?a=1"}
    )
    clerk._seen(asked)
    assert f'action="{root}/account/confirm"' in asked.text
    back = clerk.post(f"{root}/account/confirm", {"present": PASSWORD, "place": carried(clerk)["place"][0]})
    assert back.headers["location"] == f"{root}/ledger?a=1"


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", ""])
def test_the_way_back_leads_to_this_site_alone(world: World, later: Board, place: str) -> None:
    clerk = later.browser(world.home.clerk)
    assert clerk.post("/account/confirm", {"present": PASSWORD, "place": place}).headers["location"] == "/"


def test_a_form_with_a_file_is_sent_anew(world: World, later: Board) -> None:
    clerk = later.browser(world.home.clerk)
    asked = clerk.post(
        "/people/import",
        files={"file": ("人员表.xlsx", b"PK")},
        headers={"Referer": "http://board.test/people/import"},
    )

    assert (asked.status_code, ASKED in asked.text) == (401, True)
    assert 'action="/account/confirm"' in asked.text
    assert carried(clerk)["place"] == ["/people/import"]


def test_ordinary_work_asks_for_nothing(world: World, later: Board) -> None:
    officer, leader = later.browser(world.home.officer), later.browser(world.home.leader)
    for address in ("/my", "/tasks.xlsx", f"/tasks/{world.running}", "/account"):
        assert officer.get(address).status_code == 200
    assert officer.post(f"/tasks/{world.running}/progress", {"text": "已经核对案卷。"}).status_code == 303
    assert leader.get("/tasks.xlsx").status_code == 200
    assert ASKED in later.browser(world.home.clerk).get("/tasks.xlsx").text


def test_own_tokens_ask_and_guessing_waits_as_at_the_door(world: World, later: Board) -> None:
    officer = later.browser(world.home.officer)
    form = {"name": "大屏", "scope": "read", "days": "30"}
    for _ in range(attempts.TRIES_BY_LOGIN):
        assert "现在的密码不对" in officer.post("/account/tokens", {**form, "present": "猜"}).text

    stopped = officer.post("/account/tokens", {**form, "present": PASSWORD})

    assert (stopped.status_code, "秒后再试" in stopped.text) == (401, True)
    assert "新令牌" not in stopped.text


def test_the_old_password_of_the_account_page_cannot_be_guessed_without_end(
    world: World, later: Board
) -> None:
    officer = later.browser(world.home.officer)
    new = {"password": "另一句更加好记的十二字话", "again": "另一句更加好记的十二字话"}
    told = [officer.post("/account/password", {**new, "present": f"猜{n}"}).status_code for n in range(30)]

    assert told == [422] * attempts.TRIES_BY_LOGIN + [429] * (30 - attempts.TRIES_BY_LOGIN)
    assert officer.post("/account/password", {**new, "present": PASSWORD}).status_code == 429


def test_who_has_just_come_in_is_not_asked_and_a_demonstration_never(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        token = signin.make_link(session, clock_on(DAY), LinkPurpose.RESET, world.home.clerk.id)
    clerk = world.board.browser()
    clerk.get(f"/enter/{token}")
    assert clerk.post(f"/enter/{token}", {"password": PASSWORD, "again": PASSWORD}).status_code == 303

    assert clerk.get("/ledger.xlsx").status_code == 200
