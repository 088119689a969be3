"""Who may open which page: every route of the app, every role, own and foreign bureau, held against the one table."""

import pytest
from starlette.routing import Route

from app.web.access import ACCESS, NAVIGATION, Subject
from app.web.application import name_of
from models.enums import Role
from tests.unit.app.web.conftest import World

VALUES = {
    "action": "progress",
    "evidence_id": 1,
    "report_id": 1,
    "person_id": 1,
    "unit_id": 1,
    "token_id": 1,
    "token": "none",
    "path": "rectify.css",
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


def test_every_route_has_one_row_and_every_row_a_route(world: World) -> None:
    names = [name_of(route) for route in world.board.app.routes]

    assert sorted(names) == sorted(set(names))
    assert set(names) == set(ACCESS)


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_route_opens_to_exactly_the_roles_of_its_row(world: World, admin_id: int, role: Role) -> None:
    people = {**world.people, Role.ADMIN: admin_id}
    browser = world.board.browser(people[role])
    for name, method, _ in _routes(world):
        rule = ACCESS[name]
        if rule.is_public or rule.is_api or name in ("signout", "signout_everywhere"):
            continue
        address = _address(world, name, code=world.running)
        status = (browser.get if method == "GET" else browser.post)(address).status_code
        if rule.admits(frozenset({role})):
            assert status != 403 or rule.subject is Subject.TASK, (name, role)
            assert status < 500, (name, role)
        else:
            assert status == 403, (name, role)


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_another_bureaus_task_is_not_found_by_any_role(world: World, admin_id: int, role: Role) -> None:
    browser = world.board.browser({**world.people, Role.ADMIN: admin_id}[role])
    with world.board.database.unit_of_work() as session:
        from models.task import RectificationTask

        session.query(RectificationTask).filter_by(bureau_id=world.foreign.bureau.id).update(
            {"code": "FOREIGN-1"}
        )
    for name, method, _ in _routes(world):
        if ACCESS[name].subject is Subject.TASK and not ACCESS[name].is_api:
            address = _address(world, name, code="FOREIGN-1")
            status = (browser.get if method == "GET" else browser.post)(address).status_code
            assert status == 404, (name, role)


def test_another_bureaus_people_and_units_are_not_found(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    foreign_person, foreign_unit = world.foreign.officer.id, world.foreign.roads.id

    assert clerk.post(f"/people/{foreign_person}/link").status_code == 404
    assert clerk.post(f"/units/{foreign_unit}/alias", {"alias": "新名"}).status_code == 404
    assert clerk.post(f"/units/{foreign_unit}/leader").status_code == 404


def test_a_stranger_is_sent_to_sign_in(world: World) -> None:
    for name, method, _ in _routes(world):
        if ACCESS[name].is_public or ACCESS[name].is_api:
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
    for name, method, _ in _routes(world):
        if method == "GET" or name == "static" or ACCESS[name].is_api:
            continue
        roles = [role for role in Role if ACCESS[name].admits(frozenset({role}))]
        client = world.board.browser(people[roles[0]]).client
        address = _address(world, name, code=world.running)
        for sent in ({}, {"csrf": "0" * 64}):
            answer = client.post(address, data=sent, follow_redirects=False)
            assert answer.status_code == 403, name
            assert "表单已失效" in answer.text, name


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_navigation_offers_exactly_what_opens(world: World, admin_id: int, role: Role) -> None:
    browser = world.board.browser({**world.people, Role.ADMIN: admin_id}[role])
    page = browser.get("/my").text
    for entry in NAVIGATION:
        offered = f">{entry.label}</a>" in page
        assert offered == (browser.get(world.board.app.url_path_for(entry.route)).status_code == 200)


def test_a_draft_is_seen_by_the_clerk_alone(world: World) -> None:
    for role, person in world.people.items():
        status = world.board.browser(person).get(f"/tasks/{world.draft}").status_code
        assert status == (200 if role is Role.CLERK else 404), role
