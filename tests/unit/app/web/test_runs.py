"""The page 运行: the findings of `rectify doctor`, of which the slow ones are made when somebody asks."""

import time
from html import escape

from app import checkup
from app.doctor import QUICK, Level, Patient, examine
from flows.schedule import JOBS
from models.job import JobRun
from rectification.labels import JOB
from tests.factories import clock_on
from tests.smtp import mailroom
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Board


def test_it_says_what_doctor_says_and_nothing_of_any_task(world: World) -> None:
    board = world.board
    page = board.browser(world.home.clerk).get("/runs").text
    site = board.app.state.site
    found = list(examine(Patient(site.settings, site.database, clock_on(board.day)), QUICK))
    assert {"程序", "作业", "邮件", "备份", "磁盘", "时钟", "版本"} <= {each.about for each in found}
    for each in found:
        assert escape(each.what) in page
        assert escape(each.todo) in page
    assert world.running not in page
    assert "还没有查过" in page


def test_the_slow_checks_are_made_when_asked_and_their_hour_is_told(world: World) -> None:
    with mailroom() as room:
        board = Board(world.board.database, world.board.folder, world.board.day, {"smtp_url": room.url})
        clerk = board.browser(world.home.clerk)
        assert clerk.post("/runs/check").status_code == 303
        until = time.monotonic() + 60
        while checkup.is_at_work() and time.monotonic() < until:
            time.sleep(0.05)
    page = clerk.get("/runs").text
    assert "邮件服务器可以连接和登录" in page
    assert "办理记录和单位人员变动记录完好" in page
    assert "没有查成：" in page  # a folder that is not there stops no other check
    assert f"{board.day} " in page.split("逐项核对")[1].split("查的")[0]
    kept = checkup.last_checkup(board.app.state.site.settings)
    assert kept
    assert all(each.about for each in kept[1])


def test_every_job_has_its_chinese_name_where_people_read(world: World) -> None:
    assert JOB.keys() == JOBS.keys()
    with world.board.database.unit_of_work() as session:
        session.add(JobRun(job="closure_check", day=world.board.day, shard=1, bureau_ids=[1]))
    page = world.board.browser(world.home.clerk).get("/runs").text
    assert "<b>销号检查</b>" in page
    shown = page.replace("rectify run ", "")
    assert not [name for name in JOBS if f"（{name}）" in shown or f">{name}<" in shown]


def test_what_cannot_be_read_is_no_checkup(world: World) -> None:
    board = world.board
    (board.folder / "checkup.json").write_text("{", "utf-8")
    assert "还没有查过" in board.browser(world.home.clerk).get("/runs").text


def test_the_worst_stands_first(world: World) -> None:
    page = world.board.browser(world.home.clerk).get("/runs").text
    words = [level.word for level in reversed(Level) if f">{level.word}</span>" in page]
    places = [page.index(f">{word}</span>") for word in words]
    assert places == sorted(places)
