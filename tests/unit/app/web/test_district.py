"""The district view on pages: counts for all, rows for none but the released, nothing for those beside or below."""

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
