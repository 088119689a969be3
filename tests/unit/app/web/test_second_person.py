"""Who acts on accounts: seen, confirmed by a second person where it matters, never for oneself."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.enums import Channel, OfficeVerb, Role
from models.organisation import Person
from rectification.casework.enrolling import enrol
from rectification.office import journal, signin
from rectification.office.actors import Acting, actor_of
from rectification.office.attempts import TRIES_BY_LOGIN
from rectification.office.names import by_login
from rectification.office.people import NewPerson, roles_of
from tests.factories import BY, DAY, clock_on, make_person
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Browser
from tests.unit.app.web.test_people_pages import PASSWORD, code_on, enter, form_of


@pytest.fixture
def second(world: World) -> int:
    """Another administrator, who can sign in."""
    with world.board.database.unit_of_work() as session:
        unit = session.get_one(type(world.home.legal), world.home.legal.id)
        person = make_person(session, unit, "admin2", Role.ADMIN, name="钱管理")
        signin.set_password_hash(session, BY, person, signin.hash_password(PASSWORD, login="admin2"))
        return person.id


def roles(world: World, person: Person) -> set[Role]:
    with world.board.database.reading() as session:
        return set(roles_of(session, person.id))


def told(world: World, verb: OfficeVerb) -> list[journal.OfficeEventRow]:
    with world.board.database.reading() as session:
        assert journal.verify(session).is_sound
        return journal.list_events(session, verbs=(verb,))


def request_on(page: str) -> str:
    return str(re.findall(r'action="(/people/requests/\d+)"', page)[0])


def test_whoever_asks_for_a_leaders_link_cannot_open_it_alone(world: World, second: int) -> None:
    clerk, leader = world.board.browser(world.home.clerk), world.home.leader

    asked = clerk.post(f"/people/{leader.id}/link")

    assert asked.status_code == 303
    page = clerk.get("/people").text
    assert f"给{leader.name}发登录条" in page
    assert clerk.post(request_on(page), {"do": "confirm"}).status_code == 403
    other = world.board.browser(second)
    slip = other.post(request_on(other.get("/people").text), {"do": "confirm"}).text
    assert enter(world.board.browser(), "leader", code_on(slip)) == 303
    [used] = told(world, OfficeVerb.USE_CODE)
    assert (used.actor, used.words) == (leader.name, "来自 testclient")
    assert [each.actor for each in told(world, OfficeVerb.CONFIRM)] == ["钱管理"]
    assert "待第二人确认" not in clerk.get("/people").text


def test_nobody_gives_himself_roles_by_page_or_by_sheet(world: World, second: int) -> None:
    home = world.home
    clerk = world.board.browser(home.clerk)
    sent = form_of(world, "clerk", role=["clerk", "leader", "chief"])

    assert "不能给自己办" in clerk.post(f"/people/{home.clerk.id}", sent).text

    with world.board.database.unit_of_work() as session:
        me = actor_of(session, session.get_one(Person, home.clerk.id), today=DAY)
        by = journal.By(clock_on(DAY), Acting(me, Channel.EXCEL))
        row = NewPerson(None, "clerk", None, roles=(Role.CLERK, Role.LEADER), row=2)
        outcome = enrol(session, by, home.bureau, [row])
    assert "不能给自己办" in outcome.problems[0][1]
    assert roles(world, home.clerk) == {Role.CLERK}


def test_a_made_up_reviewer_has_no_role_until_another_confirms(world: World, second: int) -> None:
    clerk = world.board.browser(world.home.clerk)
    new = {"name": "查无此人", "login": "ghost", "unit": "法规科", "role": ["officer", "reviewer"]}

    done = clerk.post("/people", new)

    assert "复核人角色待第二人确认" in clerk.get(done.headers["location"]).text
    with world.board.database.reading() as session:
        ghost = session.scalars(by_login("ghost")).one()
    assert roles(world, ghost) == {Role.OFFICER}
    chief = world.board.browser(world.home.chief)
    chief.post(request_on(chief.get("/office").text), {"do": "confirm"})
    assert roles(world, ghost) == {Role.OFFICER, Role.REVIEWER}
    assert chief.post("/people/requests/1", {"do": "confirm"}).status_code == 404


def test_a_request_is_answered_once_and_may_be_taken_back(world: World, second: int) -> None:
    clerk, officer = world.board.browser(world.home.clerk), world.home.officer
    done = clerk.post(f"/people/{officer.id}", form_of(world, "officer", role=["officer", "admin"]))
    assert "角色：责任人 → 责任人、系统管理员（待第二人确认）" in clerk.get(done.headers["location"]).text
    where = request_on(clerk.get("/people").text)
    clerk.post(f"/people/{officer.id}", form_of(world, "officer", role=["officer", "admin"]))
    assert clerk.get("/people").text.count("/people/requests/") == 1

    assert clerk.post(where, {"do": "decline"}).status_code == 303

    assert world.board.browser(second).post(where, {"do": "confirm"}).status_code == 404
    assert roles(world, officer) == {Role.OFFICER}


def test_nobody_stands_in_for_a_signer_by_his_own_hand(world: World, second: int) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    sent = {
        "person_id": home.leader.id,
        "substitute_id": home.clerk.id,
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-09",
    }

    assert "不能给自己办" in clerk.post("/people/substitutes", sent).text

    assert told(world, OfficeVerb.ADD_SUBSTITUTE) == []


def test_who_stands_in_for_a_signer_waits_for_a_second_person(world: World, second: int) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    clerk.post("/people", {"name": "查无此人", "login": "ghost", "unit": "法规科", "role": ["officer"]})
    with world.board.database.reading() as session:
        ghost = session.scalars(by_login("ghost")).one().id
    sent = {
        "person_id": home.leader.id,
        "substitute_id": ghost,
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-09",
    }

    done = clerk.post("/people/substitutes", sent)

    assert "AB岗待第二人确认" in clerk.get(done.headers["location"]).text
    assert told(world, OfficeVerb.ADD_SUBSTITUTE) == []
    other = world.board.browser(second)
    page = other.get("/people").text
    assert f"由查无此人代{home.leader.name}（2026-03-02 至 2026-03-09）" in page
    other.post(request_on(page), {"do": "confirm"})
    assert [each.actor for each in told(world, OfficeVerb.ADD_SUBSTITUTE)] == ["钱管理"]
    officer = {**sent, "person_id": home.officer.id}
    assert "AB岗已登记" in clerk.get(clerk.post("/people/substitutes", officer).headers["location"]).text


def test_ones_own_link_is_refused(world: World, second: int) -> None:
    clerk = world.board.browser(world.home.clerk)
    assert clerk.post(f"/people/{world.home.clerk.id}/link").status_code == 403


def test_where_there_is_no_second_person_it_is_done_at_once_and_seen(world: World) -> None:
    clerk, leader = world.board.browser(world.home.clerk), world.home.leader

    slip = clerk.post(f"/people/{leader.id}/link").text

    assert enter(world.board.browser(), "leader", code_on(slip)) == 303
    assert [each.actor for each in told(world, OfficeVerb.ISSUE_CODE)] == [world.home.clerk.name]
    assert told(world, OfficeVerb.USE_CODE)


def sign_in(browser: Browser, login: str, password: str) -> int:
    browser.get("/signin")
    return browser.post("/signin", {"login": login, "password": password}).status_code


def test_who_signs_in_fails_or_is_delayed_is_seen(world: World, second: int) -> None:
    browser = world.board.browser()
    assert sign_in(browser, "admin2", PASSWORD) == 303
    browser.get("/account")
    browser.post("/signout")
    sign_in(browser, "admin2", "这不是密码这不是密码")
    sign_in(browser, "my-secret-password", "x")
    for _ in range(TRIES_BY_LOGIN + 2):
        sign_in(browser, "admin2", "这不是密码这不是密码")

    assert [each.words for each in told(world, OfficeVerb.SIGN_IN)] == ["来自 testclient"]
    assert [each.actor for each in told(world, OfficeVerb.SIGN_OUT)] == ["钱管理"]
    page = world.board.browser(world.home.auditor).get("/office?kind=signin").text
    assert ">钱管理</td>" in page
    assert ">来自 testclient</td>" in page
    assert "没有这个登录名" in page
    assert "my-secret-password" not in page
    assert len(told(world, OfficeVerb.DELAY_SIGN_IN)) == 1
    assert "登录受限" not in world.board.browser(world.home.chief).get("/office").text


def test_tokens_and_exports_are_seen(world: World, second: int) -> None:
    clerk = world.board.browser(world.home.clerk)
    clerk.post("/account/tokens", {"name": "局大屏", "scope": "read", "days": "90"})
    clerk.get("/ledger.xlsx")
    page = world.board.browser(world.home.chief).get("/office").text
    assert "局大屏（只读，90 天）" in page
    assert "导出台账" in page
    clerk.get("/ledger.xlsx?part=blank")
    assert len(told(world, OfficeVerb.EXPORT)) == 1


def test_two_who_confirm_at_once_do_it_once(world: World, second: int) -> None:
    clerk, home = world.board.browser(world.home.clerk), world.home
    clerk.post(f"/people/{home.officer.id}", form_of(world, "officer", role=["officer", "reviewer"]))
    where = request_on(clerk.get("/people").text)
    browsers = [world.board.browser(second), world.board.browser(home.chief)]
    for each in browsers:
        each.get("/office")

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda each: each.post(where, {"do": "confirm"}).status_code, browsers))

    assert sorted(answers) == [303, 404]
    assert len(told(world, OfficeVerb.CONFIRM)) == 1
