"""What programs file: every page's form by its own function, with the page's rights, proposals and refusals."""

import base64
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select
from starlette.routing import Route

from app.web.access import ACCESS
from app.web.api.offers import FILINGS, SHOWN
from app.web.application import create_app, routes
from core.settings import Settings
from documents.office.people_sheet import template
from models.enums import Channel, Role, TokenScope
from models.history import OfficeEvent
from models.organisation import Person
from rectification.halfyear.daily_look import open_reviews
from rectification.office.people import limit_auditor, list_people
from rectification.office.sources import NewSource, source_for
from tests.factories import BY, clock_on
from tests.unit.app.web.conftest import World
from tests.unit.app.web.programs import Program, program
from tests.unit.app.web.site import Board
from tests.unit.app.web.test_api import PDF, problem_of
from tests.unit.app.web.test_intake_page import REPORT
from tests.unit.app.web.test_tables import column_of, saved, sheet_of

JUNE, CLOSED = date(2026, 6, 10), date(2026, 7, 1)
STAYS = {
    "signin_post signin_demo enter_post enter_code_post signout signout_everywhere": "登录和退出",
    "account_password account_mail_post account_confirm_post token_add_post token_revoke_post": "本人的密码和令牌",
    "person_link_post slips_post request_post": "登录条，和须第二人当面确认的事",
    "settings_post start_address_post calendar_post rows_release_post": "设置，和开放给上级的范围",
    "kept_drop_post": "网页替人保存的文字",
    "mail_resend_post district_count_post runs_check_post": "重发、重算和重新检查，不登记任何内容",
    "forms_post form_post": "上级表样：每一栏是什么，由人核对",
}
"""What programs do not do, and why."""
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


def test_every_form_of_a_page_is_for_programs_too_or_stays_for_a_reason() -> None:
    posts = {
        route.name
        for route in routes()
        if isinstance(route, Route) and "POST" in (route.methods or ()) and not route.path.startswith("/api/")
    }
    filed = {filing.route.name for filing in FILINGS}
    stays = {name for names in STAYS for name in names.split()}

    assert posts - filed == stays | ONE_TASK
    assert filed <= posts


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


@pytest.mark.parametrize(
    ("address", "body", "missing"),
    [
        ("/people/{officer}", {"phone": "13800000000"}, ""),
        ("/sources/{source}/correct", {}, "reason"),
        ("/sources/{source}/steps/1/remove", {}, "reason"),
        ("/sources/kinds/rename", {"name": "审计"}, "new_name"),
        ("/reviews/hearings", {"topic": "听取汇报"}, "body"),
        ("/people/substitutes", {}, "ends_on"),
        ("/units/line", {}, "unit"),
        ("/tasks/{running}/correct", {"text": "执法案卷不全。"}, "reason"),
        ("/tasks/{draft}/edit", {"title": "案卷不全"}, ""),
    ],
)
def test_what_the_description_requires_is_what_must_be_sent(
    world: World, clerk: Program, address: str, body: dict[str, Any], missing: str
) -> None:
    source = done(clerk, "/sources", {"kind": "审计", "title": "审计报告"})["made"]
    done(clerk, f"/sources/{source}/steps", {"kind": "talk", "day": "2026-02-02", "number": 3})
    named = {
        "officer": world.home.officer.id,
        "source": source,
        "running": world.running,
        "draft": world.draft,
    }
    told = clerk.get("/api/openapi.json").json()
    posts = sorted(
        (path for path, each in told["paths"].items() if "post" in each), key=lambda path: "{" in path
    )
    route = next(path for path in posts if re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), f"/api{address}"))
    name = told["paths"][route]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = told["components"]["schemas"][name.rsplit("/", 1)[1]]

    assert set(schema["required"]) - body.keys() <= (
        {missing, "person_id", "substitute_id"} if missing else set()
    )
    assert missing in {*schema["required"], ""}
    answer = clerk.post(f"/api{address.format_map(named)}", body)
    assert answer.status_code in ((400, 422) if missing else (200,)), answer.text


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
    done(
        clerk,
        f"{address}/steps/{step}/correct",
        {"kind": "talk", "day": "2026-02-02", "number": 8, "reason": "漏计"},
    )
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
    problem_of(clerk.post(f"/api/people/{world.foreign.officer.id}", {"phone": "1"}), 404)


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


def test_progress_sent_again_with_its_key_is_entered_once(world: World) -> None:
    officer, said = program(world.board, world.home.officer), {"text": "已补正五份。", "form_key": "OA-p1"}
    done(officer, f"/tasks/{world.running}/progress", said)
    again = problem_of(officer.post(f"/api/tasks/{world.running}/progress", said), 409)
    assert again["title"] == "这份表单已经提交过"
    assert len(officer.get(f"/api/tasks/{world.running}").json()["progress"]) == 1


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_the_end_of_the_calendar_is_no_date(clerk: Program, day: str) -> None:
    """Some programs write it for "never"; no ladder of reminders can be counted from there."""
    asked = {"kind": "法治督察", "title": "督察反馈", "received_on": "2026-02-20", "result_due_on": day}
    (wrong,) = problem_of(clerk.post("/api/sources", asked), 422)["errors"]
    assert wrong["field"] == "result_due_on"
    assert "日期应在1949年至2100年之间" in wrong["said"]


def test_what_is_sent_again_is_told_what_the_first_made(world: World) -> None:
    board, ticks = Board(world.board.database, world.board.folder, world.board.day), count()
    clock = clock_on(board.day)
    board.app = create_app(
        Settings(data_dir=board.folder),
        board.database,
        lambda: replace(clock, now=clock.now + timedelta(seconds=1 + next(ticks))),
    )
    clerk = program(board, world.home.clerk)
    source = {"kind": "审计", "title": "审计报告", "form_key": "OA-1"}
    said: list[tuple[str, dict[str, Any]]] = [
        ("/sources", source),
        ("/units", {"name": "机要室", "form_key": "OA-2"}),
        ("/people", {"name": "新来", "login": "xinlai", "unit": "路政科", "form_key": "OA-3"}),
        ("/reports/upload", {"file": file_of("报告.txt", REPORT.encode()), "form_key": "OA-4"}),
        ("/reviews/hearings", {"body": "党组", "topic": "听取汇报", "form_key": "OA-5"}),
    ]
    made = [done(clerk, address, body)["made"] for address, body in said]
    said.append(("/entry", {"source_id": made[0], "text": "案卷不齐。", "form_key": "OA-6"}))
    made.append(done(clerk, *said[-1])["made"])

    again = [problem_of(clerk.post(f"/api{address}", body), 409)["made"] for address, body in said]
    assert None not in again
    assert again == made
    assert problem_of(clerk.post("/api/units", {"name": "机要室"}), 409)["made"] is None


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
    admitted = next(role for role in (Role.CLERK, Role.OFFICER) if role in ACCESS[filing.name].roles)
    wrong = program(world.board, world.people[admitted]).post(address, {"colour": "red"})
    problem_of(wrong, 404 if wrong.status_code == 404 else 422)  # what the form is about is looked for first


# What it reads


def test_what_the_half_year_s_pages_know_is_told(world: World, clerk: Program) -> None:
    with world.board.database.unit_of_work() as session:
        open_reviews(session, clock_on(JUNE), [world.home.bureau.id])
    later = program(Board(world.board.database, world.board.folder, CLOSED), world.home.clerk)
    done(later, "/reviews/2026-06-30/freeze")

    assert later.get("/api/reviews").json()["cycles"] == ["2026-06-30"]
    review = later.get("/api/reviews/2026-06-30").json()["review"]
    assert review["version"] == 1
    assert {line["code"] for line in review["missing"]} == {world.running, world.plan}
    assert set(review["missing"][0]) == {"code", "title", "unit", "officer", "deadline_on"}
    problems, plans = later.get("/api/reviews/2026-06-30/briefing").json()["figures"]
    page = Board(world.board.database, world.board.folder, CLOSED).browser(world.home.clerk)
    briefing = re.sub(r"<[^>]+>", "", page.get("/reviews/2026-06-30/briefing").text)
    for told, total in ((problems, 2), (plans, 1)):
        assert told["values"]["total"] == total
        assert told["scope"].split("，")[0] in briefing
        assert f"{told['labels']['running']}{told['values']['running']}项" in briefing
    paper = later.get("/api/reviews/2026-06-30/briefing.docx")
    assert paper.content.startswith(b"PK")
    problem_of(later.get("/api/reviews/2020-06-30"), 404)
    problem_of(program(world.board, world.home.officer).get("/api/reviews"), 403)


def test_an_officer_is_asked_and_states(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        open_reviews(session, clock_on(JUNE), [world.home.bureau.id])
    board = Board(world.board.database, world.board.folder, JUNE)
    officer = program(board, world.home.officer)
    asked = [line["code"] for line in officer.get("/api/statements").json()["lines"]]
    assert asked == [world.running, world.plan]

    said = [{"code": world.running, "text": "三份案卷已补齐。"}]
    told = done(officer, "/statements", {"statements": said})
    assert told["said"] == "已报送 1 项"
    assert officer.get(f"/api/tasks/{world.running}").json()["progress"][-1]["text"] == "三份案卷已补齐。"
    again = problem_of(officer.post("/api/statements", {"statements": said}), 400)
    assert world.running in again["title"]
    assert [line["code"] for line in officer.get("/api/statements").json()["lines"]] == [world.plan]
    problem_of(officer.post("/api/statements", {"statements": []}), 422)
    for empty in ({"code": world.plan}, {"code": world.plan, "text": ""}, {"code": world.plan, "text": " "}):
        [missing] = problem_of(officer.post("/api/statements", {"statements": [empty]}), 422)["errors"]
        assert (missing["field"], missing["said"]) == ("statements.0.text", "请填写这一项")
    wrong = {"statements": [{"code": world.plan, "text": "好", "colour": "red"}]}
    assert problem_of(officer.post("/api/statements", wrong), 422)["errors"][0]["field"].endswith("colour")


def test_the_ledger_goes_out_and_comes_back_after_a_look(world: World, clerk: Program) -> None:
    sheet, _ = sheet_of(clerk.get("/api/ledger.xlsx").content, "整改台账")
    sheet.cell(5, column_of(sheet, "备注")).value = "已与县司法局核对"
    file = file_of("台账.xlsx", saved(sheet))

    for body, remark in (({"dry_run": True}, ""), ({}, "已与县司法局核对")):
        taken = clerk.post("/api/ledger", {"file": file, **body}).json()["taken"]
        assert taken["counts"]["changed"] == 1
        (row,) = taken["told"]
        assert row["fate"] == "changed"
        assert clerk.get(f"/api/tasks/{row['code']}").json()["remark"] == remark
    problem_of(clerk.post("/api/ledger", {"file": file_of("a.xlsx", b"no workbook")}), 422)
    problem_of(program(world.board, world.home.leader).get("/api/ledger.xlsx"), 403)


def test_drafts_are_issued_by_their_table(world: World, clerk: Program) -> None:
    sheet, _ = sheet_of(clerk.get("/api/breakdown.xlsx").content, "整改任务分解表")
    file = file_of("分解表.xlsx", saved(sheet))
    taken = clerk.post("/api/breakdown", {"file": file, "dry_run": True, "paper_no": "〔2026〕1号"}).json()

    assert {row["code"] for row in taken["taken"]["told"]} == {world.draft}
    assert clerk.get(f"/api/tasks/{world.draft}").json()["status"] == "draft"


def test_people_come_by_their_sheet_after_a_look(world: World, clerk: Program) -> None:
    with world.board.database.reading() as session:
        everybody = list_people(session, world.home.bureau.id)
    new = replace(everybody[0], name="新来", login="xinlai", roles=(Role.OFFICER,), unit="路政科", email="")
    file = file_of("人员表.xlsx", template([new]))

    tried = clerk.post("/api/people/import", {"file": file, "dry_run": True}).json()["outcome"]
    assert tried["added"] == ["xinlai"]
    assert "xinlai" not in str(clerk.get("/api/people?limit=200").json())
    assert clerk.post("/api/people/import", {"file": file}).json()["outcome"]["added"] == ["xinlai"]
    assert "xinlai" in str(clerk.get("/api/people?limit=200").json())


def test_sources_calls_and_events_are_told(world: World, clerk: Program) -> None:
    source = done(clerk, "/sources", {"kind": "法治督察", "title": "督察反馈"})["made"]
    listed = clerk.get("/api/sources").json()
    assert source in {row["id"] for row in listed["rows"]}
    assert "法治督察" in listed["kinds"]
    assert clerk.get(f"/api/sources/{source}").json()["source"]["title"] == "督察反馈"
    assert clerk.get("/api/office").json()["rows"][0]["verb"] == "add_source"
    done(clerk, f"/people/{world.home.officer.id}/mail/off")
    (callee,) = clerk.get("/api/calls").json()["callees"]
    assert callee["name"] == world.home.officer.name
    assert callee["why"] == "已关闭邮件提醒"
    paper = clerk.get(f"/api/tasks/{world.running}/sheet.docx")
    assert paper.status_code == 200
    assert clerk.get("/api/reviews/hearings/plans").json() == {"planned": None}


def test_an_auditor_of_one_source_reads_no_page_of_the_bureau(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        source = source_for(session, BY, world.home.bureau.id, NewSource("审计", "审计报告"))
        limit_auditor(session, BY, session.merge(world.home.auditor), source, None)
    auditor = program(world.board, world.home.auditor, TokenScope.READ)

    for shown in SHOWN:
        if ACCESS[shown.name].is_bureau_wide and Role.AUDITOR in ACCESS[shown.name].roles:
            address = shown.path.format(
                ends_on="2026-06-30", hearing_id=1, paper_id=1, source_id=1, year=2026
            )
            problem_of(auditor.get(f"/api{address}"), 403)
