"""Several processes on one PostgreSQL: files are taken in, given out and packed only where all see one folder."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from app.cli import common
from core.db import Database
from models import schema
from models.job import Process
from models.processes import MARKS
from tests.cli import Rectify, forget_installation

OTHER = """
import sys
from core.db import Database
from core.settings import load_settings, prepare_data_dir
from models.processes import take_part
settings = load_settings()
prepare_data_dir(settings)
database = Database(settings.database)
take_part(database, settings, sys.argv[1])
print(flush=True)
input()
"""


@pytest.fixture
def rectify(
    new_ledger: Callable[[str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Rectify]:
    monkeypatch.setenv("RECTIFY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("RECTIFY_DATABASE_URL", new_ledger("postgresql"))
    forget_installation()
    yield Rectify(tmp_path / "data", capsys)
    forget_installation()


@contextmanager
def another(folder: Path, part: str = "sender") -> Iterator[str]:
    """A process with this data folder, at work; how it is called."""
    env = os.environ | {"RECTIFY_DATA_DIR": str(folder)}
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, part], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        try:
            yield f":{other.pid}"
        finally:
            other.kill()


pytestmark = pytest.mark.integration


def test_nobody_gives_files_out_or_packs_them_beside_a_process_with_another_folder(
    rectify: Rectify, tmp_path: Path
) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    report = tmp_path / "报告.txt"
    report.write_text("报告", encoding="utf-8")
    with another(tmp_path / "elsewhere") as name:
        told = rectify("doctor")
        assert told.code == 1
        assert name in told.out
        for typed in (
            ("backup", tmp_path / "b.zip"),
            ("up", "--port", "8399"),
            ("report", "store", report),
        ):
            refused = rectify(*typed)
            assert (refused.code, refused.err.count("\n")) == (1, 1)
            assert "请在每台机器上挂载同一个共享文件夹" in refused.err
            assert name in refused.err
        assert "第 1 片（OtherFolder）" in rectify("run", "backup").err
        rectify.ok("run", "day_figures")  # what needs no file goes on
        assert not (tmp_path / "b.zip").exists()
    rectify.ok("backup", tmp_path / "b.zip")  # who has gone holds nobody up
    rectify.ok("run", "backup")


def test_a_copy_of_the_folder_is_not_the_folder(rectify: Rectify, tmp_path: Path) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    with another(rectify.data_dir):
        assert "正在运行的 1 个程序与这里用同一个数据文件夹" in rectify("doctor").out
        rectify.ok("backup", tmp_path / "b.zip")
    shutil.copytree(rectify.data_dir, tmp_path / "copy")
    with another(tmp_path / "copy"):
        assert "不是同一个" in rectify("backup", tmp_path / "c.zip").err


def test_a_part_taken_up_again_leaves_one_mark(rectify: Rectify) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    for _ in range(2):
        with another(rectify.data_dir):
            pass
    assert len(list((rectify.data_dir / MARKS).iterdir())) == 1


def test_who_has_another_folder_makes_nobody_else_refuse(rectify: Rectify, tmp_path: Path) -> None:
    """The first at work has the folder; one that came later and does not see it leaves no mark."""
    rectify.ok("unit", "add", "松原县交通局")
    with another(rectify.data_dir, "first"), another(tmp_path / "elsewhere"):
        rectify.ok("backup", tmp_path / "b.zip")


def test_of_two_that_start_at_once_one_has_the_folder(rectify: Rectify, tmp_path: Path) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    with Database(common.settings().database) as database:
        schema.require_current(database)
        with ExitStack() as both:
            with database.unit_of_work() as session:
                schema.take_turns(session.connection())
                starting = ThreadPoolExecutor(2)
                found = [
                    starting.submit(both.enter_context, another(tmp_path / part, part)) for part in ("a", "b")
                ]
                wait(found, 3)
            wait(found)
            with database.reading() as session:
                marked = select(Process.mark != "").where(Process.part.in_(("a", "b")))
                assert sorted(session.scalars(marked)) == [False, True]


def test_one_process_on_sqlite_leaves_no_mark(monkeypatch: pytest.MonkeyPatch, rectify: Rectify) -> None:
    monkeypatch.delenv("RECTIFY_DATABASE_URL")
    forget_installation()
    rectify.ok("unit", "add", "松原县交通局")
    rectify.ok("run", "day_figures")
    assert "同一个数据文件夹" not in rectify("doctor").out
    assert not (common.settings().data_dir / MARKS).exists()
