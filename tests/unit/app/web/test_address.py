"""The address people reach the board by: a step of the start checklist, tried before anybody is invited."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from app.reaching import why_unreached
from core.settings import Settings
from notifications.letterhead import Letterhead
from rectification.office.address import Address, address_of, addressed
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Board

NETWORK = "http://ledger.invalid:8401"


def test_the_checklist_asks_for_it_before_people_are_invited(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    page = clerk.get("/start").text
    assert page.index("<h2>单位") < page.index("<h2>网址") < page.index("<h2>人员") < page.index("<h2>邮箱")
    assert "只有本机能打开" in page
    assert 'value="http://127.0.0.1:8321"' in page


@pytest.mark.parametrize(
    "typed", ["", "ledger", "ftp://a.example", "http://", "http://u:p@a.example", "http://a:99999"]
)
def test_what_is_no_address_is_refused_and_shown_again(world: World, typed: str) -> None:
    clerk = world.board.browser(world.home.clerk)
    page = clerk.post("/start/address", {"url": typed}).text
    assert "没有保存" in page
    with world.board.database.reading() as session:
        assert not address_of(session, Settings(data_dir=world.board.folder)).is_set


def test_every_link_made_afterwards_leads_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.reaching._PATIENCE", 0.2)
    clerk = world.board.browser(world.home.clerk)
    assert clerk.post("/start/address", {"url": f"{NETWORK}/"}).status_code == 303
    assert "连不上" in clerk.get("/start").text
    slip = clerk.post(f"/people/{world.home.officer.id}/link").text
    assert f"{NETWORK}/enter/" in slip
    settings = Settings(data_dir=world.board.folder)
    with world.board.database.reading() as session:
        assert Letterhead.of(addressed(session, settings)).task_url("2026-001") == f"{NETWORK}/tasks/2026-001"


def test_an_address_that_answers_is_done_and_another_servers_is_not(world: World) -> None:
    class Answers(BaseHTTPRequestHandler):
        said = b"ok"

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.said if self.path == "/healthz" else b"")

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        assert why_unreached(url) == ""
        Answers.said = b"<html>"
        assert "不是本系统" in why_unreached(url)
        server.shutdown()
    assert "连不上" in why_unreached(url)


def test_what_the_installer_set_wins_and_the_page_says_so(world: World) -> None:
    board = Board(
        world.board.database, world.board.folder, world.board.day, {"base_url": "http://127.0.0.1:9/"}
    )
    clerk = board.browser(world.home.clerk)
    assert "由环境变量或 rectify.toml 设定" in clerk.get("/start").text
    assert "网页上不能改" in clerk.post("/start/address", {"url": NETWORK}).text
    with board.database.reading() as session:
        found = address_of(session, Settings(data_dir=board.folder, base_url="http://127.0.0.1:9/"))
    assert found == Address("http://127.0.0.1:9", is_fixed=True)


def test_the_proposal_names_host_and_port() -> None:
    assert Settings(host="10.1.2.3", port=8401).own_url == "http://10.1.2.3:8401"
    assert Settings(host="::1", port=8401).own_url == "http://[::1]:8401"
    everywhere = Settings(host="0.0.0.0", port=8401).own_url
    assert everywhere.endswith(":8401")
    assert "0.0.0.0" not in everywhere


def test_only_keepers_set_it(world: World) -> None:
    assert world.board.browser(world.home.officer).post("/start/address", {"url": NETWORK}).status_code == 403


def test_what_setup_wrote_is_shown_as_done_and_asked_no_more(world: World, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    given = {"base_url": f"{NETWORK}", "smtp_url": "smtp://127.0.0.1:9", "backup_folder": disk}
    board = Board(world.board.database, world.board.folder, world.board.day, given)
    page = board.browser(world.home.clerk).get("/start").text
    steps = {step.split("<")[0]: step for step in page.split("<h2>")[1:]}
    assert list(steps) == [
        "单位", "网址", "时间", "备份", "科室", "人员", "登录条", "邮箱", "第一份报告", "下达任务"
    ]  # fmt: skip
    assert 'href="/people/slips"' in steps["登录条"]
    assert ">启用清单</a>" in page.split("</nav>")[0]  # found again from any page
    assert ("完成" in steps["时间"]) is (
        "数据库的时钟" not in steps["时间"]
    )  # a test's day is not PostgreSQL's
    for title in ("单位", "网址", "邮箱"):
        assert "完成" in steps[title], title
        assert "<form" not in steps[title]
        assert 'class="button' not in steps[title]
    assert world.home.bureau.name in steps["单位"]
    assert str(disk) in steps["备份"]
    assert "rectify setup" in steps["备份"]  # a test's folders are all on one disk
