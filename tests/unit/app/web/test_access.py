"""Who may open which page: every route of the app, every role, own and foreign bureau, held against the one table.

Routes under /api are asked by a program with a token, all others by a browser.
"""

import re
from collections.abc import Callable
from datetime import date

import pytest
from httpx2 import Response
from starlette.routing import Route

from app.web.access import ACCESS, NAVIGATION, Subject
from app.web.application import name_of
from models.enums import Role, Status, TokenScope
from models.organisation import Unit
from models.signin import ApiToken
from rectification.casework import IssueOrder
from rectification.office.units import set_line_leader
from tests.conftest import POSTGRESQL_NIGHTLY
from tests.factories import BY, clock_on, make_person, make_task
from tests.unit.app.web.conftest import World
from tests.unit.app.web.programs import program, token_of

pytestmark = [pytest.mark.slow, POSTGRESQL_NIGHTLY]
VALUES = {
    "text_id": 1,
    "action": "progress",
    "ending": "xlsx",
    "row_id": 1_000_000,
    "evidence_id": 1,
    "report_id": 1,
    "person_id": 1,
    "unit_id": 1,
    "token": "none",
    "token_id": 1_000_000,
    "path": "tokens.css",
    "ends_on": date(2025, 12, 31),
    "hearing_id": 1,
    "message_id": 1,
    "name": "digest",
    "guide": "officer",
    "paper": "urging",
    "paper_id": 1,
    "source_id": 1,
    "form_id": 1,
    "step_id": 1,
    "year": 2026,
    "month": 2,
    "number": 1_000_000,
}


def _routes(world: World) -> list[tuple[str, str, str]]:
    """(name, method, path template) of everything the app answers to."""
    found = []
    for route in world.board.app.routes:
        methods = route.methods if isinstance(route, Route) and route.methods else {"GET"}
        path = getattr(route, "path", "")
        found += [(name_of(route), method, path) for method in sorted(methods - {"HEAD"})]
    return found


def _address(world: World, name: str, *, code: str) -> str:
    needed = world.board.app.url_path_for
    for route in world.board.app.routes:
        if name_of(route) == name:
            names = getattr(route, "param_convertors", {})
            return str(needed(name, **{key: code if key == "code" else VALUES[key] for key in names}))
    raise AssertionError(name)


Answers = Callable[[str, str], Response]


def _asking(world: World, person: int, scope: TokenScope = TokenScope.ACT) -> Answers:
    """How this person asks: (method, address) to an answer, by browser or by program as the address wants."""
    browser, asking = world.board.browser(person), program(world.board, person, scope)

    def ask(method: str, address: str) -> Response:
        asker = asking if address.startswith("/api/") else browser
        return asker.get(address) if method == "GET" else asker.post(address)

    return ask


def _api(world: World) -> list[tuple[str, str, str]]:
    """(name, method, address) of what only a token opens."""
    return [
        (name, method, _address(world, name, code=world.running))
        for name, method, path in _routes(world)
        if path.startswith("/api/") and not ACCESS[name].is_public
    ]


def test_every_route_has_one_row_and_every_row_a_route(world: World) -> None:
    names = [name_of(route) for route in world.board.app.routes]

    assert sorted(names) == sorted(set(names))
    assert set(names) == set(ACCESS)


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_route_opens_to_exactly_the_roles_of_its_row(world: World, admin_id: int, role: Role) -> None:
    people = {**world.people, Role.ADMIN: admin_id}
    ask = _asking(world, people[role])
    for name, method, _ in _routes(world):
        rule = ACCESS[name]
        if rule.is_public or name in ("signout", "signout_everywhere"):
            continue
        address = _address(world, name, code=world.running)
        status = ask(method, address).status_code
        if rule.admits(frozenset({role})):
            assert status != 403 or rule.subject is Subject.TASK, (name, role)
            assert status < 500, (name, role)
        else:
            assert status == 403, (name, role)


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_another_bureaus_task_is_not_found_by_any_role(world: World, admin_id: int, role: Role) -> None:
    ask = _asking(world, {**world.people, Role.ADMIN: admin_id}[role])
    with world.board.database.unit_of_work() as session:
        from models.task import RectificationTask

        session.query(RectificationTask).filter_by(bureau_id=world.foreign.bureau.id).update(
            {"code": "FOREIGN-1"}
        )
    for name, method, _ in _routes(world):
        if ACCESS[name].subject is Subject.TASK:
            address = _address(world, name, code="FOREIGN-1")
            assert ask(method, address).status_code == 404, (name, role)


def test_a_task_of_the_same_bureau_is_not_found_by_who_has_no_part_in_it(world: World, admin_id: int) -> None:
    home = world.home
    with world.board.database.unit_of_work() as session:
        leader = make_person(session, home.legal, "leader2", Role.LEADER)
        reviewer = make_person(session, home.legal, "reviewer2", Role.REVIEWER)
        set_line_leader(session, BY, session.get_one(Unit, home.transport.id), leader)
        order = IssueOrder(
            lead_unit_id=home.transport.id,
            officer_id=home.other.id,
            leader_id=leader.id,
            reviewer_id=reviewer.id,
            approver_id=leader.id,
        )
        code = make_task(session, home, status=Status.ASSIGNED, order=order).code
    see_the_bureau = {Role.CLERK, Role.CHIEF, Role.AUDITOR}
    for role, person in {**world.people, Role.ADMIN: admin_id}.items():
        ask = _asking(world, person)
        for name, method, _ in _routes(world):
            if ACCESS[name].subject is Subject.TASK and "evidence" not in name:
                status = ask(method, _address(world, name, code=code)).status_code
                assert (status == 404) == (role not in see_the_bureau), (name, role)


def test_another_bureaus_people_and_units_are_not_found(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    foreign_person, foreign_unit = world.foreign.officer.id, world.foreign.roads.id

    assert clerk.post(f"/people/{foreign_person}/link").status_code == 404
    assert clerk.post(f"/people/{foreign_person}/grant").status_code == 404
    assert clerk.get(f"/people/{foreign_person}/leave").status_code == 404
    assert clerk.post(f"/people/{foreign_person}/leave").status_code == 404
    assert clerk.post(f"/people/{foreign_person}/return").status_code == 404
    assert clerk.post(f"/units/{foreign_unit}/alias", {"alias": "新名"}).status_code == 404
    assert clerk.post("/units/line", {"unit": str(foreign_unit)}).status_code == 404


def test_a_stranger_is_sent_to_sign_in(world: World) -> None:
    for name, method, path in _routes(world):
        if ACCESS[name].is_public or path.startswith("/api/"):
            continue
        address = _address(world, name, code=world.running)
        stranger = world.board.browser()
        if method == "GET":
            answer = stranger.get(address)
            assert answer.status_code == 303, name
            assert answer.headers["location"].startswith("/signin?next=/"), name
        else:
            assert stranger.client.post(address).status_code == 401, name


def test_no_form_is_taken_without_its_token(world: World, admin_id: int) -> None:
    people = {**world.people, Role.ADMIN: admin_id}
    for name, method, path in _routes(world):
        if method == "GET" or name == "static" or path.startswith("/api/"):
            continue
        roles = [role for role in Role if ACCESS[name].admits(frozenset({role}))]
        client = world.board.browser(people[roles[0]]).client
        address = _address(world, name, code=world.running)
        for sent in ({}, {"csrf": "0" * 64}):
            answer = client.post(address, data=sent, follow_redirects=False)
            assert answer.status_code == 403, name
            assert "表单已失效" in answer.text, name


def test_no_program_comes_in_without_a_token_that_is_good(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.api.door.WRONG_PER_ADDRESS", 10_000)
    expired = token_of(world.board, world.home.clerk)
    with world.board.database.unit_of_work() as session:
        session.query(ApiToken).update({"expires_at": clock_on(world.board.day).now})
    for name, method, address in _api(world):
        for token in ("", expired, "rectify_" + "x" * 43, "☃"):
            headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
            answer = world.board.browser().client.request(method, address, headers=headers)
            assert answer.status_code == 401, (name, token)
            assert answer.headers["www-authenticate"].startswith("Bearer"), name
        clerk = world.board.browser(world.home.clerk).client
        assert clerk.request(method, address).status_code == 401, name


def test_a_read_token_opens_no_unsafe_method(world: World, admin_id: int) -> None:
    for role, person in {**world.people, Role.ADMIN: admin_id}.items():
        reading, acting = (_asking(world, person, scope) for scope in TokenScope)
        for name, method, address in _api(world):
            if method == "GET":
                assert reading(method, address).status_code == acting(method, address).status_code, name
            else:
                assert reading(method, address).status_code == 403, (name, role)


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_navigation_offers_exactly_what_opens(world: World, admin_id: int, role: Role) -> None:
    browser = world.board.browser({**world.people, Role.ADMIN: admin_id}[role])
    page = browser.get("/my").text
    for entry in NAVIGATION:
        offered = re.search(rf">{entry.label}(<b class=\"count\"[^>]*>\d+</b>)?</a>", page) is not None
        assert offered == (browser.get(world.board.app.url_path_for(entry.route)).status_code == 200)


def test_a_draft_is_seen_by_the_clerk_alone(world: World) -> None:
    for role, person in world.people.items():
        status = world.board.browser(person).get(f"/tasks/{world.draft}").status_code
        assert status == (200 if role is Role.CLERK else 404), role
