"""The audit names what was done to the ledger behind its back, and the first place of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import NotFound, Refused
from models.enums import Channel, Fault, ItemKind, Status
from models.history import ChainHead, TaskEvent
from rectification import casework
from rectification.casework.redacting import STRUCK
from rectification.lists.timeline import timeline
from rectification.office.actors import Acting
from rectification.office.chain import GENESIS, Verification
from rectification.task.audit import verify
from rectification.task.history import event_hash
from tests.factories import DAY, Office, actor, case_file, clock_on, make_bureau, make_task


@pytest.fixture
def office(database: Database) -> Office:
    """A bureau with a history of ten events: task 1 closed (1-8), task 2 issued (9-10)."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
    for status, kind in ((Status.CLOSED, ItemKind.SHORTCOMING), (Status.ASSIGNED, ItemKind.PLAN)):
        with database.unit_of_work() as session:
            make_task(session, office, status=status, kind=kind)
    return office


def checked(database: Database, office: Office, against: tuple[int, str] | None = None) -> Verification:
    with database.reading() as session:
        return verify(session, office.bureau.id, against=against)


def tamper(database: Database, *statements: str) -> None:
    with database.unit_of_work() as session:
        for statement in statements:
            session.execute(text(statement))


def test_an_untouched_history_verifies_against_every_head_it_ever_had(
    database: Database, office: Office
) -> None:
    found = checked(database, office)
    assert found.is_sound
    with database.reading() as session:
        heads = session.execute(text("SELECT sequence, hash FROM task_event")).tuples().all()
    assert found.count == len(heads)
    assert all(checked(database, office, (count, head)).is_sound for count, head in heads)
    assert checked(database, office, (0, GENESIS)).is_sound


@pytest.mark.parametrize(
    ("statement", "fault", "sequence"),
    [
        ("UPDATE task_event SET new_status = 'closed' WHERE sequence = 3", Fault.EDITED, 3),
        ("UPDATE task_event SET effective_on = '2025-01-01' WHERE sequence = 1", Fault.EDITED, 1),
        ("UPDATE task_event SET actor_id = 1 WHERE sequence = 4", Fault.EDITED, 4),
        ("UPDATE task_event SET recorder_id = 1 WHERE sequence = 5", Fault.EDITED, 5),
        ("UPDATE task_event SET paper_no = '伪造' WHERE sequence = 6", Fault.EDITED, 6),
        ("UPDATE task_event SET channel = 'cli' WHERE sequence = 2", Fault.EDITED, 2),
        (
            "UPDATE event_text SET text = '改过' WHERE event_id = {fifth}",
            Fault.TEXT_CHANGED,
            5,
        ),
        ("UPDATE event_text SET is_redacted = true, text = ''", Fault.TEXT_CHANGED, 2),
    ],
)
def test_a_row_changed_by_sql_is_named(
    database: Database, office: Office, statement: str, fault: Fault, sequence: int
) -> None:
    tamper(database, statement.format(fifth="(SELECT id FROM task_event WHERE sequence = 5)"))
    found = checked(database, office)
    assert (found.fault, found.sequence) == (fault, sequence)


def test_words_taken_away_are_named(database: Database, office: Office) -> None:
    tamper(database, "DELETE FROM event_text WHERE event_id = (SELECT id FROM task_event WHERE sequence = 5)")
    assert checked(database, office).fault is Fault.TEXT_CHANGED
    assert checked(database, office).sequence == 5


def test_an_event_removed_is_named_also_when_the_rest_is_renumbered(
    database: Database, office: Office
) -> None:
    tamper(
        database,
        "DELETE FROM event_text WHERE event_id = (SELECT id FROM task_event WHERE sequence = 4)",
        "DELETE FROM task_event WHERE sequence = 4",
    )
    found = checked(database, office)
    assert (found.fault, found.sequence) == (Fault.REMOVED, 4)
    for sequence in range(5, found.count + 8):
        tamper(database, f"UPDATE task_event SET sequence = {sequence - 1} WHERE sequence = {sequence}")
    found = checked(database, office)
    assert (found.fault, found.sequence) == (Fault.REORDERED, 4)


def test_events_that_changed_places_are_named(database: Database, office: Office) -> None:
    tamper(
        database,
        "UPDATE task_event SET sequence = 999 WHERE sequence = 3",
        "UPDATE task_event SET sequence = 3 WHERE sequence = 4",
        "UPDATE task_event SET sequence = 4 WHERE sequence = 999",
    )
    found = checked(database, office)
    assert (found.fault, found.sequence) == (Fault.REORDERED, 3)


def rewrite(session: Session, office: Office, sequence: int, change: Callable[[TaskEvent], None]) -> None:
    """What somebody does who knows how the hash is made."""
    event = session.query(TaskEvent).filter_by(bureau_id=office.bureau.id, sequence=sequence).one()
    change(event)
    event.hash = event_hash(event)


def forge(event: TaskEvent) -> None:
    event.effective_on -= timedelta(days=30)


def test_an_event_written_anew_with_a_fitting_hash_is_named(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        rewrite(session, office, 3, forge)
    found = checked(database, office)
    assert (found.fault, found.sequence) == (Fault.EDITED, 3)


def test_the_last_event_written_anew_is_named(database: Database, office: Office) -> None:
    last = checked(database, office).count
    with database.unit_of_work() as session:
        rewrite(session, office, last, forge)
    found = checked(database, office)
    assert (found.fault, found.sequence) == (Fault.EDITED, last)


def cut(session: Session, office: Office, keep: int) -> str:
    """Cut the tail and mend the stored head: the chain alone cannot show it. Returns the head that was there."""
    head = session.get_one(ChainHead, office.bureau.id)
    old = head.hash
    session.execute(
        text(f"DELETE FROM event_text WHERE event_id IN (SELECT id FROM task_event WHERE sequence > {keep})")
    )
    session.execute(text(f"DELETE FROM task_event WHERE sequence > {keep}"))
    last = session.query(TaskEvent).filter_by(bureau_id=office.bureau.id, sequence=keep).one()
    head.sequence, head.hash = last.sequence, last.hash
    return old


def test_a_cut_tail_is_found_by_a_printed_head(database: Database, office: Office) -> None:
    before = checked(database, office)
    with database.unit_of_work() as session:
        cut(session, office, before.count - 2)
    found = checked(database, office, (before.count, before.head))
    assert (found.fault, found.sequence) == (Fault.TAIL_CUT, before.count - 1)


def test_a_cut_tail_shows_in_the_tasks_it_told_of(database: Database, office: Office) -> None:
    """Even without a printed head, the second task is more than its remaining history says."""
    before = checked(database, office)
    with database.unit_of_work() as session:
        cut(session, office, before.count - 1)
    found = checked(database, office)
    assert (found.fault, found.task) == (Fault.TASK_ALTERED, "2026-002")


def test_a_tail_cut_without_mending_the_head_is_named(database: Database, office: Office) -> None:
    before = checked(database, office)
    tamper(database, f"DELETE FROM task_event WHERE sequence = {before.count}")
    found = checked(database, office)
    assert (found.fault, found.sequence) == (Fault.TAIL_CUT, before.count)


def test_a_lost_head_is_a_fault(database: Database, office: Office) -> None:
    tamper(database, "DELETE FROM chain_head")
    assert checked(database, office).fault is Fault.TAIL_CUT


def test_a_history_written_anew_from_the_start_is_not_the_printed_one(
    database: Database, office: Office
) -> None:
    before = checked(database, office)
    with database.unit_of_work() as session:
        previous = GENESIS
        for event in session.query(TaskEvent).order_by(TaskEvent.sequence):
            event.channel = Channel.CLI
            event.previous_hash = previous
            event.hash = previous = event_hash(event)
        session.get_one(ChainHead, office.bureau.id).hash = previous
    assert checked(database, office).is_sound
    found = checked(database, office, (before.count, before.head))
    assert (found.fault, found.sequence) == (Fault.EDITED, before.count)


@pytest.mark.parametrize(
    "change",
    [
        "status = 'closed'",
        "original_due_on = '2027-12-31'",
        "officer_id = NULL, reviewer_id = 1",
        "extension_count = 3",
    ],
)
def test_a_task_altered_past_its_history_is_named(database: Database, office: Office, change: str) -> None:
    tamper(database, f"UPDATE rectification_task SET {change} WHERE code = '2026-002'")
    found = checked(database, office)
    assert (found.fault, found.task) == (Fault.TASK_ALTERED, "2026-002")


def strike(database: Database, office: Office, sequence: int) -> None:
    with database.unit_of_work() as session:
        acting = Acting(actor(session, office.clerk), Channel.WEB)
        casework.redact(session, clock_on(DAY), acting, "2026-001", sequence, "写入了当事人姓名")


def test_struck_words_are_gone_everywhere_and_the_chain_still_verifies(
    database: Database, office: Office
) -> None:
    with database.reading() as session:
        task_id = session.query(TaskEvent).filter_by(sequence=5).one().task_id
        statement = case_file(session, "2026-001").closures[0].statement
        submitted = next(row for row in timeline(session, task_id) if row.text == statement)
        sequence = session.query(TaskEvent).filter_by(verb=submitted.verb).one().sequence
    strike(database, office, sequence)
    assert checked(database, office).is_sound
    with database.reading() as session:
        closure = case_file(session, "2026-001").closures[0]
        assert (closure.statement, closure.steps[0].verdict) == (STRUCK, STRUCK)
        assert all(statement not in row.text for row in timeline(session, task_id))
        assert timeline(session, task_id)[-1].text == "写入了当事人姓名"
    with pytest.raises(NotFound, match="没有可清除的文字"):
        strike(database, office, sequence)


def test_only_words_of_this_task_are_struck(database: Database, office: Office) -> None:
    with pytest.raises(Refused, match="没有第 10 条"):
        strike(database, office, 10)


def test_two_bureaus_have_chains_of_their_own(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        second = make_bureau(session, "雾溪县水利局", prefix="b_")
        make_task(session, second, status=Status.ASSIGNED)
    tamper(
        database,
        f"UPDATE task_event SET paper_no = '伪造' WHERE sequence = 1 AND bureau_id = {office.bureau.id}",
    )
    assert checked(database, second).is_sound
    assert not checked(database, office).is_sound


def test_one_unit_of_work_writes_one_bureaus_history(database: Database, office: Office) -> None:
    with pytest.raises(RuntimeError, match="one bureau"), database.unit_of_work() as session:  # noqa: PT012
        second = make_bureau(session, "雾溪县水利局", prefix="b_")
        make_task(session, second, status=Status.DRAFT)
        make_task(session, office, status=Status.DRAFT)
