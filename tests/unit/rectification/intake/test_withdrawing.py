"""撤回导入: what goes with a withdrawn report, what stays, and what may not be withdrawn."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import NotFound, Refused
from models.enums import Channel, ItemKind, OfficeVerb, Role, Status, Verb
from models.history import EventText
from models.organisation import Person, Unit
from models.report import Report, ReportItem, Source
from rectification import casework
from rectification.intake.import_report import IntakeOutcome
from rectification.intake.picking import Picked
from rectification.intake.withdrawing import withdraw_report
from rectification.lists.filters import TaskFilter
from rectification.lists.rows import list_tasks
from rectification.office import journal
from rectification.office.actors import Acting, actor_of
from rectification.office.calendar import load_calendar
from rectification.office.history_words import history
from rectification.office.sources import list_sources
from rectification.task import audit
from rectification.task.history import events_of
from tests.factories import make_person
from tests.unit.rectification.intake.test_report_versions import (
    CLOCK,
    FEES,
    RECORDS,
    REPLIES,
    pick_words,
    said,
    sheet,
    take_in,
    task,
)


def clerk_of(session: Session, outcome: IntakeOutcome) -> Acting:
    clerk = session.scalar(select(Person).where(Person.login == "guan"))
    if clerk is None:
        bureau = session.get_one(Unit, session.get_one(Report, outcome.report_id).bureau_id)
        clerk = make_person(session, bureau, "guan", Role.CLERK)
    return Acting(actor_of(session, clerk, today=CLOCK.today), Channel.WEB)


def withdraw(database: Database, outcome: IntakeOutcome, reason: str = "传错了文件") -> str:
    with database.unit_of_work() as session:
        return withdraw_report(session, CLOCK, clerk_of(session, outcome), outcome.report_id, reason)


def test_the_report_goes_its_drafts_stay_archived_and_the_file_comes_anew(database: Database) -> None:
    wrong = take_in(database, said(RECORDS, REPLIES))
    pick_words(database, wrong, Picked(ItemKind.SHORTCOMING, "窗口服务态度生硬"))
    told = withdraw(database, wrong)
    again = take_in(database, said(RECORDS, REPLIES))

    assert "4 项草稿已存档" in told
    assert again.is_new
    assert set(again.codes).isdisjoint(wrong.codes)
    with database.reading() as session:
        kept = [task(session, code) for code in wrong.codes]
        assert {each.status for each in kept} == {Status.ARCHIVED}
        old = session.get_one(Source, kept[0].source_id)
        new = session.get_one(Source, task(session, again.codes[0]).source_id)
        assert (old.title, old.withdrawn_on, old.is_published) == (new.title, CLOCK.today, False)
        assert new.withdrawn_on is None
        assert [row.id for row in list_sources(session, new.bureau_id)] == [new.id]
        last = events_of(session, kept[0].id)[-1]
        assert last.verb is Verb.ARCHIVE
        assert session.get_one(EventText, last.id).text == "撤回导入：传错了文件"
        assert audit.verify(session, kept[0].bureau_id).is_sound
        assert journal.verify(session).is_sound
        [row] = history(session, limit=9, verbs={OfficeVerb.WITHDRAW_REPORT}, bureau_id=kept[0].bureau_id)
        assert row.words == told
        assert row.actor == "guan"


def test_a_number_that_was_given_out_is_given_to_no_other_report(database: Database) -> None:
    first, last = take_in(database, said(RECORDS)), take_in(database, said(FEES))
    withdraw(database, last)
    withdraw(database, first)
    anew = [take_in(database, said(RECORDS)), take_in(database, said(FEES))]

    assert len({each.report_id for each in (first, last, *anew)}) == 4


def test_what_was_joined_or_archived_before_goes_too(database: Database) -> None:
    wrong = take_in(database, said(RECORDS, REPLIES, FEES))
    with database.unit_of_work() as session:
        acting = clerk_of(session, wrong)
        casework.join(session, CLOCK, acting, wrong.codes[0], wrong.codes[1])
        casework.archive(session, CLOCK, acting, wrong.codes[2])
    withdraw(database, wrong)
    with database.reading() as session:
        assert {task(session, code).status for code in wrong.codes} == {Status.ARCHIVED}
        assert session.scalars(select(ReportItem)).all() == []
        assert session.scalars(select(Report)).all() == []


def test_a_version_withdrawn_gives_the_words_before_back(database: Database) -> None:
    first = take_in(database, said(RECORDS, REPLIES))
    second = take_in(database, said(RECORDS + "等", REPLIES, FEES, text="另一版"))
    withdraw(database, second)

    with database.reading() as session:
        assert task(session, first.codes[0]).text == RECORDS
        assert task(session, first.codes[0]).status is Status.DRAFT
        assert session.get_one(Source, task(session, first.codes[0]).source_id).withdrawn_on is None
        [added] = set(second.codes) - set(first.codes)
        assert task(session, added).status is Status.ARCHIVED
    assert sheet(database, first).row.newer_id is None


def test_what_recurred_to_it_recurs_no_more(database: Database) -> None:
    later = take_in(database, said(RECORDS, year=2024))
    wrong = take_in(database, said(RECORDS, year=2023))
    with database.reading() as session:
        assert task(session, later.codes[0]).is_recurring
    withdraw(database, wrong)
    with database.reading() as session:
        assert not task(session, later.codes[0]).is_recurring
    assert sheet(database, later).items[0].recurs is None


def test_what_recurred_to_it_recurs_to_another_as_alike(database: Database) -> None:
    later = take_in(database, said(RECORDS, year=2024))
    take_in(database, said(RECORDS, year=2022))
    withdraw(database, take_in(database, said(RECORDS, year=2023)))
    recurs = sheet(database, later).items[0].recurs
    with database.reading() as session:
        assert task(session, later.codes[0]).is_recurring
    assert recurs is not None
    assert recurs.year == 2022


@pytest.mark.parametrize("reason", ["", "  ", "。"])
def test_without_a_reason_nothing_is_withdrawn(database: Database, reason: str) -> None:
    with pytest.raises(Refused, match="没有写原因"):
        withdraw(database, take_in(database, said(RECORDS)), reason)


def test_the_newer_version_goes_first(database: Database) -> None:
    first = take_in(database, said(RECORDS))
    take_in(database, said(RECORDS, text="第二版"))
    with pytest.raises(Refused, match="请先撤回新版本"):
        withdraw(database, first)


@pytest.mark.parametrize("is_version", [False, True])
def test_a_draft_of_it_is_never_a_draft_again(database: Database, is_version: bool) -> None:
    """Neither where the whole source is out of use, nor where a version before it goes on."""
    if is_version:
        take_in(database, said(RECORDS, text="第一版"))
    wrong = take_in(database, said(RECORDS, FEES))
    withdraw(database, wrong)
    with (
        database.unit_of_work() as session,
        pytest.raises(Refused, match="已撤回的报告"),
    ):
        casework.restore(session, CLOCK, clerk_of(session, wrong), wrong.codes[-1])


def test_what_was_archived_by_hand_may_still_be_restored(database: Database) -> None:
    kept = take_in(database, said(RECORDS, FEES))
    with database.unit_of_work() as session:
        acting = clerk_of(session, kept)
        casework.archive(session, CLOCK, acting, kept.codes[0])
        casework.restore(session, CLOCK, acting, kept.codes[0])
        assert task(session, kept.codes[0]).status is Status.DRAFT


def test_nothing_more_comes_of_a_withdrawn_source(database: Database) -> None:
    wrong = take_in(database, said(RECORDS))
    withdraw(database, wrong)
    with database.unit_of_work() as session:
        acting = clerk_of(session, wrong)
        source_id = task(session, wrong.codes[0]).source_id
        with pytest.raises(NotFound, match="没有这个问题来源"):
            casework.enter(session, CLOCK, acting, casework.NewDraft(source_id, "又一条"))
        with pytest.raises(Refused, match="已撤回"):
            casework.publish(session, CLOCK, acting, source_id, is_published=True)
        only = TaskFilter(codes=wrong.codes[:1])
        [row] = list_tasks(session, CLOCK.today, load_calendar(session), actor=acting.actor, filters=only)
        assert row.source_title.endswith("（已撤回）")
