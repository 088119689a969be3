"""Two bureaus in one installation: neither reads nor moves the other's tasks, by any verb and any query."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from core.db import Database
from core.errors import NotFound, RectifyError
from models.enums import EvidenceKind, Status, Verb
from rectification import casework
from rectification.casework import VERBS, Correction, IssueOrder, NewDraft, NewEvidence, NewHands
from rectification.lists.filters import TaskFilter
from rectification.lists.paging import count_tasks
from rectification.lists.rows import list_tasks
from rectification.office.calendar import load_calendar
from rectification.office.sources import list_sources
from tests.factories import DAY, Office, acting, actor, clock_on, make_bureau, make_task
from tests.unit.rectification.lists.waits import waiting

Pair = tuple[Office, Office, dict[Status, str]]
PEOPLE = ("officer", "head", "clerk", "reviewer", "leader", "chief", "auditor")


@pytest.fixture(scope="module")
def database(new_sqlite_ledger: Callable[[], str]) -> Iterator[Database]:
    with Database(new_sqlite_ledger()) as database:
        yield database


@pytest.fixture(scope="module")
def pair(database: Database) -> Pair:
    """The home bureau with a task in every status, and another bureau with one of its own. No test changes them."""
    with database.unit_of_work() as session:
        home = make_bureau(session)
        codes = {status: make_task(session, home, status=status).code for status in Status}
    with database.unit_of_work() as session:
        other = make_bureau(session, "雾溪县水利局", prefix="b_")
        make_task(session, other)
    return home, other, codes


GIVEN: dict[Verb, Callable[[Office], tuple[Any, ...]]] = {
    Verb.ISSUE: lambda o: (IssueOrder(lead_unit_id=o.roads.id),),
    Verb.MERGE: lambda o: ("2026-004",),
    Verb.CONFIRM_MEASURES: lambda o: (),
    Verb.ACCEPT: lambda o: (),
    Verb.PARTICIPATE: lambda o: (),
    Verb.CORRECT: lambda o: ("错字", Correction(title="改")),
    Verb.TRANSFER: lambda o: ("调整", NewHands(officer_id=o.officer.id)),
    Verb.EVIDENCE: lambda o: (NewEvidence(archive_no="A-1", kind=EvidenceKind.CASE),),
    Verb.PURGE_EVIDENCE: lambda o: (1, "误传", o.head.id),
    Verb.FINISH_MEASURE: lambda o: (1,),
    Verb.DROP_MEASURE: lambda o: (1, "并入"),
    Verb.REDACT: lambda o: (1, "误写"),
    Verb.DETACH: lambda o: (1, "放错"),
    Verb.TIE: lambda o: (1, (1,)),
    Verb.DUPLICATE: lambda o: ("2026-004", "重复"),
    Verb.AMEND: lambda o: ("抄错", 1),
    **dict.fromkeys(
        (
            Verb.REQUEST_EXTENSION,
            Verb.REQUEST_REDATE,
            Verb.REDATE,
            Verb.MAKE_LONG_TERM,
            Verb.CARRY_OVER,
            Verb.CHECKPOINT,
        ),
        lambda o: ("因故", DAY.replace(month=9)),
    ),
    Verb.GRANT_EXTENSION: lambda o: (),
}


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_no_verb_reaches_across(database: Database, pair: Pair, verb: Verb) -> None:
    """Whoever tries, in every status: the task is not found, as if there were none."""
    _, other, codes = pair
    given = GIVEN[verb](other) if verb in GIVEN else ("理由",)
    with database.unit_of_work() as session:
        for name in PEOPLE:
            who = acting(session, getattr(other, name))
            for code in codes.values():
                with pytest.raises(NotFound, match="没有编号为"):
                    VERBS[verb](session, clock_on(DAY), who, code, *given)


@pytest.mark.parametrize("name", PEOPLE)
def test_no_query_shows_the_other_bureau(database: Database, pair: Pair, name: str) -> None:
    home, other, codes = pair
    with database.reading() as session:
        who, calendar = actor(session, getattr(other, name)), load_calendar(session)
        seen = {row.code for row in list_tasks(session, DAY, calendar, actor=who)}
        assert not seen & set(codes.values())
        assert all(row.org == other.bureau.name for row in list_tasks(session, DAY, calendar, actor=who))
        assert count_tasks(session, DAY, actor=who) == len(seen)
        by_code = TaskFilter(codes=tuple(codes.values()))
        assert list_tasks(session, DAY, calendar, actor=who, filters=by_code) == []
        assert not {row.code for row in waiting(session, DAY, calendar, who)} & set(codes.values())
    assert home.bureau.id != other.bureau.id


def test_a_clerk_enters_nothing_from_the_others_source(database: Database, pair: Pair) -> None:
    home, other, _ = pair
    with database.unit_of_work() as session:
        theirs = list_sources(session, home.bureau.id)[0].id
        entry = NewDraft(theirs, "问题")
        with pytest.raises(NotFound):
            casework.enter(session, clock_on(DAY), acting(session, other.clerk), entry)


def test_a_clerk_of_one_bureau_records_nothing_for_the_other(database: Database, pair: Pair) -> None:
    home, other, codes = pair
    with database.unit_of_work() as session:
        recorded = replace(acting(session, home.officer), recorder=actor(session, other.clerk))
        with pytest.raises(RectifyError, match="只有本单位的台账管理员可以代录"):
            casework.progress(session, clock_on(DAY), recorded, codes[Status.IN_PROGRESS], "进展")
