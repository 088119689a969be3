"""What a process remembers is as exact as what it reads: whatever changes, the next page has it."""

from datetime import date, timedelta

from sqlalchemy import delete, select

from models.enums import Status
from models.organisation import PersonRole
from models.task import RectificationTask
from rectification import casework
from rectification.casework import IssueOrder
from rectification.office.calendar import HolidayNotice, put_in_force
from rectification.office.people import limit_auditor
from rectification.office.settings import set_policy
from rectification.office.sources import NewSource, source_for
from tests.factories import DAY, acting, by_on, clock_on, make_task
from tests.unit.app.web.conftest import World
from tests.unit.app.web.site import statements


def _counts(asked: list[str]) -> int:
    return sum("count(*)" in statement and "rectification_task" in statement for statement in asked)


LIST_AND_MENU = 2  # what the list holds, and what waits for whoever looks


def _total(page: str) -> str:
    return page.split("<h1>台账</h1><p>")[1].split("</p>")[0]


def test_a_page_is_counted_once_until_something_happens(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    assert _total(clerk.get("/tasks").text) == "3 项"

    with statements(world.board.database) as again:
        assert _total(clerk.get("/tasks").text) == "3 项"
    with world.board.database.unit_of_work() as session:
        make_task(session, world.home, status=Status.ASSIGNED)
    with statements(world.board.database) as after:
        assert _total(clerk.get("/tasks").text) == "4 项"

    assert _counts(again) == 0
    assert _counts(after) == LIST_AND_MENU


def test_every_question_and_every_day_has_a_count_of_its_own(world: World) -> None:
    chief = world.board.browser(world.home.chief)

    assert _total(chief.get("/tasks?status=assigned").text) == "1 项"
    assert _total(chief.get("/tasks?status=in_progress").text) == "2 项"
    assert _total(chief.get("/tasks?light=red").text) == "0 项"
    world.board.day = DAY.replace(month=8)
    later = world.board.browser(world.home.chief)
    assert _total(later.get("/tasks?light=red").text) == "3 项"


def test_who_sees_a_part_is_counted_for_once_until_the_office_limits_it(world: World) -> None:
    with world.board.database.unit_of_work() as session:
        other = source_for(session, by_on(DAY), world.home.bureau.id, NewSource("审计", "审计报告"))
    auditor = world.board.browser(world.home.auditor)
    assert _total(auditor.get("/tasks").text) == "3 项"

    with statements(world.board.database) as again:
        auditor.get("/tasks")
    with world.board.database.unit_of_work() as session:
        limit_auditor(session, by_on(DAY), session.merge(world.home.auditor), session.merge(other), None)

    assert _counts(again) == 0
    assert _total(auditor.get("/tasks").text) == "0 项"


def test_another_bureaus_deeds_do_not_disturb_and_its_counts_are_its_own(world: World) -> None:
    clerk, other = world.board.browser(world.home.clerk), world.board.browser(world.foreign.clerk)
    clerk.get("/tasks")
    assert _total(other.get("/tasks").text) == "1 项"
    with world.board.database.unit_of_work() as session:
        officer = acting(session, world.foreign.officer)
        casework.progress(session, clock_on(DAY), officer, world.foreign_task, "有进展。")

    with statements(world.board.database) as asked:
        assert _total(clerk.get("/tasks").text) == "3 项"

    assert _counts(asked) == 0


def test_a_unit_that_is_renamed_has_its_new_name_at_once(world: World) -> None:
    world.board.day = DAY.replace(month=8)
    clerk = world.board.browser(world.home.clerk)
    before = world.home.roads.name
    assert before in clerk.get("/board").text
    assert _total(clerk.get(f"/tasks?unit={before}").text) == "3 项"

    clerk.post(f"/units/{world.home.roads.id}/alias", {"alias": "行政执法监督处", "do": "rename"})

    board = clerk.get("/board").text
    assert "行政执法监督处" in board
    assert before not in board
    assert _total(clerk.get("/tasks?unit=行政执法监督处").text) == "3 项"


def test_settings_changed_elsewhere_hold_at_once(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    assert "按序时" not in clerk.get("/tasks").text

    for word in ("按序时", "未到期"):
        with world.board.database.unit_of_work() as session:
            names = (word, "将到期", "慢序时", "完成")
            set_policy(session, by_on(DAY), world.home.bureau.id, "light_names", names)
        assert f">{word}</span>" in clerk.get("/tasks").text


def test_a_calendar_put_in_force_elsewhere_holds_at_once_though_the_clock_stands_still(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    deadline = DAY + timedelta(days=14)
    with world.board.database.unit_of_work() as session:
        task = session.scalars(select(RectificationTask).where(RectificationTask.code == world.running)).one()
        task.deadline_on = deadline

    def yellow() -> str:
        return _total(clerk.get("/tasks?light=yellow").text)

    def announce(*off: date) -> None:
        with world.board.database.unit_of_work() as session:
            put_in_force(
                session, by_on(DAY), HolidayNotice(DAY.year, "通知", dict.fromkeys(off, "假"), frozenset())
            )

    announce(date(DAY.year, 1, 1))
    assert yellow() == "0 项"
    announce(*(DAY + timedelta(days=ahead) for ahead in range(1, 12)))
    assert yellow() == "1 项"
    announce(date(DAY.year, 1, 1))
    assert yellow() == "0 项"


def test_nobody_is_shown_what_was_kept_for_another(world: World) -> None:
    order = IssueOrder(officer_id=world.home.officer.id, is_restricted=True)
    with world.board.database.unit_of_work() as session:
        code = make_task(session, world.home, status=Status.ASSIGNED, order=order).code
    clerk, chief = world.board.browser(world.home.clerk), world.board.browser(world.home.chief)

    assert code in clerk.get("/tasks").text
    assert code not in chief.get("/tasks").text
    assert code in clerk.get("/tasks").text


def test_a_role_that_is_taken_away_is_gone_with_the_next_page(world: World) -> None:
    clerk = world.board.browser(world.home.clerk)
    assert clerk.get("/tasks").status_code == 200

    with world.board.database.unit_of_work() as session:
        session.execute(delete(PersonRole).where(PersonRole.person_id == world.home.clerk.id))

    assert clerk.get("/tasks").status_code == 403
