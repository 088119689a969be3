"""Every verb of a task as `rectify task VERB CODE… --as LOGIN`, made of its VerbForm.

What is done so is recorded for the named person (命令行代录).
"""

from __future__ import annotations

import inspect
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.cli.common import (
    As,
    On,
    PaperOptions,
    day_option,
    file_store,
    ledger,
    parse_day,
    recording,
    refusal_line,
    say,
    stored_file,
    warn,
)
from core.errors import RectifyError, Refused
from models.enums import ItemKind, Verb
from rectification.labels import verb_label
from rectification.verb_forms import ENTRY, FORMS, Field, Kind, VerbForm, entries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PaperDate = Annotated[date | None, day_option("--paper-date", "所依据文件的日期")]
PaperNo = Annotated[str, typer.Option("--paper-no", metavar="文号", help="所依据文件的文号或档号")]
PaperScan = Annotated[
    Path | None,
    typer.Option("--paper-scan", metavar="文件", exists=True, dir_okay=False, help="所依据文件的扫描件"),
]
Codes = Annotated[list[str], typer.Argument(metavar="编号", help="任务编号，可写多个")]

_Option = tuple[Any, Any]
"""A parameter's type, with what Typer is told of it, and its default."""

_MUST: Final = inspect.Parameter.empty
_PAPER: Final[dict[str, _Option]] = {
    "paper_date": (PaperDate, None),
    "paper_no": (PaperNo, ""),
    "paper_scan": (PaperScan, None),
}
_TYPES: Final[dict[Kind, tuple[Any, str]]] = {
    Kind.LINE: (str, "文字"),
    Kind.TEXT: (str, "文字"),
    Kind.LINES: (list[str], "文字"),
    Kind.PARTS: (list[str], "文字"),
    Kind.DAY: (date, "日期"),
    Kind.NUMBER: (int, "数"),
    Kind.PERSON: (str, "登录名"),
    Kind.PEOPLE: (list[str], "登录名"),
    Kind.UNIT: (str, "科室"),
    Kind.UNITS: (list[str], "科室"),
    Kind.STEPS: (list[int], "数"),
    Kind.ANSWERS: (list[str], "代号=文字"),
    Kind.FILE: (Path, "文件"),
}
_MANY: Final = frozenset({Kind.LINES, Kind.PARTS, Kind.PEOPLE, Kind.UNITS, Kind.STEPS, Kind.ANSWERS})


def add_to(cli: typer.Typer) -> None:
    """Put every verb beside `task list` and `task show`, and what is entered without one."""
    for form in FORMS.values():
        label = verb_label(form.verb, ItemKind.SHORTCOMING)
        name = form.verb.value.replace("_", "-")
        cli.command(name, help=f"{label}：{form.explains}")(_command(form))
    cli.command("enter", help=f"登记任务：{ENTRY.explains}")(_entry())


def _command(form: VerbForm) -> Any:
    """A verb as a function that Typer can read."""

    def command(codes: list[str], login: str, on: date | None, **given: Any) -> None:
        paper = PaperOptions(*(given.pop(name) for name in _PAPER))
        for field in form.fields:
            if field.instead_of and given[field.key] and given[field.instead_of]:
                other = next(each for each in form.fields if each.key == field.instead_of)
                raise typer.BadParameter(f"{other.option} 和 {field.option} 只能写一个")
            if field.kind is Kind.FILE and given[field.key]:  # kept before any task speaks of it
                from documents.own_text import own_text

                said = own_text(given[field.key], given[field.key].name)
                given |= {field.key: stored_file(given[field.key]), "own_text": said}
        failed = sum(not _done(form, code, login, paper, on, given) for code in codes)
        if form.verb is Verb.PURGE_EVIDENCE:
            _destroy_purged_files()
        if failed:
            raise typer.Exit(1)

    return _with_options(command, form, {"codes": (Codes, _MUST), "login": (As, _MUST)}, _PAPER)


def _entry() -> Any:
    """Entering a task as a function that Typer can read."""

    def command(login: str, on: date | None, **given: Any) -> None:
        from rectification import casework

        new = casework.NewDraft(**{key: value for key, value in given.items() if value is not None})
        with recording(login, on) as (session, moment, acting):
            task = casework.enter(session, moment, acting, new)
            line = f"{task.code}　{task.title}　已登记，等待下达"
        say(line)

    return _with_options(command, ENTRY, {"login": (As, _MUST)}, {})


def _with_options(command: Any, form: VerbForm, before: dict[str, _Option], after: dict[str, _Option]) -> Any:
    """`command` with the form's fields as its parameters."""
    taken = before | {field.key: _option(field) for field in form.fields} | after | {"on": (On, None)}
    command.__signature__ = inspect.Signature(
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for name, (kind, default) in taken.items()
        ]
    )
    command.__annotations__ = {name: kind for name, (kind, _) in taken.items()}
    return command


def _option(field: Field) -> _Option:
    """A field as an option: what the task has already need not be said."""
    kind, metavar = _TYPES.get(field.kind, (field.of or bool, None))
    more: dict[str, Any] = {}
    if field.kind is Kind.DAY:
        more = {"parser": parse_day}
    elif field.kind is Kind.NUMBER:
        more = {"min": field.least, "max": field.limit}
    elif field.kind is Kind.FILE:
        more = {"exists": True, "dir_okay": False}
    name = f"{field.option}/--no-{field.option[2:]}" if field.kind is Kind.FLAG else field.option
    told = [field.label, field.hint, "可多次写" if field.kind in _MANY else ""]
    told.append(f"编号见 rectify {field.command}" if field.command else "")
    option = typer.Option(name, metavar=metavar, help="；".join(filter(None, told)), **more)
    if field.is_required and not field.stands:
        return Annotated[kind, option], _MUST
    return Annotated[kind | None, option], None


def _done(
    form: VerbForm, code: str, login: str, paper: PaperOptions, on: date | None, given: dict[str, Any]
) -> bool:
    """Do it to one task, in a unit of work of its own; a refusal is told and stops only this task."""
    from models.organisation import Unit
    from rectification.casework import BEFOREHAND, perform
    from rectification.labels import status_label
    from rectification.office.calendar import load_calendar
    from rectification.task.time_limits import Limit, limit_text, provisional

    try:
        if before := BEFOREHAND.get(form.verb):
            with recording(login, on, paper) as (session, moment, acting):
                before(session, moment, acting, code, **given)
        with recording(login, on, paper) as (session, moment, acting):
            home = acting.actor.bureau_id
            values = {field.key: _value(session, home, field, given[field.key]) for field in form.fields}
            values |= {key: given[key] for key in ("own_text",) if key in given}
            task = perform(session, moment, acting, code, form.verb, values)
            line = f"{task.code}　{task.title}　现为“{status_label(task.status, task.kind)}”"
            if form.verb is Verb.ISSUE:
                line += f"，时限 {limit_text(Limit(task.time_limit, task.deadline_on))}"
                line += provisional(task.deadline_on, load_calendar(session))
            if form.verb is Verb.TRANSFER and task.lead_unit_id:
                line += f"，责任单位为“{session.get_one(Unit, task.lead_unit_id).name}”"
    except RectifyError as refusal:
        warn(refusal_line(refusal))
        return False
    say(line)
    return True


def _value(session: Session, bureau_id: int, field: Field, given: Any) -> Any:
    """What an option says, as the verb takes it: the people and units it names are of the actor's bureau."""
    from rectification.office.people import person_of
    from rectification.office.units import unit_named

    if not given and field.kind in _MANY | {Kind.PERSON, Kind.UNIT}:
        return None
    match field.kind:
        case Kind.PERSON:
            return person_of(session, bureau_id, given, field.role).id
        case Kind.PEOPLE:
            return [person_of(session, bureau_id, login).id for login in given]
        case Kind.UNIT:
            return unit_named(session, bureau_id, given).id
        case Kind.UNITS:
            return [unit_named(session, bureau_id, name).id for name in given]
        case Kind.LINES | Kind.PARTS:
            return [entry for text in given for entry in entries(field.kind, text)]
        case Kind.ANSWERS:
            return dict(_answer(text) for text in given)
    return given


def _answer(text: str) -> tuple[str, str]:
    """CODE=words.

    Raises: Refused, for what is written otherwise.
    """
    code, found, words = text.replace("＝", "=", 1).partition("=")
    if not found:
        raise Refused(
            f"看不懂“{text}”", "答复要写成“代号=文字”", "疑点的代号见拒绝时的提示，或 rectify task show"
        )
    return code.strip(), words


def _destroy_purged_files() -> None:
    """Let the bytes of what was purged go, now that the ledger says why."""
    from rectification.casework import destroy_purged

    with ledger().reading() as session:
        destroy_purged(session, file_store())
