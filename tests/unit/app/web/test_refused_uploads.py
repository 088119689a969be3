"""What was uploaded and then refused does not stay in the store; a quota is refused clearly; odd names and kinds."""

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from models.task import Evidence
from tests.factories import DAY
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Board

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def stored(world: World) -> list[str]:
    return [place.name for place in (world.board.folder / "evidence").glob("??/??/*")]


def upload(board: Board, world: World, name: str, content: bytes, **fields: str) -> tuple[int, str]:
    browser = board.browser(world.home.officer)
    browser.get(f"/tasks/{world.running}/evidence")
    sent = browser.post(f"/tasks/{world.running}/evidence", fields, files={"file": (name, BytesIO(content))})
    return sent.status_code, sent.text


def test_what_is_refused_after_it_was_stored_leaves_the_store(world: World) -> None:
    status, _ = upload(world.board, world, "a.txt", "佐证".encode(), own_date="2999-01-01")
    assert status == 422
    assert stored(world) == []


def test_what_another_row_holds_stays(world: World) -> None:
    assert upload(world.board, world, "a.txt", "佐证".encode())[0] == 303
    status, said = upload(world.board, world, "b.txt", "佐证".encode())
    assert status == 422
    assert "已在本任务中" in said
    assert len(stored(world)) == 1


def test_a_bureau_over_its_quota_is_refused_with_the_setting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = Board(world.board.database, world.board.folder, DAY, {"evidence_gigabytes": 1})
    monkeypatch.setattr("app.web.page_request.bytes_held", lambda *_: 2**30 - 3)
    status, said = upload(board, world, "a.txt", "佐证".encode())
    assert status == 422
    assert "配额" in said
    assert "RECTIFY_EVIDENCE_GIGABYTES" in said
    assert stored(world) == []


@pytest.mark.parametrize("name", ["证" * 83 + ".txt", "证" * 200 + ".txt", "𬭎" * 70 + ".txt"])
def test_a_long_chinese_name_is_shortened_and_keeps_its_ending(world: World, name: str) -> None:
    assert upload(world.board, world, name, "佐证".encode())[0] == 303
    with world.board.database.reading() as session:
        kept = session.scalars(select(Evidence.file_name).order_by(Evidence.id.desc())).first() or ""
    assert kept.endswith(".txt")
    assert len(kept.encode()) <= 200
    assert name.startswith(kept.removesuffix(".txt"))


def test_a_report_with_a_long_chinese_name_is_read(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    clerk.get("/reports/upload")
    assert ".mht" in clerk.last
    sent = clerk.post("/reports/upload", files={"file": ("报" * 84 + ".txt", BytesIO("不是报告".encode()))})
    assert sent.status_code < 500


def test_a_picture_by_another_name_is_taken_and_its_kind_said(world: World) -> None:
    assert upload(world.board, world, "截图.jpg", PNG)[0] == 303
    page = world.board.browser(world.home.officer).get(f"/tasks/{world.running}").text
    assert "截图.jpg（实为 PNG 图片）" in page
    assert Path(world.board.folder).exists()
