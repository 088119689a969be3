"""Meetings: any number, by a body on the list, with papers as heard; what they decide becomes tasks."""

import io
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from core.db import Database
from core.errors import Conflict, Forbidden, NotFound, Refused
from core.files import FileStore
from models.enums import Cadence, ItemKind, Status
from models.report import Source
from rectification.halfyear import cycles, freezing, hearings
from rectification.halfyear.hearings import NewHearing, NewResolution
from rectification.halfyear.review_days import Term
from rectification.office.settings import set_policy
from rectification.office.sources import correct_source
from tests.factories import Office, acting, actor, by_on, clock_on, make_bureau, make_task

TERM = Term(Cadence.HALF_YEARLY, 2026, 1)
DAY = date(2026, 7, 15)


@pytest.fixture
def office(database: Database) -> Office:
    """A bureau with one task, whose review of the first half-year is frozen."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office)
        by = actor(session, office.clerk)
        cycle = cycles.open_review(session, clock_on(date(2026, 6, 2)), by, TERM)
        freezing.freeze(session, clock_on(date(2026, 7, 1)), by, cycle)
    return office


def heard(database: Database, office: Office, **more: object) -> int:
    values: dict[str, object] = {
        "held_on": DAY,
        "body": "党组",
        "topic": "听取上半年法治建设工作情况汇报",
        "minutes_no": "党组纪要〔2026〕7号",
    }
    with database.unit_of_work() as session:
        new = NewHearing(**(values | more))  # type: ignore[arg-type]
        return hearings.add_hearing(session, clock_on(DAY), actor(session, office.clerk), new).id


def test_a_meeting_hears_the_review_opened_last_and_its_newest_figures(
    database: Database, office: Office
) -> None:
    heard(database, office, presided_by_id=office.chief.id)
    with database.reading() as session:
        [row] = hearings.list_hearings(session, office.bureau.id)
    assert (row.term, row.version, row.presided_by) == ("2026年上半年", 1, "郑局")
    assert row.minutes_no == "党组纪要〔2026〕7号"


def test_any_number_of_meetings_but_none_twice(database: Database, office: Office) -> None:
    heard(database, office)
    heard(database, office, body="局长办公会")
    heard(database, office, topic="研究执法记录仪更新")
    with pytest.raises(Conflict, match="已经登记过了"):
        heard(database, office)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"body": "茶话会"}, "党组、党委、局长办公会、领导小组"),
        ({"held_on": date(2026, 7, 16)}, "会后登记"),
        ({"topic": "  "}, "议题"),
    ],
)
def test_what_cannot_be_a_meeting_is_refused(
    database: Database, office: Office, more: dict[str, object], told: str
) -> None:
    with pytest.raises(Refused) as refusal:
        heard(database, office, **more)
    assert told in refusal.value.line


def test_the_bodies_are_a_setting(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        set_policy(session, by_on(DAY), office.bureau.id, "hearing_bodies", ["院务会"])
    heard(database, office, body="院务会")
    with pytest.raises(Refused):
        heard(database, office, body="党组")


def test_only_the_clerk_records_meetings(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        officer = actor(session, office.officer)
        with pytest.raises(Forbidden):
            hearings.add_hearing(session, clock_on(DAY), officer, NewHearing(DAY, "党组", "听取汇报"))


def test_what_was_decided_becomes_drafts_from_the_meeting(database: Database, office: Office) -> None:
    number = heard(database, office)
    decided = (
        NewResolution("三季度前完成执法记录仪更新。", due_on=date(2026, 9, 30)),
        NewResolution("案卷评查发现的问题限期整改。", ItemKind.FINDING),
    )
    with database.unit_of_work() as session:
        by = acting(session, office.clerk, DAY)
        hearing = hearings.hearing_of(session, by.actor, number)
        tasks = [hearings.resolve(session, clock_on(DAY), by, hearing, new) for new in decided]
        source = session.scalars(select(Source).where(Source.id == tasks[0].source_id)).one()
    assert {task.source_id for task in tasks} == {source.id}
    assert (source.paper_no, source.issuing_body, source.received_on) == ("党组纪要〔2026〕7号", "党组", DAY)
    assert [task.status for task in tasks] == [Status.DRAFT] * 2
    assert [(task.kind, task.due_on) for task in tasks] == [
        (ItemKind.PLAN, date(2026, 9, 30)),
        (ItemKind.FINDING, None),
    ]
    assert all("执法记录仪" not in task.title for task in tasks)
    with database.reading() as session:
        [row] = hearings.list_hearings(session, office.bureau.id)
    assert [(entry.position, entry.task_code) for entry in row.resolutions] == [
        (1, tasks[0].code),
        (2, tasks[1].code),
    ]


@pytest.mark.parametrize("text", ["", " \n", "长" * 2001])
def test_a_decision_needs_words_and_not_too_many(database: Database, office: Office, text: str) -> None:
    number = heard(database, office)
    with database.unit_of_work() as session:
        by = acting(session, office.clerk, DAY)
        hearing = hearings.hearing_of(session, by.actor, number)
        with pytest.raises(Refused):
            hearings.resolve(session, clock_on(DAY), by, hearing, NewResolution(text))


def test_the_number_of_minutes_is_put_right_at_the_meeting_alone(database: Database, office: Office) -> None:
    number = heard(database, office)
    with database.unit_of_work() as session:
        by = acting(session, office.clerk, DAY)
        hearing = hearings.hearing_of(session, by.actor, number)
        task = hearings.resolve(session, clock_on(DAY), by, hearing, NewResolution("建立台账。"))
        source = session.get_one(Source, task.source_id)
        with pytest.raises(Refused, match="请在会议页面改纪要编号"):
            correct_source(session, by_on(DAY), source, {"paper_no": "纪要〔2026〕9号"}, "录错")
        correct_source(session, by_on(DAY), source, {"received_on": date(2026, 7, 14)}, "漏录")


def test_a_paper_is_kept_as_it_was_heard_once(database: Database, office: Office, tmp_path: Path) -> None:
    number = heard(database, office)
    store = FileStore(tmp_path, max_bytes=1000)
    file = store.keep(io.BytesIO("汇报材料定稿".encode()), "汇报.txt")
    with database.unit_of_work() as session:
        by = actor(session, office.clerk)
        hearing = hearings.hearing_of(session, by, number)
        hearings.add_paper(session, clock_on(DAY), by, hearing, file)
        with pytest.raises(Conflict):
            hearings.add_paper(session, clock_on(DAY), by, hearing, file)
    with database.reading() as session:
        [row] = hearings.list_hearings(session, office.bureau.id)
    assert [(paper.file_name, paper.sha256) for paper in row.papers] == [("汇报.txt", file.sha256)]


def test_a_half_year_nobody_heard_is_shown_after_its_time(database: Database, office: Office) -> None:
    def unheard(day: date) -> int:
        with database.reading() as session:
            return len(hearings.unheard(session, office.bureau.id, day))

    assert (unheard(DAY), unheard(date(2026, 10, 30))) == (0, 1)
    heard(database, office)
    assert unheard(date(2026, 10, 30)) == 0


def test_a_late_meeting_hears_what_waits_longest_and_leaves_the_next_unheard(
    database: Database, office: Office
) -> None:
    """Held a week after the second half opened: the first was frozen and nobody had heard it."""
    late, second = date(2026, 12, 16), Term(Cadence.HALF_YEARLY, 2026, 2)
    with database.unit_of_work() as session:
        by = actor(session, office.clerk)
        cycles.open_review(session, clock_on(date(2026, 12, 2)), by, second)
        for day, topic, term in ((14, "听取下半年", second), (15, "听取上半年", None), (16, "又听取", None)):
            cycle = cycles.cycle_named(session, office.bureau.id, term) if term else None
            new = NewHearing(date(2026, 12, day), "党组", topic, cycle=cycle)
            hearings.add_hearing(session, clock_on(late), by, new)
    with database.reading() as session:
        rows = hearings.list_hearings(session, office.bureau.id)
        assert hearings.unheard(session, office.bureau.id, date(2027, 10, 1)) == []
    assert {row.topic: (row.term, row.version) for row in rows} == {
        "听取下半年": ("2026年下半年", None),
        "听取上半年": ("2026年上半年", 1),
        "又听取": ("2026年下半年", None),
    }


def test_nobody_of_another_bureau_presides(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        stranger = make_bureau(session, "雾溪县水利局", prefix="b_").chief.id
    for number in (stranger, 999_999):
        with pytest.raises(Refused, match="主持人不是本单位的人员"):
            heard(database, office, presided_by_id=number)


def test_another_bureaus_meeting_is_not_found(database: Database, office: Office) -> None:
    number = heard(database, office)
    with database.unit_of_work() as session:
        other = make_bureau(session, "临河县水利局", prefix="b")
        with pytest.raises(NotFound):
            hearings.hearing_of(session, actor(session, other.clerk), number)
