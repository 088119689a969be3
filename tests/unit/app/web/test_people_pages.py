"""The pages of one person and one unit, the preview of a list, and slips to sign in with."""

import html
import json
import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from core.errors import Refused
from models.enums import OfficeVerb, Role
from models.organisation import Person
from models.task import RectificationTask
from rectification.casework import leaving
from rectification.office import attempts, journal, signin
from rectification.office.bodies import bodies_of
from rectification.office.history_words import history
from rectification.office.people import list_people
from rectification.office.units import list_units
from tests.factories import BY, DAY, clock_on, make_bureau
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Board, Browser

PASSWORD = "秋天的路边有一排老银杏树"


def person(world: World, login: str) -> Any:
    with world.board.database.reading() as session:
        return next(each for each in list_people(session) if each.login == login)


def form_of(world: World, login: str, **changed: Any) -> dict[str, Any]:
    """What a person's page sends back, with these fields typed over."""
    row = person(world, login)
    sent = {name: getattr(row, name) for name in ("name", "unit", "position", "phone", "email", "version")}
    sent |= {"role": [role.value for role in row.roles]} | ({"wants_mail": "on"} if row.wants_mail else {})
    return {
        name: value if isinstance(value, list) else str(value) for name, value in (sent | changed).items()
    }


def units_by_name(world: World) -> dict[str, Any]:
    with world.board.database.reading() as session:
        return {each.name: each for each in list_units(session) if each.bureau_id == world.home.bureau.id}


def code_on(page: str, place: int = 0) -> str:
    return str(re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}", page)[place])


def test_one_persons_page_shows_what_hangs_and_changes_what_differs(world: World) -> None:
    clerk, officer = world.board.browser(world.home.clerk), world.home.officer
    page = clerk.get(f"/people/{officer.id}").text
    assert f"/tasks/{world.running}" in page
    assert f'href="/people/{officer.id}"' in clerk.get("/people").text

    sent = form_of(world, "officer", phone="13900000005", role=["officer", "reviewer"])
    done = clerk.post(f"/people/{officer.id}", sent)

    assert done.status_code == 303
    assert (
        "已改：手机：空 → 13900000005；角色：责任人 → 责任人、复核人"
        in clerk.get(done.headers["location"]).text
    )
    again = clerk.post(f"/people/{officer.id}", form_of(world, "officer"))
    assert "没有变化" in clerk.get(again.headers["location"]).text
    stale = clerk.post(f"/people/{officer.id}", {**sent, "phone": ""})
    assert stale.status_code == 422
    assert "刚刚被别人改动过" in stale.text
    assert person(world, "officer").phone == "13900000005"


def test_a_refused_change_keeps_what_was_typed_and_names_the_way(world: World) -> None:
    clerk, officer = world.board.browser(world.home.clerk), world.home.officer
    page = clerk.post(f"/people/{officer.id}", form_of(world, "officer", unit="运输科", phone="123456")).text
    assert "请选择接手人，或写明由本人继续办" in page
    assert 'value="123456"' in page
    assert person(world, "officer").unit == "路政科"

    assert clerk.post(
        f"/people/{officer.id}", form_of(world, "officer", unit="运输科", tasks="keep")
    ).is_redirect
    with world.board.database.reading() as session:
        [told] = journal.list_events(session, 1, verbs=(OfficeVerb.MOVE_PERSON,))
    assert "由路政科调往运输科，仍由本人办理" in told.words
    assert person(world, "officer").unit == "运输科"


def test_who_left_has_a_page_without_a_form_and_strangers_have_none(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    with world.board.database.unit_of_work() as session:
        leaving.leave(session, BY, session.get_one(Person, world.home.other.id))
    page = clerk.get(f"/people/{world.home.other.id}").text
    assert "回岗" in page
    assert 'name="phone"' not in page
    assert clerk.post(f"/people/{world.home.other.id}/link").status_code == 404
    for path in (f"/people/{world.foreign.officer.id}", f"/units/{world.foreign.roads.id}"):
        assert clerk.get(path).status_code == 404


def test_a_new_person_gets_the_ticked_roles(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    sent = {"name": "张三", "login": "zhangsan", "unit": "路政科", "role": ["officer", "unit_head"]}
    assert clerk.post("/people", sent).status_code == 303
    assert set(person(world, "zhangsan").roles) == {Role.OFFICER, Role.UNIT_HEAD}
    assert clerk.post("/people", sent | {"login": "ZhangSan"}).status_code == 422


def rows(*people: dict[str, Any]) -> str:
    blank = dict.fromkeys(("name", "unit", "position", "roles", "phone", "email", "wants_mail"))
    return json.dumps([{**blank, "row": at, **each} for at, each in enumerate(people, 2)])


def test_answers_in_the_preview_are_carried_out_and_unanswered_rows_wait(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    moved = {"login": "officer", "name": "陈路", "unit": "运输科"}
    renamed = {"login": "OTHER", "name": "田云"}

    clerk.post("/people/import", {"rows": rows(moved, renamed)})
    assert (person(world, "officer").unit, person(world, "other").name) == ("路政科", "田运")
    answers = {"tasks-officer": "head", "same": ["other"]}
    assert clerk.post("/people/import", {"rows": rows(moved, renamed), **answers}).status_code == 303

    assert (person(world, "officer").unit, person(world, "other").name) == ("运输科", "田云")


def test_a_list_that_moves_somebody_is_asked_about_on_the_preview_and_then_stored(world: World) -> None:
    """The whole way: the file, the question with whoever could take over, the answer."""
    clerk, book = world.board.browser(world.home.clerk), Workbook()
    for row in (
        ("云山县交通运输局人员表",),
        ("姓 名", "登录名", "科 室", "手机"),
        ("陈路", "Officer", "运输科", 13900000005),
    ):
        book.worksheets[0].append(row)
    content = BytesIO()
    book.save(content)

    preview = clerk.post("/people/import", files={"file": ("人员.xlsx", BytesIO(content.getvalue()))}).text

    assert "陈路调往运输科，作为责任人的" in preview
    assert world.running in preview
    assert "将改：手机：空 → 13900000005；科室：路政科 → 运输科" in preview
    packed, name = (
        re.search(each, preview) for each in (r'name="rows" value="([^"]+)"', r'<select name="([^"]+)"')
    )
    assert packed is not None
    assert name is not None
    assert '<option value="head">' in preview
    sent = {"rows": html.unescape(packed[1]), name[1]: "head"}
    assert clerk.post("/people/import", sent).status_code == 303
    row = person(world, "officer")
    assert (row.unit, row.phone, row.email != "") == ("运输科", "13900000005", True)
    with world.board.database.reading() as session:
        task = session.scalars(select(RectificationTask).where(RectificationTask.code == world.running)).one()
    assert task.officer_id == world.home.head.id


def test_a_units_page_previews_the_merger_and_then_does_it(world: World) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    clerk.get(f"/units/{home.roads.id}")
    sent = {
        "into_id": str(home.transport.id),
        "closed_on": DAY.isoformat(),
        "reason": "编〔2026〕3号",
        "version": "1",
    }

    shown = clerk.post(f"/units/{home.roads.id}/close", sent)

    assert shown.status_code == 200
    assert world.running in shown.text
    assert "责任单位：路政科 → 运输科" in shown.text
    assert units_by_name(world)["路政科"].is_active
    version = re.search(r'name="version" value="(\d+)"', shown.text)
    assert version is not None
    go = sent | {"do": "go", "version": version[1]}
    assert clerk.post(f"/units/{home.roads.id}/close", go | {"version": "99"}).status_code == 422
    assert clerk.post(f"/units/{home.roads.id}/close", go).status_code == 303
    row = units_by_name(world)["路政科"]
    assert (row.is_active, row.merged_into) == (False, "运输科")
    assert "并入运输科" in clerk.get("/units").text
    assert (
        "路政科" not in clerk.get(f"/people/{home.officer.id}").text.split("<select")[1].split("</select")[0]
    )


def test_units_are_named_placed_and_removed_on_their_page(world: World) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    assert clerk.post("/units", {"name": "路政一队", "parent_id": str(home.roads.id)}).status_code == 303
    team = units_by_name(world)["路政一队"]
    assert team.parent == "路政科"
    place = f"/units/{team.id}"
    assert clerk.post(f"{place}/alias", {"alias": "一大队", "do": "rename"}).status_code == 303
    assert clerk.post(f"{place}/place", {"parent_id": ""}).status_code == 303
    team = units_by_name(world)["一大队"]
    assert (team.parent, team.aliases) == (home.bureau.name, ("路政一队",))
    assert clerk.post(f"/units/{home.roads.id}/remove").status_code == 422
    assert clerk.post(f"{place}/remove").status_code == 303
    assert "一大队" not in units_by_name(world)
    assert clerk.post(f"/units/{home.roads.id}/close", {"closed_on": DAY.isoformat()}).status_code == 422
    assert "人在岗" in clerk.last


def test_a_body_is_composed_on_the_units_page(world: World) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    sent = {
        "body": "领导小组",
        "head": str(home.chief.id),
        "deputy": [str(home.leader.id)],
        "member": [str(home.roads.id)],
    }
    assert clerk.post("/units/body", sent).status_code == 303
    with world.board.database.reading() as session:
        words = bodies_of(session, home.bureau.id)["领导小组"].words
    assert words == "组长：郑局；副组长：周分管；成员单位：路政科"
    assert words in html.unescape(clerk.get("/units").text)
    assert clerk.post("/units/body", {"body": "监委会"}).status_code == 422


def enter(browser: Browser, login: str, code: str, password: str = PASSWORD) -> int:
    browser.get("/enter")
    sent = {"login": login, "code": code, "password": password, "again": password}
    return browser.post("/enter", sent).status_code


def test_many_slips_on_one_sheet_each_let_one_person_in_once(world: World) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    chosen = [home.officer.id, home.head.id]

    page = clerk.post("/people/slips", {"person": [str(each) for each in chosen]}).text

    assert page.count("登录码</dt>") == 2
    assert not re.search(r"/enter/[\w-]{20}", page)
    first, second = code_on(page), code_on(page, 1)
    assert not set((first + second).replace("-", "")) & set("01OIL")
    browser = world.board.browser()
    assert enter(browser, "head", first) == 422
    assert enter(browser, "Officer", f" {first.lower().replace('-', ' ')} ") == 303
    assert browser.get("/my").status_code == 200
    assert enter(world.board.browser(), "officer", first) == 422
    with world.board.database.reading() as session:
        [told] = history(session, limit=1, verbs=(OfficeVerb.ISSUE_CODE,))
        assert told.about == (home.officer.name, home.head.name)
        assert journal.verify(session).is_sound


def test_who_signs_gets_a_slip_singly_once_a_task_was_issued(world: World) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    several = {"person": [str(home.officer.id), str(home.reviewer.id)]}
    assert "须单独发放" in clerk.get("/people/slips").text
    refused = clerk.post("/people/slips", several)
    assert refused.status_code == 422
    assert "方核有签字或管理的角色" in refused.text
    single = clerk.post(f"/people/{home.reviewer.id}/link").text
    assert re.search(r"/enter/[\w-]{20}", single)
    assert enter(world.board.browser(), "reviewer", code_on(single)) == 303
    assert clerk.post("/people/slips", {}).status_code == 422


def test_before_the_first_task_everybody_may_have_one_at_once(board: Board) -> None:
    with board.database.unit_of_work() as session:
        office = make_bureau(session)
    page = board.browser(office.clerk).post(
        "/people/slips", {"person": [str(office.reviewer.id), str(office.chief.id)]}
    )
    assert page.text.count("登录码</dt>") == 2


def test_a_code_ends_after_three_days_with_its_link_or_when_a_newer_one_is_given(world: World) -> None:
    clerk, officer = world.board.browser(world.home.clerk), world.home.officer
    old = code_on(clerk.post(f"/people/{officer.id}/link").text)
    page = clerk.post(f"/people/{officer.id}/link").text
    new, link = code_on(page), re.search(r"/enter/[\w-]{20,}", page)
    assert link is not None
    assert enter(world.board.browser(), "officer", old) == 422
    late = Board(world.board.database, world.board.folder, DAY + timedelta(days=3, hours=1)).browser()
    assert enter(late, "officer", new) == 422
    through = world.board.browser()
    through.get(link[0])
    assert through.post(link[0], {"password": PASSWORD, "again": PASSWORD}).status_code == 303
    assert enter(world.board.browser(), "officer", new) == 422


def test_guessing_a_code_is_stopped_by_person_and_by_address(world: World) -> None:
    clerk, browser = world.board.browser(world.home.clerk), world.board.browser()
    right = code_on(clerk.post(f"/people/{world.home.officer.id}/link").text)
    assert enter(browser, "officer", right, "短") == 422
    for _ in range(attempts.TRIES_BY_LOGIN):
        assert enter(browser, "officer", "AAAA-AAAA") == 422
    assert enter(browser, "officer", right) == 429
    tried = {enter(browser, f"name{n}", "AAAA-AAAA") for n in range(attempts.TRIES_BY_ADDRESS)}
    assert 429 in tried


def test_a_code_is_kept_by_its_hash_alone(world: World) -> None:
    code = signin.new_code()
    assert code.printed.replace("-", "") not in code.hash
    assert code.hash.startswith("$argon2")
    with world.board.database.unit_of_work() as session:
        people = [session.get_one(Person, world.home.officer.id)]
        signin.issue_codes(session, BY, people, [code])
        wrong = signin.link_by_code(session, clock_on(DAY).now, "nobody", code.printed)
        assert wrong is None
        link = signin.link_by_code(session, clock_on(DAY).now, "officer", code.printed)
        assert link is not None
        signin.use_link(session, clock_on(DAY).now, link.id)
        with pytest.raises(Refused, match="不能用了"):
            signin.use_link(session, clock_on(DAY).now, link.id)


def test_a_hearing_shows_who_sits_in_its_body(world: World) -> None:
    home, clerk = world.home, world.board.browser(world.home.clerk)
    clerk.post("/units/body", {"body": "领导小组", "head": str(home.chief.id)})
    sent = {"body": "领导小组", "held_on": DAY.isoformat(), "topic": "听取整改情况", "presided_by": "郑局"}
    held = clerk.post("/reviews/hearings", sent)
    assert held.status_code == 303
    assert "组长：郑局" in clerk.get(held.headers["location"]).text
