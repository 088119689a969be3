"""What a page weighs and asks: bounded, however much the ledger holds."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.web.routers.lists.task_lists import PAGE
from models.task import RectificationTask
from rectification.casework import IssueOrder
from tests.factories import DAY, make_task
from tests.unit.app.web.conftest import World
from tests.unit.app.web.programs import program
from tests.unit.app.web.site import statements

HEAVIEST = 100 * 1024
LONG = "执法案卷制作不规范，<b>个别</b>案卷缺少送达回证；" * 200
PAGES = ("/board", "/tasks", "/tasks?light=green", "/my", "/people", "/account")


@pytest.fixture
def full(world: World) -> World:
    """More tasks than a page shows, each with a long text."""
    with world.board.database.unit_of_work() as session:
        for _ in range(55):
            order = IssueOrder(officer_id=world.home.officer.id)
            make_task(session, world.home, day=DAY, text=LONG, order=order)
    return world


def _multiply(world: World, count: int) -> None:
    """As many running tasks more, overdue and not, without their histories."""
    with world.board.database.unit_of_work() as session:
        model = session.scalars(
            select(RectificationTask).where(RectificationTask.code == world.running).limit(1)
        ).one()
        columns = {
            column.key: getattr(model, column.key)
            for column in RectificationTask.__mapper__.columns
            if column.key not in ("id", "code", "deadline_on")
        }
        session.add_all(
            RectificationTask(**columns, code=f"X-{n}", deadline_on=DAY + timedelta(days=n % 90 - 30))
            for n in range(count)
        )


def test_no_page_is_heavy(full: World) -> None:
    clerk = full.board.browser(full.home.clerk)
    for path in PAGES:
        answer = clerk.get(path)
        assert answer.status_code == 200, path
        assert len(answer.content) <= HEAVIEST, path


def test_the_api_asks_as_often_for_fifty_tasks_as_for_one(full: World) -> None:
    asking, asked = program(full.board, full.home.clerk), {}
    asking.get("/api/tasks")
    for limit in (1, 50):
        with statements(full.board.database) as sent:
            assert len(asking.get(f"/api/tasks?limit={limit}").json()["items"]) == limit
        asked[limit] = len(sent)

    assert asked[1] == asked[50]


@pytest.mark.parametrize("path", ["/tasks", "/board", "/my", "/tasks?light=red", "/tasks?within=30&page=2"])
def test_the_number_of_queries_does_not_grow_with_the_rows(world: World, path: str) -> None:
    chief = world.board.browser(world.home.chief if path != "/my" else world.home.officer)
    _multiply(world, 3 * PAGE)
    chief.get(path)
    with statements(world.board.database) as few:
        assert chief.get(path).status_code == 200
    with world.board.database.unit_of_work() as session:
        session.query(RectificationTask).filter(RectificationTask.code.startswith("X-")).update(
            {"code": "Y-" + RectificationTask.code}, synchronize_session=False
        )
    _multiply(world, 20 * PAGE)
    with statements(world.board.database) as many:
        assert chief.get(path).status_code == 200

    assert len(many) <= len(few) <= 40


def test_a_page_of_many_tasks_stays_small(world: World) -> None:
    _multiply(world, 5 * PAGE)

    page = world.board.browser(world.home.chief).get("/tasks").content

    assert page.count(b'class="main"') == PAGE
    assert len(page) < 100_000
