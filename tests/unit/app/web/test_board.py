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
        secret = make_task(session, home, order=own)
        secret.is_restricted = True
        clerk, officer = acting(session, home.clerk), acting(session, home.officer)
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
