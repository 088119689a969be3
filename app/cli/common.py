"""What every command shares: the ledger, the clock, who acts, and how results and refusals are printed.

Nothing heavy is imported at the top: `rectify --help` and `rectify read` must start at once.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.clock import Clock
    from core.db import Database
    from core.errors import RectifyError
    from core.files import FileStore, StoredFile
    from core.settings import Settings
    from models.organisation import Unit
    from rectification.office.actors import Acting, Actor, Paper
    from rectification.office.journal import By

T = TypeVar("T")
_ANSWERS = {True: ("是", "对", "y", "yes"), False: ("否", "不", "不对", "n", "no")}


def parse_day(text: str) -> date:
    """A day from an option: 2026-06-30, 20260630 or 2026年6月30日."""
    from core.days import day_of

    if day := day_of(text, exact=True):
        return day
    raise typer.BadParameter(f"“{text}”不是日期，应形如 2026-06-30")


def day_option(name: str, told: str | None = None) -> Any:
    """An option that is a day."""
    return typer.Option(name, metavar="日期", parser=parse_day, help=told)


Empties = Annotated[bool, typer.Option("--clear-empty", help="空着的格表示清空；不写就保留原来的内容")]
Json = Annotated[bool, typer.Option("--json", help="只输出 JSON，供程序读取")]
On = Annotated[date | None, day_option("--on", "当作这一天来办（只改业务日期）")]
As = Annotated[str, typer.Option("--as", metavar="登录名", help="替谁记录（命令行代录）")]
Bureau = Annotated[str | None, typer.Option("--bureau", metavar="单位", help="哪个单位的，默认本单位")]


@cache
def settings() -> Settings:
    from core.settings import load_settings
    from documents.template_files import stand_in

    found = load_settings()
    stand_in(found.template_dir)
    return found


def board_url() -> str:
    """Where links on papers lead."""
    from rectification.office.address import address_of

    with ledger().reading() as session:
        return address_of(session, settings()).url


def clock(on: date | None = None) -> Clock:
    from core.clock import read_clock

    return read_clock(settings().zone, on=on)


FUTURE_IS_MEANT: Final[ContextVar[bool]] = ContextVar("allow_future", default=False)


def writing_clock(on: date | None) -> Clock:
    """The same of a command that writes. Raises: Refused, for a day beyond tomorrow that is not said to be meant."""
    from core.errors import Refused
    from rectification.office.wall_clock import is_yet_to_come

    if on and is_yet_to_come(on, clock().today) and not FUTURE_IS_MEANT.get():
        why = "登记在将来的日子，时限和提醒都会按那一天算"
        todo = "请改用不晚于明天的日期；确实要按这一天登记（只用于演练），请写 rectify --allow-future …"
        raise Refused(f"{on} 还没有到", why, todo)
    return clock(on)


def system_by(on: date | None = None, bureau_id: int = 0) -> By:
    """The system user at the command line, for what is changed of the office (and tasks of this bureau) without `--as`."""
    from models.enums import Channel
    from rectification.office.actors import system
    from rectification.office.journal import By

    return By(writing_clock(on), replace(system(bureau_id, Channel.CLI), system_user=system_user()))


def system_user() -> str:
    """Who sits at the command line, by the machine's name for him; where it has none, by number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid()) if hasattr(os, "getuid") else "?"


@cache
def ledger() -> Database:
    from rectification.casework.opening import open_ledger

    kind, _, place = settings().database.partition(":///")
    is_new = kind == "sqlite" and not Path(place).exists()
    opened = open_ledger(settings(), clock())
    if is_new:
        told = "里没有台账，已新建空的；位置写错的，请改正 RECTIFY_DATA_DIR 后重新运行"
        warn(f"数据文件夹 {settings().data_dir} {told}")
    return opened


@contextmanager
def reading_bureau(name: str | None) -> Iterator[tuple[Session, Unit]]:
    """The ledger to read, and the bureau a command names: the home bureau where it names none."""
    from rectification.office.units import bureau_named

    with ledger().reading() as session:
        yield session, bureau_named(session, name)


@contextmanager
def changing_bureau(name: str | None) -> Iterator[tuple[Session, Unit]]:
    """The same to change."""
    from rectification.office.units import bureau_named

    with ledger().unit_of_work() as session:
        yield session, bureau_named(session, name)


@contextmanager
def recording(
    login: str, on: date | None, paper: PaperOptions | None = None
) -> Iterator[tuple[Session, Clock, Acting]]:
    """The ledger to change, the moment, and the person it is recorded for (命令行代录)."""
    from rectification.office.actors import actor_by_login

    moment = writing_clock(on)
    with ledger().unit_of_work() as session:
        signed_on = paper.dated if paper else None
        actor = actor_by_login(session, login, today=moment.today, signed_on=signed_on)
        yield session, moment, acting_as(actor, paper)


@dataclass(frozen=True, slots=True)
class PaperOptions:
    """The paper a recorded action stands on, as given on the command line."""

    dated: date | None = None
    number: str = ""
    scan: Path | None = None

    def paper(self) -> Paper | None:
        from rectification.office.actors import Paper

        if self.dated is None and not self.number and self.scan is None:
            return None
        if self.dated is None:
            raise typer.BadParameter("写了文号或扫描件还要写 --paper-date（文件日期）")
        return Paper(self.dated, self.number, stored_file(self.scan) if self.scan else None)


_STORED: list[StoredFile] = []


def file_store() -> FileStore:
    """Where evidence is kept."""
    from core.files import FileStore
    from models.processes import must_share_folder

    with ledger().reading() as session:
        must_share_folder(session, settings().data_dir)
    return FileStore(settings().evidence_dir, max_bytes=settings().evidence_megabytes << 20)


def stored_file(path: Path, media_type: str = "") -> StoredFile:
    """The file at `path`, kept in the store.

    Raises: Unreadable, where it cannot be read; Refused, where it is no office file or picture, or too large.
    """
    from core.errors import Unreadable
    from rectification.office.units import home_bureau
    from rectification.task.store_room import bytes_held

    try:
        with path.open("rb") as content:
            store = file_store()
            with ledger().reading() as session:
                if (home := home_bureau(session)) is not None:
                    store.quota = settings().evidence_gigabytes << 30
                    store.held = bytes_held(session, home.id)
            _STORED.append(store.keep(content, path.name, media_type))
            return _STORED[-1]
    except OSError as error:
        raise Unreadable(f"读不了文件 {path}", error.strerror or "", "请检查文件名和位置") from error


def must_be_new(target: Path) -> None:
    """Asked before a copy is written: it goes over nothing, and not into the place of a disk that is not there.

    Raises: Refused.
    """
    from core.errors import Refused

    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise Refused(f"“{target}”已经有内容", "不覆盖已有的文件", "请换一个新的名称")
    if not (folder := target.absolute().parent).is_dir():
        raise Refused(f"文件夹 {folder} 不存在", "", "请核对路径；写在 U 盘、移动盘上的，看它接好没有")


def take_back_unheld() -> None:
    """What a command stored and was then refused does not stay in the store; called when the command ends."""
    stored = _STORED[:]
    _STORED.clear()
    if stored:
        from rectification.casework.evidence import take_back_unheld as take_back

        with ledger().reading() as session:
            take_back(session, file_store(), stored)


def acting_as(actor: Actor, paper: PaperOptions | None = None, *, by_table: bool = False) -> Acting:
    """`actor`, recorded from the command line (命令行代录), or by a table that was handed in."""
    from models.enums import Channel
    from rectification.office.actors import Acting

    channel = Channel.EXCEL if by_table else Channel.CLI
    return Acting(actor, channel, paper=(paper or PaperOptions()).paper(), system_user=system_user())


def plain(value: Any) -> Any:
    """`value` as JSON can hold it, as the API writes it."""
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value)


def print_json(value: Any) -> None:
    """JSON alone on standard output."""
    typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def say(line: str = "") -> None:
    typer.echo(line)


def warn(line: str) -> None:
    typer.echo(line, err=True)


def is_so(question: str, usual: str = "是") -> bool:
    """Asked until the answer is a yes or a no; typer's own asks for an English letter, and says so in English."""
    while True:
        answer = typer.prompt(f"{question}（是/否）", default=usual).strip().lower()
        for is_yes, words in _ANSWERS.items():
            if answer in words:
                return is_yes
        warn(f"没有看懂“{answer}”，请答 是 或 否")


def refusal_line(refusal: RectifyError) -> str:
    """A refusal as a terminal shows it: one line, with the command that helps."""
    return refusal.line + (f"（命令：{refusal.command}）" if refusal.command else "")


def unforeseen(error: Exception) -> RectifyError:
    """What is said of an error no command expects: the machine's trouble in words, ours with its number in the log."""
    from app.logs import logging_to
    from app.unforeseen import told_with_number
    from core.machine import machine_trouble

    if trouble := machine_trouble(error):
        return trouble
    with logging_to(settings(), "command.log"):
        return told_with_number(error, " ".join(sys.argv[1:3]))


def fail(line: str) -> NoReturn:
    """One clear line on standard error, exit 1."""
    warn(line)
    raise typer.Exit(1)


def progress(items: Iterable[T], *, total: int | None, what: str) -> Iterable[T]:
    """`items`, with a bar on standard error while they are gone through, where that is a terminal; nobody need know how many."""
    if not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, total=total, description=what, console=Console(stderr=True), transient=True)


def print_rows(
    rows: Sequence[Any], cells: Mapping[str, Callable[[Any], object]], *, as_json: bool, empty: str
) -> None:
    """Rows as JSON, or as a table: what stands in each column, by its head; a dash for what is not there."""
    if as_json:
        print_json(rows)
        return
    said = ([cell(row) for cell in cells.values()] for row in rows)
    lines = (["—" if value is None else str(value) for value in line] for line in said)
    print_table(tuple(cells), lines, empty=empty)


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """A table in a terminal, tab-separated lines when piped; `empty` is said where there are no rows."""
    lines = [tuple(row) for row in rows]
    if not lines:
        warn(empty)
        return
    if not sys.stdout.isatty():
        for line in (tuple(heads), *lines):
            typer.echo("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in line))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for line in lines:
        table.add_row(*(Text(cell) for cell in line))
    Console().print(table)
