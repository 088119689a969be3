"""The office's own history as a page: who reads it, what it says, and of whom."""

from app.web.routers.office.settings import _shown
from models.enums import Channel, Role
from rectification.office.actors import Acting, actor_of
from rectification.office.journal import By
from rectification.office.people import NewPerson, add_person
from rectification.office.settings import DEFAULT, KEYS
from tests.factories import DAY, clock_on
from tests.unit.app.web.conftest import World


def test_the_history_names_people_and_is_each_bureaus_own(world: World) -> None:
    clerk, home = world.board.browser(world.home.clerk), world.home
    clerk.post("/units", {"name": "新设科"})
    with world.board.database.unit_of_work() as session:
        foreign = actor_of(session, world.foreign.clerk, today=DAY)
        by = By(clock_on(DAY), Acting(foreign, Channel.WEB))
        new = NewPerson("外局人", "waiju", world.foreign.roads.name, roles=(Role.REVIEWER,))
        add_person(session, by, world.foreign.bureau, new)

    page = world.board.browser(home.chief).get("/office")

    assert page.status_code == 200
    assert "增加单位新设科" in page.text
    assert home.clerk.name in page.text
    assert "外局人" not in page.text
    other = world.board.browser(world.foreign.chief).get("/office").text
    assert "外局人：增加复核人" in other
    assert "新设科" not in other


def test_a_changed_setting_is_told_as_the_page_names_it(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    flags = ("requires_goal", "requires_proof", "annual_notices")
    kept = {
        name: str(_shown(getattr(DEFAULT, name)))
        for name in KEYS
        if not isinstance(getattr(DEFAULT, name), bool)
    }
    clerk.post(
        "/settings",
        kept | dict.fromkeys(flags, "on") | {"yellow_days": "9", "mail_detail": "full", "do": "save"},
    )

    told = world.board.browser(world.home.auditor).get("/office").text

    assert "到期前几个工作日亮黄灯：7 → 9" in told
    assert "邮件写多少：只写编号、名称、日期和链接 → 写出问题原文" in told
    assert told.count("修改设置") == 2
