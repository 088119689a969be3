"""A verb of a task as a command: which options it takes, and how they become its arguments.

`rectify task VERB CODE… --as LOGIN` is recorded for the named person (命令行代录). What is common to all verbs stands
here; app/cli/task_verbs.py lists them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.cli.common import (
    PaperOptions,
    acting_as,
    clock,
    file_store,
    ledger,
    parse_day,
    refusal_line,
    say,
    stored_file,
    warn,
)
from core.errors import RectifyError
from models.enums import Role, Verb

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PaperDate = Annotated[
    date | None, typer.Option("--paper-date", metavar="日期", parser=parse_day, help="所依据文件的日期")
]
PaperNo = Annotated[str, typer.Option("--paper-no", metavar="文号", help="所依据文件的文号或档号")]


@dataclass(frozen=True, slots=True)
class Option:
    """A parameter of a command: its type, and what Typer is told of it (`...` where it must be given)."""

    name: str
    kind: Any
    told: Any


def text(name: str, metavar: str, explained: str = "", *, is_required: bool = True) -> Option:
    """Free words."""
    default = ... if is_required else ""
    return Option(name, str, typer.Option(default, _flag(name), metavar=metavar, help=explained or None))


def day(name: str, explained: str, *, is_required: bool = False) -> Option:
    """A day."""
    default, kind = (..., date) if is_required else (None, date | None)
    told = typer.Option(default, _flag(name), metavar="日期", parser=parse_day, help=explained)
    return Option(name, kind, told)


def login(name: str, explained: str, *, is_required: bool = False) -> Option:
    """A person by login name."""
    default, kind = (..., str) if is_required else (None, str | None)
    return Option(name, kind, typer.Option(default, _flag(name), metavar="登录名", help=explained))


def several(name: str, metavar: str, explained: str) -> Option:
    """An option that may be given many times."""
    told = typer.Option(None, _flag(name), metavar=metavar, help=explained)
    return Option(name, list[str] | None, told)


def choice(name: str, kind: Any, explained: str, default: Any = None) -> Option:
    """One of a closed list, or words; None where it is not given."""
    told = typer.Option(default, _flag(name), help=explained)
    return Option(name, kind | None if default is None else kind, told)


def flag(name: str, explained: str) -> Option:
    """Yes or no; None where it is not given."""
    told = typer.Option(None, f"{_flag(name)}/--no-{name.replace('_', '-')}", help=explained)
    return Option(name, bool | None, told)


def number(name: str, explained: str, *, least: int = 1, is_required: bool = False) -> Option:
    """A count or position."""
    default, kind = (..., int) if is_required else (None, int | None)
    return Option(name, kind, typer.Option(default, _flag(name), min=least, max=100_000, help=explained))


def path(name: str, explained: str) -> Option:
    """A file that is there."""
    told = typer.Option(None, _flag(name), metavar="文件", exists=True, dir_okay=False, help=explained)
    return Option(name, Path | None, told)


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


CODES: Final = Option("codes", list[str], typer.Argument(..., metavar="编号", help="任务编号，可写多个"))
LOGIN: Final = Option(
    "login", str, typer.Option(..., "--as", metavar="登录名", help="替谁记录（命令行代录）")
)
SHARED: Final = (
    day("paper_date", "所依据文件的日期"),
    text("paper_no", "文号", "所依据文件的文号或档号", is_required=False),
    path("paper_scan", "所依据文件的扫描件"),
    day("on", "当作这一天来办（只改业务日期）"),
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One command on one task: its options by name, and how names become ids of the actor's bureau."""

    session: Session
    bureau_id: int
    options: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.options[name]

    def person(self, name: str, role: Role | None = None) -> int | None:
        """The id of the person an option names."""
        return self.person_called(self[name], role) if self[name] else None

    def person_called(self, login_name: str, role: Role | None = None) -> int:
        from rectification.office.people import person_of

        return person_of(self.session, self.bureau_id, login_name, role).id

    def people(self, name: str) -> list[int]:
        return [self.person_called(one) for one in self[name] or ()]

    def unit(self, name: str) -> int | None:
        """The id of the unit an option names."""
        return self.unit_called(self[name]) if self[name] else None

    def unit_called(self, unit_name: str) -> int:
        from rectification.office.units import unit_named

        return unit_named(self.session, self.bureau_id, unit_name).id

    def units(self, name: str) -> list[int]:
        return [self.unit_called(one) for one in self[name] or ()]


@dataclass(frozen=True, slots=True)
class Command:
    """A verb, what it is for, its options, and the arguments the verb is called with.

    `prepare` looks at the options before any task is touched, `finish` runs once everything is committed.
    """

    verb: Verb
    explained: str
    options: Sequence[Option]
    arguments: Callable[[Deed], Sequence[Any]]
    named: Callable[[Deed], dict[str, Any]] | None = None
    prepare: Callable[[dict[str, Any]], None] | None = None
    finish: Callable[[], None] | None = None

    def add_to(self, cli: typer.Typer) -> None:
        """Register it under the verb's own name."""

        def command(**given: Any) -> None:
            codes, who, on = given.pop("codes"), given.pop("login"), given.pop("on")
            paper = PaperOptions(given.pop("paper_date"), given.pop("paper_no"), given.pop("paper_scan"))
            if self.prepare:
                self.prepare(given)
            failed = self.run(codes, who, paper, on, given)
            if self.finish:
                self.finish()
            if failed:
                raise typer.Exit(1)

        kind = inspect.Parameter.KEYWORD_ONLY
        taken = [CODES, LOGIN, *self.options, *SHARED]
        command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [inspect.Parameter(one.name, kind, default=one.told, annotation=one.kind) for one in taken]
        )
        command.__annotations__ = {one.name: one.kind for one in taken}
        cli.command(self.verb.value.replace("_", "-"), help=self.explained)(command)

    def run(
        self, codes: list[str], who: str, paper: PaperOptions, on: date | None, given: dict[str, Any]
    ) -> int:
        """Do it to each task, each in a unit of work of its own; a refusal stops only its own task.

        Returns how many were refused.
        """
        from rectification.casework import VERBS
        from rectification.labels import status_label
        from rectification.office.actors import actor_by_login
        from rectification.task.time_limits import Limit, limit_text

        failed = 0
        for code in codes:
            try:
                with ledger().unit_of_work() as session:
                    moment = clock(on)
                    actor = actor_by_login(session, who, today=moment.today)
                    deed = Deed(session, actor.bureau_id, given)
                    acting = acting_as(actor, paper)
                    named = self.named(deed) if self.named else {}
                    task = VERBS[self.verb](session, moment, acting, code, *self.arguments(deed), **named)
                    line = f"{task.code}　{task.title}　现为“{status_label(task.status, task.kind)}”"
                    if self.verb is Verb.ISSUE:
                        line += f"，时限 {limit_text(Limit(task.time_limit, task.deadline_on))}"
            except RectifyError as refusal:
                failed += 1
                warn(refusal_line(refusal))
                continue
            say(line)
        return failed


def keep_file(options: dict[str, Any]) -> None:
    """Put the file an option names into the store, before any task speaks of it."""
    if options["file"] is not None:
        options["file"] = stored_file(options["file"])


def destroy_purged_files() -> None:
    """Let the bytes of what was purged go, now that the ledger says why."""
    from rectification.casework import destroy_purged

    with ledger().reading() as session:
        destroy_purged(session, file_store())
