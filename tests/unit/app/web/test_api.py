"""The JSON API: a person's own sight and verbs, by a token of limited scope; refusals as problem+json."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from starlette.testclient import TestClient

from app.web.access import ACCESS
from models.enums import Role
from rectification.apitokens import issue_token
from tests.factories import DAY, clock_on
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import BASE, Board


def client(
    world: World, person_id: int, *, may_write: bool = False, board: Board | None = None
) -> TestClient:
    """A program with a token of this person."""
    with world.board.database.unit_of_work() as session:
        token = issue_token(session, clock_on(DAY), person_id, "测试", may_write=may_write, days=30)
    app = (board or world.board).app
    headers = {"Authorization": f"Bearer {token}"}
    return TestClient(app, base_url=BASE, headers=headers, raise_server_exceptions=False)


def problem(answer: Response) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == answer.status_code
    return found


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN], ids=str)
def test_a_token_sees_what_its_person_sees(world: World, role: Role) -> None:
    person = world.people[role]
    api, browser = client(world, person), world.board.browser(person)

    for code in (world.draft, world.assigned, world.running, world.plan):
        page = browser.get(f"/tasks/{code}").status_code
        assert api.get(f"/api/tasks/{code}").status_code == page, code
    listed = {each["code"] for each in api.get("/api/tasks?size=200").json()["tasks"]}
    seen = {
        code
        for code in (world.draft, world.assigned, world.running, world.plan)
        if browser.get(f"/tasks/{code}").status_code == 200
    }
    assert listed == seen


def test_without_a_token_every_api_route_is_closed(world: World) -> None:
    stranger = TestClient(world.board.app, base_url=BASE)
    signed_in = world.board.browser(world.home.clerk).client
    for route in world.board.app.routes:
        if not ACCESS[route.name].is_api:  # type: ignore[attr-defined]
            continue
        address = route.path.replace("{code}", world.running)  # type: ignore[attr-defined]
        method = next(iter(route.methods - {"HEAD"}))  # type: ignore[attr-defined]
        for each in (stranger, signed_in):
            answer = each.request(method, address, json={"text": "进展"} if method == "POST" else None)
            assert problem(answer)["title"] == "没有有效的令牌", address


def test_a_token_that_only_reads_changes_nothing(world: World) -> None:
    officer = world.home.officer.id
    address = f"/api/tasks/{world.running}/progress"

    refused = client(world, officer).post(address, json={"text": "已办"})
    assert refused.status_code == 403
    assert problem(refused)["title"] == "这个令牌只能读"

    done = client(world, officer, may_write=True).post(address, json={"text": "已办"})
    assert done.status_code == 200
    assert "已办" in world.board.browser(officer).get(f"/tasks/{world.running}").text


def test_refusals_are_problems(world: World) -> None:
    api = client(world, world.home.reviewer.id, may_write=True)

    assert problem(api.get("/api/tasks/none"))["status"] == 404
    assert problem(api.post(f"/api/tasks/{world.running}/progress", json={"text": "已办"}))["status"] == 403
    assert problem(api.post(f"/api/tasks/{world.running}/progress", json={}))["status"] == 422
    assert problem(api.get("/api/tasks?page=0"))["status"] == 422
    assert problem(api.get("/api/nothing"))["status"] == 404


def test_pages_follow_each_other(world: World) -> None:
    api = client(world, world.home.chief.id)
    whole = api.get("/api/tasks").json()
    assert whole["total"] == len(whole["tasks"]) == 3

    pages = [api.get(f"/api/tasks?size=1&page={n}").json()["tasks"] for n in (1, 2, 3, 4)]
    assert [each["code"] for page in pages for each in page] == [each["code"] for each in whole["tasks"]]


def test_a_token_ends_by_time_and_by_hand(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    made = officer.post("/account/tokens", {"name": "取数", "days": "30"}).text
    token = re.search(r"rectify_[\w-]+", made)
    assert token is not None
    headers = {"Authorization": f"Bearer {token[0]}"}
    later = Board(world.board.database, world.board.folder, DAY + timedelta(days=31))

    assert TestClient(world.board.app, base_url=BASE, headers=headers).get("/api/tasks").status_code == 200
    assert TestClient(later.app, base_url=BASE, headers=headers).get("/api/tasks").status_code == 401
    assert token[0] not in officer.get("/account").text

    number = re.search(r"/account/tokens/(\d+)/revoke", officer.last)
    assert number is not None
    world.board.browser(world.home.clerk).post(f"/account/tokens/{number[1]}/revoke")
    assert TestClient(world.board.app, base_url=BASE, headers=headers).get("/api/tasks").status_code == 200
    officer.post(f"/account/tokens/{number[1]}/revoke")
    assert TestClient(world.board.app, base_url=BASE, headers=headers).get("/api/tasks").status_code == 401


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_nothing_a_program_sends_breaks_the_api(world: World) -> None:
    api = client(world, world.home.clerk.id, may_write=True)
    described = schemathesis.openapi.from_dict(api.get("/api/openapi.json").json())
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def holds(case: Any) -> None:
            path = quote(case.formatted_path, safe="/%")
            answer = api.request(case.method, path, params=case.query or {}, json=_body(case))
            assert answer.status_code < 500

        holds()


def _body(case: Any) -> Any:
    return None if case.body is schemathesis.core.NOT_SET else case.body
