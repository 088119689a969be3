"""The list of tasks as people use it: its tabs, its order, and its copy for a message."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.web.presenting import rest_of
from rectification import casework
from rectification.casework import Correction, IssueOrder
from rectification.lists.filters import TaskFilter
from rectification.lists.rows import list_tasks
from rectification.office.calendar import load_calendar
from tests.factories import DAY, acting, actor, clock_on, make_task
from tests.unit.app.web.conftest import World

_CODES = re.compile(r'<td class="code">([^<]+)</td>')


def _codes(page: str) -> list[str]:
    return _CODES.findall(page)


@pytest.mark.parametrize("column", ["code", "unit", "officer", "due", "status"])
def test_a_head_sorts_turns_and_goes_back(world: World, column: str) -> None:
    clerk = world.board.browser(world.home.clerk)
    seen = [_codes(clerk.get("/tasks").text)]
    sort, leads = column, ""
    for said in ("ascending", "descending"):
        page = clerk.get(f"/tasks?sort={sort}").text
        seen.append(_codes(page))
        assert f'aria-sort="{said}"' in page
        (leads,) = re.findall(rf'aria-sort="{said}"><a href="([^"]+)"', page)
        sort = f"-{column}"
    assert leads == "?"
    assert len(seen[0]) > 2
    assert all(sorted(each) == sorted(seen[0]) for each in seen)
    if column == "code":
        assert seen[1] == sorted(seen[1])
        assert seen[2] == seen[1][::-1]


def test_filters_and_tabs_keep_the_order_and_the_form_sends_it(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    tab, narrowed = (
        clerk.get(f"/tasks?{asked}&sort=-due").text for asked in ("view=earlier", "status=assigned")
    )

    assert '<input type="hidden" name="view" value="earlier">' in tab
    assert '<option value="-due" selected>' in tab
    assert "?status=assigned&amp;sort=unit" in narrowed


def test_a_tab_shows_what_its_name_says(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        own = IssueOrder(officer_id=world.home.officer.id, due_on=DAY + timedelta(days=10))
        late = make_task(session, world.home, order=own).code
    world.board.day = DAY + timedelta(days=12)
    officer, clerk = (world.board.browser(each) for each in (world.home.officer, world.home.clerk))

    assert _codes(clerk.get("/tasks?view=overdue").text) == [late]
    assert world.running in _codes(officer.get("/tasks?view=waiting").text)
    assert _codes(clerk.get("/tasks?view=earlier").text) == []
    assert "没有符合条件的任务" in clerk.get("/tasks?view=earlier").text
    for view in ("waiting", "overdue", "month", "earlier"):
        page = clerk.get(f"/tasks?view={view}").text
        assert re.findall(r'aria-current="page">([^<]+)</a>', page)[-1] in page
    assert clerk.get("/tasks?view=nonsense").status_code == 422


def test_the_last_years_open_tasks_are_a_tab_of_their_own(world: World) -> None:
    with world.board.database.reading() as session:
        now, later = (
            [
                row.code
                for row in list_tasks(
                    session,
                    DAY,
                    load_calendar(session),
                    actor=actor(session, world.home.clerk),
                    filters=TaskFilter(issued_before=day),
                )
            ]
            for day in (DAY.replace(month=1, day=1), DAY.replace(year=DAY.year + 1, month=1, day=1))
        )
    assert now == []
    assert world.running in later
    assert world.draft not in later


def test_the_copy_for_a_message_says_no_more_than_a_mail(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        narrowed = Correction(is_restricted=True)
        casework.correct(
            session, clock_on(DAY), acting(session, world.home.clerk), world.running, "涉及个人", narrowed
        )
    clerk = world.board.browser(world.home.clerk)
    page = clerk.get("/tasks").text
    answer = clerk.get("/tasks.txt?sort=code")
    head, *lines = answer.text.splitlines()

    assert "/tasks.txt" in page
    assert answer.headers["content-type"].startswith("text/plain")
    assert f"共{len(lines)}项" in head
    assert [line.split()[1] for line in lines] == [
        code for code in sorted(_codes(page)) if code != world.running
    ]
    with world.board.database.reading() as session:
        for row in list_tasks(session, DAY, load_calendar(session)):
            assert not rest_of(row) or rest_of(row) not in answer.text
            assert row.cause == "" or row.cause not in answer.text
    assert world.foreign_task not in answer.text
    assert "已筛选" in clerk.get("/tasks.txt?status=assigned").text


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("案卷制作不规范。抽查12件，5件要素不全。", "抽查12件，5件要素不全。"),
        ("案卷制作不规范", ""),
        ("全年案卷制作不规范。", "全年案卷制作不规范。"),
    ],
)
def test_a_sentence_is_not_said_twice(world: World, text: str, rest: str) -> None:
    with world.board.database.reading() as session:
        row = list_tasks(session, DAY, load_calendar(session))[0]
    assert rest_of(replace(row, title="案卷制作不规范", text=text)) == rest
