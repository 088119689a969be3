"""The leaders' board: every figure opens its rows, in the list and in the workbook, and the sheet says the same."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from models.enums import ItemKind, Role, Status, TimeLimit
from models.task import RectificationTask
from rectification import casework
from rectification.casework import Correction, IssueOrder
from rectification.halfyear.summary_versions import keep_summaries
from rectification.task.time_limits import day_text
from tests.factories import DAY, acting, clock_on, make_draft, make_task
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import Board, Browser

LATE = DAY + timedelta(days=150)
OVERSEERS = (Role.CLERK, Role.CHIEF, Role.LEADER, Role.UNIT_HEAD, Role.AUDITOR)


@pytest.fixture
def busy(world: World) -> World:
    """Tasks of both kinds in every status, some restricted, recurring, listed, asking above or long-term; seen 150 days
    later, when of two checkpoints one was stated.
    """
    with world.board.database.unit_of_work() as session:
        home, own = world.home, IssueOrder(officer_id=world.home.officer.id)
        for status in Status:
            make_task(session, home, status=status, order=own)
        make_task(session, home, status=Status.CLOSED, kind=ItemKind.PLAN, order=own)
        secret = make_task(session, home, order=own).code
        clerk, officer = acting(session, home.clerk), acting(session, home.officer)
        casework.correct(session, clock_on(DAY), clerk, secret, "涉及个人", Correction(is_restricted=True))
        running = [make_task(session, home, order=own).code for _ in range(4)]
        wish = "请上级统一系统接口"
        casework.progress(session, clock_on(DAY), officer, running[0], "已上报。", needs_decision=wish)
        casework.progress(session, clock_on(DAY), officer, running[1], "已上报。", needs_decision="请增编")
        casework.progress(session, clock_on(DAY), officer, running[1], "自行解决了。")
        marked = Correction(is_recurring=True)
        casework.correct(session, clock_on(DAY), clerk, running[2], "上年也有", marked)
        casework.supervise(session, clock_on(DAY), clerk, running[3], "久拖不决")
        lasting = replace(own, time_limit=TimeLimit.LONG_TERM)
        _, stated = (make_task(session, home, order=lasting).code for _ in range(2))
        casework.progress(session, clock_on(DAY + timedelta(days=90)), officer, stated, "仍在坚持。")
        make_draft(session, home)
    with world.board.database.unit_of_work() as session:
        keep_summaries(session, clock_on(LATE), world.home.bureau.id)
    world.board.day = LATE
    return world


def _shown(page: str) -> int:
    return page.count('class="main"')


def _figures(page: str) -> list[tuple[str, int]]:
    """(address, figure) of every link into the list that holds a number of its own."""
    links = re.findall(r'href="(/tasks\?[^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    found = []
    for address, inner in links:
        if numbers := re.findall(r"\d+", re.sub(r"<[^>]+>", " ", inner)):
            found.append((unescape(address), int(numbers[-1])))
    return found


def _rows(browser: Browser, address: str) -> int:
    """The rows a filtered list shows, over all its pages."""
    page = browser.get(address).text
    counted, following = _shown(page), 2
    while f"page={following}" in page:
        page = browser.get(f"{address}&page={following}").text
        counted, following = counted + _shown(page), following + 1
    return counted


def _late(world: World) -> Board:
    return Board(world.board.database, world.board.folder, LATE)


def test_every_figure_opens_as_many_rows_as_it_says(busy: World) -> None:
    for role in OVERSEERS:
        browser = _late(busy).browser(busy.people[role])

        figures = _figures(browser.get("/board").text)

        assert len(figures) >= 20
        for address, figure in figures:
            assert _rows(browser, address) == figure, (address, role)
        lights = {
            address.partition("light=")[2]: figure for address, figure in figures if "kind=problem" in address
        }
        assert (lights["missed"], lights["stated"]) == (1, 1)


def test_the_sheet_says_what_the_board_says(busy: World) -> None:
    chief = _late(busy).browser(busy.home.chief)
    board = dict(_figures(chief.get("/board").text))

    sheet = _figures(chief.get("/summary").text)

    assert len(sheet) == 19
    for address, figure in sheet:
        assert figure == board[address], address
    assert "请上级统一系统接口" in chief.last


def test_what_was_asked_above_and_is_not_asked_again_is_settled(busy: World) -> None:
    chief = _late(busy).browser(busy.home.chief)

    page = chief.get("/tasks?trait=needs_decision").text

    assert _shown(page) == 1


def test_the_workbook_holds_the_rows_of_the_list(busy: World) -> None:
    clerk = _late(busy).browser(busy.home.clerk)
    with busy.board.database.reading() as session:
        hidden = session.scalars(select(RectificationTask).where(RectificationTask.is_restricted)).all()
    for query in ("", "?light=red", "?status=submitted", "?kind=plan&trait=", "?trait=supervised", "?q=案卷"):
        answer = clerk.get(f"/tasks.xlsx{query}")
        book = load_workbook(BytesIO(answer.content))
        codes = {str(cell) for sheet in book for row in sheet.values for cell in row if cell}
        page = clerk.get(f"/tasks{query}").text
        listed = set(re.findall(r'<td class="code"[^>]*>([^<]+)</td>', page))
        assert listed, query
        assert listed - codes == listed & {task.code for task in hidden}, query
        others = set(re.findall(r"\d{4}-\d{3}", " ".join(codes))) - listed
        assert not others, query


def test_the_trend_is_the_months_own_and_a_part_is_told_for_who_sees_a_part(busy: World) -> None:
    board = _late(busy)

    assert "2026年6月未销号" in board.browser(busy.home.chief).get("/board").text
    assert "2026年6月未销号" in board.browser(busy.home.head).get("/board").text
    assert "近十二个月" not in board.browser(busy.home.other_head).get("/board").text


def test_an_overdue_hearing_is_said(busy: World) -> None:
    board = Board(busy.board.database, busy.board.folder, DAY)

    assert "2026年上半年应于" in re.sub(r"<[^>]+>", "", board.browser(busy.home.chief).get("/board").text)


def _words(page: str) -> str:
    return unescape(re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page)))


def test_the_board_says_in_one_sentence_where_things_stand(busy: World) -> None:
    chief = _late(busy).browser(busy.home.chief)

    told = _words(chief.get("/board").text)

    days = (LATE - DAY.replace(month=6, day=30)).days
    listed = _rows(chief, "/tasks?light=red")
    assert f"{listed}项已超期，最久{days}天（路政科，等" in told
    assert "7天内没有到期事项" in told
    assert re.search(r"与\d+月末比：超期问题(多\d+项|少\d+项|持平)", told)


def test_a_ledger_in_time_says_so(world: World) -> None:
    told = _words(world.board.browser(world.home.chief).get("/board").text)

    assert "没有超期事项；7天内没有到期事项。" in told
    assert "没有超期任务" in told


def test_the_overdue_table_says_what_was_said_and_where_it_is_stuck(busy: World) -> None:
    asked_on = LATE - timedelta(days=2)
    with busy.board.database.unit_of_work() as session:
        officer = acting(session, busy.home.officer)
        wanted = LATE + timedelta(days=60)
        casework.request_redate(session, clock_on(asked_on), officer, busy.running, "设备晚到", wanted)
    page = _late(busy).browser(busy.home.chief).get("/board").text
    told = _words(page[page.index("<h2>已超期") :])

    assert "已上报。" in told
    assert "提请研究事项：请上级统一系统接口" in told
    assert "请增编" not in told, "it was asked once and not again"
    assert "没有报过进展" in told
    assert re.search(rf"等\S+?重定时限，{day_text(asked_on)}起", told)


def test_every_open_task_of_a_unit_has_a_tile_with_words_in_its_colour(busy: World) -> None:
    page = _late(busy).browser(busy.home.chief).get("/board").text

    tiles = re.findall(r'<a class="tile (\w+)" href="(/tasks/[^"]+)" title="([^"]+)">([^<]+)</a>', page)

    counted = re.search(r"问题(\d+)项、计划(\d+)项尚未了结", page)
    assert counted is not None
    assert len(tiles) == sum(map(int, counted.groups()))
    assert len({address for _, address, _, _ in tiles}) == len(tiles)
    said = {(colour, re.sub(r"\d+", "n", words)) for colour, _, _, words in tiles}
    assert {("red", "超n天"), ("red", "节点超n天"), ("green", "待检查")} <= said
    assert all("，等" in title for _, _, title, _ in tiles)


def test_what_waits_for_somebody_is_on_the_page_they_land_on_and_in_their_menu(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        order = IssueOrder(officer_id=world.home.officer.id)
        waiting = make_task(session, world.home, status=Status.SUBMITTED, order=order).code
    reviewer, officer = (world.board.browser(person) for person in (world.home.reviewer, world.home.officer))

    landed = reviewer.get("/").headers["location"]
    told = _words(reviewer.get(landed).text)

    assert landed == "/my"
    assert "等您办理1项" in told
    assert re.search(r"请您复核·陈路2026年\d+月\d+日申请销号", told)
    assert f'href="/tasks/{waiting}/verify"' in reviewer.last
    assert 'title="等您办理 1 项">1</b>' in reviewer.get("/tasks").text
    assert re.search(r"请您签收·\S+?2026年\d+月\d+日下达", _words(officer.get("/my").text))


def test_the_menu_counts_what_the_page_lists(busy: World) -> None:
    for role, person in busy.people.items():
        browser = _late(busy).browser(person)
        page = browser.get("/my").text
        listed = page[page.index("<h2>等您办理") :].split("</section>")[0].count("<li>")
        number = re.search(r'class="count" title="等您办理 (\d+) 项"', page)
        assert (int(number[1]) if number else 0) == listed, role


def test_the_clerk_sees_what_lies_on_the_desk(busy: World) -> None:
    clerk = _late(busy).browser(busy.home.clerk)
    page = clerk.get("/board").text
    chores = dict(
        re.findall(
            r'<a href="([^"]+)">待[^<]+<b>(\d+)</b>', page[page.index('class="chores"') :].split("</ul>")[0]
        )
    )

    assert set(chores) == {"/calls", "/tasks?status=draft", "/tasks?light=stated", "/look-backs"}
    assert int(chores["/tasks?status=draft"]) == _rows(clerk, "/tasks?status=draft") == 3
    assert clerk.get("/my").text.count("待下达 <b>3</b> 项") == 1
    assert 'class="chores"' not in _late(busy).browser(busy.home.chief).get("/board").text
