"""A decision is one page: everything it is made from, one opinion, both ways; then the next one that waits."""

import re
from datetime import timedelta

import pytest

from app.web.routers.task.deciding import OTHERWISE
from models.enums import ApprovalLevel, ItemKind, Role, Status, Verb
from rectification import casework
from rectification.casework import IssueOrder
from rectification.labels import ERRAND, errand
from rectification.office.substitutes import add_substitute
from rectification.task.lifecycle import TRANSITIONS
from rectification.task.time_limits import day_text
from tests.factories import BY, DAY, acting, case_file, clock_on, make_person, make_task
from tests.unit.app.web.conftest import World, status_of
from tests.unit.app.web.site import Browser


def made(world: World, *, status: Status, order: IssueOrder | None = None) -> str:
    with world.board.database.unit_of_work() as session:
        return make_task(session, world.home, status=status, order=order).code


def actions(page: str) -> list[str]:
    """Where the buttons of a decision's page send the one form."""
    return re.findall(r'formaction="([^"]+)"', page)


def headings(page: str) -> list[str]:
    return re.findall(r'class="part[^"]*"[^>]*><h2>([^<]+)', page)


def asks_for_time(world: World) -> str:
    officer = world.board.browser(world.home.officer)
    wanted = {"reason": "省厅批复未到", "due_on": "2026-09-30"}
    assert officer.post(f"/tasks/{world.running}/request-extension", wanted).status_code == 303
    return world.running


def test_whoever_decides_may_decide_otherwise_upon_the_same_page() -> None:
    for verb, other in OTHERWISE.items():
        if other is not None:
            row, instead = TRANSITIONS[verb], TRANSITIONS[other]
            assert row.by <= instead.by
            assert row.origins <= instead.origins


def test_what_one_goes_to_do_is_not_called_by_what_comes_of_it() -> None:
    words = {errand(verb, kind) for verb in OTHERWISE for kind in ItemKind}
    assert not {word for word in words if "通过" in word or "同意" in word}
    assert ERRAND[Verb.VERIFY] == "复核"


def test_the_page_reads_from_the_problem_to_the_opinion_and_sends_both_ways(world: World) -> None:
    code = made(world, status=Status.SUBMITTED)
    page = world.board.browser(world.home.reviewer).get(f"/tasks/{code}/verify").text

    assert headings(page) == ["不足", "目标和措施", "办理情况", "佐证材料", "已有意见", "复核"]
    assert actions(page) == [f"/tasks/{code}/verify", f"/tasks/{code}/return"]
    assert page.count("<textarea") == 1
    assert page.index("现已全部到位") < page.rindex("档〔2026〕") < page.index('name="opinion"')
    assert "<script src" in page  # the frame's alone
    assert page.count("<script") == 1


def test_the_page_of_the_other_way_is_the_same_one(world: World) -> None:
    code = made(world, status=Status.SUBMITTED)
    reviewer, clerk = world.board.browser(world.home.reviewer), world.board.browser(world.home.clerk)

    there = actions(reviewer.get(f"/tasks/{code}/return").text)
    assert there == [f"/tasks/{code}/verify", f"/tasks/{code}/return"]
    recorded = clerk.get(f"/tasks/{code}/return?for=reviewer").text
    assert actions(recorded) == there
    assert 'name="for" value="reviewer"' in recorded


def test_who_may_only_send_back_is_offered_nothing_else(world: World) -> None:
    code = made(world, status=Status.SUBMITTED)
    leader = world.board.browser(world.home.leader)

    assert actions(leader.get(f"/tasks/{code}/return").text) == [f"/tasks/{code}/return"]
    leader.post(f"/tasks/{code}/return", {"opinion": "台账没有附全"})
    assert status_of(world, code) is Status.IN_PROGRESS


@pytest.mark.parametrize(("way", "status"), [("verify", Status.VERIFIED), ("return", Status.IN_PROGRESS)])
def test_one_opinion_serves_either_way(world: World, way: str, status: Status) -> None:
    code = made(world, status=Status.SUBMITTED)
    reviewer = world.board.browser(world.home.reviewer)
    answer = reviewer.post(f"/tasks/{code}/{way}", {"opinion": "看了六本案卷，一本没有回证。"})

    assert (answer.status_code, status_of(world, code)) == (303, status)
    with world.board.database.reading() as session:
        last = case_file(session, code).closures[-1].steps[-1]
    assert last.verdict == "看了六本案卷，一本没有回证。"


def test_sending_back_without_a_word_is_refused_and_leaves_the_page_as_it_was(world: World) -> None:
    code = made(world, status=Status.VERIFIED)
    leader = world.board.browser(world.home.leader)
    assert "审签同意的可以不写" in leader.get(f"/tasks/{code}/approve").text

    assert leader.post(f"/tasks/{code}/return", {"opinion": " "}).status_code == 422
    refused = leader.post(f"/tasks/{code}/return", {"opinion": ""})

    assert refused.status_code == 422
    assert "请填写退回理由" in refused.text
    assert actions(refused.text) == [f"/tasks/{code}/approve", f"/tasks/{code}/return"]
    assert status_of(world, code) is Status.VERIFIED
    assert leader.post(f"/tasks/{code}/approve", {"opinion": ""}).status_code == 303


def test_what_was_typed_for_the_one_way_stays_when_the_other_is_refused(world: World) -> None:
    code = asks_for_time(world)
    leader = world.board.browser(world.home.leader)
    page = leader.get(f"/tasks/{code}/grant-extension").text
    assert actions(page) == [f"/tasks/{code}/grant-extension", f"/tasks/{code}/deny-extension"]
    assert ("省厅批复未到" in page, 'value="2026-09-30"' in page) == (True, True)

    refused = leader.post(f"/tasks/{code}/deny-extension", {"opinion": "", "due_on": "2026-08-15"})

    assert (refused.status_code, 'value="2026-08-15"' in refused.text) == (422, True)
    granted = leader.post(f"/tasks/{code}/grant-extension", {"opinion": "同意", "due_on": "2026-08-15"})
    assert granted.status_code == 303
    with world.board.database.reading() as session:
        (request,) = case_file(session, code).extensions
    assert (request.due_granted, request.decision_reason) == (DAY.replace(month=8, day=15), "同意")


def test_what_becomes_of_open_measures_is_said_before_and_after_the_date_moves(world: World) -> None:
    code = asks_for_time(world)
    with world.board.database.reading() as session:
        due = case_file(session, code).row.due_on
    assert due is not None
    earlier = due.replace(day=1)
    with world.board.database.unit_of_work() as session:
        officer, clock = acting(session, world.home.officer), clock_on(DAY)
        for text, day in (("补回证", due), ("先排查", earlier)):
            casework.measure(session, clock, officer, code, text, due_on=day)
        places = [each.position for each in case_file(session, code).measures if each.due_on]
    leader = world.board.browser(world.home.leader)
    page = leader.get(f"/tasks/{code}/grant-extension").text
    same, other = places[-2:]
    assert f"措施{same}（{day_text(due)}）随新的时限改" in page
    assert f"措施{other}（{day_text(earlier)}）不变" in page
    leader.post(f"/tasks/{code}/grant-extension", {"opinion": "同意", "due_on": "2026-09-30"})
    said = leader.get("/my").text
    assert f"{same}的日期一并改为2026年9月30日" in said
    assert f"措施{other}（{day_text(earlier)}）不变" in said


def test_a_new_date_without_a_request_cannot_be_denied(world: World) -> None:
    world.board.day = DAY.replace(month=7, day=20)
    leader = world.board.browser(world.home.leader)
    page = leader.get(f"/tasks/{world.running}/redate").text

    assert actions(page) == [f"/tasks/{world.running}/redate"]
    assert "申请改期" not in headings(page)


def test_a_look_back_holds_or_opens_again_upon_one_page(world: World) -> None:
    code = made(world, status=Status.CLOSED)
    reviewer, leader = world.board.browser(world.home.reviewer), world.board.browser(world.home.leader)
    page = reviewer.get(f"/tasks/{code}/look-back").text
    assert actions(page) == [f"/tasks/{code}/look-back", f"/tasks/{code}/reopen"]
    assert ("抽查案卷，送达回证齐全。" in page, 'name="due_on"' in page) == (True, True)
    assert actions(leader.get(f"/tasks/{code}/reopen").text) == [f"/tasks/{code}/reopen"]

    reviewer.post(f"/tasks/{code}/reopen", {"opinion": "又有两件缺回证", "due_on": "2026-09-30"})
    assert status_of(world, code) is Status.IN_PROGRESS


@pytest.mark.parametrize(
    ("status", "who", "verb", "only"),
    [
        (Status.IN_PROGRESS, Role.LEADER, "terminate", True),
        (Status.PUBLICISED, Role.REVIEWER, "object", True),
        (Status.PUBLICISED, Role.CLERK, "close", True),
    ],
)
def test_an_end_and_an_objection_are_decided_upon_such_a_page_too(
    world: World, status: Status, who: Role, verb: str, only: bool
) -> None:
    code = made(world, status=status)
    page = world.board.browser(world.people[who]).get(f"/tasks/{code}/{verb}").text
    assert (actions(page) == [f"/tasks/{code}/{verb}"]) is only
    assert 'name="opinion"' in page


def test_a_field_stands_only_where_its_case_is_there(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        own = make_person(session, world.home.roads, "inside", Role.REVIEWER)
        named = (world.home.bureau.id, world.home.reviewer.id, own.id)
        add_substitute(session, BY, *named, DAY, DAY + timedelta(days=30))
        high = IssueOrder(approval_level=ApprovalLevel.CHIEF, approver_id=world.home.chief.id)
        verified = make_task(session, world.home, status=Status.VERIFIED, order=high).code
    outside = made(world, status=Status.SUBMITTED)
    low = made(world, status=Status.VERIFIED)
    home = world.home

    def fields(person: object, code: str, action: str) -> set[str]:
        page = world.board.browser(person).get(f"/tasks/{code}/{action}").text  # type: ignore[arg-type]
        return set(re.findall(r'name="(override|minutes_no|paper_no|answer[^"]*)"', page))

    assert fields(own, outside, "verify") == {"override"}
    assert fields(home.reviewer, outside, "verify") == set()
    assert fields(home.chief, verified, "approve") == {"minutes_no"}
    assert fields(home.leader, low, "approve") == set()
    assert fields(home.clerk, low, "approve?for=leader") == {"paper_no"}


def test_after_a_decision_the_next_one_that_waits_is_open_and_at_last_the_first_page(world: World) -> None:
    first, second = made(world, status=Status.SUBMITTED), made(world, status=Status.SUBMITTED)
    reviewer = world.board.browser(world.home.reviewer)

    onward = reviewer.post(f"/tasks/{first}/verify", {"opinion": "看了案卷和台账，属实。"})
    assert onward.headers["location"] == f"/tasks/{second}/verify"
    assert f"已复核 {first}；下一项：{second}" in reviewer.get(onward.headers["location"]).text

    done = reviewer.post(f"/tasks/{second}/return", {"opinion": "回证没有补齐"})
    assert done.headers["location"] == "/"
    assert f"已退回整改 {second}" in reviewer.get("/", follow=True).text


def test_after_an_end_nobody_waited_for_the_task_is_shown(world: World) -> None:
    made(world, status=Status.VERIFIED)
    leader = world.board.browser(world.home.leader)
    ended = leader.post(f"/tasks/{world.running}/terminate", {"opinion": "职能划转市城管局。"})
    assert ended.headers["location"] == f"/tasks/{world.running}"


def test_what_is_recorded_for_another_leads_back_to_the_task(world: World) -> None:
    first = made(world, status=Status.SUBMITTED)
    made(world, status=Status.SUBMITTED)
    world.board.day = DAY + timedelta(days=9)
    clerk = world.board.browser(world.home.clerk)
    paper = {"for": "reviewer", "paper_date": world.board.day.isoformat(), "paper_no": "签〔2026〕8号"}
    sent = clerk.post(f"/tasks/{first}/verify", {**paper, "opinion": "看了案卷，属实。"})
    assert sent.headers["location"] == f"/tasks/{first}"
    assert status_of(world, first) is Status.VERIFIED


def test_an_opinion_sent_to_what_asks_for_none_is_left_alone(world: World) -> None:
    officer = world.board.browser(world.home.officer)
    assert officer.post(f"/tasks/{world.running}/tie", {"opinion": "属实"}).status_code == 422


def test_lists_and_the_tasks_page_say_what_one_goes_to_do(world: World) -> None:
    code, home = made(world, status=Status.SUBMITTED), world.home
    reviewer, leader = world.board.browser(home.reviewer), world.board.browser(home.leader)

    assert f'href="/tasks/{code}/verify">复核</a>' in reviewer.get("/my").text
    page = reviewer.get(f"/tasks/{code}").text
    assert f'href="/tasks/{code}/verify">去复核</a>' in page
    assert "/return" not in page
    assert "复核通过" not in page.split('class="card actions"')[1].split("</section>")[0]
    asks_for_time(world)
    assert f'href="/tasks/{world.running}/grant-extension">批延期</a>' in leader.get("/my").text


def test_opinions_before_say_by_whom_in_whose_place_and_when(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        task = make_task(session, world.home, status=Status.VERIFIED)
        leader = acting(session, world.home.leader)
        casework.return_(session, clock_on(DAY + timedelta(days=5)), leader, task.code, "补两件回证")
        code = task.code
    world.board.day = DAY + timedelta(days=5)
    officer = world.board.browser(world.home.officer)
    officer.post(
        f"/tasks/{code}/submit", {"statement": "两件回证已经补上，原卷已归档。", "despite_doubts": "on"}
    )
    page = world.board.browser(world.home.reviewer).get(f"/tasks/{code}/verify").text

    before = page.split("<h2>已有意见")[1].split('id="opinion"')[0]
    assert "以前的销号申请 1 次" in before
    assert before.index("补两件回证") > before.index("抽查案卷，送达回证齐全。")


def last_five(page: str) -> tuple[str, str]:
    history = page.split("<h2>办理记录")[1]
    shown, _, folded = history.partition("<details")
    return shown, folded


def test_the_history_shows_five_entries_one_day_each_and_folds_the_rest(world: World) -> None:
    code = made(world, status=Status.CLOSED)
    shown, folded = last_five(world.board.browser(world.home.officer).get(f"/tasks/{code}").text)

    assert shown.count("<time") == 5
    assert folded.count("<time") >= 1
    assert "补记" not in shown
    assert not re.search(r"记入", shown + folded)


def test_an_entry_written_down_later_says_both_days(world: World) -> None:
    code = made(world, status=Status.SUBMITTED)
    world.board.day = DAY + timedelta(days=9)
    clerk: Browser = world.board.browser(world.home.clerk)
    signed = (world.board.day - timedelta(days=2)).isoformat()
    paper = {
        "for": "reviewer",
        "paper_date": signed,
        "paper_no": "签〔2026〕8号",
        "opinion": "看了案卷，属实。",
    }
    clerk.post(f"/tasks/{code}/verify", paper)
    shown, _ = last_five(clerk.get(f"/tasks/{code}").text)
    assert f"{world.board.day.isoformat()} 补记" in shown.split("</li>")[0]
