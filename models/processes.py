"""The processes of an installation of several machines, and whether all of them see one data folder.

Each leaves a mark in the folder, a file under a random name, and a row that names it: who sees the marks of all others at
work has the same folder, and no copy of it. Whether a process is at work is asked of PostgreSQL (`others_at_work`). On
SQLite the ledger is itself one file of one machine, and nothing of this is done.
"""

import secrets
import socket
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import PROCESS, Database, database_now, others_at_work
from core.errors import Misconfigured
from core.settings import Settings
from models.job import Process
from models.schema import take_turns

MARKS: Final = "marks"
"""The folder of the marks within the data folder."""


class OtherFolder(Misconfigured):
    """This process has another data folder than the rest: files of theirs are not here, nor ours there."""


def take_part(database: Database, settings: Settings, part: str) -> None:
    """Leave a mark in the data folder and a row that names it; the mark of who had the part before goes.

    Of several that start at once each sees who came before it.
    """
    if database.is_sqlite:
        return
    marks, mark = settings.data_dir / MARKS, secrets.token_hex(16)
    marks.mkdir(exist_ok=True, mode=0o700)
    (marks / mark).touch(mode=0o600)
    with database.unit_of_work() as session:
        take_turns(session.connection())
        key = (socket.gethostname()[:64], part)
        earlier = session.get(Process, key)
        former = earlier.mark if earlier else ""
        if unseen(session, settings.data_dir):
            former, mark = mark, ""
        now, told = database_now(session), runs_with(settings)
        session.merge(Process(machine=key[0], part=part, name=PROCESS, mark=mark, runs_with=told, at=now))
    if former:
        (marks / former).unlink(missing_ok=True)


def runs_with(settings: Settings) -> dict[str, str]:
    """The versions and settings that must be the same everywhere, by name."""
    versions = {name: version(name) for name in ("rectify", "prefect")}
    return versions | {f"RECTIFY_{name.upper()}": value for name, value in settings.alike.items()}


def unseen(session: Session, folder: Path) -> list[str]:
    """The other processes at work whose mark is not in this folder."""
    rows = select(Process.name, Process.mark).where(Process.name.in_(others_at_work(session)))
    marked = session.execute(rows.where(Process.mark != "").order_by(Process.name))
    return [name for name, mark in marked if not (folder / MARKS / mark).exists()]


def must_share_folder(session: Session, folder: Path) -> None:
    """Asked before files are taken in, given out or packed. Raises: OtherFolder."""
    if others := unseen(session, folder):
        raise OtherFolder(
            f"这里的数据文件夹 {folder} 与其他程序的不是同一个",
            f"其中没有 {'、'.join(others)} 留下的标记，各自存放的佐证材料对方都看不到",
            "请在每台机器上挂载同一个共享文件夹，把 RECTIFY_DATA_DIR 指向它，再重新启动",
        )
