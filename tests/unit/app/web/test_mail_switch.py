"""Mail on or off: the own account, the people page, and every page that promises a notice."""

from models.organisation import Person
from tests.unit.app.web.conftest import World


def _wants(world: World, person: Person) -> bool:
    with world.board.database.reading() as session:
        return session.get_one(Person, person.id).wants_mail


def test_a_person_switches_the_own_mail_and_is_told_what_that_leaves(world: World) -> None:
    leader = world.board.browser(world.home.leader)
    page = leader.get("/account").text
    assert "已打开，发到 leader@example.gov.cn" in page
    assert "等本人审签、复核、批准的事项仍发邮件" in page

    assert leader.post("/account/mail", {"do": "off"}).status_code == 303
    assert not _wants(world, world.home.leader)
    assert "打开邮件提醒" in leader.get("/account").text
    leader.post("/account/mail", {"do": "on"})
    assert _wants(world, world.home.leader)


def test_the_settings_name_whom_their_promise_does_not_reach(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    assert "收不到这些邮件的" not in clerk.get("/settings").text
    assert clerk.post(f"/people/{world.home.leader.id}/mail", {"do": "off"}).status_code == 303
    assert not _wants(world, world.home.leader)
    assert "周分管（分管领导，已关闭邮件提醒）" in clerk.get("/settings").text
    assert 'aria-label="打开周分管的邮件提醒"' in clerk.get("/people").text


def test_another_bureaus_person_keeps_the_own_switch(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    assert clerk.post(f"/people/{world.foreign.leader.id}/mail", {"do": "off"}).status_code == 404
    assert _wants(world, world.foreign.leader)
