"""The machine under the board fails: pages go on where they can, and say so in a sentence where they cannot."""

import errno
import logging
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import Response
from sqlalchemy import func, select, text

from core import machine
from core.db import CONNECTIONS, Database
from models import schema
from models.signin import WebSession
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Board

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@contextmanager
def held_by_another(database: Database) -> Iterator[None]:
    """Another program holds the ledger, as somebody looking into it with a tool does."""
    with closing(sqlite3.connect(str(database.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def number_of(answer: Response) -> str:
    found = re.search(r"错误编号 ([0-9a-f]{8})", answer.text)
    assert found, answer.text
    return found[1]


def test_a_locked_ledger_delays_no_page(world: World) -> None:
    browser = world.board.browser(world.home.officer)
    with world.board.database.unit_of_work() as session:
        for each in session.query(WebSession):
            each.seen_at -= timedelta(minutes=30)
    with held_by_another(world.board.database):
        started = time.monotonic()
        assert browser.get("/my").status_code == 200
        assert time.monotonic() - started < 5


def test_a_board_left_running_after_an_upgrade_reads_on_and_writes_nothing(world: World) -> None:
    browser, database = world.board.browser(world.home.clerk), world.board.database
    database.schema = schema.HEAD  # as opening does
    with database.writer.begin() as newer:
        newer.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with database.reading() as session:
        before = session.scalar(select(func.count()).select_from(WebSession))
    assert browser.get("/my").status_code == 200
    answer = browser.post("/signout")
    assert answer.status_code == 503
    assert "台账与程序的版本不一致，程序已停止写入" in answer.text
    assert number_of(answer)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(WebSession)) == before
    assert "程序已停止写入" in browser.get("/healthz").text


def test_health_tells_of_the_lock_and_says_ok_again(board: Board) -> None:
    browser = board.browser()
    assert browser.get("/healthz").text == "ok"
    with held_by_another(board.database):
        answer = browser.get("/healthz")
        assert (answer.status_code, answer.text) == (503, "台账正忙")
    assert browser.get("/healthz").text == "ok"


def test_health_tells_of_a_full_disk(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "LOW_DISK", 10**18)
    answer = world.board.browser().get("/healthz")
    assert answer.status_code == 503
    assert "磁盘只剩" in answer.text


def test_a_full_disk_stands_on_every_page_of_who_can_clear_it(
    world: World, admin_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    keepers = [world.board.browser(each) for each in (world.home.clerk, admin_id)]
    assert "磁盘只剩" not in keepers[0].get("/my").text
    monkeypatch.setattr(machine, "LOW_DISK", 10**18)
    for keeper in keepers:
        for path in ("/my", "/account", "/people"):
            assert "请清理磁盘" in keeper.get(path).text, path
    assert "磁盘只剩" not in world.board.browser(world.home.officer).get("/my").text


def test_health_answers_though_every_page_waits(board: Board) -> None:
    connections = [board.database.reader.connect() for _ in range(CONNECTIONS)]
    try:
        assert board.browser().get("/healthz").text == "ok"
    finally:
        for each in connections:
            each.close()


def test_with_the_ledger_gone_visitors_get_a_sentence_and_a_number_and_no_address(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    browser = world.board.browser(world.home.officer)
    place = Path(str(world.board.database.url.database))
    world.board.database.dispose()
    place.rename(place.with_suffix(".away"))
    place.mkdir()
    with caplog.at_level(logging.ERROR):
        for path in ("/my", "/signin", "/nowhere", "/api/tasks"):
            answer = browser.client.get(path, headers={"Authorization": "Bearer some-token"})
            assert answer.status_code in (404, 503), path
            assert str(place.parent) not in answer.text, path
            assert "sqlite" not in answer.text, path
        number = number_of(browser.get("/my"))
    assert number in caplog.text
    assert browser.get("/healthz").status_code == 503


def test_a_full_disk_is_told_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    browser = world.board.browser(world.home.officer)
    browser.get("/my")
    monkeypatch.setattr("rectification.casework.perform", full)
    answer = browser.post(f"/tasks/{world.running}/progress", {"text": "已办"})
    assert answer.status_code == 503
    assert "磁盘已满" in answer.text
    number_of(answer)
