"""One text serves progress, statement and closure request; who has not spoken is known."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Conflict, NotFound, Refused
from models.enums import Cadence, Status
from models.review import ReviewCycle
from models.task import Closure, Progress, RectificationTask
from rectification import casework
from rectification.casework import IssueOrder, NewEvidence
from rectification.halfyear import cycles, statements
from rectification.halfyear.daily_look import open_reviews, review_windows
from rectification.halfyear.review_days import ReviewWindow, Term
from rectification.halfyear.statements import Answer
from tests.factories import Office, acting, clock_on, make_bureau, make_task

TERM = Term(Cadence.HALF_YEARLY, 2026, 1)
OPENED = date(2026, 6, 2)
DAY = date(2026, 6, 10)


@pytest.fixture
def office(database: Database) -> Office:
    """A bureau whose review is open: three tasks run (one overdue), one was submitted in March."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
        for due in (date(2026, 12, 31), date(2026, 9, 30), date(2026, 5, 29)):
            make_task(session, office, order=IssueOrder(due_on=due))
        make_task(session, office, status=Status.SUBMITTED)
        make_task(session, office, status=Status.ASSIGNED)
        open_reviews(session, clock_on(OPENED), [office.bureau.id])
    return office


def codes(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(RectificationTask.code).order_by(RectificationTask.id)))


def missing(database: Database, office: Office) -> list[str]:
    with database.reading() as session:
        cycle = cycles.cycle_named(session, office.bureau.id, TERM)
        lines = statements.statement_lines(session, cycle, DAY)
        found = [line.code for line in lines if line.is_missing]
        assert statements.count_missing(session, office.bureau.id, cycle) == len(found)
    return found


def answer(database: Database, office: Office, *answers: Answer, day: date = DAY) -> None:
    with database.unit_of_work() as session:
        statements.state(session, clock_on(day), acting(session, office.officer, day), answers)


def test_everything_that_runs_is_asked_for_and_nothing_that_waits_for_others(
    database: Database, office: Office
) -> None:
    assert missing(database, office) == codes(database)[:3]


def test_progress_reported_in_the_window_is_the_statement(database: Database, office: Office) -> None:
    first, second, _, *_ = codes(database)
    with database.unit_of_work() as session:
        casework.progress(session, clock_on(DAY), acting(session, office.officer, DAY), first, "已补正案卷。")
    assert missing(database, office) == codes(database)[1:3]
    answer(database, office, Answer(second, "已完成初稿。"))
    assert missing(database, office) == codes(database)[2:3]


def test_progress_of_before_the_window_is_what_the_page_begins_from(
    database: Database, office: Office
) -> None:
    first = codes(database)[0]
    early = date(2026, 5, 6)
    with database.unit_of_work() as session:
        casework.progress(
            session,
            clock_on(early),
            acting(session, office.officer, early),
            first,
            "已制定方案。",
            needs_decision="请研究经费。",
        )
        cycle = cycles.cycle_named(session, office.bureau.id, TERM)
        line = next(line for line in statements.statement_lines(session, cycle, DAY) if line.code == first)
    assert (line.text, line.needs_decision, line.is_missing) == ("已制定方案。", "请研究经费。", True)


def test_a_request_to_close_is_made_with_the_same_words(database: Database, office: Office) -> None:
    first = codes(database)[0]
    with database.unit_of_work() as session:
        paper = NewEvidence(archive_no="档〔2026〕1", own_date=DAY)
        casework.evidence(session, clock_on(DAY), acting(session, office.officer, DAY), first, paper)
    answer(database, office, Answer(first, "案卷已全部补正，申请销号。", is_done=True))
    assert first not in missing(database, office)
    with database.reading() as session:
        task = session.scalars(select(RectificationTask).where(RectificationTask.code == first)).one()
        assert task.status is Status.SUBMITTED
        said = {
            session.scalar(select(Progress.text)),
            session.scalar(select(Closure.statement).order_by(Closure.id.desc())),
        }
        assert said == {"案卷已全部补正，申请销号。"}


def test_an_overdue_task_is_stated_with_its_reason(database: Database, office: Office) -> None:
    overdue = codes(database)[2]
    with pytest.raises(Refused, match="超期原因"):
        answer(database, office, Answer(overdue, "正在推进。"))
    assert overdue in missing(database, office)
    answer(database, office, Answer(overdue, "正在推进。", late_reason="设备招标流标一次。"))
    assert overdue not in missing(database, office)


def test_a_page_is_taken_whole_or_not_at_all(database: Database, office: Office) -> None:
    first, _, overdue, *_ = codes(database)
    with pytest.raises(Refused):
        answer(database, office, Answer(first, "已办。"), Answer(overdue, "推进中。"))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Progress)) == 0


def test_an_answer_without_words_is_left_for_later(database: Database, office: Office) -> None:
    first, second, *_ = codes(database)
    answer(database, office, Answer(first, "已办。"), Answer(second, "  \n"))
    assert missing(database, office) == codes(database)[1:3]


def test_an_answer_to_what_changed_meanwhile_is_refused(database: Database, office: Office) -> None:
    with pytest.raises(Conflict):
        answer(database, office, Answer(codes(database)[0], "已办。", seen_version=1))


def test_what_was_opened_again_after_the_cut_off_is_the_next_reviews(
    database: Database, office: Office
) -> None:
    before, late = missing(database, office), date(2026, 7, 8)
    with database.unit_of_work() as session:
        closed = make_task(session, office, status=Status.CLOSED)
        reviewer = acting(session, office.reviewer, late)
        casework.reopen(session, clock_on(late), reviewer, closed.code, "抽查三卷，一卷仍缺送达回证。")
    assert missing(database, office) == before


def asking_reviews(session: Session, office: Office, day: date) -> list[ReviewWindow]:
    """The reviews that still want statements."""
    opened = review_windows(session, [office.bureau.id], day).get(office.bureau.id, ())
    return [each for each in opened if each.is_asking]


def test_keeping_reviews_again_changes_nothing(database: Database, office: Office) -> None:
    opened, missing_on = [], []
    for day in (OPENED, OPENED, date(2026, 6, 30), date(2026, 7, 1)):
        with database.unit_of_work() as session:
            opened.append(open_reviews(session, clock_on(day), [office.bureau.id]))
            asking = asking_reviews(session, office, day)
            missing_on.append([statements.count_missing(session, office.bureau.id, each) for each in asking])
    assert opened == [0] * 4
    assert missing_on == [[3]] * 4
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ReviewCycle)) == 1


def test_a_review_stops_asking_once_its_hearing_is_overdue(database: Database, office: Office) -> None:
    with database.reading() as session:
        asked = [
            len(asking_reviews(session, office, day))
            for day in (date(2026, 6, 1), OPENED, date(2026, 8, 20), date(2026, 9, 30))
        ]
    assert asked == [0, 1, 1, 0]


def test_another_officers_task_cannot_be_answered_for(database: Database, office: Office) -> None:
    code = codes(database)[0]
    with database.unit_of_work() as session:
        other = acting(session, office.other, DAY)
        with pytest.raises(NotFound):
            statements.state(session, clock_on(DAY), other, [Answer(code, "代他人说明。")])
