"""`rectify audit`, `calendar`: keeping an installation well."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import (
    Bureau,
    Json,
    fail,
    ledger,
    print_json,
    print_rows,
    print_table,
    reading_bureau,
    say,
    settings,
    system_by,
)
from models.organisation import Unit
from rectification.casework.opening import announce
from rectification.labels import PROVISIONAL_YEAR
from rectification.office import journal
from rectification.office.calendar import (
    HolidayNotice,
    changed_days,
    decoded,
    read_notice,
    shipped_notice,
    year_of,
)
from rectification.office.chain import GENESIS
from rectification.office.history_words import history
from rectification.office.notice_text import read_notice_text
from rectification.office.units import bureau_ids
from rectification.task.audit import verify as verify_history
from rectification.task.fault_words import fault_text

calendar = Cli()
audit = Cli()


@calendar.command("show")
def show_year(
    year: Annotated[int, typer.Argument(metavar="年份", min=1990, max=2100)], as_json: Json = False
) -> None:
    """显示一年的放假和补班安排及其依据。"""
    with ledger().reading() as session:
        shown = year_of(session, year)
    if as_json:
        print_json(shown)
        return
    say(f"{year} 年　依据：{shown.notice}" if shown.notice else f"{year} 年的{PROVISIONAL_YEAR}")
    print_table(
        ("日期", "安排", "名称"),
        ((str(day), "上班" if works else "放假", name) for day, works, name in shown.days),
        empty="",
    )


@calendar.command("import")
def import_year(
    file: Annotated[Path, typer.Argument(metavar="文件.toml|.txt", help="安排文件，或通知的文字")],
    replace: Annotated[
        bool, typer.Option("--replace", help="换掉这一年原有的安排；不写就加到原有的上面")
    ] = False,
) -> None:
    """录入国务院办公厅公布的放假安排或补充通知，并按新日历重算以工作日计的时限。"""
    is_text = file.suffix.lower() == ".txt"
    _put_in_force(read_notice_text(decoded(file)) if is_text else read_notice(file), replaces=replace)


@calendar.command("restore")
def restore_year(year: Annotated[int, typer.Argument(metavar="年份", min=1990, max=2100)]) -> None:
    """恢复随版本附带的那一年的放假安排。"""
    _put_in_force(shipped_notice(year), replaces=True)


def _put_in_force(notice: HolidayNotice, *, replaces: bool) -> None:
    with ledger().reading() as session:
        adds = not replaces and year_of(session, notice.year).notice is not None
        changed = changed_days(session, notice, adds=adds)
    moved = announce(ledger(), system_by(), notice, adds=adds)
    done = "已加到原有安排上" if adds else "已录入"
    say(f"{notice.year} 年的工作日历{done}，依据：{notice.number}")
    for each in changed:
        say(each.line)
    for task in moved:
        say(f"{task.code}　时限由 {task.before} 改为 {task.after}")


@audit.command("verify")
def verify(
    against: Annotated[
        str, typer.Option("--against", metavar="条数:校验码", help="以前印在材料或备份上的条数和校验码")
    ] = "",
    against_office: Annotated[
        str,
        typer.Option(
            "--against-office", metavar="条数:校验码", help="以前留存的单位和人员变动记录的条数和校验码"
        ),
    ] = "",
    bureau: Bureau = None,
    as_json: Json = False,
) -> None:
    """核验办理记录、单位和人员变动记录是否被改动、删除或调换，台账是否与之相符。"""

    def printed(option: str, text: str) -> tuple[int, str] | None:
        count, _, head = text.partition(":")
        if text and (not count.isdigit() or len(head) != len(GENESIS)):
            raise typer.BadParameter(f"{option} 应形如 128:校验码（64 位）")
        return (int(count), head.lower()) if text else None

    on_tasks, on_office = printed("--against", against), printed("--against-office", against_office)
    with reading_bureau(bureau) as (session, named):
        found = {named.name: verify_history(session, named.id, against=on_tasks)}
        if bureau is None:  # and of every other one of the installation
            others = (session.get_one(Unit, each) for each in bureau_ids(session) if each != named.id)
            found |= {other.name: verify_history(session, other.id) for other in others}
        office = journal.verify(session, against=on_office)
    if as_json:
        first, *rest = map(asdict, found.values())
        print_json({**first, "office": asdict(office), "others": rest})
    told = [(f"{name}的办理记录", result, fault_text(result, name)) for name, result in found.items()]
    told.append(("单位和人员变动记录", office, fault_text(office)))
    for chain, result, _ in told:
        if not as_json and result.is_sound:
            say(f"{chain}完好，共 {result.count} 条，校验码 {result.head}")
    if wrong := [fault for _, _, fault in told if fault]:
        fail("；".join(wrong) + "。请与备份核对，并报告单位负责人")


@audit.command("office")
def office_events(
    limit: Annotated[int, typer.Option("--limit", min=1, help="最多列出多少条")] = 50, as_json: Json = False
) -> None:
    """列出变动记录：单位、人员、角色、登录和链接、设置和来源，以及导出和备份，新的在前。"""
    with ledger().reading() as session:
        events = history(session, limit=limit)
    zone = settings().zone
    cells = {
        "序号": lambda event: event.sequence,
        "时间": lambda event: f"{event.at.astimezone(zone):%Y-%m-%d %H:%M}",
        "事项": lambda event: event.verb.word,
        "办理人": lambda event: event.actor + (f"（{event.recorder}代录）" if event.recorder else ""),
        "途径": lambda event: event.channel.word,
        "涉及": lambda event: event.concerning,
    }
    print_rows(events, cells, as_json=as_json, empty="还没有变动记录")
