"""Pages of a closing that can be defended: what is missing and doubted is told first, and each doubt has a field."""

from datetime import timedelta

from models.enums import EvidenceKind, Status
from tests.factories import DAY, case_file
from tests.unit.app.web.conftest import World, status_of
from tests.unit.app.web.site import Browser

SIGNED = "已看原卷，日期是笔误"


def officer_of(world: World) -> Browser:
    return world.board.browser(world.home.officer)


def evidence(world: World, **more: object) -> Browser:
    """The officer with a paper in the file that is older than the task."""
    officer = officer_of(world)
    early = (DAY - timedelta(days=19)).isoformat()
    officer.post(
        f"/tasks/{world.running}/evidence", {"archive_no": "档7", "own_date": early, "kind": "case", **more}
    )
    return officer


def test_an_open_tasks_page_says_what_will_be_asked(world: World) -> None:
    officer = officer_of(world)
    page = officer.get(f"/tasks/{world.running}").text
    assert "申请销号前还要" in page
    assert f'<a href="/tasks/{world.running}/evidence">提交佐证材料</a>' in page
    assert "申请办结前还要" in officer.get(f"/tasks/{world.plan}").text
    evidence(world)
    assert "申请销号前还要" not in officer.get(f"/tasks/{world.running}").text


def test_several_ticks_say_what_a_paper_proves(world: World) -> None:
    officer = officer_of(world)
    assert "证明什么" not in officer.get(f"/tasks/{world.running}/evidence").text
    officer.post(f"/tasks/{world.running}/measure", {"text": "每季度评查一次"})
    assert "证明什么" in officer.get(f"/tasks/{world.running}/evidence").text
    refused = officer.post(f"/tasks/{world.running}/evidence", {"archive_no": "档7"})
    assert (refused.status_code, "没有选这份材料证明什么" in refused.text) == (422, True)
    officer.post(
        f"/tasks/{world.running}/evidence", {"archive_no": "档7", "kind": "case", "proves": ["1", "2"]}
    )
    with world.board.database.reading() as session:
        (piece,) = case_file(session, world.running).evidence
    assert (piece.kind, set(piece.proves)) == (EvidenceKind.CASE, {1, 2})
    assert "证明措施1、措施2" in officer.get(f"/tasks/{world.running}").text


def test_where_nothing_is_doubted_asking_takes_a_statement_and_a_click(world: World) -> None:
    officer = officer_of(world)
    officer.post(f"/tasks/{world.running}/evidence", {"archive_no": "档7", "kind": "case"})
    page = officer.get(f"/tasks/{world.running}/submit").text
    assert ("材料齐了" in page, "还缺" in page, "despite_doubts" in page) == (True, False, False)
    sent = {"text": "四十二件案卷逐件补齐。", "closing": "on"}
    assert officer.post(f"/tasks/{world.running}/progress", sent).status_code == 303
    assert status_of(world, world.running) is Status.SUBMITTED
    verify = world.board.browser(world.home.reviewer).get(f"/tasks/{world.running}/verify").text
    assert 'name="answer.' not in verify


def test_a_doubt_is_told_before_the_request_and_answered_by_both(world: World) -> None:
    officer, code = evidence(world), world.running
    sent = {"text": "四十二件案卷逐件补齐。", "closing": "on"}
    before = officer.get(f"/tasks/{code}/progress").text
    assert ("材料齐了" in before, "处疑点" in before, "材料早于下达" in before) == (False, True, True)
    refused = officer.post(f"/tasks/{code}/progress", sent)
    assert (refused.status_code, sent["text"] in refused.text) == (422, True)
    assert "补上下达以后的材料" in refused.text
    officer.post(f"/tasks/{code}/progress", {**sent, "despite_doubts": "on"})

    field = "answer.dated_before_issue"
    reviewer, leader = (world.board.browser(one) for one in (world.home.reviewer, world.home.leader))
    assert f'name="{field}"' in reviewer.get(f"/tasks/{code}/verify").text
    silent = reviewer.post(f"/tasks/{code}/verify", {"opinion": "抽查属实", field: "不成立"})
    assert (silent.status_code, "没有写理由" in silent.text) == (422, True)
    assert "抽查属实" in silent.text
    assert ">不成立</textarea>" in silent.text
    reviewer.post(f"/tasks/{code}/verify", {"opinion": "抽查属实", field: SIGNED})
    assert status_of(world, code) is Status.VERIFIED

    assert SIGNED in leader.get(f"/tasks/{code}/approve").text
    assert leader.post(f"/tasks/{code}/approve").status_code == 422
    leader.post(f"/tasks/{code}/approve", {field: "同意复核意见"})
    assert status_of(world, code) is Status.CLOSED
    closed = leader.get(f"/tasks/{code}").text
    assert SIGNED in closed
    assert "同意复核意见" in closed


def test_the_doubts_page_counts_for_chief_and_auditor(world: World) -> None:
    test_a_doubt_is_told_before_the_request_and_answered_by_both(world)
    for person in (world.home.chief, world.home.auditor):
        browser = world.board.browser(person)
        assert "带疑点销号 1 项，还没有回头看" in browser.get("/board").text
        assert "材料早于下达" in browser.get("/look-backs").text


def test_goal_and_measures_are_asked_for_when_accepting(world: World) -> None:
    page = world.board.browser(world.home.officer).get(f"/tasks/{world.assigned}/accept").text
    assert 'name="goal"' in page
    assert "案卷齐全规范" in page
