"""Whether a resident program is at work in a data folder: a lock that ends with the process, however it ends.

SQLite keeps it, on a file of its own: the one lock of the standard library that is shared and works on every system.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from core.db import Database
from core.errors import Conflict

LOCK: Final = "at-work.lock"


@contextmanager
def at_work(folder: Path) -> Iterator[None]:
    """A resident program works with this data folder as long as the block; any number may.

    Raises: Conflict, while its ledger is being replaced or upgraded.
    """
    with _locked(folder, "BEGIN", Conflict("台账正在恢复或升级", "", "请等它结束后再启动")):
        yield


@contextmanager
def alone(folder: Path, database: Database) -> Iterator[None]:
    """No resident program works with this data folder as long as the block, nor any process with this PostgreSQL ledger.

    Raises: Conflict, where one does.
    """
    todo = "请先停止 rectify up、rectify sender 和 Prefect worker，再运行本命令"
    with _locked(folder, "BEGIN EXCLUSIVE", Conflict("程序还在运行，没有改动台账", "", todo)):
        if others := database.others():
            raise Conflict("还有程序连着这个数据库，没有改动台账", "、".join(others), todo)
        yield


@contextmanager
def _locked(folder: Path, begin: str, refusal: Conflict) -> Iterator[None]:
    with closing(sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute(begin)
            lock.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            raise refusal if error.sqlite_errorcode == sqlite3.SQLITE_BUSY else error from error
        yield
