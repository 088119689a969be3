"""What a command says when something fails that it does not expect: one line, never a traceback."""

import errno
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.cli import common
from tests.cli import Rectify

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_what_nobody_foresaw_is_one_line_with_a_number_that_stands_in_the_log(
    rectify: Rectify, monkeypatch: pytest.MonkeyPatch
) -> None:
    rectify.ok("unit", "add", "云山县交通运输局")

    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("app.cli.units.list_units", broken, raising=False)
    monkeypatch.setattr("rectification.office.units.list_units", broken)
    said = rectify("unit", "list")

    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert "secret detail" not in said.err
    number = re.search(r"错误编号 ([0-9a-f]{8})", said.err)
    assert number is not None
    noted = (common.settings().log_dir / "command.log").read_text(encoding="utf-8")
    assert number[1] in noted
    assert "secret detail" in noted

    assert "ZeroDivisionError: secret detail" in rectify("--debug", "unit", "list").err


def test_a_backup_on_a_full_disk_is_one_line(
    rectify: Rectify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rectify.ok("unit", "add", "云山县交通运输局")

    def full(*arguments: object, **named: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr("models.storage.snapshot.take", full)
    said = rectify("backup", tmp_path / "kept.zip")

    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "磁盘已满" in said.err
    assert not (tmp_path / "kept.zip").exists()


@pytest.mark.parametrize(("code", "what"), [(errno.EROFS, "不能写入"), (errno.ENOSPC, "磁盘已满")])
def test_files_that_cannot_be_written_are_named(
    code: int, what: str, rectify: Rectify, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*arguments: object, **named: object) -> None:
        raise OSError(code, "as the system says it", "/srv/rectify/papers")

    monkeypatch.setattr("models.storage.backup.write_backup", refused)
    said = rectify("backup", "kept.zip")

    assert said.code == 1
    assert what in said.err
    assert "/srv/rectify/papers" in said.err


def test_a_ledger_nobody_may_write_is_one_line(rectify: Rectify, monkeypatch: pytest.MonkeyPatch) -> None:
    rectify.ok("unit", "add", "云山县交通运输局")
    with closing(sqlite3.connect(str(common.ledger().url.database), isolation_level=None)) as other:
        monkeypatch.setattr("core.db.PATIENCE", 0.2)
        common.ledger().dispose()
        common.ledger.cache_clear()
        other.execute("BEGIN IMMEDIATE")
        said = rectify("unit", "add", "云山县水利局")
        other.execute("ROLLBACK")

    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "台账正忙" in said.err
