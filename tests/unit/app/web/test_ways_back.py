"""What was done by mistake is put right on the pages, by the same people, and the page says what became of it."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from lxml import html

from models.enums import ItemKind, Status
from rectification import casework
from rectification.casework import IssueOrder
from rectification.lists.timeline import timeline
from rectification.office.settings import set_policy
from rectification.tables.ledger import due_text
from tests.factories import DAY, acting, by_on, case_file, clock_on, make_draft, make_task
from tests.unit.app.web.conftest import World, status_of


def _last(world: World, code: str) -> int:
    with world.board.database.reading() as session:
        return timeline(session, case_file(session, code).row.id)[-1].sequence


def test_a_mistaken_listing_is_taken_back_by_choosing_the_step(world: World) -> None:
    clerk, address = world.board.browser(world.home.clerk), f"/tasks/{world.running}"
    assert clerk.post(f"{address}/supervise", {"reason": "多次反复"}).status_code == 303
    number = _last(world, world.running)
    form = clerk.get(f"{address}/undo").text
    assert f'<option value="{number}">第 {number} 条' in form
    assert clerk.post(f"{address}/undo", {"sequence": str(number), "reason": "弄错了"}).status_code == 303
    page = clerk.get(address).text
    assert f"已由第 {number + 1} 条撤销" in page
    assert "挂牌督办：是 → （空）" in page


def test_somebody_whose_step_it_was_not_is_refused(world: World) -> None:
    clerk, address = world.board.browser(world.home.clerk), f"/tasks/{world.running}"
    clerk.post(f"{address}/supervise", {"reason": "多次反复"})
    officer = world.board.browser(world.home.officer)
    answer = officer.post(f"{address}/undo", {"sequence": str(_last(world, world.running)), "reason": "不要"})
    assert (answer.status_code, "这一步由别的角色办理" in answer.text) == (403, True)


def test_a_terminated_task_has_its_own_sheet(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        task = make_task(session, world.home)
        leader = acting(session, world.home.leader, DAY)
        casework.terminate(
            session, clock_on(DAY), leader, task.code, "职能划转", minutes_no="局长办公会〔2026〕6号"
        )
        code = task.code
    clerk = world.board.browser(world.home.clerk)
    page, sheet = clerk.get(f"/tasks/{code}").text, clerk.get(f"/tasks/{code}/sheet.docx")
    said = "\n".join(
        dict.fromkeys(
            cell.text for row in Document(BytesIO(sheet.content)).tables[0].rows for cell in row.cells
        )
    )
    assert "终止单" in page
    for words in ("职能划转", "局长办公会〔2026〕6号 审定", "签名：周分管　2026年3月2日", "会议审定"):
        assert words in said
    assert "销号日期" not in said
    assert clerk.post(f"/tasks/{code}/undo", {"reason": "办错了"}).status_code == 403
    leader_page = world.board.browser(world.home.leader)
    assert leader_page.post(f"/tasks/{code}/undo", {"reason": "批错了任务"}).status_code == 303
    assert status_of(world, code) is Status.IN_PROGRESS


def test_a_wrong_paper_date_is_put_right_by_choosing_the_step(world: World) -> None:
    home, database = world.home, world.board.database
    with database.unit_of_work() as session:
        code = make_task(session, home, status=Status.SUBMITTED).code
    world.board.day = date(2026, 3, 27)
    clerk, address = world.board.browser(home.clerk), f"/tasks/{code}"
    signed = {"for": home.reviewer.login, "paper_date": "2026-03-25", "paper_no": "签1"}
    assert clerk.post(f"{address}/verify", signed | {"verdict": "看过属实"}).status_code == 303
    number = str(_last(world, code))
    assert "正确的纸面日期" in clerk.get(f"{address}/amend").text
    given = {"sequence": number, "reason": "看错了", "dated": "2026-03-15"}
    assert clerk.post(f"{address}/amend", given).status_code == 303
    page = clerk.get(address).text
    assert f"已由第 {int(number) + 1} 条更正" in page
    assert "日期：2026年3月25日 → 2026年3月15日" in page


def test_a_new_date_is_asked_for_on_the_page_once_the_old_has_passed(world: World) -> None:
    home = world.home
    with world.board.database.unit_of_work() as session:
        code = make_task(session, home).code
    officer, address = world.board.browser(home.officer), f"/tasks/{code}"
    assert "申请重定时限" not in officer.get(address).text
    world.board.day = date(2026, 7, 10)
    officer = world.board.browser(home.officer)
    assert "申请重定时限" in officer.get(address).text
    asked = {"reason": "招标流标", "due_on": "2026-09-30"}
    assert officer.post(f"{address}/request-redate", asked).status_code == 303
    leader = world.board.browser(home.leader)
    assert "申请重定时限为" in leader.get(address).text
    assert 'value="2026-09-30"' in leader.get(f"{address}/redate").text
    assert leader.post(f"{address}/redate", {"reason": "看过属实"}).status_code == 303
    with world.board.database.reading() as session:
        row = case_file(session, code, world.board.day).row
    assert (str(row.deadline_on), row.extension_count) == ("2026-09-30", 0)


def test_a_purge_names_the_other_task_and_taking_out_leaves_it_alone(world: World) -> None:
    home, database = world.home, world.board.database
    with database.unit_of_work() as session:
        wrong, right = (make_task(session, home).code for _ in range(2))
    officer, clerk = world.board.browser(home.officer), world.board.browser(home.clerk)
    for code in (wrong, right):
        file = {"file": ("评查.txt", "评查记录".encode(), "text/plain")}
        assert officer.post(f"/tasks/{code}/evidence", files=file).status_code == 303
    with database.reading() as session:
        number = str(case_file(session, wrong).evidence[0].id)
    purge = {"evidence_id": number, "reason": "误传", "witness_id": str(home.head.id)}
    refused = clerk.post(f"/tasks/{wrong}/purge-evidence", purge)
    assert (refused.status_code, f"还在{right}的材料中" in refused.text) == (422, True)
    taken = {"evidence_id": number, "reason": f"应在{right}"}
    assert officer.post(f"/tasks/{wrong}/detach", taken).status_code == 303
    assert f"已取出：应在{right}" in officer.get(f"/tasks/{wrong}").text
    assert "已取出" not in officer.get(f"/tasks/{right}").text


def test_publicity_is_the_bureaus_setting_and_each_tasks_choice(world: World) -> None:
    home, database = world.home, world.board.database
    with database.unit_of_work() as session:
        set_policy(session, by_on(DAY), home.bureau.id, "requires_publicity", value=True)
    with database.unit_of_work() as session:
        first, second = (make_draft(session, home, kind=ItemKind.SHORTCOMING).code for _ in range(2))
    clerk = world.board.browser(home.clerk)
    page = clerk.get(f"/tasks/{first}/issue").text
    assert 'name="is_publicity_required" checked' in page or "is_publicity_required" in page
    hands = {"lead_unit_id": str(home.roads.id), "reviewer_id": str(home.reviewer.id), "due_on": "2026-09-30"}
    hands |= {"time_limit": "dated", "approval_level": "leader", "title": "案卷制作"}
    assert clerk.post(f"/tasks/{first}/issue", hands | {"is_publicity_required": "on"}).status_code == 303
    assert clerk.post(f"/tasks/{second}/issue", hands).status_code == 303
    with database.reading() as session:
        chosen = [case_file(session, code).is_publicity_required for code in (first, second)]
    assert chosen == [True, False]


@pytest.mark.parametrize("day", [date(2026, 8, 3)])
def test_one_deadline_stands_on_page_list_ledger_and_sheet(world: World, day: date) -> None:
    """Submitted on 6 July, returned on 20 July: the 14 days are given back to 20 July everywhere."""
    database, home = world.board.database, world.home
    with database.unit_of_work() as session:
        order = IssueOrder(due_on=date(2026, 7, 20), time_limit=None)
        code = make_task(session, home, status=Status.SUBMITTED, day=date(2026, 7, 3), order=order).code
        reviewer = acting(session, home.reviewer, date(2026, 7, 20))
        casework.return_(session, clock_on(date(2026, 7, 20)), reviewer, code, "不全")
    world.board.day = date(2026, 7, 21)
    clerk = world.board.browser(home.clerk)
    page, listed = clerk.get(f"/tasks/{code}").text, clerk.get("/tasks").text
    sheet = Document(BytesIO(clerk.get(f"/tasks/{code}/sheet.docx").content))
    with database.reading() as session:
        file = case_file(session, code, world.board.day)
    assert file.row.deadline_on == day
    told = "2026年8月3日（原定2026年7月20日，补回复核、审签等待的14天）"
    assert due_text(file) == told
    assert told in [cell.text for row in sheet.tables[0].rows for cell in row.cells]
    for text in (page, listed):
        assert "2026年8月3日" in "".join(map(str, html.fromstring(text).itertext()))
