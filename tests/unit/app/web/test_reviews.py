"""The half-year on pages: one page of statements, freezing, papers whose figures agree, meetings, the year's clock."""

import io
import re
from datetime import date, timedelta
from urllib.parse import unquote, urljoin

import pytest
from docx import Document

from models import shards
from models.enums import Status
from models.organisation import Person
from rectification import casework
from rectification.casework import IssueOrder, NewDraft
from rectification.halfyear import cycles
from rectification.halfyear.daily_look import open_reviews
from rectification.halfyear.summary_versions import keep_summaries
from rectification.office.sources import NewSource, source_for
from tests.factories import BY, DAY, acting, clock_on, make_task
from tests.unit.app.web.conftest import World, status_of
from tests.unit.app.web.site import Board, Browser

JUNE = date(2026, 6, 10)
CLOSED = date(2026, 7, 1)
REVIEW = "/reviews/2026-06-30"


@pytest.fixture
def opened(world: World) -> World:
    """The world on a day in the review's window."""
    with world.board.database.unit_of_work() as session:
        make_task(session, world.home, text="行政处罚决定未按时公示。")
        open_reviews(session, clock_on(JUNE), [world.home.bureau.id])
    return world


def on(world: World, day: date) -> Board:
    return Board(world.board.database, world.board.folder, day)


def frozen(world: World) -> Board:
    """The board of 1 July, after the clerk froze the figures."""
    board = on(world, CLOSED)
    assert board.browser(world.home.clerk).post(f"{REVIEW}/freeze").status_code == 303
    return board


def codes_asked(page: str) -> list[str]:
    return re.findall(r'name="([^"]+)-text"', page)


def test_an_officer_answers_for_every_task_on_one_page(opened: World) -> None:
    officer = on(opened, JUNE).browser(opened.home.officer)
    asked = codes_asked(officer.get("/statements").text)
    assert len(asked) == 3
    first, second, third = asked
    sent = {
        f"{first}-text": "已补正。",
        f"{first}-say": "1",
        f"{second}-text": "推进中。",
        f"{second}-say": "1",
        f"{third}-text": "暂不报。",
    }
    answer = officer.post("/statements", sent)
    assert answer.status_code == 303
    assert codes_asked(officer.get("/statements").text) == [third]
    assert "已补正。" in officer.get(f"/tasks/{first}").text


def test_a_page_that_states_nothing_is_refused(opened: World) -> None:
    officer = on(opened, JUNE).browser(opened.home.officer)
    for sent in (
        {f"{opened.running}-text": "", f"{opened.running}-say": "1"},
        {f"{opened.running}-text": "已补正。"},
    ):
        told = officer.post("/statements", sent)
        assert (told.status_code, "没有写情况说明" in told.text) == (422, True)


def test_a_request_over_a_doubt_is_made_on_the_same_page(opened: World) -> None:
    """The tick comes with the doubt, and not before."""
    officer, code = on(opened, JUNE).browser(opened.home.officer), opened.running
    early = (DAY - timedelta(days=300)).isoformat()
    officer.post(f"/tasks/{code}/evidence", {"archive_no": "档7", "own_date": early, "kind": "case"})
    assert "despite_doubts" not in officer.get("/statements").text
    sent = {f"{code}-text": "四十二件案卷逐件补齐。", f"{code}-say": "1", f"{code}-done": "on"}
    told = officer.post("/statements", sent)
    assert (told.status_code, "dated_before_issue" in told.text) == (422, True)
    assert f'name="{code}-despite_doubts"' in told.text
    assert officer.post("/statements", {**sent, f"{code}-despite_doubts": "on"}).status_code == 303
    assert status_of(opened, code) is Status.SUBMITTED


def test_what_was_said_before_is_proposed_and_a_refusal_keeps_what_was_typed(opened: World) -> None:
    officer = on(opened, date(2026, 7, 10)).browser(opened.home.officer)
    [*_, last] = codes_asked(officer.get("/statements").text)
    answer = officer.post("/statements", {f"{last}-text": "推进中。", f"{last}-say": "1"})
    assert answer.status_code == 422
    assert "没有写超期原因" in answer.text
    assert "推进中。" in answer.text
    assert last in codes_asked(officer.get("/statements").text)


def test_the_clerk_sees_who_is_silent_and_freezes(opened: World) -> None:
    clerk = on(opened, JUNE).browser(opened.home.clerk)
    page = clerk.get(REVIEW).text
    assert "已报 0 项，还缺 3 项" in page
    assert "冻结数据" not in page
    page = frozen(opened).browser(opened.home.clerk).get(REVIEW).text
    assert "第1版，2026年7月1日冻结" in page


def test_who_is_silent_is_told_of_the_tasks_the_reader_may_see(opened: World) -> None:
    """A restricted task, and another leader's, are counted and not named."""
    home, database = opened.home, opened.board.database
    with database.unit_of_work() as session:
        order = IssueOrder(title="补建台账", due_on=date(2026, 12, 31), is_restricted=True)
        restricted = make_task(session, home, text="设备台账缺失。", order=order).code
    board = on(opened, JUNE)
    assert restricted in board.browser(home.clerk).get(REVIEW).text
    page = board.browser(home.auditor).get(REVIEW).text
    assert restricted not in page
    assert "补建台账" not in page
    assert "还缺 4 项，其中 1 项不在您能看到的任务之中" in page


def test_paper_and_page_of_one_version_have_the_same_figures(opened: World) -> None:
    clerk = frozen(opened).browser(opened.home.clerk)
    page = clerk.get(f"{REVIEW}/briefing").text
    word = Document(io.BytesIO(clerk.get(f"{REVIEW}/briefing.docx").content))
    in_page = re.findall(r"<th scope=\"row\">路政科</th>(.*?)</tr>", page, re.DOTALL)[0]
    shown = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", in_page, re.DOTALL)]
    in_word = [cell.text for cell in word.tables[0].rows[1].cells]
    assert in_word == ["路政科", *shown]
    assert int(shown[0]) + int(shown[6]) == 4


def test_a_version_stays_while_the_ledger_goes_on(opened: World) -> None:
    board = frozen(opened)
    clerk = board.browser(opened.home.clerk)
    before = clerk.get(f"{REVIEW}/briefing.docx").content
    with opened.board.database.unit_of_work() as session:
        make_task(session, opened.home, day=CLOSED, order=IssueOrder(due_on=date(2026, 12, 31)))
    assert clerk.get(f"{REVIEW}/briefing.docx").content == before


MEETING = {"held_on": "2026-07-01", "body": "党组", "topic": "听取上半年汇报"}


def recorded(clerk: Browser, *files: tuple[str, bytes], **more: str) -> str:
    """A meeting of 1 July, recorded by the clerk; the address of its page."""
    sent = [("papers", (name, io.BytesIO(content))) for name, content in files]
    answer = clerk.post("/reviews/hearings", {**MEETING, **more}, files=sent or None)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_meeting_is_recorded_and_its_decision_becomes_a_draft(opened: World) -> None:
    clerk = frozen(opened).browser(opened.home.clerk)
    address = recorded(clerk, presided_by_id=str(opened.home.chief.id))
    assert "2026年上半年，第1版" in clerk.get("/reviews").text
    assert f"{opened.home.chief.name}主持" in clerk.get(address).text
    decided = {"text": "更新执法记录仪。", "kind": "plan", "due_on": "2026-09-30"}
    assert clerk.post(f"{address}/resolutions", decided).status_code == 303
    [code] = re.findall(r"/tasks/([^\"]+)\"", clerk.get(address).text)
    assert "更新执法记录仪。" in clerk.get(f"/tasks/{code}").text
    assert clerk.post(f"{address}/minutes", {"minutes_no": "党组纪要〔2026〕7号"}).status_code == 303
    assert "党组纪要〔2026〕7号" in clerk.get("/reviews").text
    assert "党组纪要〔2026〕7号" in clerk.get(f"/tasks/{code}").text


def test_papers_are_kept_as_they_were_heard_and_come_back_byte_for_byte(opened: World) -> None:
    clerk = frozen(opened).browser(opened.home.clerk)
    paper = clerk.get(f"{REVIEW}/briefing.docx").content
    address = recorded(clerk, ("汇报材料（送审稿）.docx", paper))
    second = write_duty()
    more = [("papers", ("发言提纲.docx", io.BytesIO(second)))]
    assert clerk.post(f"{address}/papers", files=more).status_code == 303
    first, other = re.findall(rf'href="({address}/papers/\d+)">([^<]+)<', clerk.get(address).text)
    assert [name for _, name in (first, other)] == ["汇报材料（送审稿）.docx", "发言提纲.docx"]
    given = clerk.get(first[0])
    assert given.content == paper
    assert given.headers["content-disposition"].startswith("attachment")
    assert clerk.get(other[0]).content == second
    refused = clerk.post(f"{address}/papers", files=[("papers", ("发言提纲.docx", io.BytesIO(second)))])
    assert refused.status_code == 422
    assert "已经登记过了" in refused.text
    assert clerk.post(f"{address}/papers").status_code == 422
    assert clerk.get(f"{address}/papers/999").status_code == 404


def write_duty() -> bytes:
    """Some other Word file."""
    stored = io.BytesIO()
    Document().save(stored)
    return stored.getvalue()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"topic": ""}, "请填写议题"),
        ({"held_on": "2026-09-01"}, "在今天之后"),
        ({"body": "茶话会"}, "不在听取汇报的会议名单中"),
    ],
)
def test_a_meeting_that_cannot_be_recorded_keeps_what_was_typed(
    opened: World, wrong: dict[str, str], said: str
) -> None:
    clerk = frozen(opened).browser(opened.home.clerk)
    answer = clerk.post("/reviews/hearings", {**MEETING, "minutes_no": "纪要〔2026〕9号", **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert "纪要〔2026〕9号" in answer.text
    assert "还没有听取汇报的记录" in clerk.get("/reviews").text


def test_a_tasks_closing_and_look_back_sheets_are_had_from_its_page(opened: World) -> None:
    officer = on(opened, JUNE).browser(opened.home.officer)
    [address] = re.findall(r'href="(/tasks/[^"]+/sheet.docx)"', officer.get(f"/tasks/{opened.running}").text)
    sheet = Document(io.BytesIO(officer.get(address).content))
    assert "整改任务销号单" in sheet.paragraphs[0].text
    assert opened.running in "".join(cell.text for cell in sheet.tables[0].rows[0].cells)
    blank = officer.get(address.replace("sheet", "look-back"))
    assert "核查记录" in Document(io.BytesIO(blank.content)).paragraphs[0].text
    assert on(opened, JUNE).browser(opened.foreign.officer).get(address).status_code == 404


def test_a_half_year_nobody_heard_is_shown_once_its_window_is_over(opened: World) -> None:
    frozen(opened)
    for day, is_shown in ((date(2026, 8, 25), False), (date(2026, 8, 26), True)):
        page = on(opened, day).browser(opened.home.chief).get("/reviews").text
        assert ("2026年上半年尚未听取汇报" in page) is is_shown, day


def test_a_review_is_opened_by_hand_before_its_window(world: World) -> None:
    clerk = on(world, date(2026, 3, 9)).browser(world.home.clerk)
    assert "手动开启一期调度" in clerk.get("/reviews").text
    assert clerk.post("/reviews", {"ends_on": "2026-06-30"}).status_code == 303
    assert "2026年上半年调度" in clerk.get(REVIEW).text
    assert clerk.post("/reviews", {"ends_on": "2026-06-30"}).status_code == 422


def test_a_second_version_lists_what_differs_and_the_first_stays_to_be_had(opened: World) -> None:
    board = frozen(opened)
    clerk = board.browser(opened.home.clerk)
    first = clerk.get(f"{REVIEW}/briefing.docx").content
    officer = board.browser(opened.home.officer)
    said = {"text": "补充了送达回证。", "late_reason": "当事人外出，送达晚了。"}
    assert officer.post(f"/tasks/{opened.running}/progress", said).status_code == 303
    assert clerk.post(f"{REVIEW}/freeze").status_code == 303
    page = clerk.get(REVIEW).text
    assert "与第1版不同的 2 处" in page
    assert "进展：空 → 补充了送达回证。" in page
    assert "超期原因：空 → 当事人外出，送达晚了。" in page
    assert clerk.get(f"{REVIEW}/briefing.docx?version=1").content == first
    assert clerk.get(f"{REVIEW}/briefing.docx").content != first
    assert clerk.get(f"{REVIEW}/briefing?version=3").status_code == 404


def test_a_report_back_is_offered_for_what_came_from_outside_alone(opened: World) -> None:
    clerk = frozen(opened).browser(opened.home.clerk)
    address = recorded(clerk, minutes_no="党组纪要〔2026〕7号")
    clerk.post(f"{address}/resolutions", {"text": "更新执法记录仪。", "kind": "finding"})
    assert "report.docx" not in clerk.get("/reviews").text, "the bureau's own meeting waits for no answer"
    with opened.board.database.unit_of_work() as session:
        audit = NewSource("审计", "预算执行审计报告", "审〔2026〕3号", "县审计局", DAY)
        source = source_for(session, BY, opened.home.bureau.id, audit).id
        casework.enter(
            session, clock_on(DAY), acting(session, opened.home.clerk), NewDraft(source, "罚没台账不全。")
        )

    [report] = re.findall(r'href="(/sources/\d+/report.docx)"', clerk.get("/reviews").text)
    word = Document(io.BytesIO(clerk.get(report).content))

    assert "收到《预算执行审计报告》（审〔2026〕3号）后" in "".join(each.text for each in word.paragraphs)
    assert on(opened, CLOSED).browser(opened.foreign.clerk).get(report).status_code == 404


def test_another_bureaus_review_and_meeting_are_not_found(opened: World) -> None:
    board = frozen(opened)
    clerk = board.browser(opened.home.clerk)
    meeting = recorded(clerk, ("材料.docx", write_duty()))
    [paper] = re.findall(rf'href="({meeting}/papers/\d+)"', clerk.get(meeting).text)
    stranger = board.browser(opened.foreign.clerk)
    for address in (REVIEW, f"{REVIEW}/briefing.docx", meeting, paper, "/summaries/terms/2026-06-30"):
        assert stranger.get(address).status_code == 404
    for name in ("resolutions", "minutes", "papers"):
        sent = {"text": "冒充", "minutes_no": "冒充"}
        files = [("papers", ("冒充.docx", io.BytesIO(write_duty())))] if name == "papers" else None
        assert stranger.post(f"{meeting}/{name}", sent, files=files).status_code in (404, 422)
    assert "冒充" not in clerk.get(meeting).text


def test_the_cut_off_can_be_moved_until_it_is_frozen(opened: World) -> None:
    clerk = on(opened, JUNE).browser(opened.home.clerk)
    assert clerk.post(f"{REVIEW}/cut-off", {"cut_off_on": "2026-06-20"}).status_code == 303
    assert "数据截至2026年6月20日" in clerk.get(REVIEW).text
    assert clerk.post(f"{REVIEW}/cut-off", {"cut_off_on": "2027-06-20"}).status_code == 422
    with opened.board.database.reading() as session:
        [cycle] = cycles.list_cycles(session, opened.home.bureau.id)
    assert cycle.cut_off_on == date(2026, 6, 20)


def test_the_month_page_is_what_was_kept_and_a_leader_sees_his_line(opened: World) -> None:
    with opened.board.database.unit_of_work() as session:
        keep_summaries(session, clock_on(JUNE), opened.home.bureau.id)
    board = on(opened, JUNE)
    for person in (opened.home.chief, opened.home.leader):
        page = board.browser(person).get("/summaries/2026-5")
        assert page.status_code == 200
        assert "2026年5月整改进展通报" in page.text
        assert "<svg" in page.text
        assert bulletin(board, person, "/summaries/2026-5") == "2026年5月整改进展通报"
    for path in ("/summaries/2026-5", "/summaries/2026-5?word=true"):
        assert board.browser(opened.home.officer).get(path).status_code == 403


def bulletin(board: Board, person: Person, path: str) -> str:
    """What the Word file is called that a page of the leaders offers."""
    browser = board.browser(person)
    [link] = re.findall(r'href="([^"]+)"[^>]*>下载 Word', browser.get(path).text)
    answer = browser.get(urljoin(path, link))
    title = Document(io.BytesIO(answer.content)).paragraphs[0].text
    [name] = re.findall(r"filename\*=UTF-8''(\S+)\.docx", answer.headers["content-disposition"])
    assert title.split("\n")[-1] == unquote(name).split("（")[0]
    return unquote(name)


def test_the_half_years_page_stands_on_the_frozen_figures(opened: World) -> None:
    assert on(opened, JUNE).browser(opened.home.chief).get("/summaries/terms/2026-06-30").status_code == 404
    board = frozen(opened)
    for person in (opened.home.chief, opened.home.leader):
        page = board.browser(person).get("/summaries/terms/2026-06-30")
        assert page.status_code == 200
        assert "2026年上半年整改进展通报" in page.text
        assert "依据第1版冻结数据" in page.text
        path = "/summaries/terms/2026-06-30"
        assert bulletin(board, person, path) == "2026年上半年整改进展通报（第1版）"


def test_the_years_stages_are_recorded(opened: World) -> None:
    clerk = on(opened, date(2027, 2, 1)).browser(opened.home.clerk)
    done = {"stage": "secrecy", "done_on": "2027-01-20", "paper_no": "保审〔2027〕3号"}
    assert clerk.post("/annual/2026", done).status_code == 303
    assert "保审〔2027〕3号" in clerk.get("/annual?year=2026").text
    assert clerk.post("/annual/2026", done).status_code == 422
    word = Document(io.BytesIO(clerk.get("/annual/2026.docx").content))
    assert "法治政府建设报告素材" in word.paragraphs[0].text


def test_a_meeting_is_planned_changed_recorded_and_never_asked_twice(opened: World) -> None:
    clerk = on(opened, CLOSED).browser(opened.home.clerk)
    page = clerk.get("/reviews/hearings/plans").text
    assert "安排并通知" in page
    guests = [str(opened.home.leader.id), str(opened.home.officer.id)]
    sent = {"meets_on": "2026-07-15", "body": "党组", "topic": "听取上半年工作汇报", "place": "三楼会议室"}
    refused = clerk.post("/reviews/hearings/plans", sent)
    assert refused.status_code == 422
    assert "没有选人" in refused.text
    assert "三楼会议室" in refused.text  # what was typed is kept
    answer = clerk.post("/reviews/hearings/plans", sent | {"guest": guests})
    assert answer.status_code == 303
    plan = answer.headers["location"]
    for shown in (clerk.get("/reviews").text, clerk.get(REVIEW).text, clerk.get(plan).text):
        assert "听取上半年工作汇报" in shown
        assert "2026年7月15日" in shown
    assert clerk.post(plan, sent | {"guest": guests, "meets_on": "2026-07-16"}).status_code == 303
    assert "会议日期：2026-07-15 → 2026-07-16" in clerk.get(plan).text
    later = on(opened, date(2026, 7, 20))
    clerk = later.browser(opened.home.clerk)
    assert "已过会议日期，还没有登记" in clerk.get(plan).text
    assert "待登记" in clerk.get("/reviews").text
    number = plan.rpartition("=")[2]
    form = clerk.get(f"/reviews/hearings/new?plan={number}").text
    assert 'value="2026-07-16"' in form
    assert 'value="听取上半年工作汇报"' in form
    assert re.search(r'<option value="\d+" selected>2026年上半年', form)
    record = {"held_on": "2026-07-16", "body": "党组", "topic": "听取上半年工作汇报", "minutes_no": "纪要7号"}
    assert clerk.post(f"/reviews/hearings?plan={number}", record).status_code == 303
    assert "待登记" not in clerk.get("/reviews").text
    assert clerk.post(plan.replace("?", "/call-off?")).status_code == 422
    leader = later.browser(opened.home.leader)
    assert "纪要7号" in leader.get("/reviews").text
    assert "安排记录" in leader.get(plan).text
    assert "取消这次会议" not in leader.get(plan).text


def test_a_meeting_is_called_off(opened: World) -> None:
    clerk = on(opened, CLOSED).browser(opened.home.clerk)
    guest = {"guest": str(opened.home.chief.id)}
    sent = {"meets_on": "2026-07-15", "body": "党组", "topic": "听取汇报"} | guest
    plan = clerk.post("/reviews/hearings/plans", sent).headers["location"]
    assert clerk.post(plan.replace("?", "/call-off?")).status_code == 303
    assert "已于2026年7月1日取消" in clerk.get(plan).text
    assert "2026年7月15日" not in clerk.get("/reviews").text


def test_a_job_that_failed_stands_on_every_page_of_clerk_and_admin(opened: World) -> None:
    board = on(opened, JUNE)
    with board.database.unit_of_work() as session:
        shards.open_day(session, "backup", JUNE, None, 1)
        claim = shards.claim(session, "backup", JUNE)
        assert claim is not None
        shards.give_up(session, claim, "OSError")
    clerk, officer = board.browser(opened.home.clerk), board.browser(opened.home.officer)
    for path in ("/board", "/tasks", "/account", "/reviews", "/mail", "/runs"):
        assert clerk.get(path).text.count("作业“每日备份”没有做完") == 1, path
    assert "每日备份" not in officer.get("/tasks").text
