"""What pages withstand: hostile text, errors of ours, addresses and words no row can hold."""

import re
from pathlib import Path

import pytest

from models.organisation import Person
from tests.unit.app.web.conftest import World

HOSTILE = "<script>alert('x')</script>\u202e反写 👩‍⚖️ " + "很长" * 3000


def test_hostile_text_is_shown_harmlessly(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    assert officer.post(f"/tasks/{world.running}/progress", {"text": HOSTILE}).status_code == 303

    page = officer.get(f"/tasks/{world.running}").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_every_page_carries_the_security_headers(world: World) -> None:
    chief = world.board.browser(world.home.chief)
    for path in ("/board", "/signin", "/tasks/none", "/nowhere", "/static/tokens.css"):
        headers = chief.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert headers["x-content-type-options"] == "nosniff", path


def test_pages_hold_nothing_the_policy_forbids_and_nothing_from_outside(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    for path in ("/board", "/my", "/tasks", f"/tasks/{world.running}", "/people", "/units", "/reports"):
        page = clerk.get(path).text
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script>|javascript:", page), path
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page), path


def test_an_unforeseen_error_is_a_calm_page_with_a_number(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **named: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("app.web.routers.lists.board.overview", broken)

    answer = world.board.browser(world.home.chief).get("/board")

    assert answer.status_code == 500
    assert re.search(r"错误编号 [0-9a-f]{8}", answer.text)
    assert "secret detail" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_static_files_may_be_kept_for_good_and_pages_never(world: World) -> None:
    chief = world.board.browser(world.home.chief)
    style = re.search(r'href="(/static/tokens\.css\?v=[0-9a-f]+)"', chief.get("/board").text)

    assert style is not None
    assert "immutable" in chief.get(style[1]).headers["cache-control"]
    assert chief.get("/board").headers["cache-control"] == "no-store"


def test_a_person_who_left_is_signed_out(world: World, tmp_path: Path) -> None:
    officer = world.board.browser(world.home.officer)
    assert officer.get("/my").status_code == 200
    with world.board.database.unit_of_work() as session:
        session.get_one(Person, world.home.officer.id).is_active = False

    assert officer.get("/my").status_code == 303


@pytest.mark.parametrize(
    "path", ["/tasks?q=%00", "/tasks?unit=%00", "/tasks/%00", f"/reports/{10**30}", "/tasks?page=99999999999"]
)
def test_what_no_row_can_hold_is_no_error_of_ours(world: World, path: str) -> None:
    assert world.board.browser(world.home.clerk).get(path).status_code < 500


def test_text_no_row_can_hold_is_no_error_of_ours(world: World) -> None:
    officer = world.board.browser(world.home.officer)

    assert officer.post(f"/tasks/{world.running}/progress", {"text": "a\x00b"}).status_code < 500
