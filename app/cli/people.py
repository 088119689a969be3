"""`rectify people`: who there is; many at once from Excel."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import (
    Bureau,
    Empties,
    Json,
    On,
    changing_bureau,
    ledger,
    plain,
    print_json,
    print_rows,
    reading_bureau,
    say,
    settings,
    system_by,
    warn,
)
from rectification import casework
from rectification.casework.enrolling import KEEPS, enrol
from rectification.labels import MAIL, MAIL_OFF, role_words
from rectification.office import units
from rectification.office.people import (
    NewPerson,
    PersonChanges,
    add_person,
    list_people,
    parse_roles,
    person_of,
    roles_of,
)
from rectification.office.second_person import WAITS, waiting
from rectification.office.signin import issue_codes, new_code

cli = Cli()
_TASKS = "调动科室、去掉角色时名下的任务交接给谁（登录名）；keep 是仍由本人办理"


class Switch(StrEnum):
    """How a switch is given."""

    ON = "on"
    OFF = "off"


@cli.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="文件.xlsx")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会怎样，不写入")] = False,
    same: Annotated[
        list[str], typer.Option("--same", metavar="登录名", help="表中改了姓名的，确是同一个人；可写多次")
    ] = [],  # noqa: B006
    tasks: Annotated[
        list[str], typer.Option("--tasks", metavar="登录名=接手人", help=f"{_TASKS}；可写多次")
    ] = [],  # noqa: B006
    empties: Empties = False,
    bureau: Bureau = None,
    as_json: Json = False,
) -> None:
    """从 Excel 导入人员；已有的登录名只改表中写了的栏目，错的行、要问的行逐行指出。"""
    from documents.office.people_sheet import read_people

    rows, problems, notes = read_people(file, empties=empties)
    with changing_bureau(bureau) as (session, unit):
        outcome = enrol(
            *(session, system_by(None, unit.id), unit, rows),
            renamed=same,
            tasks=dict(each.partition("=")[::2] for each in tasks),
        )
        if dry_run:
            session.rollback()
    wrong = sorted([*problems, *outcome.problems])
    if as_json:
        print_json({"dry_run": dry_run, **plain(outcome), "problems": wrong})
    else:
        would = "将" if dry_run else "已"
        say(
            f"{would}新增 {len(outcome.added)} 人，更新 {len(outcome.changed)} 人，未变 {len(outcome.unchanged)} 人"
        )
        if outcome.new_units:
            say(f"{would}登记科室：{'、'.join(outcome.new_units)}")
        for login, shifts in outcome.shifts.items():
            say(f"{login}　{'；'.join(each.line for each in shifts)}")
        for row, what in sorted({*notes, *outcome.notes}):
            say(f"第 {row} 行：{what}")
        for row, what in wrong:
            warn(f"第 {row} 行：{what}")
        for ask in outcome.asks:
            answer = f"--tasks {ask.login}=keep（或接手人）" if ask.is_move else f"--same {ask.login}"
            would = "；".join(each.line for each in ask.shifts)
            warn(f"第 {ask.row} 行没有写入：{ask.says}。定了以后加 {answer}，将改 {would}")
    if wrong or outcome.asks:
        raise typer.Exit(1)


@cli.command("template")
def template(
    file: Annotated[Path, typer.Argument(metavar="文件.xlsx")],
    filled: Annotated[bool, typer.Option("--filled", help="带上现有的在岗人员，改好后可再导入")] = False,
    bureau: Bureau = None,
) -> None:
    """写出人员表的样表，或现有人员的表。"""
    from documents.office.people_sheet import write_template

    people = []
    if filled:
        with reading_bureau(bureau) as (session, unit):
            people = [person for person in list_people(session, unit.id) if person.is_active]
    write_template(file, people)
    say(f"已写出{f'现有 {len(people)} 人的人员表' if filled else '样表'} {file}")


@cli.command("list")
def list_(bureau: Bureau = None, as_json: Json = False) -> None:
    """列出人员。"""
    with ledger().reading() as session:
        bureau_id = units.bureau_named(session, bureau).id if bureau else None
        rows = list_people(session, bureau_id)
    cells = {
        "登录名": lambda row: row.login,
        "姓名": lambda row: row.name,
        "单位": lambda row: row.bureau,
        "科室": lambda row: row.unit,
        "职务": lambda row: row.position,
        "角色": lambda row: role_words(row.roles),
        "邮箱": lambda row: row.email or None,
        "邮件提醒": lambda row: MAIL[row.wants_mail],
    }
    empty = "还没有人员。可运行 rectify people template 人员.xlsx 取得样表，填好后 rectify people import 人员.xlsx"
    print_rows(rows, cells, as_json=as_json, empty=empty)


@cli.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="姓名")],
    login: Annotated[str, typer.Option("--login", metavar="登录名")],
    unit: Annotated[str, typer.Option("--unit", metavar="科室")],
    roles: Annotated[str, typer.Option("--roles", metavar="角色", help="如 责任人、科室负责人")] = "责任人",
    position: Annotated[str, typer.Option("--position", metavar="职务")] = "",
    phone: Annotated[str, typer.Option("--phone", metavar="手机")] = "",
    email: Annotated[str, typer.Option("--email", metavar="邮箱")] = "",
    bureau: Bureau = None,
) -> None:
    """登记一名人员。"""
    new = NewPerson(name, login, unit, position, parse_roles(roles), phone, email)
    with changing_bureau(bureau) as (session, home):
        person = add_person(session, system_by(), home, new)
        added, asked = person.name, set(new.roles or ()) - set(roles_of(session, person.id))
    say(f"已登记：{added}（{login}）" + (f"，{role_words(asked)}角色{WAITS}" if asked else ""))


@cli.command("set")
def set_(
    login: Annotated[str, typer.Argument(metavar="登录名")],
    name: Annotated[str | None, typer.Option("--name", metavar="姓名")] = None,
    unit_name: Annotated[str | None, typer.Option("--unit", metavar="科室")] = None,
    roles: Annotated[
        str | None, typer.Option("--roles", metavar="角色", help="全部角色，如 责任人、复核人")
    ] = None,
    position: Annotated[str | None, typer.Option("--position", metavar="职务")] = None,
    phone: Annotated[str | None, typer.Option("--phone", metavar="手机")] = None,
    email: Annotated[str | None, typer.Option("--email", metavar="邮箱")] = None,
    mail: Annotated[Switch | None, typer.Option("--mail", help=f"邮件提醒。{MAIL_OFF}")] = None,
    tasks: Annotated[str, typer.Option("--tasks", metavar="接手人", help=_TASKS)] = "",
    bureau: Bureau = None,
    on: On = None,
) -> None:
    """改动一名人员：只改写了的，其余不动。"""
    held = None if roles is None else parse_roles(roles)
    said = PersonChanges(
        name, unit_name, position, held, phone, email, None if mail is None else mail is Switch.ON
    )
    with changing_bureau(bureau) as (session, unit):
        person = person_of(session, unit.id, login)
        heir = person_of(session, unit.id, tasks) if tasks not in ("", KEEPS) else None
        by = system_by(on, unit.id)
        shifts = casework.change_person(session, by, person, said, successor=heir, keeps=tasks == KEEPS)
        called = person.name
    for each in shifts:
        say(f"{called}　{each.line}")
    if not shifts:
        say(f"{called}没有变化")
    if mail is Switch.OFF:
        say(MAIL_OFF)


@cli.command("code")
def code(
    logins: Annotated[list[str], typer.Argument(metavar="登录名", help="可写多个；有签字角色的人须单独发")],
    bureau: Bureau = None,
) -> None:
    """发登录码：三天内在“用登录码进入”输入一次，设置密码。"""
    codes = [new_code() for _ in logins]
    with changing_bureau(bureau) as (session, unit):
        people = [person_of(session, unit.id, login) for login in logins]
        is_given = bool(issue_codes(session, system_by(), people, codes))
        lines = [
            f"{each.name}　{each.login}　{made.printed if is_given else WAITS}"
            for each, made in zip(people, codes, strict=True)
        ]
    for line in lines:
        say(line)


@cli.command("requests")
def requests(bureau: Bureau = None, as_json: Json = False) -> None:
    """列出待第二人确认的角色和登录条；由另一人登录后在“人员与科室”或“变动记录”页确认。"""
    with reading_bureau(bureau) as (session, unit):
        rows = waiting(session, unit.id)
    cells = {
        "序号": lambda row: row.number,
        "事项": lambda row: row.what,
        "申请人": lambda row: row.asked_by,
        "申请时间": lambda row: f"{row.at.astimezone(settings().zone):%Y-%m-%d %H:%M}",
    }
    print_rows(rows, cells, as_json=as_json, empty="没有待确认的申请")
