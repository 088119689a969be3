"""The district view on pages: counts for all, rows for none but the released, nothing for those beside or below."""

import re

import pytest

from models.organisation import Unit
from rectification.lists.district import place_below
from tests.factories import BY
from tests.unit.app.web.conftest import World


@pytest.fixture
def above(world: World) -> World:
    """The foreign bureau stands below the home bureau."""
    with world.board.database.unit_of_work() as session:
        units = (session.get_one(Unit, each.bureau.id) for each in (world.foreign, world.home))
        place_below(session, BY, *units)
    return world


def test_counts_are_taken_and_marked_with_their_time(above: World) -> None:
    clerk = above.board.browser(above.home.clerk)

    assert "近一个月没有统计" in clerk.get("/district").text
    clerk.post("/district")
    page = clerk.get("/district").text

    assert "白河县农业农村局" in page
    assert "2026-03-02 10:00" in page
    assert ">下级单位</a>" in clerk.get("/board").text
    assert ">下级单位</a>" not in above.board.browser(above.foreign.chief).get("/board").text


def test_rows_open_only_once_the_bureau_released_them(above: World) -> None:
    chief, below = above.board.browser(above.home.chief), above.board.browser(above.foreign.clerk)
    address = f"/district/{above.foreign.bureau.id}"

    assert chief.get(address).status_code == 404
    below.get("/units")
    below.post("/units/release", {"is_released": "on"})
    page = chief.get(address)
    assert page.status_code == 200
    assert "/tasks/" not in page.text.split("<main")[1]
    assert above.foreign_task in page.text
    assert chief.get(f"/tasks/{above.foreign_task}").status_code == 404
    assert below.get(f"/district/{above.home.bureau.id}").status_code == 404
    below.post("/units/release", {})
    assert chief.get(address).status_code == 404


def test_a_finding_is_passed_on_and_both_sides_see_it(above: World) -> None:
    clerk, below = above.board.browser(above.home.clerk), above.board.browser(above.foreign.clerk)
    page = f"/tasks/{above.draft}/pass-on"
    assert "交办下级单位" in clerk.get(f"/tasks/{above.draft}").text
    assert '<option value="白河县农业农村局"' in clerk.get(page).text

    refused = clerk.post(page, {"to": "没有的局"})
    assert refused.status_code == 422
    assert "不是本单位的下级单位" in refused.text
    assert clerk.post(page, {"to": "白河县农业农村局"}).status_code == 303
    assert clerk.post(page, {"to": "白河县农业农村局"}).status_code == 409

    assert "已交办白河县农业农村局" in clerk.get(f"/tasks/{above.draft}").text
    district = clerk.get("/district").text
    assert "交办下级单位的问题" in district
    there = re.search(r"已交办白河县农业农村局（(\S+?)），现为“待确认”", district)
    assert there
    assert f"由{above.home.bureau.name}交办（{above.draft}）" in below.get(f"/tasks/{there[1]}").text
    assert clerk.get(f"/tasks/{there[1]}").status_code == 404


def test_who_has_nobody_below_is_not_offered_to_pass_on(world: World) -> None:
    assert "交办下级单位" not in world.board.browser(world.home.clerk).get(f"/tasks/{world.draft}").text
