"""Backups, restores and upgrades as the one who runs them meets them: nothing lost, nothing in silence, and a way back."""

import gzip
import io
import re
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from app.cli import common
from core.clock import Clock, read_clock
from core.db import Database
from models import schema, shards
from models.enums import OfficeVerb, Role
from models.organisation import Person
from models.storage.snapshot import WITHHELD
from rectification.office.history_words import history
from rectification.office.journal import verify
from rectification.office.signin import hash_password, open_link, person_with, set_password_hash
from rectification.task.audit import verify as verify_history
from tests.cli import Rectify, forget_installation
from tests.factories import BY, Office, make_bureau, make_draft, make_person

PASSWORD = "一句好记的话 2026 年"
CODE = "2026-001"
LEDGERS = Path(__file__).parents[2] / "samples" / "ledgers"
ON = ("--on", "2026-03-02")


@pytest.fixture
def office(rectify: Rectify) -> Office:
    with common.ledger().unit_of_work() as session:
        office = make_bureau(session)
        keeper = make_person(session, office.legal, "keeper", Role.ADMIN)
        for person in (keeper, office.clerk):
            set_password_hash(session, BY, person, hash_password(PASSWORD, login=person.login))
        make_draft(session, office)
    return office


def evidence(rectify: Rectify, tmp_path: Path, name: str) -> Path:
    """A piece of evidence of the task, and where it is stored."""
    scan = tmp_path / f"{name}.pdf"
    scan.write_bytes(b"%PDF-1.7\n" + name.encode())
    rectify.ok("task", "evidence", CODE, "--as", "officer", "--file", scan, *ON)
    folder = rectify.data_dir / "evidence"
    return next(
        file for file in folder.rglob("*") if file.is_file() and file.read_bytes() == scan.read_bytes()
    )


def issue(rectify: Rectify) -> None:
    issued = ("--as", "clerk", "--lead-unit", "路政科", "--reviewer", "reviewer")
    rectify.ok("task", "issue", CODE, *issued, *ON)
    rectify.ok("task", "accept", CODE, "--as", "head", "--officer", "officer", *ON)


def can_sign_in(login: str) -> bool:
    with common.ledger().reading() as session:
        return person_with(session, login, PASSWORD) is not None


def now() -> Clock:
    return read_clock(common.settings().zone)


def test_a_backup_holds_no_password_and_a_restore_lets_one_admin_in(
    rectify: Rectify, office: Office, tmp_path: Path
) -> None:
    rectify.ok("backup", tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        inside = archive.read("rectify.db")
    assert inside.count(b"$argon2id$") == inside.count(WITHHELD.encode()) == 2

    restored = rectify.ok("restore", tmp_path / "b.zip", "--replace", "--yes")
    assert not can_sign_in("keeper")
    link = re.search(r"系统管理员 keeper .*/enter/(\S+) ", restored.err)
    assert link is not None
    with common.ledger().reading() as session:
        opened = open_link(session, now().now, link[1])
        assert session.get_one(Person, opened.person_id).login == "keeper"
        assert session.scalars(select(Person.id).where(Person.password_hash != "")).all() == []
        told = history(session, limit=3)
        verbs = [OfficeVerb.ISSUE_CODE, OfficeVerb.RESTORE, OfficeVerb.SET_PASSWORD]
        assert [each.verb for each in told] == verbs
        assert told[0].concerning == "keeper"
        assert verify(session).is_sound  # that nobody has a password any more stands on the chain

    kept = next((rectify.data_dir / "backups").glob("before-restore-*.zip"))
    assert f"原来的台账和文件在 {kept}" in restored.out
    assert kept.stat().st_mode & 0o777 == 0o600
    back = rectify.ok("restore", kept, "--replace", "--yes")
    assert "/enter/" not in back.err
    assert can_sign_in("keeper")
    assert can_sign_in("clerk")


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


def test_a_ledger_is_replaced_only_once_somebody_saw_by_what_and_said_yes(
    rectify: Rectify, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rectify.ok("backup", tmp_path / "b.zip")
    issue(rectify)
    asked = rectify("restore", tmp_path / "b.zip", "--replace")
    assert asked.code == 1
    assert "现有台账" in asked.err
    standing, coming = re.findall(r"任务 1 项，办理记录 (\d+) 条", asked.err)
    assert (int(standing) - int(coming), "最近一条 2026-03-02" in asked.err) == (2, True)
    assert "没有替换" in asked.err
    for answer, status in (("\n", "in_progress"), ("是\n", "draft")):
        monkeypatch.setattr("sys.stdin", Terminal(answer))
        rectify("restore", tmp_path / "b.zip", "--replace")
        assert rectify.ok("task", "show", CODE, "--json").json["status"] == status


def test_a_folder_without_a_ledger_is_said_to_be_one(
    rectify: Rectify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RECTIFY_DATABASE_URL")
    monkeypatch.setenv("RECTIFY_DATA_DIR", str(tmp_path / "mistyped"))
    forget_installation()
    said = rectify("doctor").err
    assert f"{tmp_path / 'mistyped'} 里没有台账" in said
    assert "RECTIFY_DATA_DIR" in said
    forget_installation()
    assert "没有台账" not in rectify("doctor").err


RESIDENT = """
import sys
from sqlalchemy import text
from core.db import Database
with Database(sys.argv[1]) as database:
    with database.reading() as session:
        session.execute(text("SELECT count(*) FROM person"))
    print(flush=True)  # at work, and idle at the moment
    input()
"""


def test_nothing_is_replaced_while_a_program_is_at_work(
    rectify: Rectify, office: Office, tmp_path: Path, database_url: str
) -> None:
    rectify.ok("backup", tmp_path / "b.zip")
    with subprocess.Popen(
        [sys.executable, "-c", RESIDENT, database_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as resident:
        assert resident.stdout is not None
        resident.stdout.readline()
        for typed in (("restore", tmp_path / "b.zip", "--replace", "--yes"), ("upgrade",)):
            said = rectify(*typed)
            assert (said.code, said.err.count("\n")) == (1, 1)
            assert "请先停止 rectify up" in said.err
            assert "没有改动" in said.err
        resident.kill()
    rectify.ok("restore", tmp_path / "b.zip", "--replace", "--yes")  # a dead process leaves no lock behind
    if database_url.startswith("postgresql"):
        elsewhere = database_url.replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(elsewhere, application_name="rectify other-machine:7"):
            said = rectify("restore", tmp_path / "b.zip", "--replace", "--yes")
        assert said.code == 1
        assert "other-machine:7" in said.err


def test_evidence_is_put_right_from_a_backup_as_doctor_says(
    rectify: Rectify, office: Office, tmp_path: Path
) -> None:
    issue(rectify)
    altered, missing, mistaken = (
        evidence(rectify, tmp_path, name) for name in ("altered", "missing", "mistaken")
    )
    rectify.ok("backup", tmp_path / "b.zip")
    purge = ("--evidence", "3", "--reason", "误传", "--witness", "head")
    rectify.ok("task", "purge-evidence", CODE, "--as", "clerk", *purge)
    later = evidence(rectify, tmp_path, "later")
    altered.write_bytes(b"%PDF-1.7\nforged")
    missing.unlink()
    later.unlink()
    told = rectify("doctor").out
    assert "请运行 rectify restore 备份.zip --evidence 补回" in told

    said = rectify("restore", tmp_path / "b.zip", "--evidence")
    assert "已补回 2 份佐证材料" in said.out
    assert (said.code, "还有 1 份这个备份里没有" in said.err) == (1, True)
    assert (altered.read_bytes(), missing.read_bytes()) == (b"%PDF-1.7\naltered", b"%PDF-1.7\nmissing")
    assert altered.stat().st_mode & 0o077 == 0
    assert not mistaken.exists()  # what was destroyed on purpose does not come back
    aside = Path(said.out.split("损坏的文件移到了 ")[1].strip())
    assert [file.read_bytes() for file in aside.iterdir()] == [b"%PDF-1.7\nforged"]
    assert (
        len(rectify.ok("task", "show", CODE, "--json").json["evidence"]) == 4
    )  # the ledger stayed as it was


def test_a_night_without_a_file_is_no_success_and_replaces_no_whole_backup(
    rectify: Rectify, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTIFY_KEEP_BACKUPS", "1")
    forget_installation()
    issue(rectify)
    scan = evidence(rectify, tmp_path, "scan")
    rectify.ok("run", "backup", "--on", "2026-03-02")
    away = scan.rename(tmp_path / "away")
    for _ in range(2):
        failed = rectify("run", "backup", "--on", "2026-03-03")
        assert (failed.code, "有 1 份佐证材料不在" in failed.err) == (1, True)
    backups = rectify.data_dir / "backups"
    assert sorted(each.name for each in backups.iterdir()) == ["incomplete.zip", "rectify-2026-03-02.zip"]
    with common.ledger().reading() as session:
        assert shards.failing(session, date(2026, 3, 3)) == {"backup"}  # told on the board and by /healthz
        reason = shards.last_runs(session, date(2026, 3, 3))["backup"][0].error
    assert "rectify restore 备份.zip --evidence" in reason  # on the page where the board points

    away.rename(scan)
    rectify.ok("run", "backup", "--on", "2026-03-03")
    assert [each.name for each in backups.glob("rectify-*.zip")] == ["rectify-2026-03-03.zip"]

    whole = (backups / "rectify-2026-03-03.zip").read_bytes()
    scan.unlink()
    assert rectify("run", "backup", "--on", "2026-03-03", "--again").code == 1
    assert (backups / "rectify-2026-03-03.zip").read_bytes() == whole  # the day's own, too


@pytest.mark.parametrize("copy", ["backup", "export"])
def test_a_copy_goes_over_nothing_and_into_no_folder_that_is_not_there(
    rectify: Rectify, office: Office, tmp_path: Path, copy: str
) -> None:
    (tmp_path / "old.zip").write_bytes(b"the only copy")
    said = rectify(copy, tmp_path / "old.zip")
    assert (said.code, "不覆盖已有的文件" in said.err) == (1, True)
    assert (tmp_path / "old.zip").read_bytes() == b"the only copy"
    said = rectify(copy, tmp_path / "usb" / "new.zip")
    assert (said.code, "看它接好没有" in said.err) == (1, True)
    assert not (tmp_path / "usb").exists()
    rectify.ok(copy, tmp_path / "new.zip")
    assert (tmp_path / "new.zip").is_file()


def test_two_ledgers_with_one_backup_folder_do_not_overwrite_each_other(
    rectify: Rectify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one says so; the first goes on with its own file."""
    monkeypatch.setenv("RECTIFY_BACKUP_FOLDER", str(tmp_path / "disk"))
    (tmp_path / "disk").mkdir()
    forget_installation()
    rectify.ok("unit", "add", "云溪区交通运输局")
    rectify.ok("run", "backup", *ON)
    day = tmp_path / "disk" / "rectify-2026-03-02.zip"
    first = day.read_bytes()
    rectify.ok("run", "backup", *ON, "--again")
    assert day.read_bytes() != first

    first = day.read_bytes()
    monkeypatch.setenv("RECTIFY_DATA_DIR", str(tmp_path / "another"))
    monkeypatch.setenv("RECTIFY_DATABASE_URL", f"sqlite:///{tmp_path / 'another.db'}")
    forget_installation()
    rectify.ok("unit", "add", "另一局")
    assert "是另一个台账的" in rectify("run", "backup", *ON).err
    assert day.read_bytes() == first
    told = rectify("doctor").out
    assert "里有另一个台账的 1 份备份" in told
    assert "还没有备份" in told


def test_a_whole_restore_puts_altered_evidence_right_too(
    rectify: Rectify, office: Office, tmp_path: Path
) -> None:
    issue(rectify)
    altered = evidence(rectify, tmp_path, "altered")
    rectify.ok("backup", tmp_path / "b.zip")
    altered.write_bytes(b"%PDF-1.7\nforged")
    late = rectify("backup", tmp_path / "too-late.zip")
    assert (late.code, late.err.count("\n")) == (1, 1)  # what lacks a file is kept, and is no success
    assert "备份不完整：有 1 份佐证材料" in late.err
    said = rectify.ok("restore", tmp_path / "b.zip", "--replace", "--yes")
    assert altered.read_bytes() == b"%PDF-1.7\naltered"
    (aside,) = [each for each in (rectify.data_dir / "backups").iterdir() if each.is_dir()]
    assert str(aside) in said.out
    assert [file.read_bytes() for file in aside.iterdir()] == [b"%PDF-1.7\nforged"]
    rectify.ok("restore", tmp_path / "too-late.zip", "--replace", "--yes")
    assert altered.read_bytes() == b"%PDF-1.7\naltered"  # a damaged copy replaces nothing


def test_a_ledger_file_that_is_no_longer_one_is_said_with_what_helps(
    rectify: Rectify, office: Office, tmp_path: Path, database_url: str
) -> None:
    if not database_url.startswith("sqlite"):
        return
    issue(rectify)
    evidence(rectify, tmp_path, "scan")
    rectify.ok("backup", tmp_path / "b.zip")
    forget_installation()
    ledger = Path(database_url.removeprefix("sqlite:///"))
    for beside in ledger.parent.glob("rectify.db-*"):
        beside.unlink()
    ledger.write_bytes(b"overwritten by something else" * 400)
    for typed in (("unit", "list"), ("doctor",), ("restore", tmp_path / "b.zip", "--replace", "--yes")):
        said = rectify(*typed)
        assert (said.code, said.err.count("\n")) == (1, 1)
        assert "台账文件已损坏" in said.err
    ledger.rename(tmp_path / "broken.db")
    forget_installation()
    rectify.ok("restore", tmp_path / "b.zip", "--replace", "--yes")
    assert "法规科" in rectify.ok("unit", "list").out


@pytest.fixture
def old(rectify: Rectify, database_url: str, request: pytest.FixtureRequest) -> Callable[[], Database]:
    """A whole ledger of the first released schema where the command looks for its ledger; opens it as it stands."""
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    dump = gzip.decompress((LEDGERS / f"0001.{kind}.sql.gz").read_bytes()).decode()
    if kind == "sqlite":
        ledger = Path(database_url.removeprefix("sqlite:///"))
        ledger.unlink()
        with closing(sqlite3.connect(ledger)) as connection:
            connection.executescript(dump)
    else:
        with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as server:
            server.execute("DROP SCHEMA public CASCADE")
            server.execute("CREATE SCHEMA public")
            server.execute(dump.encode())
    return lambda: Database(database_url)


def counted(database: Database) -> dict[str, int]:
    with database.reading() as session:
        tables = ("rectification_task", "person", "evidence", "outbox_message", "told")
        return {each: session.execute(text(f"SELECT count(*) FROM {each}")).scalar_one() for each in tables}


def test_an_old_ledger_is_upgraded_and_taken_back(rectify: Rectify, old: Callable[[], Database]) -> None:
    with old() as database:
        before = counted(database)
    refused = rectify("unit", "list")
    assert refused.code == 1
    assert "请运行 rectify upgrade" in refused.err

    said = rectify.ok("upgrade")
    assert "台账已从 0001 升级" in said.out
    assert "办理记录和单位人员变动记录完好" in said.out
    copy = Path(re.search(r"rectify upgrade --back (\S+)，", said.out)[1])  # type: ignore[index]
    assert copy.stat().st_mode & 0o777 == 0o600
    with old() as database:
        assert (schema.current(database), counted(database)) == (schema.HEAD, before)
    assert "不用升级" in rectify.ok("upgrade").out
    rectify.ok("unit", "add", "新设科")

    forget_installation()
    back = rectify.ok("upgrade", "--back", copy)
    assert "台账已退回版本 0001" in back.out
    with old() as database:
        assert (schema.current(database), counted(database)) == ("0001", before)
    kept = re.search(r"原来的台账和文件在 (\S+)", back.out)
    assert kept is not None
    rectify.ok("restore", kept[1], "--replace", "--yes")
    assert "新设科" in rectify.ok("unit", "list").out


def test_an_upgrade_that_would_lose_rows_is_undone(
    rectify: Rectify, old: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    with old() as database:
        before = counted(database)
    whole = command.upgrade

    def lossy(config: Config, revision: str) -> None:
        whole(config, revision)
        if revision == schema.HEAD:
            config.attributes["connection"].execute(text("DELETE FROM told"))

    monkeypatch.setattr(command, "upgrade", lossy)
    said = rectify("upgrade")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "数据库升级已撤销。表 told 的记录少了" in said.err
    with old() as database:
        assert (schema.current(database), counted(database)) == ("0001", before)


MOMENTS = {
    "while it copies": ("models.storage.backup", "_described"),
    "while it migrates": ("models.schema", "_must_be_whole"),
    "once it has migrated": ("rectification.casework.opening", "tell_what_was_untold"),
}
KILLED = """
import importlib, os, signal, sys
module = importlib.import_module(sys.argv.pop(1))
setattr(module, sys.argv.pop(1), lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
from app.cli import main
main()
"""


@pytest.mark.integration
def test_an_upgrade_killed_at_any_moment_leaves_the_old_ledger_or_the_new(
    rectify: Rectify, old: Callable[[], Database]
) -> None:
    with old() as database:
        before = counted(database)
    stood_at = []
    for place in MOMENTS.values():
        killed = subprocess.run(
            [sys.executable, "-c", KILLED, *place, "upgrade"], check=False, capture_output=True
        )
        assert killed.returncode == -signal.SIGKILL
        with old() as database:
            stood_at.append(schema.current(database))
            assert counted(database) == before
        if stood_at[-1] == schema.HEAD:
            copies = sorted((rectify.data_dir / "backups").glob("before-upgrade-*"))
            rectify.ok("upgrade", "--back", copies[-1])
    assert stood_at == ["0001", "0001", schema.HEAD]
    rectify.ok("upgrade")
    with common.ledger().reading() as session:
        assert verify(session).is_sound
        assert verify_history(session, 1).is_sound
    with old() as database:
        assert (schema.current(database), counted(database)) == (schema.HEAD, before)
