"""The API: the same ledger as the pages show, the same verbs, refusals a program can read."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select

from app.cli.tasks import as_dict
from app.web.api.description import describe
from models.enums import Channel, Role, Status, TokenScope, Verb
from models.history import TaskEvent
from models.signin import ApiToken
from models.task import RectificationTask
from rectification.office import signin
from rectification.verb_forms import FORMS
from tests.factories import BY, DAY, MEASURE, case_file, make_task
from tests.unit.app.web.conftest import World
from tests.unit.app.web.programs import Program, program, token_of
from tests.unit.app.web.site import Board

HOSTILE = "<script>alert(1)</script>\u202e 😀\u0007" + "长" * 5000
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def problem_of(answer: Response, status: int) -> dict[str, Any]:
    """The problem an answer tells, which must be one of this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["type"].startswith("urn:rectify:")
    assert told["title"]
    return told


# What it tells


def test_a_task_is_told_as_the_command_line_tells_it(world: World) -> None:
    told = program(world.board, world.home.clerk).get(f"/api/tasks/{world.running}").json()
    with world.board.database.reading() as session:
        expected = as_dict(case_file(session, world.running).row)

    assert {name: told[name] for name in expected} == expected
    assert told["officer_id"] == world.home.officer.id
    assert told["lead_unit_id"] == world.home.roads.id
    assert [event["verb"] for event in told["timeline"]] == ["draft", "issue", "accept", "finish_measure"]
    assert "transfer" in told["verbs"]
    assert "progress" not in told["verbs"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN], ids=str)
def test_a_program_sees_what_its_person_sees(world: World, role: Role) -> None:
    person = world.people[role]
    asking, browser = program(world.board, person, TokenScope.READ), world.board.browser(person)
    seen = set()
    for code in (world.draft, world.assigned, world.running, world.plan):
        status = browser.get(f"/tasks/{code}").status_code
        assert asking.get(f"/api/tasks/{code}").status_code == status, code
        seen |= {code} if status == 200 else set()

    listed = asking.get("/api/tasks?" + "&".join(f"status={status.value}" for status in Status)).json()
    assert {task["code"] for task in listed["items"]} == seen


def test_pages_follow_one_another_without_gap_or_repetition(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        for _ in range(5):
            make_task(session, world.home)
    asking = program(world.board, world.home.clerk)
    found, address = [], "/api/tasks?limit=3&kind=problem"
    while address:
        page = asking.get(address).json()
        found += [task["code"] for task in page["items"]]
        address = page["next"]
    with world.board.database.reading() as session:
        expected = session.scalars(
            select(RectificationTask.code)
            .where(
                RectificationTask.bureau_id == world.home.bureau.id,
                RectificationTask.kind != "plan",
                RectificationTask.status != Status.DRAFT,
            )
            .order_by(RectificationTask.id)
        ).all()

    assert found == list(expected)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("status=in_progress&status=assigned", True),
        ("status=closed", False),
        ("unit=路政科", True),
        ("unit=运输科", False),
        ("officer=officer", True),
        ("officer=other", False),
        ("officer=何科", False),
        ("kind=shortcoming", True),
        ("kind=problem", True),
        ("kind=plan", False),
        ("overdue=true", False),
        ("light=green", True),
        ("due_within=366", True),
        ("due_within=1", False),
        ("q=送达回证", True),
        ("q=%25", False),
    ],
)
def test_a_list_is_narrowed_by_its_query(world: World, query: str, is_found: bool) -> None:
    items = program(world.board, world.home.clerk).get(f"/api/tasks?{query}").json()["items"]

    assert (world.running in {task["code"] for task in items}) == is_found


def test_figures_reports_people_and_mail_are_told(world: World) -> None:
    asking = program(world.board, world.home.clerk)

    figures = asking.get("/api/figures").json()
    assert figures["on"] == DAY.isoformat()
    assert figures["problems"]["total"] == 2
    assert figures["plans"]["total"] == 1
    assert figures["drafts"] == 1
    assert "何科" in {person["name"] for person in asking.get("/api/people").json()["items"]}
    assert {unit["name"] for unit in asking.get("/api/units").json()["items"]} >= {"路政科", "法规科"}
    assert asking.get("/api/reports").json() == {"items": [], "next": None}
    assert asking.get("/api/mail").json() == {"items": [], "next": None}


def test_people_come_page_by_page(world: World) -> None:
    asking = program(world.board, world.home.clerk)
    first = asking.get("/api/people?limit=8").json()
    second = asking.get(first["next"]).json()

    assert len(first["items"]) == 8
    assert second["next"] is None
    assert {one["id"] for one in first["items"]}.isdisjoint({one["id"] for one in second["items"]})


# What it does


def test_a_program_takes_a_task_from_assignment_to_its_closing_request(world: World) -> None:
    officer = program(world.board, world.home.officer)
    address = f"/api/tasks/{world.assigned}"

    accepted = officer.post(f"{address}/accept", {"measures": "开展案卷评查"})
    assert accepted.json()["status"] == "in_progress"
    assert officer.post(f"{address}/progress", {"text": "已补齐三份"}).status_code == 200
    scan = {"name": "整改材料.pdf", "content": base64.b64encode(PDF).decode()}
    untied = problem_of(officer.post(f"{address}/evidence", {"file": scan, "note": "案卷"}), 400)
    assert "没有选这份材料证明什么" in str(untied)
    tied = {"file": scan, "note": "案卷", "kind": "case", "proves": [1, 2]}
    assert officer.post(f"{address}/evidence", tied).status_code == 200
    for position in (1, 2):
        assert officer.post(f"{address}/finish-measure", {"position": position}).status_code == 200
    statement = {"statement": "案卷已全部补齐。"}
    doubted = problem_of(officer.post(f"{address}/submit", statement), 400)
    assert "下达不久就申请（hasty）" in str(doubted)
    assert doubted["todo"].endswith("（字段：despite_doubts）")
    submitted = officer.post(f"{address}/submit", {**statement, "despite_doubts": True})
    assert submitted.json()["status"] == "submitted"

    told = officer.get(address).json()
    assert [measure["text"] for measure in told["measures"]] == [MEASURE.text, "开展案卷评查"]
    assert [(one["file_name"], one["size"], one["kind"], one["proves"]) for one in told["evidence"]] == [
        ("整改材料.pdf", len(PDF), "case", [1, 2])
    ]
    assert not {"own_text", "statement"} & told["evidence"][0].keys()
    assert told["progress"][0]["text"] == "已补齐三份"


def test_what_a_program_does_is_told_apart_in_the_history(world: World) -> None:
    program(world.board, world.home.officer).post(f"/api/tasks/{world.running}/progress", {"text": "进展"})
    with world.board.database.reading() as session:
        event = session.scalars(
            select(TaskEvent).where(TaskEvent.verb == Verb.PROGRESS).order_by(TaskEvent.id.desc())
        ).first()

    assert event is not None
    assert event.channel is Channel.API
    assert event.actor_id == world.home.officer.id


def test_who_saw_an_older_version_is_refused(world: World) -> None:
    officer = program(world.board, world.home.officer)
    address = f"/api/tasks/{world.running}"
    seen = officer.get(address).json()["version"]

    assert officer.post(f"{address}/progress", {"text": "第一次", "seen_version": seen}).status_code == 200
    problem_of(officer.post(f"{address}/progress", {"text": "二", "seen_version": seen}), 409)


def test_a_correction_leaves_alone_what_it_does_not_name(world: World) -> None:
    clerk = program(world.board, world.home.clerk)
    address = f"/api/tasks/{world.running}"
    assert clerk.post(f"{address}/correct", {"reason": "涉及个人", "is_restricted": True}).status_code == 200
    assert clerk.post(f"{address}/correct", {"reason": "错字", "title": "案卷制作"}).status_code == 200

    told = clerk.get(address).json()
    assert (told["title"], told["is_restricted"]) == ("案卷制作", True)


def test_every_verb_with_a_page_is_in_the_description_with_its_body(world: World) -> None:
    told = program(world.board, world.home.clerk).get("/api/openapi.json").json()

    for verb in FORMS:
        operation = told["paths"][f"/api/tasks/{{code}}/{verb.value.replace('_', '-')}"]["post"]
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        schema = told["components"]["schemas"][reference.rsplit("/", 1)[1]]
        assert {field.key for field in FORMS[verb].fields} <= set(schema["properties"])
        assert schema["additionalProperties"] is False
    assert told == describe()


def test_the_description_names_nothing_that_is_not_there() -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [found for value in part.values() for found in references(value)]
        return [found for value in part for found in references(value)] if isinstance(part, list) else []

    schemas = describe()["components"]["schemas"]
    assert {reference.rsplit("/", 1)[1] for reference in references(describe())} <= set(schemas)


# What it refuses


def test_refusals_say_what_why_and_what_to_do(world: World) -> None:
    officer = program(world.board, world.home.officer)

    told = problem_of(
        officer.post(f"/api/tasks/{world.running}/submit", {"statement": "三件案卷已补齐"}), 400
    )
    assert told["type"] == "urn:rectify:refused"
    assert told["detail"]
    assert told["todo"]
    problem_of(officer.get("/api/tasks/2099-999"), 404)
    problem_of(officer.get("/api/nothing"), 404)
    problem_of(officer.get(f"/api/tasks/{world.running}/submit"), 405)
    problem_of(officer.post(f"/api/tasks/{world.running}/verify", {"verdict": "通过"}), 403)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"text": "好", "colour": "red"}, "colour"),
        ({"text": "好", "count_done": -1}, "count_done"),
        ({"text": "好", "count_done": 10**30}, "count_done"),
    ],
)
def test_a_wrong_body_names_its_field(world: World, body: dict[str, Any], field: str) -> None:
    answer = program(world.board, world.home.officer).post(f"/api/tasks/{world.running}/progress", body)

    assert [error["field"] for error in problem_of(answer, 422)["errors"]] == [field]


@pytest.mark.parametrize("body", [b"{", b"[]", b"1", b'{"text": "\\ud800"}', b"\xff", b"null"])
def test_what_is_no_object_is_refused(world: World, body: bytes) -> None:
    officer = program(world.board, world.home.officer)

    problem_of(officer.post(f"/api/tasks/{world.running}/progress", content=body), 422)


@pytest.mark.parametrize("stranger", [987_654, None], ids=["nobody", "another-bureaus"])
def test_a_stranger_cannot_be_given_a_task(world: World, stranger: int | None) -> None:
    person = stranger or world.foreign.officer.id
    clerk, head = program(world.board, world.home.clerk), program(world.board, world.home.head)

    for name in ("officer_id", "leader_id", "reviewer_id", "approver_id", "lead_unit_id"):
        named = {name: stranger or (world.foreign.roads.id if name == "lead_unit_id" else person)}
        moved = {"reason": "轮岗", **named}
        problem_of(clerk.post(f"/api/tasks/{world.running}/transfer", moved), 400)
        issued = {"lead_unit_id": world.home.roads.id, **named}
        problem_of(clerk.post(f"/api/tasks/{world.draft}/issue", issued), 400)
    problem_of(head.post(f"/api/tasks/{world.assigned}/accept", {"officer_id": person}), 400)


def test_text_of_any_kind_comes_back_as_it_was(world: World) -> None:
    officer = program(world.board, world.home.officer)
    sent = officer.post(f"/api/tasks/{world.running}/progress", {"text": HOSTILE + "\0尾"})
    assert sent.status_code == 200

    answer = officer.get(f"/api/tasks/{world.running}")
    assert answer.json()["progress"][-1]["text"] == (HOSTILE + "尾").replace("\u0007", "")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("address", "statuses"),
    [
        ("/api/tasks?q=%00", {200, 422}),  # PostgreSQL cannot even be asked
        ("/api/tasks/%00", {404, 422}),
        ("/api/tasks?after=99999999999999999999", {422}),
        ("/api/reports/99999999999999999999", {422}),
        ("/api/tasks?colour=red", {422}),
        ("/api/tasks?limit=1000", {422}),
    ],
)
def test_an_odd_address_is_refused_not_broken(world: World, address: str, statuses: set[int]) -> None:
    assert program(world.board, world.home.clerk).get(address).status_code in statuses


# Tokens


def test_a_cookie_opens_nothing(world: World) -> None:
    browser = world.board.browser(world.home.clerk)

    problem_of(browser.client.get("/api/tasks"), 401)
    problem_of(browser.client.post(f"/api/tasks/{world.running}/transfer", json={}), 401)


def test_a_token_opens_no_page(world: World) -> None:
    asking = program(world.board, world.home.clerk)

    answer = asking._client.get("/tasks", headers=asking.headers, follow_redirects=False)
    assert answer.status_code == 303


def test_a_token_ends_with_its_time_its_revocation_its_password_and_its_person(world: World) -> None:
    clerk, day = world.home.clerk, world.board.day
    asking = program(world.board, clerk)
    assert asking.get("/api/figures").status_code == 200

    world.board.day = day + timedelta(days=30)
    problem_of(asking.get("/api/figures"), 401)
    world.board.day = day

    with world.board.database.unit_of_work() as session:
        signin.set_password_hash(session, BY, session.merge(clerk), "hash")
    problem_of(asking.get("/api/figures"), 401)

    asking = program(world.board, clerk)
    with world.board.database.unit_of_work() as session:
        session.merge(clerk).is_active = False
    problem_of(asking.get("/api/figures"), 401)


def test_a_token_is_kept_as_a_hash_alone(world: World) -> None:
    token = token_of(world.board, world.home.clerk)
    with world.board.database.reading() as session:
        row = session.scalars(select(ApiToken)).one()

    assert token not in repr(vars(row))
    assert row.used_at is None
    Program(world.board, token).get("/api/figures")
    with world.board.database.reading() as session:
        assert session.scalars(select(ApiToken)).one().used_at is not None


def test_the_account_page_makes_a_token_shows_it_once_and_revokes_it(world: World) -> None:
    browser = world.board.browser(world.home.clerk)
    made = browser.post("/account/tokens", {"name": "局大屏", "scope": "read", "days": "30"})
    token = made.text.split('class="code token">')[1].split("<")[0]
    asking = Program(world.board, token)

    assert asking.get("/api/figures").status_code == 200
    page = browser.get("/account").text
    assert "局大屏" in page
    assert token not in page
    with world.board.database.reading() as session:
        token_id = session.scalars(select(ApiToken.id)).one()
    other = world.board.browser(world.home.chief)
    assert other.post(f"/account/tokens/{token_id}/revoke").status_code == 404
    assert asking.get("/api/figures").status_code == 200
    assert browser.post(f"/account/tokens/{token_id}/revoke").status_code == 303
    problem_of(asking.get("/api/figures"), 401)


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "", "scope": "read", "days": "30"},
        {"name": "甲", "scope": "all", "days": "30"},
        {"name": "甲", "scope": "read", "days": "4000"},
        {"name": "甲" * 101, "scope": "read", "days": "30"},
    ],
)
def test_a_token_nobody_could_account_for_is_not_made(world: World, sent: dict[str, str]) -> None:
    assert world.board.browser(world.home.clerk).post("/account/tokens", sent).status_code == 422
    with world.board.database.reading() as session:
        assert session.scalars(select(ApiToken)).all() == []


def test_a_person_has_only_so_many_tokens(world: World) -> None:
    browser = world.board.browser(world.home.clerk)
    for number in range(10):
        answer = browser.post("/account/tokens", {"name": f"程序{number}"})
        assert answer.status_code == 200

    answer = browser.post("/account/tokens", {"name": "再来一个"})
    assert answer.status_code == 422
    assert "每人最多 10 个" in answer.text


# How often


def test_a_program_that_asks_too_often_is_told_to_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.api.door.PER_TOKEN", 3)
    asking, other = program(world.board, world.home.clerk), program(world.board, world.home.chief)
    answers = [asking.get("/api/figures") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["retry-after"] == "60"
    assert other.get("/api/figures").status_code == 200


def test_whoever_guesses_tokens_is_slowed_and_stands_in_nobodys_way(world: World, board: Board) -> None:
    guessing, honest = Program(board, "rectify_guess"), program(board, world.home.clerk)
    codes = [guessing.get("/api/figures").status_code for _ in range(31)]

    assert codes == [401] * 30 + [429]
    assert honest.get("/api/figures").status_code == 200


def test_a_read_token_reads_and_does_not_act(world: World) -> None:
    reading = program(world.board, world.people[Role.OFFICER], TokenScope.READ)
    address = f"/api/tasks/{world.running}"

    assert reading.get(address).status_code == 200
    assert "令牌" in problem_of(reading.post(f"{address}/progress", {"text": "进展"}), 403)["title"]
