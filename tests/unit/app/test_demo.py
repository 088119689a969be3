"""The demonstration is of today and of this program, and holds a half-year that was heard; nothing else is thrown away."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from app.demo.making import make_demo
from app.demo.place import clear_outdated
from app.demo.telling import DRAWN_AFTER, LOOKED_AFTER
from core.files import FileStore
from core.settings import Settings
from models.enums import Status, Verb
from models.history import TaskEvent
from models.review import FrozenVersion
from models.storage.evidence_check import evidence_faults
from models.task import (
    Closure,
    ClosureStep,
    DoubtAnswer,
    Evidence,
    LookBack,
    Measure,
    Participant,
    Progress,
    RectificationTask,
)
from rectification.casework.opening import open_ledger
from rectification.halfyear.cycles import list_cycles, term_of_cycle
from rectification.halfyear.freezing import read
from rectification.halfyear.hearings import list_hearings, next_hearing
from rectification.halfyear.status import review_status
from rectification.office.calendar import load_calendar
from rectification.office.settings import policy_of
from rectification.office.sources import list_sources
from rectification.office.units import add_bureau, home_bureau
from rectification.task.audit import verify
from rectification.task.look_back_draw import DOUBTED
from tests.factories import BY, DAY, clock_on

pytestmark = pytest.mark.slow  # each makes a bureau with a year and a half of life


@dataclass(frozen=True)
class Told:
    """The demonstration of a day, to be read."""

    session: Session
    store: FileStore
    today: date
    bureau_id: int


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder with the demonstration of DAY."""
    settings = Settings(data_dir=tmp_path / "demo-data")
    database = open_ledger(settings, clock_on(DAY))
    make_demo(settings, database, clock_on(DAY))
    database.dispose()
    return settings.data_dir


def test_it_stays_for_its_day_and_is_thrown_away_on_the_next(made: Path) -> None:
    assert not clear_outdated(made, DAY)
    assert (made / "rectify.db").is_file()

    assert clear_outdated(made, DAY + timedelta(days=1))
    assert not made.exists()
    assert not clear_outdated(made, DAY)


def test_one_of_an_older_schema_is_thrown_away(made: Path) -> None:
    (made / "demonstration.txt").unlink()
    with sqlite3.connect(made / "rectify.db") as connection:
        connection.execute("ALTER TABLE rectification_task DROP COLUMN remark")

    assert clear_outdated(made, DAY)


def test_a_real_ledger_is_never_touched(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "real")
    database = open_ledger(settings, clock_on(DAY))
    with database.unit_of_work() as session:
        add_bureau(session, BY, "云山县交通运输局")
    database.dispose()

    assert not clear_outdated(settings.data_dir, DAY)
    (settings.data_dir / "rectify.db").write_bytes(b"not a database")
    assert not clear_outdated(settings.data_dir, DAY)
    assert (settings.data_dir / "rectify.db").is_file()


DAYS = (
    date(2026, 1, 1),
    date(2026, 1, 5),
    date(2026, 1, 20),
    date(2026, 2, 18),
    date(2026, 6, 30),
    date(2026, 7, 1),
    date(2026, 7, 20),
    date(2026, 12, 9),
    date(2026, 12, 31),
)
"""Around the turns of the half-years, the days their meetings are held on, and one in the Spring Festival."""


BY_DAY = {date(2026, 1, 1), date(2026, 2, 18), date(2026, 7, 1)}
"""The others are looked at by night."""


@pytest.fixture(
    scope="module",
    params=[pytest.param(day, marks=() if day in BY_DAY else pytest.mark.nightly) for day in DAYS],
    ids=str,
)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    today: date = request.param
    settings = Settings(data_dir=tmp_path_factory.mktemp("told") / "demo-data")
    database = open_ledger(settings, clock_on(today))
    make_demo(settings, database, clock_on(today))
    with database.reading() as session:
        bureau = home_bureau(session)
        assert bureau is not None
        yield Told(session, FileStore(settings.evidence_dir, max_bytes=1), today, bureau.id)
    database.dispose()


def test_on_any_day_a_half_year_was_opened_stated_frozen_and_heard(told: Told) -> None:
    session, today, bureau_id = told.session, told.today, told.bureau_id
    (hearing,) = list_hearings(session, bureau_id)
    heard = list_cycles(session, bureau_id)[-1]
    status = review_status(session, bureau_id, term_of_cycle(heard), today)

    assert (hearing.term, hearing.version) == (status.term, 1)
    assert status.term in hearing.topic
    assert hearing.minutes_no
    assert hearing.presided_by == "局长贺远山"
    assert status.hearings == (hearing,)
    assert heard.opened_on == heard.opens_on
    assert status.missing == ()
    assert status.frozen_on is not None
    assert status.cut_off_on < status.frozen_on < hearing.held_on <= min(today, status.hearing_by)
    assert status.later == (), "nothing told afterwards changes what was frozen"
    stated = session.scalars(
        select(Progress.task_id).where(Progress.reported_on.between(heard.opens_on, heard.statements_due_on))
    )
    assert len(set(stated)) >= 9


def test_on_any_day_the_half_year_heard_had_problems_closed_and_open(told: Told) -> None:
    (kept,) = told.session.scalars(select(FrozenVersion))
    problems = read(kept).frozen.figures.problems
    assert problems.closed >= 2
    assert problems.closed_late >= 1
    assert problems.running >= 8
    assert kept.chain_count < told.session.query(TaskEvent).count(), "frozen in its day, not at the end"


def test_what_the_meeting_decided_became_tasks(told: Told) -> None:
    (hearing,) = list_hearings(told.session, told.bureau_id)
    codes = [resolution.task_code for resolution in hearing.resolutions]
    tasks = told.session.scalars(select(RectificationTask).where(RectificationTask.code.in_(codes))).all()
    assert len(tasks) == 3
    has_issued = (told.today - hearing.held_on).days > 14
    assert not has_issued or all(task.status is not Status.DRAFT and task.goal for task in tasks)


def test_no_review_is_late_and_the_one_that_runs_is_open(told: Told) -> None:
    session, today, bureau_id = told.session, told.today, told.bureau_id
    workdays, policy = load_calendar(session), policy_of(session, bureau_id, today)
    following = next_hearing(session, bureau_id, today, policy, workdays)
    assert not following.is_late
    running = list_cycles(session, bureau_id)[:-1]
    asks_now = (today.month in (1, 7) and today.day < 17) or (today.month, today.day) in {
        (6, 30),
        (12, 9),
        (12, 31),
    }
    assert len(running) == asks_now
    assert all(term_of_cycle(cycle).label == following.term for cycle in running)


def test_everything_was_done_on_a_working_day_in_the_order_of_the_days(told: Told) -> None:
    workdays = load_calendar(told.session)
    days = told.session.scalars(select(TaskEvent.effective_on).order_by(TaskEvent.sequence)).all()
    assert days == sorted(days)
    assert [day for day in set(days) if not workdays.is_workday(day)] == []
    assert verify(told.session, told.bureau_id).is_sound


def test_it_tells_of_sources_of_every_common_kind_and_what_was_sent_back(told: Told) -> None:
    rows = list_sources(told.session, told.bureau_id)
    kinds = {row.kind for row in rows}
    assert kinds >= {
        "本单位报告",
        "法治督察",
        "案卷评查",
        "双随机抽查",
        "专项整治",
        "政务服务好差评",
        "会议议定",
    }
    assert [row.kind for row in rows if not (row.tasks and row.title)] == []
    asked = [row for row in rows if row.result_due_on]
    assert len(asked) >= 5
    assert any(row.plan_sent_no and row.plan_sent_on for row in asked)
    assert any(row.result_sent_on and not row.plan_due_on for row in asked)


def test_what_is_counted_goes_on(told: Told) -> None:
    counted = {
        task.count_total: task.count_done
        for task in told.session.scalars(select(RectificationTask))
        if task.count_total
    }
    assert (counted[72], counted[14], counted[7]) == (60, 12, 7)


def test_its_evidence_is_real_files_of_each_kind_with_their_own_dates(told: Told) -> None:
    pieces = told.session.scalars(select(Evidence).options(undefer(Evidence.own_text))).all()
    files = [piece for piece in pieces if piece.sha256]
    assert {Path(piece.file_name).suffix for piece in files} == {".docx", ".xlsx", ".pdf", ".jpg"}
    assert len({piece.sha256 for piece in files}) == len(files) >= 40
    assert all(piece.own_date and piece.kind for piece in pieces)
    assert [piece.file_name for piece in files if not piece.own_text and ".jpg" not in piece.file_name] == []
    assert list(evidence_faults(told.session, told.store)) == []


def test_few_closures_are_doubted_and_each_doubt_was_answered_in_its_own_words(told: Told) -> None:
    closures = told.session.scalars(
        select(Closure).where(Closure.must_be_defended).options(selectinload(Closure.steps))
    ).all()
    doubted = [closure for closure in closures if closure.warnings]
    answers = told.session.scalars(select(DoubtAnswer.words)).all()
    assert 1 <= len(doubted) <= 3 < len(closures)
    assert len(set(answers)) == len(answers) == 2 * sum(len(closure.warnings or ()) for closure in doubted)


def test_a_closure_over_a_doubt_was_looked_back_at_and_reopened(told: Told) -> None:
    workdays = load_calendar(told.session)
    (hearing,) = list_hearings(told.session, told.bureau_id)
    looked = told.session.scalars(select(LookBack).options(joinedload(LookBack.task))).all()
    if workdays.shift(hearing.held_on, DRAWN_AFTER + LOOKED_AFTER) > told.today:
        assert all(each.checked_on is None for each in looked)
        return
    assert all(each.finding for each in looked)
    (reopened,) = [each for each in looked if each.has_reopened]
    assert reopened.reason == DOUBTED
    assert reopened.task.status is Status.IN_PROGRESS


def test_promises_were_moved_and_given_up_for_a_reason(told: Told) -> None:
    done = set(told.session.scalars(select(TaskEvent.verb)))
    assert {
        Verb.GRANT_EXTENSION,
        Verb.REDATE,
        Verb.TERMINATE,
        Verb.SUPERVISE,
        Verb.INSTRUCT,
        Verb.CHECKPOINT,
        Verb.PARTICIPATE,
    } <= done


def test_no_two_closures_say_the_same(told: Told) -> None:
    statements = told.session.scalars(select(Closure.statement)).all()
    verdicts = [verdict for verdict in told.session.scalars(select(ClosureStep.verdict)) if verdict]
    said = told.session.scalars(select(Progress.text)).all()
    assert len(statements) >= 9
    assert len(verdicts) >= 14
    for words in (statements, verdicts, said):
        assert len(set(words)) == len(words)


def test_open_problems_have_a_goal_two_or_three_measures_and_a_partner(told: Told) -> None:
    open_ones = told.session.scalars(
        select(RectificationTask).where(RectificationTask.status == Status.IN_PROGRESS)
    ).all()
    problems = [task for task in open_ones if task.kind.is_problem]
    measured = Counter(told.session.scalars(select(Measure.task_id)))
    helped = set(told.session.scalars(select(Participant.task_id)))
    assert all(task.goal for task in problems)
    assert all(2 <= measured[task.id] <= 3 for task in problems)
    assert all(task.id in helped for task in problems)
