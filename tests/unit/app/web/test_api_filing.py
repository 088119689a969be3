"""What programs file: every page's form by its own function, with the page's rights, proposals and refusals."""

import base64
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.web.access import ACCESS
from app.web.api.filing import FILINGS
from models.enums import Channel, Role, TokenScope
from models.history import OfficeEvent
from models.organisation import Person
from rectification.halfyear.daily_look import open_reviews
from rectification.office.people import list_people
from tests.factories import clock_on
from tests.unit.app.web.conftest import World
from tests.unit.app.web.programs import Program, program
from tests.unit.app.web.site import Board
from tests.unit.app.web.test_api import PDF, problem_of
from tests.unit.app.web.test_intake_page import REPORT

JUNE, CLOSED = date(2026, 6, 10), date(2026, 7, 1)
STAYS = {
    "signin_post signin_demo enter_post enter_code_post signout signout_everywhere": "登录和退出",
    "account_password account_mail_post account_confirm_post token_add_post token_revoke_post": "本人的密码和令牌",
    "person_link_post slips_post request_post": "登录条，和须第二人当面确认的事",
    "settings_post start_address_post calendar_post rows_release_post": "设置，和开放给上级的范围",
    "kept_drop_post": "网页替人保存的文字",
    "mail_resend_post district_count_post": "重发和重算，不登记任何内容",
    "statements_post ledger_post breakdown_post people_import_post": "整份的表，另行提供",
}
"""What programs do not do, and why."""
TABLES: set[str] = set()
"""Forms that are rows of a table: a program sends them whole."""
ONE_TASK = {"act_post", "progress_post", "issue_post", "report_draft_post", "report_issue_post"}
"""Forms whose deeds are a task's verbs: /api/tasks/{code}/…"""


def file_of(name: str, content: bytes) -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(content).decode()}


def done(asking: Program, address: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """What a program was told of what it filed."""
    answer = asking.post(f"/api{address}", body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.fixture
def clerk(world: World) -> Program:
    return program(world.board, world.home.clerk)


def test_every_form_of_a_page_is_for_programs_too_or_stays_for_a_reason(world: World) -> None:
    posts = {
        route.name: route.path
        for route in world.board.app.routes
        if "POST" in (getattr(route, "methods", None) or ()) and not route.path.startswith("/api/")
    }
    filed = {filing.route.name for filing in FILINGS} | TABLES
    stays = {name for names in STAYS for name in names.split()}

    assert posts.keys() - filed == stays | ONE_TASK
    assert filed <= posts.keys()
    for name in TABLES:
        assert ACCESS[f"api_{name}"] == ACCESS[name], name


def test_each_has_its_page_s_address_rule_and_words(world: World) -> None:
    told = program(world.board, world.home.clerk).get("/api/openapi.json").json()
    for filing in FILINGS:
        operation = told["paths"][f"/api{filing.path}"]["post"]
        name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        schema = told["components"]["schemas"][name]
        assert filing.path.startswith(filing.route.path.split("{step_id}")[0])
        assert ACCESS[filing.name] == ACCESS[filing.route.name]
        assert set(filing.form.model_fields) <= set(schema["properties"])
        assert not schema["additionalProperties"]
        for field, of in schema["properties"].items():
            assert not of.get("title", "x").isascii(), (filing.name, field)


def test_a_hearing_is_planned_moved_held_and_resolved(world: World, clerk: Program) -> None:
    home, plans = world.home, "/reviews/hearings/plans"
    plan = {"meets_on": "2026-06-30", "body": "党组", "topic": "听取汇报", "guest": [home.leader.id]}
    planned = done(clerk, plans, plan)["made"]
    moved = done(clerk, f"{plans}?plan={planned}", {"meets_on": "2026-07-02"})
    assert moved["made"] == planned
    page = world.board.browser(home.clerk).get(moved["page"]).text
    assert "2026年7月2日" in page
    assert home.leader.name in page

    on_day = Board(world.board.database, world.board.folder, date(2026, 7, 2))
    clerk = program(on_day, home.clerk)
    held = done(
        clerk,
        f"/reviews/hearings?plan={planned}",
        {"held_on": "2026-07-02", "body": "党组", "topic": "听取汇报", "papers": [file_of("稿.pdf", PDF)]},
    )["made"]
    done(clerk, f"/reviews/hearings/{held}/minutes", {"minutes_no": "〔2026〕8号"})
    code = done(clerk, f"/reviews/hearings/{held}/resolutions", {"text": "补齐案卷"})["made"]
    page = on_day.browser(home.clerk).get(f"/reviews/hearings/{held}").text
    assert all(said in page for said in ("稿.pdf", "〔2026〕8号", code))
    late = problem_of(clerk.post(f"/api{plans}/call-off?plan={planned}"), 409)
    assert late["detail"] or late["todo"]


def test_figures_are_frozen_once_their_day_has_come(world: World, clerk: Program) -> None:
    with world.board.database.unit_of_work() as session:
        open_reviews(session, clock_on(JUNE), [world.home.bureau.id])
    review = "/reviews/2026-06-30"
    later = program(Board(world.board.database, world.board.folder, CLOSED), world.home.clerk)
    problem_of(
        program(Board(world.board.database, world.board.folder, JUNE), world.home.clerk).post(
            f"/api{review}/freeze"
        ),
        400,
    )

    assert "第1版" in done(later, f"{review}/freeze")["said"]
    problem_of(later.post(f"/api{review}/cut-off", {"cut_off_on": "2026-06-20"}), 400)
    problem_of(later.post("/api/reviews/2020-06-30/freeze"), 404)


def test_a_source_is_entered_corrected_answered_and_stepped(world: World, clerk: Program) -> None:
    new = {"kind": "法治督察", "title": "督察反馈", "paper_no": "〔2026〕1号", "received_on": "2026-02-01"}
    source = done(clerk, "/sources", new)["made"]
    address = f"/sources/{source}"
    done(clerk, f"{address}/correct", {"issuing_body": "市司法局", "reason": "漏填"})
    done(clerk, f"{address}/plan", {"sent_on": "2026-02-05", "sent_no": "〔2026〕9号"})
    step = done(clerk, f"{address}/steps", {"kind": "talk", "day": "2026-02-02", "number": 3})["made"]
    done(clerk, f"{address}/steps/{step}/correct", {"number": 8, "reason": "漏计"})
    page = world.board.browser(world.home.clerk).get(address).text
    for said in ("〔2026〕1号", "市司法局", "〔2026〕9号", "约谈8人次"):
        assert said in page

    done(clerk, f"{address}/steps/{step}/remove", {"reason": "重复"})
    assert "约谈8人次" not in world.board.browser(world.home.clerk).get(address).text.split("更正留痕")[0]
    problem_of(clerk.post(f"/api{address}/steps/{step}/remove", {"reason": "重复"}), 404)
    code = done(clerk, "/entry", {"source_id": source, "text": "案卷不齐。"})["made"]
    assert clerk.get(f"/api/tasks/{code}").json()["source"]["title"] == "督察反馈"


def test_a_report_becomes_drafts_and_what_it_does_not_say_is_asked(world: World, clerk: Program) -> None:
    report = done(clerk, "/reports/upload", {"file": file_of("报告.txt", REPORT.encode())})
    assert "读出 2 项不足、2 项计划" in report["said"]
    assert len(clerk.get(f"/api/reports/{report['made']}").json()["items"]) == 4
    code = done(clerk, f"/reports/{report['made']}/items", {"words": "窗口服务还有差距"})["made"]
    assert clerk.get(f"/api/tasks/{code}").json()["text"] == "窗口服务还有差距"
    by_another_name = REPORT.replace("云山县交通运输局", "云山县交通局")
    asked = problem_of(
        clerk.post("/api/reports/upload", {"file": file_of("b.txt", by_another_name.encode())}), 400
    )
    assert asked["todo"]
    problem_of(clerk.post("/api/reports/upload", {}), 422)


def test_a_change_of_a_person_leaves_alone_what_it_does_not_name(world: World, clerk: Program) -> None:
    officer = world.home.officer
    with world.board.database.reading() as session:
        before = next(each for each in list_people(session, world.home.bureau.id) if each.id == officer.id)
    done(clerk, f"/people/{officer.id}", {"phone": "13800000000"})
    with world.board.database.reading() as session:
        after = next(each for each in list_people(session, world.home.bureau.id) if each.id == officer.id)

    assert after.phone == "13800000000"
    assert (after.roles, after.unit, after.email, after.wants_mail) == (
        *(before.roles, before.unit, before.email),
        before.wants_mail,
    )
    stale = {"phone": "1", "version": before.version}
    problem_of(clerk.post(f"/api/people/{officer.id}", stale), 409)
    problem_of(clerk.post(f"/api/people/{world.foreign.officer.id}", {"phone": "1"}), 422)


def test_a_person_of_a_program_has_no_way_in_but_the_slip(world: World, clerk: Program) -> None:
    new = {"name": "新来", "login": "xinlai", "unit": "路政科", "role": ["officer"]}
    made = done(clerk, "/people", new)["made"]
    with world.board.database.reading() as session:
        person, event = (
            session.get_one(Person, made),
            session.scalars(select(OfficeEvent).order_by(OfficeEvent.sequence.desc())).first(),
        )
    assert person.password_hash == ""
    assert event is not None
    assert event.channel is Channel.API
    problem_of(clerk.post("/api/people", {**new, "role": ["king"]}), 422)


def test_the_same_key_files_once(clerk: Program) -> None:
    new = {"name": "机要室", "form_key": "OA-1"}
    done(clerk, "/units", new)

    assert problem_of(clerk.post("/api/units", new), 409)["title"] == "这份表单已经提交过"


@pytest.mark.parametrize("filing", FILINGS, ids=lambda filing: filing.name)
def test_who_may_not_open_the_page_files_nothing(world: World, filing: Any) -> None:
    address = f"/api{filing.path}".format_map(
        dict.fromkeys(filing.route.param_convertors, 1)
        | {
            "ends_on": "2026-06-30",
            "year": 2026,
            "step_id": 1,
        }
    )
    stranger = next(role for role in (Role.OFFICER, Role.CHIEF) if role not in ACCESS[filing.name].roles)

    problem_of(program(world.board, world.people[stranger]).post(address), 403)
    problem_of(program(world.board, world.home.clerk, TokenScope.READ).post(address), 403)
    wrong = problem_of(program(world.board, world.home.clerk).post(address, {"colour": "red"}), 422)
    assert wrong["title"]
