"""Issuing drafts: what is common is said once, a line says what differs, and one kind of deadline counts."""

import re
from datetime import UTC, date, datetime, time

import pytest

from core.clock import Clock
from models.enums import Role, Status, TimeLimit
from models.task import RectificationTask
from rectification.intake.usual_hands import usual_reviewer
from rectification.lists.case_file import CaseFile
from tests.factories import DAY, case_file, make_person
from tests.unit.app.web.conftest import World, status_of
from tests.unit.app.web.site import Browser
from tests.unit.app.web.test_intake_page import REPORT, taken_in, tasks


@pytest.fixture
def clerk(world: World) -> Browser:
    return world.board.browser(world.home.clerk)


def issued(world: World, code: str) -> CaseFile:
    with world.board.database.reading() as session:
        return case_file(session, code)


def ticked(*codes: str) -> dict[str, str]:
    return {f"{code}.is_chosen": "on" for code in codes}


def test_what_is_common_is_said_once_and_a_line_says_what_differs(world: World, clerk: Browser) -> None:
    place = taken_in(clerk)
    first, second, *_ = tasks(world)
    roads, law = world.home.roads, world.home.legal
    form: dict[str, object] = {
        "lead_unit_id": roads.id,
        "reviewer_id": world.home.reviewer.id,
        f"{second}.lead_unit_id": law.id,
        f"{second}.reviewer_id": world.home.officer.id,
    }
    refused = clerk.post(f"{place}/issue", form | ticked(first, second))
    assert (refused.status_code, status_of(world, first)) == (422, Status.DRAFT)
    form[f"{second}.lead_unit_id"] = ""
    form[f"{second}.reviewer_id"] = ""
    assert clerk.post(f"{place}/issue", form | ticked(first, second)).status_code == 303
    assert [issued(world, code).row.unit for code in (first, second)] == [roads.name, roads.name]


def test_who_has_no_mailbox_is_named_when_a_task_was_issued(world: World, clerk: Browser) -> None:
    place, home = taken_in(clerk), world.home
    first, second, third, *_ = tasks(world)
    with world.board.database.unit_of_work() as session:
        make_person(session, home.roads, "noted", Role.UNIT_HEAD, name="牛科长", email="")
        written = make_person(session, home.roads, "written", name="马有信")
    form: dict[str, object] = {"lead_unit_id": home.roads.id, "reviewer_id": home.reviewer.id}
    form[f"{second}.officer_id"] = written.id
    clerk.post(f"{place}/issue", form | ticked(second))
    assert '<p class="note" role="status">已下达 1 项</p>' in clerk.get(place).text
    form |= {f"{first}.officer_id": "", f"{third}.officer_id": ""}
    clerk.post(f"{place}/issue", form | ticked(first, third))
    said = clerk.get(place).text
    assert "已下达 2 项；待电话通知：" in said
    assert "牛科长" in re.findall(r'role="status">(.*?)</p>', said)[0]
    assert "马有信" not in re.findall(r'role="status">(.*?)</p>', said)[0]


def test_the_officer_and_the_reviewer_are_proposed(world: World, clerk: Browser) -> None:
    """The unit's last officer, of a unit the item names; the reviewer who was named last."""
    text = REPORT.replace("执法案卷制作不规范", f"{world.home.roads.name}执法案卷制作不规范")
    page = clerk.get(f"{taken_in(clerk, text)}/issue").text
    first = next(iter(tasks(world)))
    assert tasks(world)[first].lead_unit_id == world.home.roads.id
    officer = re.search(rf'<select[^>]* name="{first}.officer_id".*?</select>', page, re.DOTALL)
    assert officer is not None
    assert f'value="{world.home.officer.id}" selected' in officer[0]
    reviewer = re.search(r'<select[^>]* name="reviewer_id".*?</select>', page, re.DOTALL)
    assert reviewer is not None
    assert f'value="{world.home.reviewer.id}" selected' in reviewer[0]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (TimeLimit.DATED, (date(2026, 9, 30), None, None)),
        (TimeLimit.IMMEDIATE, (date(2026, 3, 9), 5, None)),
        (TimeLimit.LONG_TERM, (None, None, date(2026, 6, 30))),
    ],
)
def test_the_kind_of_limit_decides_which_field_counts(
    world: World, clerk: Browser, kind: TimeLimit, expected: tuple[date | None, int | None, date | None]
) -> None:
    """A browser sends the hidden fields as well; the one draft's page and its line in the table read them alike."""
    place = taken_in(clerk)
    first, second, *_ = tasks(world)
    limit = {
        "due_on": "2026-09-30",
        "limit_days": "5",
        "limit_unit": "working",
        "checkpoint_on": "2026-06-30",
    }
    limit["time_limit"] = kind.value
    hands = {"lead_unit_id": world.home.roads.id, "reviewer_id": world.home.reviewer.id}
    assert clerk.post(f"/tasks/{first}/issue", hands | limit).status_code == 303
    line = {f"{second}.{name}": value for name, value in limit.items()}
    assert clerk.post(f"{place}/issue", hands | line | ticked(second)).status_code == 303
    for task in (tasks(world)[first], tasks(world)[second]):
        assert _limit(task) == expected


def _limit(task: RectificationTask) -> tuple[date | None, int | None, date | None]:
    return task.due_on, task.limit_days, task.next_checkpoint_on


def test_partners_are_named_with_the_order_and_none_is_lost_where_they_were_not_asked(
    world: World, clerk: Browser
) -> None:
    place = taken_in(clerk)
    first, second, *_ = tasks(world)
    hands = {"lead_unit_id": world.home.roads.id, "reviewer_id": world.home.reviewer.id}
    partners = {"asks_partners": "on", f"{first}.partners": [world.home.transport.name]}
    answer = clerk.post(f"{place}/issue", hands | partners | ticked(first))
    assert answer.status_code == 303, clerk.last
    assert issued(world, first).units == (world.home.transport.name,)
    single = {"asks_partners": "on", "partners": "没有的科室"}
    refused = clerk.post(f"/tasks/{second}/issue", hands | single | {"title": "我写的名称"})
    assert (refused.status_code, "没有的科室" in refused.text, "我写的名称" in refused.text) == (
        422,
        True,
        True,
    )
    assert status_of(world, second) is Status.DRAFT


def test_what_was_archived_with_others_is_a_draft_again_by_a_click(world: World, clerk: Browser) -> None:
    place = taken_in(clerk)
    first, second, *_ = tasks(world)
    clerk.post(f"{place}/issue", ticked(first, second) | {"do": "archive"})
    page = clerk.get(place).text
    assert page.count("恢复草稿</button>") == 2
    assert clerk.post(f"{place}/drafts/{first}/restore").status_code == 303
    assert [status_of(world, code) for code in (first, second)] == [Status.DRAFT, Status.ARCHIVED]


def test_a_reviewer_of_the_unit_in_charge_is_not_proposed(world: World) -> None:
    reviewer, clock = world.home.reviewer, Clock(datetime.combine(DAY, time(1), UTC), DAY)
    with world.board.database.reading() as session:
        charged: tuple[set[int], ...] = (set(), {world.home.roads.id}, {reviewer.unit_id})
        found = [usual_reviewer(session, clock, world.home.bureau.id, units) for units in charged]
    assert found[:2] == [reviewer.id, reviewer.id]
    assert found[2] != reviewer.id


def test_who_has_no_mailbox_is_marked_where_one_chooses(world: World, clerk: Browser) -> None:
    with world.board.database.unit_of_work() as session:
        silent = make_person(session, world.home.roads, "wuyou", name="吴邮", email="")
    place = taken_in(clerk)
    first = next(iter(tasks(world)))
    for page in (clerk.get(f"{place}/issue").text, clerk.get(f"/tasks/{first}/issue").text):
        marked = re.findall(r"<option value=\"(\d+)\"[^>]*>[^<]*无邮箱，将列入待电话通知</option>", page)
        assert set(marked) == {str(silent.id)}
