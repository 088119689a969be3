"""Every edit behind the ledger's back is found and named: of a task, of what hangs on it, of the office."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db import Database
from models.enums import Channel, Fault, ItemKind, OfficeVerb, Role
from models.history import ChainHead, TaskEvent
from models.organisation import Person, Unit
from rectification import casework
from rectification.casework.opening import tell_what_was_untold
from rectification.office import journal
from rectification.office.actors import Acting
from rectification.office.calendar import HolidayNotice, put_in_force
from rectification.office.chain import GENESIS, Verification
from rectification.office.people import set_roles, set_wants_mail
from rectification.office.settings import set_policy
from rectification.tables import ledger_import
from rectification.tables.ledger import LEADER, MEASURES, OFFICER, PARTNERS, SOURCE, TEXT, UNIT
from rectification.task.audit import verify
from rectification.task.fault_words import fault_text
from rectification.task.history import event_hash
from tests.factories import BY, DAY, Office, acting, actor, clock_on, make_bureau, make_task


@pytest.fixture
def office(database: Database) -> Office:
    """Task 2026-001 at work: a measure, a report, a piece of evidence, a partner. Task 2026-002 a draft from a table."""
    with database.unit_of_work() as session:
        office = make_bureau(session)
    with database.unit_of_work() as session:
        make_task(session, office)
        officer, head = acting(session, office.officer), acting(session, office.head)
        todo = session, clock_on(DAY)
        casework.measure(
            *todo, head, "2026-001", "补齐送达回证", due_on=date(2026, 5, 1), owner_id=office.officer.id
        )
        casework.progress(*todo, officer, "2026-001", "已补三件", needs_decision="增加人手")
        paper = casework.NewEvidence(archive_no="档〔2026〕1号", own_date=DAY, proves=(1, 2))
        casework.evidence(*todo, officer, "2026-001", paper)
        casework.participate(*todo, head, "2026-001", add_units=[office.transport.id])
        casework.request_extension(*todo, officer, "2026-001", "等待招标", date(2026, 8, 1))
    with database.unit_of_work() as session:
        table = Acting(actor(session, office.clerk), Channel.EXCEL)
        row = {
            TEXT: "罚没收据填写不全",
            SOURCE: "法治督察",
            UNIT: "路政科",
            OFFICER: "陈路",
            LEADER: "周分管",
            PARTNERS: "运输科",
            MEASURES: "逐份补填",
        }
        bureau = session.get_one(Unit, office.bureau.id)
        ledger_import.add(session, clock_on(DAY), table, bureau, ItemKind.FINDING, row)
    return office


def checked(database: Database, office: Office) -> Verification:
    with database.reading() as session:
        return verify(session, office.bureau.id)


def checked_office(database: Database) -> Verification:
    with database.reading() as session:
        return journal.verify(session)


@contextmanager
def tampered(database: Database, *statements: str) -> Iterator[Session]:
    """The ledger after what somebody does who can write the database: keys between tables do not stop such a person.

    Undone at the end, so that the next edit finds the ledger whole.
    """
    with database.writer.connect() as connection:
        if database.is_sqlite:
            cursor = connection.connection.cursor()
            cursor.execute("PRAGMA foreign_keys=OFF")
        transaction = connection.begin()
        if not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in statements:
            assert connection.execute(text(statement)).rowcount == 1, statement
        yield Session(connection)
        transaction.rollback()
        if database.is_sqlite:
            cursor.execute("PRAGMA foreign_keys=ON")


def tamper(database: Database, *statements: str) -> None:
    """The same, to stay."""
    with database.unit_of_work() as session:
        for statement in statements:
            session.execute(text(statement))


TASK_EDITS = {
    "UPDATE rectification_task SET deadline_on = '2027-12-31' WHERE code = '2026-001'": (
        "2026-001",
        "deadline_on",
    ),
    "UPDATE rectification_task SET text = '无问题' WHERE code = '2026-001'": ("2026-001", "text"),
    "UPDATE rectification_task SET title = '无' WHERE code = '2026-001'": ("2026-001", "title"),
    "UPDATE rectification_task SET goal = '低一些' WHERE code = '2026-001'": ("2026-001", "goal"),
    "UPDATE rectification_task SET cause = '天灾' WHERE code = '2026-002'": ("2026-002", "cause"),
    "UPDATE rectification_task SET waiting_since = '2027-01-01' WHERE code = '2026-001'": (
        "2026-001",
        "waiting_since",
    ),
    "UPDATE rectification_task SET officer_id = NULL WHERE code = '2026-002'": ("2026-002", "officer_id"),
    "UPDATE rectification_task SET lead_unit_id = NULL WHERE code = '2026-002'": ("2026-002", "lead_unit_id"),
    "UPDATE rectification_task SET leader_id = NULL WHERE code = '2026-002'": ("2026-002", "leader_id"),
    "UPDATE rectification_task SET is_restricted = true WHERE code = '2026-001'": (
        "2026-001",
        "is_restricted",
    ),
    "UPDATE measure SET text = '不必补' WHERE text = '补齐送达回证'": ("2026-001", "text"),
    "UPDATE measure SET text = '不必填' WHERE text = '逐份补填'": ("2026-002", "text"),
    "UPDATE measure SET due_on = '2027-05-01' WHERE text = '补齐送达回证'": ("2026-001", "due_on"),
    "UPDATE measure SET owner_id = NULL WHERE text = '补齐送达回证'": ("2026-001", "owner_id"),
    "UPDATE measure SET done_on = '2026-03-02' WHERE text = '补齐送达回证'": ("2026-001", "done_on"),
    "UPDATE progress SET text = '全部补齐'": ("2026-001", "text"),
    "UPDATE progress SET needs_decision = ''": ("2026-001", "needs_decision"),
    "UPDATE progress SET reported_on = '2026-02-01'": ("2026-001", "reported_on"),
    "DELETE FROM evidence": ("2026-001", ""),
    f"UPDATE evidence SET sha256 = '{'b' * 64}'": ("2026-001", "sha256"),
    "UPDATE evidence SET own_date = '2026-01-01'": ("2026-001", "own_date"),
    "UPDATE evidence SET uploaded_at = '2026-01-01 00:00:00'": ("2026-001", "uploaded_at"),
    "UPDATE evidence SET uploader_id = uploader_id + 1": ("2026-001", "uploader_id"),
    "UPDATE extension SET due_wanted = '2026-12-31'": ("2026-001", "due_wanted"),
    "DELETE FROM participant WHERE task_id = (SELECT id FROM rectification_task WHERE code = '2026-001')": (
        "2026-001",
        "",
    ),
    "INSERT INTO measure (task_id, position, text, is_dropped) SELECT id, 9, '凭空', false"
    " FROM rectification_task WHERE code = '2026-001'": ("2026-001", ""),
}


def test_what_is_changed_of_a_task_by_sql_is_found_and_named(database: Database, office: Office) -> None:
    assert checked(database, office).is_sound
    for statement, expected in TASK_EDITS.items():
        with tampered(database, statement) as session:
            found = verify(session, office.bureau.id)
        assert (found.fault, (found.task, found.column)) == (Fault.TASK_ALTERED, expected), statement
        assert found.task in fault_text(found, "本局")
    assert checked(database, office).is_sound


def test_a_task_deleted_by_sql_is_named(database: Database, office: Office) -> None:
    with tampered(database, "DELETE FROM rectification_task WHERE code = '2026-001'") as session:
        found = verify(session, office.bureau.id)
    assert (found.fault, found.task) == (Fault.TASK_DELETED, "2026-001")
    assert fault_text(found, "本局").endswith("之后，任务被绕过系统删除（任务 2026-001）")


OFFICE_EDITS = {
    "INSERT INTO person_role (person_id, role) SELECT id, 'chief' FROM person WHERE login = 'officer'": (
        "person_role",
        "",
    ),
    "DELETE FROM person_role WHERE role = 'auditor'": ("person_role", ""),
    "UPDATE person_role SET until = '2020-01-01' WHERE role = 'chief'": ("person_role", "until"),
    "UPDATE person SET name = '某人' WHERE login = 'officer'": ("person", "name"),
    "UPDATE person SET email = 'x@example.com' WHERE login = 'officer'": ("person", "email"),
    "UPDATE person SET wants_mail = true WHERE login = 'other'": ("person", "wants_mail"),
    "UPDATE person SET password_hash = 'known' WHERE login = 'chief'": ("person", "password_hash"),
    "UPDATE unit SET leader_id = NULL WHERE name = '路政科'": ("unit", "leader_id"),
    "UPDATE bureau_setting SET value = '400' WHERE key = 'wait_days'": ("bureau_setting", "value"),
    "UPDATE source SET is_published = true WHERE title = '法治督察'": ("source", "is_published"),
    "UPDATE source_kind SET name = '别的' WHERE name = '巡察'": ("source_kind", "name"),
    "DELETE FROM calendar_day WHERE day = '2027-01-01'": ("calendar_year", "days"),
    "INSERT INTO calendar_day (day, is_workday, name) VALUES ('2031-01-06', false, 'x')": (
        "calendar_year",
        "",
    ),
    "INSERT INTO substitute (person_id, substitute_id, starts_on, ends_on)"
    " SELECT MIN(id), MAX(id), '2026-01-01', '2026-12-31' FROM person": ("substitute", ""),
}


def test_what_is_changed_of_the_office_by_sql_is_found_and_named(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        set_policy(session, BY, office.bureau.id, "wait_days", 5)
        set_wants_mail(session, BY, session.get_one(Person, office.other.id), False)
        notice = HolidayNotice(2027, "国办发明电〔2026〕9号", {date(2027, 1, 1): "元旦"}, frozenset())
        put_in_force(session, BY, notice)
    assert checked_office(database).is_sound
    for statement, expected in OFFICE_EDITS.items():
        with tampered(database, statement) as session:
            found = journal.verify(session)
        assert found.fault is Fault.OFFICE_ALTERED, statement
        assert (found.row.partition(":")[0], found.column) == expected, statement
        assert "绕过系统" in fault_text(found)


def test_an_office_event_edited_removed_or_cut_is_named(database: Database, office: Office) -> None:
    with database.unit_of_work() as session:
        by = journal.By(clock_on(DAY), acting(session, office.clerk))
        set_roles(session, by, session.get_one(Person, office.other.id), (Role.OFFICER, Role.REVIEWER))
    with database.reading() as session:
        newest = journal.list_events(session, 1)[0]
        before = journal.verify(session)
    assert (newest.verb, newest.actor, newest.sequence) == (OfficeVerb.SET_ROLES, "管台", before.count)
    tamper(database, f"UPDATE office_event SET actor_id = NULL WHERE sequence = {newest.sequence}")
    assert (checked_office(database).fault, checked_office(database).sequence) == (
        Fault.EDITED,
        newest.sequence,
    )
    tamper(database, f"DELETE FROM office_event WHERE sequence = {newest.sequence}")
    assert checked_office(database).fault is Fault.TAIL_CUT
    tamper(
        database,
        "UPDATE office_head SET sequence = sequence - 1,"
        " hash = (SELECT hash FROM office_event ORDER BY sequence DESC LIMIT 1)",
        "DELETE FROM person_role WHERE role = 'reviewer' AND person_id ="
        " (SELECT id FROM person WHERE login = 'other')",
    )
    assert checked_office(database).is_sound, (
        "a tail cut with its head put back: only a printed head shows it"
    )
    with database.reading() as session:
        found = journal.verify(session, against=(before.count, before.head))
    assert found.fault is Fault.TAIL_CUT


def older(database: Database, office: Office) -> None:
    """The ledger as a program of schema 0002 left it: events tell of some columns, the office has no chain."""
    with database.unit_of_work() as session:
        for table in ("office_event", "office_head"):
            session.execute(text(f"DELETE FROM {table}"))
        untold = {"code", "bureau_id", "title", "text", "deadline_on", "waiting_since", "created_at"}
        previous = GENESIS
        for event in session.query(TaskEvent).order_by(TaskEvent.sequence):
            event.changes = {
                name: change
                for name, change in event.changes.items()
                if ":" not in name and name not in untold
            }
            event.previous_hash = previous
            event.hash = previous = event_hash(event)
        head = session.get_one(ChainHead, office.bureau.id)
        head.hash, head.is_whole = previous, False


def test_a_ledger_of_before_tells_the_rest_once_and_then_every_edit_is_found(
    database: Database, office: Office
) -> None:
    older(database, office)
    assert not checked(database, office).is_sound
    before = checked(database, office).count
    tell_what_was_untold(database, clock_on(DAY))
    found = checked(database, office)
    assert (found.is_sound, found.count) == (True, before + 2)
    assert checked_office(database).is_sound
    tell_what_was_untold(database, clock_on(DAY))
    assert checked(database, office).count == before + 2
    tamper(database, "UPDATE evidence SET own_date = '2026-01-01'")
    assert checked(database, office).column == "own_date"


def test_a_second_baseline_excuses_nothing(database: Database, office: Office) -> None:
    tamper(
        database,
        "UPDATE chain_head SET is_whole = false",
        "INSERT INTO measure (task_id, position, text, is_dropped) SELECT id, 9, '凭空', false"
        " FROM rectification_task WHERE code = '2026-001'",
    )
    tell_what_was_untold(database, clock_on(DAY))
    assert checked(database, office).fault is Fault.TASK_ALTERED
