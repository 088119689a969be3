"""A source on its page: what was sent back, what was put right, and where each of its findings is looked after."""

from datetime import timedelta

from models.enums import Status
from models.report import Source
from rectification import casework
from rectification.casework import NewDraft
from rectification.office import journal
from rectification.office.sources import NewSource, source_for
from tests.factories import BY, DAY, acting, clock_on, make_task
from tests.unit.app.web.conftest import World


def audit_of(world: World) -> tuple[int, str]:
    """An audit with one finding."""
    with world.board.database.unit_of_work() as session:
        new = NewSource(
            "审计", "预算执行审计报告", "审〔2026〕3号", "县审计局", DAY, DAY, DAY + timedelta(days=60)
        )
        source = source_for(session, BY, world.home.bureau.id, new).id
        by = acting(session, world.home.clerk)
        return source, casework.enter(session, clock_on(DAY), by, NewDraft(source, "罚没台账登记不全。")).code


def test_plan_and_result_are_marked_as_sent_and_put_right(world: World) -> None:
    source, _ = audit_of(world)
    world.board.day = DAY + timedelta(days=5)
    clerk, page = world.board.browser(world.home.clerk), f"/sources/{source}"
    sent = {"do": "plan", "plan-sent_on": "2026-03-04", "plan-sent_no": "交〔2026〕8号"}

    assert clerk.post(page, sent).status_code == 303
    assert (
        "整改方案报送日期：（空） → 2026-03-04；整改方案报送文号：（空） → 交〔2026〕8号"
        in clerk.get(page).text
    )
    assert "2026年3月4日已报" in clerk.get("/sources").text
    assert clerk.post(page, {**sent, "plan-sent_no": "交〔2026〕9号"}).status_code == 303
    assert "整改方案报送文号：交〔2026〕8号 → 交〔2026〕9号" in clerk.get(page).text
    again = clerk.post(page, {**sent, "plan-sent_no": "交〔2026〕9号"})
    assert again.status_code == 422
    for wrong in ("2026-03-01", "2026-03-08"):
        refused = clerk.post(page, {"do": "result", "result-sent_on": wrong})
        assert refused.status_code == 422
        assert f"报送日期 {wrong} 早于收文日期 2026-03-02，或在今天之后" in refused.text
    assert clerk.post(page, {"do": "plan"}).status_code == 303
    with world.board.database.reading() as session:
        kept = session.get_one(Source, source)
        assert (kept.plan_sent_on, kept.plan_sent_no, kept.result_sent_on) == (None, "", None)
        assert journal.verify(session).is_sound


def test_a_source_is_put_right_with_a_reason(world: World) -> None:
    source, _ = audit_of(world)
    clerk, page = world.board.browser(world.home.clerk), f"/sources/{source}"
    right = {
        "do": "correct",
        "title": "预算执行审计报告",
        "paper_no": "审〔2026〕5号",
        "issuing_body": "县审计局",
        "received_on": "2026-03-02",
        "plan_due_on": "",
        "result_due_on": "2026-06-30",
    }

    unsaid = clerk.post(page, right)
    assert unsaid.status_code == 422
    assert "审〔2026〕3号" in clerk.get("/sources").text
    assert clerk.post(page, {**right, "reason": "文号录错"}).status_code == 303

    shown = clerk.get(page).text
    assert "文号：审〔2026〕3号 → 审〔2026〕5号" in shown
    assert "何时报整改方案：2026-03-02 → （空）" in shown
    assert "原因：文号录错" in shown
    same = clerk.post(page, {**right, "reason": "再来一次"})
    assert same.status_code == 422
    assert "没有变化" in same.text
    with world.board.database.unit_of_work() as session:
        source_for(session, BY, world.home.bureau.id, NewSource("审计", "预算执行审计报告", "审〔2026〕6号"))
    taken = clerk.post(page, {**right, "paper_no": "审〔2026〕6号", "reason": "又错了"})
    assert "都相同的来源" in taken.text
    with world.board.database.reading() as session:
        assert journal.verify(session).is_sound


def test_another_bureaus_source_is_not_found(world: World) -> None:
    source, _ = audit_of(world)
    stranger = world.board.browser(world.foreign.clerk)
    assert stranger.get(f"/sources/{source}").status_code == 404
    assert (
        stranger.post(f"/sources/{source}", {"do": "plan", "plan-sent_on": "2026-03-02"}).status_code == 404
    )


def test_a_merged_finding_is_on_the_sources_list_and_on_the_task(world: World) -> None:
    source, code = audit_of(world)
    clerk = world.board.browser(world.home.clerk)
    clerk.post(f"/tasks/{code}/merge", {"into": world.running})

    assert f"并入 {world.running}，见其整改情况" in clerk.get(f"/sources/{source}").text
    assert f"并入 {world.running}，见其整改情况" in clerk.get(f"/tasks/{code}").text
    officer = world.board.browser(world.home.officer).get(f"/tasks/{world.running}").text
    assert "并入本任务的问题" in officer
    assert "罚没台账登记不全。" in officer
    assert "预算执行审计报告" in officer


def test_a_refused_task_is_among_the_drafts_and_says_so(world: World) -> None:
    home = world.home
    with world.board.database.unit_of_work() as session:
        code = make_task(session, home, status=Status.ASSIGNED).code
        casework.refuse(session, clock_on(DAY), acting(session, home.head), code, "属运输科职责")
    clerk = world.board.browser(home.clerk)
    for page in ("/reports", "/entry"):
        shown = clerk.get(page).text
        assert f"/tasks/{code}" in shown, page
        assert "被退回" in shown, page
    audit_of(world)
    assert "3 项草稿待下达" in clerk.get("/reports").text


def test_what_was_done_about_a_source_is_entered_put_right_and_taken_away(world: World) -> None:
    source, _ = audit_of(world)
    clerk, page = world.board.browser(world.home.clerk), f"/sources/{source}"
    assert "<h2>工作情况</h2>" not in clerk.get(page).text, "no empty heading"
    talk = {"do": "add", "kind": "talk", "day": "2026-03-02", "number": "8", "paper_no": "约〔2026〕1号"}

    assert clerk.post(f"{page}/steps", talk).status_code == 303
    assert clerk.post(f"{page}/steps", {**talk, "number": "3", "text": "财务科"}).status_code == 303
    shown = clerk.get(page).text
    assert "<p>约谈11人次</p>" in shown
    assert "2026年3月2日约谈8人次（约〔2026〕1号）" in shown

    for wrong, why in (
        ({"number": "0"}, "数量应是 1 以上的整数"),
        ({"number": "八"}, "请填一个整数"),
        ({"day": "2026-03-03"}, "在今天之后"),
        ({"day": "3月2日"}, "日期请写成"),
        ({"rating": "good"}, "只有回访有评价"),
    ):
        refused = clerk.post(f"{page}/steps", {**talk, **wrong})
        assert refused.status_code == 422
        assert why in refused.text
    assert "约谈11人次" in clerk.get(page).text

    right = {f"step-1-{name}": value for name, value in {**talk, "number": "6"}.items()}
    unsaid = clerk.post(f"{page}/steps", {**right, "do": "correct-1"})
    assert unsaid.status_code == 422
    assert "没有写原因" in unsaid.text
    assert (
        clerk.post(f"{page}/steps", {**right, "do": "correct-1", "step-1-reason": "数错"}).status_code == 303
    )
    assert "数量：8 → 6；原因：数错" in clerk.get(page).text
    assert clerk.post(f"{page}/steps", {"do": "remove-2", "step-2-reason": "重复"}).status_code == 303
    left = clerk.get(page).text
    assert "<p>约谈6人次</p>" in left
    assert "说明：财务科；原因：重复" in left, "what was taken away stands on record"
    again = clerk.post(f"{page}/steps", {"do": "remove-2", "step-2-reason": "重复"})
    assert "没有第 2 号工作情况" in again.text
    assert world.board.browser(world.foreign.clerk).post(f"{page}/steps", talk).status_code == 404
    assert world.board.browser(world.home.officer).post(f"{page}/steps", talk).status_code == 403
    with world.board.database.reading() as session:
        assert journal.verify(session).is_sound
