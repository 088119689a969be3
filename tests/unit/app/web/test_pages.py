"""What people see and do on the pages, asked of the app itself."""

import re
from datetime import date, timedelta

from models.enums import Status, TimeLimit
from models.task import RectificationTask
from rectification import casework
from rectification.casework import IssueOrder
from tests.factories import DAY, acting, clock_on, make_bureau, make_task
from tests.unit.app.web.conftest import World, status_of
from tests.unit.app.web.programs import program
from tests.unit.app.web.site import Board


def test_the_board_shows_what_is_overdue_by_unit_and_whom_it_waits_for(world: World) -> None:
    world.board.day = DAY + timedelta(days=150)
    late = Board(world.board.database, world.board.folder, DAY + timedelta(days=150))

    page = late.browser(world.home.chief).get("/board").text

    days = (DAY + timedelta(days=150) - DAY.replace(month=6, day=30)).days
    assert f"超期 {days} 天" in page
    assert "路政科" in page
    assert "陈路办理" in page
    assert "整改率 = 已销号 0 ÷" in re.sub(r"<[^>]+>", "", page)


def test_an_empty_board_says_what_to_do_next(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        session.query(RectificationTask).update({"status": Status.DRAFT})

    page = world.board.browser(world.home.clerk).get("/board").text

    assert "去报告与下达" in page


def test_the_clerk_issues_and_the_unit_accepts_and_reports(world: World) -> None:
    clerk, head = world.board.browser(world.home.clerk), world.board.browser(world.home.head)
    officer = world.board.browser(world.home.officer)

    form = {
        "lead_unit_id": world.home.roads.id,
        "officer_id": world.home.officer.id,
        "reviewer_id": world.home.reviewer.id,
        "due_on": "2026-09-30",
    }
    assert clerk.post(f"/tasks/{world.draft}/issue", form).status_code == 303
    assert status_of(world, world.draft) is Status.ASSIGNED

    answer = head.post(f"/tasks/{world.draft}/accept", {"measures": "制定规范\n抽查一次\n\n"})
    assert answer.status_code == 303
    told = officer.post(f"/tasks/{world.draft}/progress", {"text": "已印发规范。"})
    assert told.headers["location"] == f"/tasks/{world.draft}"

    page = officer.get(f"/tasks/{world.draft}").text
    assert "已印发规范。" in page
    assert "抽查一次" in page
    assert "进展已报送" in page


def test_who_records_a_checkpoint_reads_what_was_said_since_the_last_one(world: World) -> None:
    """Silent it is 节点超期 on the task's page; stated on, it waits as 待检查, with the words beside the form."""
    due, late = date(2026, 6, 30), date(2026, 7, 3)
    with world.board.database.unit_of_work() as session:
        order = IssueOrder(time_limit=TimeLimit.LONG_TERM, checkpoint_on=due)
        code = make_task(session, world.home, order=order).code
    board = Board(world.board.database, world.board.folder, late)
    officer, reviewer = board.browser(world.home.officer), board.browser(world.home.reviewer)
    form = f"/tasks/{code}/checkpoint"

    assert "节点超期 3 天" in officer.get(f"/tasks/{code}").text
    assert "责任人还没有报告进展" in reviewer.get(form).text
    told = program(board, world.home.clerk).get(f"/api/tasks/{code}").json()
    assert (told["light"], told["overdue_days"], told["missed_days"]) == ("red", 0, 3)

    said = {"text": "制度已上墙。", "needs_decision": "请增编"}
    assert officer.post(f"/tasks/{code}/progress", said).status_code == 303
    assert "待检查" in officer.get(f"/tasks/{code}").text
    assert "节点超期" not in officer.last
    page = reviewer.get(form).text
    aside = page[page.index("上次检查以来的报告") :]
    for words in ("2026年7月3日　陈路", "制度已上墙。", "提请研究事项：请增编"):
        assert words in aside
    concluded = {"conclusion": "坚持较好", "checkpoint_on": "2026-12-31"}
    assert reviewer.post(form, concluded).status_code == 303
    assert "责任人还没有报告进展" in reviewer.get(form).text


def test_what_was_typed_stays_when_it_is_refused(world: World) -> None:
    officer = world.board.browser(world.home.officer)

    wrong = officer.post(
        f"/tasks/{world.running}/request-extension", {"reason": "等待评审", "due_on": "明年"}
    )
    assert wrong.status_code == 422
    assert "等待评审" in wrong.text
    assert "日期请写成 2026-06-30 的样子" in wrong.text

    refused = officer.post(
        f"/tasks/{world.running}/request-extension", {"reason": "等待评审", "due_on": "2026-03-05"}
    )
    assert refused.status_code == 422
    assert "等待评审" in refused.text
    assert "不晚于现在的时限" in refused.text


def test_a_form_filled_on_an_old_page_is_refused(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    officer.get(f"/tasks/{world.running}/progress")
    version = re.search(r'name="version" value="(\d+)"', officer.last)
    assert version is not None
    officer.post(f"/tasks/{world.running}/progress", {"text": "第一次", "version": version[1]})

    again = officer.post(f"/tasks/{world.running}/progress", {"text": "第二次", "version": version[1]})

    assert again.status_code == 409
    assert "刚刚被别人改动过" in again.text


def test_an_action_of_another_role_is_refused(world: World) -> None:
    reviewer = world.board.browser(world.home.reviewer)
    answer = reviewer.post(f"/tasks/{world.running}/progress", {"text": "代人报"})

    assert answer.status_code == 403
    assert status_of(world, world.running) is Status.IN_PROGRESS


def test_the_clerk_records_from_a_signed_paper_for_somebody_else(world: World) -> None:
    clerk, officer = world.board.browser(world.home.clerk), world.board.browser(world.home.officer)
    officer.post(f"/tasks/{world.running}/evidence", {"archive_no": "2026-永久-01", "kind": "case"})
    officer.post(f"/tasks/{world.running}/submit", {"statement": "三件回证已补。"})
    assert status_of(world, world.running) is Status.SUBMITTED
    address = f"/tasks/{world.running}/verify"

    form = {"for": "reviewer", "verdict": "看过属实", "paper_date": DAY.isoformat()}
    without = clerk.post(address, form)
    assert without.status_code == 422
    assert "代录这一步须有签批件" in without.text

    assert clerk.post(address, {**form, "paper_no": "云法〔2026〕3号"}).status_code == 303
    assert status_of(world, world.running) is Status.VERIFIED
    assert "管台代录" in clerk.get(f"/tasks/{world.running}").text


def test_what_only_the_chief_may_sign_is_recorded_from_paper(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        task = make_task(session, world.home, status=Status.VERIFIED)
        clerk = acting(session, world.home.clerk)
        casework.supervise(session, clock_on(DAY + timedelta(days=9)), clerk, task.code, "久拖不决")
        code = task.code
    world.board.day = DAY + timedelta(days=10)
    browser = world.board.browser(world.home.clerk)

    page = browser.get(f"/tasks/{code}").text
    assert f"/tasks/{code}/approve?for=chief" in page
    signed = {
        "paper_date": world.board.day.isoformat(),
        "paper_no": "云法〔2026〕8号",
        "verdict": "同意销号。",
    }
    assert browser.post(f"/tasks/{code}/approve", {"for": "leader", **signed}).status_code == 422
    assert browser.post(f"/tasks/{code}/approve", {"for": "chief", **signed}).status_code == 303
    assert status_of(world, code) is Status.CLOSED


def test_nobody_but_a_clerk_records_for_another(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    form = {"for": "head", "reason": "不是我的", "paper_date": DAY.isoformat(), "paper_no": "1"}

    assert officer.post(f"/tasks/{world.assigned}/refuse", form).status_code == 403
    assert status_of(world, world.assigned) is Status.ASSIGNED


def test_banners_say_what_concerns_whom(world: World) -> None:
    """That no mail goes out: to those who can mend it, to others where they look for their own mail."""
    chief, clerk = (world.board.browser(each) for each in (world.home.chief, world.home.clerk))
    page = chief.get("/board").text
    assert "邮件未外发" not in page
    assert "演示数据" not in page
    assert "工作日历暂定" not in page
    assert "邮件未外发" in chief.get("/account").text
    assert "邮件未外发" in clerk.get("/board").text

    later = Board(
        world.board.database, world.board.folder, DAY.replace(year=2027), {"smtp_url": "smtp://mail"}
    )
    page = later.browser(world.home.clerk).get("/board").text
    assert "邮件未外发" not in page
    assert "工作日历暂定" in page


def test_an_empty_ledger_is_not_blamed_on_the_filters(board: Board) -> None:
    with board.database.unit_of_work() as session:
        home = make_bureau(session)
    clerk, head = board.browser(home.clerk), board.browser(home.head)

    assert "台账里还没有下达的任务" in clerk.get("/tasks").text
    assert "去报告与下达" in clerk.last
    assert "去报告与下达" not in head.get("/tasks").text
    assert "没有符合条件的任务" in clerk.get("/tasks?light=red").text
