"""A backup holds everything, proves it, and goes back onto either database."""

import hashlib
import json
import os
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select

from core.db import Database
from core.errors import Conflict, Misconfigured, Refused, Unreadable
from models import schema
from models.base import Base
from models.calendar import BureauSetting, CalendarDay
from models.enums import OutboxStatus, Role, StepKind, UnitKind
from models.history import ChainHead
from models.job import JobRun
from models.mail import OutboxMessage
from models.organisation import Person, PersonRole, Unit
from models.report import Source, SourceKind, SourceStep
from models.signin import WebSession
from models.storage.backup import MANIFEST, drop_old, write_backup
from models.storage.restore import restore_backup
from tests.conftest import SQLITE_AND_POSTGRESQL

NOW = datetime(2026, 3, 2, 0, 30, 0, 123456, tzinfo=UTC)
SCAN = b"%PDF a scan"
SCAN_NAME = hashlib.sha256(SCAN).hexdigest()


@pytest.fixture(params=SQLITE_AND_POSTGRESQL)
def target(request: pytest.FixtureRequest, new_ledger: Callable[[str], str]) -> Iterator[Database]:
    database = Database(new_ledger(request.param))
    yield database
    database.dispose()


@pytest.fixture
def sqlite_ledger(new_ledger: Callable[[str], str]) -> Iterator[Database]:
    database = Database(new_ledger("sqlite"))
    yield database
    database.dispose()


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    (folder / SCAN_NAME[:2]).mkdir(parents=True)
    (folder / SCAN_NAME[:2] / SCAN_NAME).write_bytes(SCAN)
    (folder / "upload.part").write_bytes(b"half")
    return folder


def fill(database: Database) -> None:
    """Rows with every kind of column: cycles, moments, JSON with and without null, bytes, absent values."""
    with database.unit_of_work() as session:
        bureau = Unit(kind=UnitKind.BUREAU, name="云溪区交通运输局", is_home=True)
        session.add(bureau)
        session.flush()
        bureau.bureau_id = bureau.id
        person = Person(bureau_id=bureau.id, unit_id=bureau.id, login="zhang", name="张三")
        session.add(person)
        session.flush()
        bureau.leader_id = person.id
        kind = SourceKind(bureau_id=bureau.id, name="专项整治", position=1)
        session.add(kind)
        session.flush()
        source = Source(bureau_id=bureau.id, kind_id=kind.id, title="专项整治")
        session.add(source)
        session.flush()
        session.add_all(
            [
                PersonRole(person_id=person.id, role=Role.CLERK, until=date(2027, 1, 1)),
                SourceStep(
                    bureau_id=bureau.id, source_id=source.id, kind=StepKind.TALK, day=NOW.date(), number=8
                ),
                ChainHead(bureau_id=bureau.id, sequence=7, hash="a" * 64),
                BureauSetting(
                    bureau_id=bureau.id, key="a", value=None, valid_from=date(2026, 1, 1), set_at=NOW
                ),
                BureauSetting(
                    bureau_id=bureau.id, key="b", value=["整改"], valid_from=NOW.date(), set_at=NOW
                ),
                JobRun(job="backup", day=date(2026, 3, 2), shard=1, bureau_ids=[], lease_until=NOW),
                OutboxMessage(
                    bureau_id=bureau.id,
                    person_id=person.id,
                    key="digest:1",
                    template="digest",
                    day=NOW.date(),
                    status=OutboxStatus.SENT,
                    message_id="<1@x>",
                    address="",
                    subject="提醒",
                    frozen=b"\x00\xff",
                    next_attempt_at=NOW,
                    send_until=NOW,
                    created_at=NOW,
                ),
                WebSession(
                    token_hash="b" * 64,
                    person_id=person.id,
                    csrf_secret="c" * 64,
                    created_at=NOW,
                    seen_at=NOW,
                    expires_at=NOW,
                ),
            ]
        )


def content(database: Database) -> dict[str, list[Row[Any]]]:
    with database.reading() as session:
        return {
            table.name: list(session.execute(select(table).order_by(*table.primary_key.columns)).all())
            for table in Base.metadata.sorted_tables
            if table.name != "web_session"
        }


def test_what_is_taken_from_either_database_comes_back_on_either(
    database: Database, target: Database, evidence: Path, tmp_path: Path
) -> None:
    fill(database)
    file = tmp_path / "out" / "b.zip"
    made = write_backup(database, evidence, file, now=NOW)
    back = tmp_path / "new" / "evidence"
    assert restore_backup(target, back, file, now=NOW) == (made, [])
    assert content(target) == content(database)
    assert (back / SCAN_NAME[:2] / SCAN_NAME).read_bytes() == SCAN
    assert [path.name for path in back.rglob("*") if path.is_file()] == [SCAN_NAME]


def test_a_restored_ledger_numbers_its_next_row_on(
    sqlite_ledger: Database, target: Database, evidence: Path, tmp_path: Path
) -> None:
    fill(sqlite_ledger)
    write_backup(sqlite_ledger, evidence, tmp_path / "b.zip", now=NOW)
    restore_backup(target, tmp_path / "new", tmp_path / "b.zip", now=NOW)
    with target.unit_of_work() as session:
        unit = Unit(kind=UnitKind.DEPARTMENT, name="法制科")
        session.add(unit)
        session.flush()
        assert unit.id == 2


def test_the_manifest_tells_schema_counts_and_chain_heads_and_no_secret_is_inside(
    database: Database, evidence: Path, tmp_path: Path
) -> None:
    fill(database)
    (tmp_path / "rectify.toml").write_text('smtp_url = "smtps://u:geheim@mail"')
    made = write_backup(database, evidence, tmp_path / "b.zip", now=NOW)
    assert made.revision == schema.HEAD
    assert (made.tables["person"], made.tables["web_session"]) == (1, 0)
    assert [(head.sequence, head.hash) for head in made.heads] == [(7, "a" * 64)]
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        archive.extract("rectify.db", tmp_path / "opened")
    assert b"geheim" not in everything
    assert b"c" * 64 not in everything
    with closing(sqlite3.connect(tmp_path / "opened" / "rectify.db")) as opened:
        assert opened.execute("SELECT name FROM person").fetchall() == [("张三",)]


def test_a_backup_is_one_moment_although_people_go_on_working(
    database: Database, evidence: Path, tmp_path: Path
) -> None:
    """A row in either table is always written with one in the other; no backup may hold one without it."""
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with database.unit_of_work() as session:
                session.add(JobRun(job="a", day=NOW.date(), shard=number, bureau_ids=[]))
                session.flush()
                session.add(CalendarDay(day=date(2000, 1, 1) + timedelta(days=number), is_workday=True))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(4):
            write_backup(database, evidence, tmp_path / f"{number}.zip", now=NOW)
    finally:
        stop.set()
        worker.join()
    for number in range(4):
        with zipfile.ZipFile(tmp_path / f"{number}.zip") as archive:
            archive.extract("rectify.db", tmp_path / str(number))
        with closing(sqlite3.connect(tmp_path / str(number) / "rectify.db")) as kept:
            counted = "SELECT (SELECT count(*) FROM job_run) - (SELECT count(*) FROM calendar_day)"
            assert kept.execute(counted).fetchone() == (0,)


def test_a_ledger_in_use_is_replaced_only_on_request_and_kept_first(
    database: Database, sqlite_ledger: Database, evidence: Path, tmp_path: Path
) -> None:
    fill(database)
    before = content(database)
    write_backup(sqlite_ledger, tmp_path / "none", tmp_path / "empty.zip", now=NOW)
    with pytest.raises(Conflict, match="--replace"):
        restore_backup(database, evidence, tmp_path / "empty.zip", now=NOW)
    assert content(database) == before

    restore_backup(database, evidence, tmp_path / "empty.zip", replace_into=tmp_path, now=NOW)
    assert content(database)["person"] == []
    kept = tmp_path / "before-restore-20260302-003000.zip"
    restore_backup(database, evidence, kept, replace_into=tmp_path / "again", now=NOW)
    assert content(database) == before


def test_leftover_evidence_alone_counts_as_in_use(
    sqlite_ledger: Database, target: Database, evidence: Path, tmp_path: Path
) -> None:
    write_backup(sqlite_ledger, tmp_path / "none", tmp_path / "b.zip", now=NOW)
    with pytest.raises(Conflict):
        restore_backup(target, evidence, tmp_path / "b.zip", now=NOW)


def rewritten(file: Path, name: str, data: bytes) -> Path:
    """The same archive with one member changed, its own checksums right."""
    other = file.with_name("other.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, data if entry == name else old.read(entry))
    return other


@pytest.mark.parametrize("name", ["rectify.db", f"evidence/{SCAN_NAME[:2]}/{SCAN_NAME}"])
def test_a_changed_backup_is_refused_before_anything_is_touched(
    sqlite_ledger: Database, target: Database, evidence: Path, tmp_path: Path, name: str
) -> None:
    fill(sqlite_ledger)
    write_backup(sqlite_ledger, evidence, tmp_path / "b.zip", now=NOW)
    before = content(target)
    with pytest.raises(Unreadable, match="损坏"):
        restore_backup(target, tmp_path / "new", rewritten(tmp_path / "b.zip", name, b"changed"), now=NOW)
    assert content(target) == before
    assert not (tmp_path / "new").exists()


def changed_manifest(file: Path, **changes: object) -> Path:
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read(MANIFEST))
    return rewritten(file, MANIFEST, json.dumps(manifest | changes).encode())


def test_a_newer_schema_is_refused(sqlite_ledger: Database, target: Database, tmp_path: Path) -> None:
    write_backup(sqlite_ledger, tmp_path / "none", tmp_path / "b.zip", now=NOW)
    with pytest.raises(Misconfigured, match="9999"):
        restore_backup(target, tmp_path, changed_manifest(tmp_path / "b.zip", revision="9999"), now=NOW)


def test_a_path_out_of_the_evidence_folder_is_refused(
    sqlite_ledger: Database, target: Database, tmp_path: Path
) -> None:
    write_backup(sqlite_ledger, tmp_path / "none", tmp_path / "b.zip", now=NOW)
    escape = [{"path": "../../" + SCAN_NAME, "sha256": SCAN_NAME, "size": 1}]
    with pytest.raises(Unreadable):
        restore_backup(target, tmp_path, changed_manifest(tmp_path / "b.zip", evidence=escape), now=NOW)


@pytest.mark.parametrize("bytes_", [None, b"", b"not a zip at all"])
def test_what_is_no_backup_is_refused_in_one_line(
    target: Database, tmp_path: Path, bytes_: bytes | None
) -> None:
    file = tmp_path / "x.zip"
    if bytes_ is not None:
        file.write_bytes(bytes_)
    with pytest.raises(Unreadable):
        restore_backup(target, tmp_path, file, now=NOW)


def test_an_empty_database_is_not_backed_up(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(Refused):
        write_backup(database, tmp_path, tmp_path / "b.zip", now=NOW)
    database.dispose()


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(
    sqlite_ledger: Database, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Misconfigured, match="备份文件"):
        write_backup(sqlite_ledger, tmp_path, tmp_path / "file" / "b.zip", now=NOW)
    assert not list(tmp_path.glob(".backup-*"))


def test_evidence_that_cannot_be_listed_is_not_told_of_as_missing(
    sqlite_ledger: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "evidence"
    folder.write_text("no folder")
    with pytest.raises(Misconfigured, match=f"读不了佐证文件夹 {folder}"):
        write_backup(sqlite_ledger, folder, tmp_path / "b.zip", now=NOW)
    assert not list(tmp_path.glob("*.zip"))


def test_only_the_oldest_nightly_backups_go(tmp_path: Path) -> None:
    for name in ("rectify-2026-03-01.zip", "rectify-2026-03-02.zip", "rectify-2026-03-03.zip", "mine.zip"):
        (tmp_path / name).touch()
    assert drop_old(tmp_path, keep=2, now=NOW) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "mine.zip",
        "rectify-2026-03-02.zip",
        "rectify-2026-03-03.zip",
    ]


def test_copies_that_undo_something_and_hold_passwords_go_after_a_month(tmp_path: Path) -> None:
    ages = {
        "before-upgrade-0001-0010-x.zip": 31,
        "before-restore-y.zip": 29,
        "rectify-2026-01-01.zip": 60,
        "mine.zip": 400,
    }
    for name, days in ages.items():
        (tmp_path / name).touch()
        old = (NOW - timedelta(days=days)).timestamp()
        os.utime(tmp_path / name, (old, old))
    moved_aside, killed = tmp_path / "before-restore-x", tmp_path / ".backup-killed"
    for folder in (moved_aside, killed):
        folder.mkdir()
        (folder / "rectify.db").touch()
        os.utime(folder, (0, 0))
    assert drop_old(tmp_path, keep=2, now=NOW) == 2
    assert {path.name for path in tmp_path.iterdir()} == {*ages, "before-restore-x"} - {
        "before-upgrade-0001-0010-x.zip"
    }
