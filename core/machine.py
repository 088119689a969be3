"""Trouble of the machine under the program - a full disk, a file another program holds - in words, whoever tells of it."""

import errno
import shutil
import sqlite3
from pathlib import Path
from typing import Final

from core.errors import Unavailable

LOW_DISK: Final = 1_000_000_000
_BUSY: Final = ("台账正忙", "另一个程序正占着数据库", "请稍后再试；一直这样时，请关闭打开台账文件的其他程序")
_FULL: Final = ("磁盘已满", "这一步没有办成", "请清理磁盘后再试")
_CLOSED: Final = ("文件打不开，或不能写入", "", "请检查数据文件夹的权限和磁盘")
_BROKEN: Final = ("台账文件已损坏", "", "请停止程序，移走 rectify.db* 各文件，再恢复备份")
_SAID: Final = {
    sqlite3.SQLITE_CORRUPT: _BROKEN,
    sqlite3.SQLITE_NOTADB: _BROKEN,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _CLOSED,
    sqlite3.SQLITE_IOERR: _CLOSED,
    sqlite3.SQLITE_CANTOPEN: _CLOSED,
    "55P03": _BUSY,  # PostgreSQL's lock_not_available
    "57014": _BUSY,  # query_canceled, by its time limit
    "53100": _FULL,  # disk_full
}
_SAID_BY_SYSTEM: Final = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _CLOSED,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
}


def machine_trouble(error: BaseException) -> Unavailable | None:
    """What an error of the database or the file system means; None where it means something else."""
    if isinstance(error, OSError):
        what, why, todo = _SAID_BY_SYSTEM.get(error.errno or 0, ("", "", ""))
        return Unavailable(what, str(error.filename or why), todo) if what else None
    told = getattr(error, "orig", error)
    code = getattr(told, "sqlite_errorcode", 0) & 0xFF or getattr(told, "sqlstate", None)
    return Unavailable(*_SAID[code]) if code in _SAID else None


def disk_trouble(folder: Path) -> str:
    """That there is little room left where this folder lies; empty where there is enough."""
    free = shutil.disk_usage(folder).free
    return f"磁盘只剩 {free // 1_000_000} MB" if free < LOW_DISK else ""
