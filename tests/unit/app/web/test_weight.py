"""What a page weighs and asks: bounded, however much the ledger holds."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from core.db import Database
from rectification.casework import IssueOrder
from tests.factories import DAY, make_task
from tests.unit.app.web.conftest import World
from tests.unit.app.web.programs import program

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


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Every statement sent meanwhile."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    engines = [database.reader, database.writer]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield sent
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


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
