"""查阅人员: what the people page grants is what lists, tasks and downloads show, until the day it ends."""

from datetime import timedelta

from models.enums import ItemKind, Status
from models.report import Source
from models.task import RectificationTask
from rectification.casework import IssueOrder
from tests.factories import DAY, make_draft, make_task
from tests.unit.app.web.conftest import World
from tests.unit.app.web.programs import program


def _of_audit(world: World) -> tuple[int, str]:
    """A task that came from an audit; (its source, its code)."""
    with world.board.database.unit_of_work() as session:
        audit = make_draft(session, world.home, source="审计")
        order = IssueOrder(officer_id=world.home.officer.id)
        task = make_task(session, world.home, status=Status.ASSIGNED, kind=ItemKind.SHORTCOMING, order=order)
        task.source_id = audit.source_id
        return audit.source_id, task.code


def test_one_source_is_all_an_auditor_sees_of_it(world: World) -> None:
    source_id, code = _of_audit(world)
    clerk, auditor = world.board.browser(world.home.clerk), world.board.browser(world.home.auditor)
    assert f"/tasks/{world.running}" in auditor.get("/tasks").text

    sent = {"source_id": str(source_id), "until": (DAY + timedelta(days=9)).isoformat()}
    assert clerk.post(f"/people/{world.home.auditor.id}/grant", sent).status_code == 303

    page = auditor.get("/tasks").text
    assert f"/tasks/{code}" in page
    assert f"/tasks/{world.running}" not in page
    assert auditor.get(f"/tasks/{code}").status_code == 200
    assert auditor.get(f"/tasks/{world.running}").status_code == 404
    assert "现在不需要办理" in auditor.get(f"/tasks/{code}").text
    listed = program(world.board, world.home.auditor).get("/api/tasks").json()
    assert [row["code"] for row in listed["items"]] == [code]
    assert "selected" in clerk.get("/people").text.split("查阅人员的范围")[1]


def test_the_half_year_is_for_auditors_of_the_bureau_and_not_of_one_source(world: World) -> None:
    clerk, auditor = world.board.browser(world.home.clerk), world.board.browser(world.home.auditor)
    pages = ("/reviews", "/annual", "/summaries/2026-2")
    for reader in (auditor, world.board.browser(world.home.leader)):
        assert [reader.get(path).status_code for path in pages] == [200] * 3
        assert "调度与汇报" in reader.get("/board").text
        assert reader.post("/reviews/hearings", {}).status_code == 403
        for deed in ("安排一次听取汇报", "登记开过的会"):
            assert deed not in reader.get("/reviews").text

    source_id, _ = _of_audit(world)
    clerk.post(f"/people/{world.home.auditor.id}/grant", {"source_id": str(source_id)})
    assert [auditor.get(path).status_code for path in pages] == [403] * 3
    assert "调度与汇报" not in auditor.get("/board").text


def test_a_grant_ends_on_its_day(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    clerk.post(f"/people/{world.home.auditor.id}/grant", {"until": DAY.isoformat()})
    assert world.board.browser(world.home.auditor).get("/tasks").status_code == 200

    world.board.day = DAY + timedelta(days=1)
    late = world.board.browser(world.home.auditor)
    for path in ("/tasks", "/board", "/tasks.xlsx"):
        assert late.get(path).status_code == 403
    assert late.get(f"/tasks/{world.running}").status_code in {403, 404}
    assert "已到期" in world.board.browser(world.home.clerk).get("/people").text


def test_only_auditors_of_the_bureau_are_limited_and_only_to_its_sources(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    with world.board.database.reading() as session:
        task = session.query(RectificationTask).filter_by(bureau_id=world.foreign.bureau.id).first()
        assert task is not None
        foreign = session.get_one(Source, task.source_id).id

    assert clerk.post(f"/people/{world.foreign.auditor.id}/grant").status_code == 404
    assert clerk.post(f"/people/{world.home.officer.id}/grant").status_code == 400
    assert (
        clerk.post(f"/people/{world.home.auditor.id}/grant", {"source_id": str(foreign)}).status_code == 404
    )
    assert clerk.post(f"/people/{world.home.auditor.id}/grant", {"until": "明天"}).status_code == 400
