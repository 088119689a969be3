"""A month's page is made once, as of the month's last day, and stays what it was."""

from datetime import date

import pytest

from core.db import Database
from documents.halfyear.summary_page import moved_words, summary_body
from models.enums import Channel, Status
from rectification import casework
from rectification.casework import IssueOrder
from rectification.halfyear.summaries import compute_summary, month_of
from rectification.halfyear.summary_versions import (
    find_summary,
    keep_summaries,
    mark_told,
    read_summary,
    summary_of,
    untold,
)
from rectification.lists.figures import Period, count
from rectification.office.actors import Acting, Paper
from tests.factories import DAY, Office, acting, actor, clock_on, make_bureau, make_task

JUNE = date(2026, 6, 1)
MAY = Period(date(2026, 5, 1), date(2026, 5, 31))


@pytest.fixture
def office(database: Database) -> Office:
    """A bureau with a closed problem, one overdue since April and one due in June."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        make_task(session, office, status=Status.CLOSED)
        make_task(session, office, order=IssueOrder(due_on=date(2026, 4, 15)))
        make_task(session, office, order=IssueOrder(due_on=date(2026, 6, 12)), day=date(2026, 5, 6))
    return office


def test_the_page_tells_the_month_that_is_over(database: Database, office: Office) -> None:
    with database.reading() as session:
        page = compute_summary(session, office.bureau.id, MAY)
    assert (page.label, page.figures.problems.total, page.figures.problems.overdue) == ("2026年5月", 2, 1)
    assert [row.overdue_days for row in page.stuck] == [46]
    assert [row.due_on for row in page.falling_due] == [date(2026, 6, 12)]
    assert [row.issued_on for row in page.moved] == [date(2026, 5, 6)]
    assert count(page.year).problems.closed_on_time == 1


def test_what_is_counted_as_having_happened_is_listed_and_only_in_its_own_month(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        due = IssueOrder(due_on=date(2026, 5, 20))
        extended, redated, supervised = (make_task(session, office, order=due).code for _ in range(3))
        may, june = clock_on(date(2026, 5, 12)), clock_on(JUNE)
        officer = acting(session, office.officer, may.today)
        leader, later = (acting(session, office.leader, day) for day in (may.today, JUNE))
        clerk = acting(session, office.clerk, may.today)
        casework.request_extension(session, may, officer, extended, "等待第三方评查", date(2026, 8, 3))
        casework.grant_extension(session, may, leader, extended)
        casework.supervise(session, may, clerk, supervised, "进展缓慢，列入挂牌督办")
        casework.redate(session, june, later, redated, "人手不足，重新安排", date(2026, 9, 1))
    with database.reading() as session:
        pages = [
            compute_summary(session, office.bureau.id, month_of(date(2026, month, 9))) for month in (5, 6, 7)
        ]
    assert [{row.code: moved_words(row) for row in page.moved} for page in pages] == [
        {extended: "延期", supervised: "挂牌督办"},
        {redated: "重定时限"},
        {},
    ]
    counted = [(page.figures.problems.extended, page.figures.problems.redated) for page in pages]
    assert counted == [(1, 0), (0, 1), (0, 0)], "the table counts what the list holds"


def test_the_trend_is_counted_month_by_month(database: Database, office: Office) -> None:
    with database.reading() as session:
        trend = compute_summary(session, office.bureau.id, MAY).trend
    assert [(p.day.month, p.open, p.overdue, p.closed) for p in trend[-4:]] == [
        (2, 0, 0, 0),
        (3, 1, 0, 1),
        (4, 1, 1, 0),
        (5, 2, 1, 0),
    ]
    assert len(trend) == 12


def keep(database: Database, office: Office, day: date) -> bool:
    with database.unit_of_work() as session:
        return bool(keep_summaries(session, clock_on(day), office.bureau.id))


def test_it_is_made_once_and_a_missed_first_day_is_caught_up(database: Database, office: Office) -> None:
    assert [
        keep(database, office, day) for day in (date(2026, 6, 9), date(2026, 6, 10), date(2026, 7, 1))
    ] == [
        True,
        False,
        True,
    ]


def test_it_stays_what_it_was(database: Database, office: Office) -> None:
    keep(database, office, JUNE)
    with database.unit_of_work() as session:
        kept = find_summary(session, office.bureau.id, MAY)
        assert kept is not None
        before = read_summary(kept)
        code = before.stuck[0].code
        found = Paper(date(2026, 5, 28), "交法函〔2026〕3号")
        clerk = Acting(actor(session, office.clerk), Channel.WEB, paper=found)
        right = casework.Correction(due_on=date(2026, 12, 31))
        casework.correct(session, clock_on(date(2026, 6, 2)), clerk, code, "下达时日期写错", right)
    with database.reading() as session:
        assert summary_of(session, office.bureau.id, MAY) == before
        assert compute_summary(session, office.bureau.id, MAY).stuck == ()


def test_the_newest_page_is_told_once(database: Database, office: Office) -> None:
    keep(database, office, date(2026, 5, 6))
    keep(database, office, JUNE)
    with database.unit_of_work() as session:
        found = untold(session, [office.bureau.id], JUNE)
        assert [kept.ends_on for kept in found[office.bureau.id]] == [MAY.cut_off_on]
        mark_told(session, [office.bureau.id], JUNE)
    with database.reading() as session:
        again = untold(session, [office.bureau.id], JUNE)
        assert [kept.ends_on for kept in again[office.bureau.id]] == [MAY.cut_off_on]
        assert untold(session, [office.bureau.id], date(2026, 6, 2)) == {}


def test_a_page_of_some_tasks_claims_nothing_of_the_whole_ledger(database: Database) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        seen, _ = make_task(session, office), make_task(session, office)
    with database.reading() as session:
        part = compute_summary(session, office.bureau.id, month_of(DAY), task_ids=[seen.id])
        whole = compute_summary(session, office.bureau.id, month_of(DAY))
    assert "整改台账共有问题2项（全部在账，含往年0项）" in summary_body(whole, str)
    assert "全部在账" not in summary_body(part, str)
    assert "本期问题1项" in summary_body(part, str)
