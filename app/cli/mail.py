"""`rectify simulate`, `mail` and `sender`: what will be told, what was told, and the sending."""

from __future__ import annotations

import signal
import threading
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import (
    Json,
    clock,
    day_option,
    ledger,
    parse_day,
    plain,
    print_json,
    print_rows,
    say,
    settings,
)
from core.errors import NotFound, Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


cli = Cli("邮件：发过什么、为什么发、哪些没有送达。")


@cli.command("preview")
def preview(
    name: Annotated[str | None, typer.Argument(metavar="名称", help="不写则列出全部样例")] = None,
    html: Annotated[bool, typer.Option("--html", help="显示网页格式")] = False,
    as_json: Json = False,
) -> None:
    """用样例数据显示一种邮件的样子。"""
    from notifications.preview import NAMES
    from notifications.preview import preview as filled_in

    if name is None:
        print_json(NAMES) if as_json else say("\n".join(NAMES))
        return
    mail = filled_in(name)
    if as_json:
        print_json(mail._asdict())
    elif html:
        say(mail.html)
    else:
        say(f"主题：{mail.subject}\n\n{mail.text}")


@cli.command("log")
def log(
    undelivered: Annotated[bool, typer.Option("--undelivered", help="只看没有送达的")] = False,
    person: Annotated[str | None, typer.Option("--person", metavar="登录名")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="条数", min=1, max=10_000)] = 100,
    as_json: Json = False,
) -> None:
    """列出邮件：发给谁、按哪条规则、结果如何。"""
    from notifications.log import mail_log
    from rectification.labels import OUTBOX_STATUS

    with ledger().reading() as session:
        _require_known(session, person)
        rows = mail_log(session, login=person, undelivered=undelivered, limit=limit)
    cells = {
        "编号": lambda row: row.id,
        "日期": lambda row: row.day,
        "收件人": lambda row: row.name,
        "邮箱": lambda row: row.address,
        "状态": lambda row: OUTBOX_STATUS[row.status],
        "主题": lambda row: row.subject,
        "任务和规则": lambda row: "；".join(f"{reason.code} {reason.label}" for reason in row.reasons),
        "原因": lambda row: row.last_error,
    }
    print_rows(rows, cells, as_json=as_json, empty="没有邮件")


@cli.command("resend")
def resend(ids: Annotated[list[int], typer.Argument(metavar="编号...")]) -> None:
    """重发未送达的邮件。"""
    from notifications.letterhead import Letterhead
    from notifications.log import resend as send_again

    letterhead = Letterhead.of(settings())
    with ledger().unit_of_work() as session:
        for message_id in ids:
            send_again(session, clock(), message_id, letterhead)
    say(f"{len(ids)} 封邮件已重新排队，由发信程序发出")


@cli.command("recall")
def recall(
    day: Annotated[date, typer.Argument(metavar="日期", parser=parse_day)],
    yes: Annotated[bool, typer.Option("--yes", help="确认收回；不写只预览")] = False,
    as_json: Json = False,
) -> None:
    """收回在错误日期（和今天以后各日）记下而没有人收到的提醒，之后按规则重新提醒。"""
    from notifications.recall import recall as take_back

    with ledger().unit_of_work() as session:
        found = take_back(session, clock(), day)
        if not yes:
            session.rollback()
    if as_json:
        print_json({"recalled": yes, **plain(found)})
        return
    say(
        f"{'已收回' if yes else '将收回'}：提醒 {found.told} 条，并入更高一级的 {found.superseded} 条，邮件 {found.mails} 封，"
        f"作业记录 {found.runs} 条"
    )
    if found.kept:
        say(f"{found.kept} 封邮件已经发出或可能已送达，收不回，仍在邮件记录中")
    say("下次作业运行时按规则重新提醒" if yes else "没有改动；确认无误后请加 --yes")


def _simulate(
    first: Annotated[date, day_option("--from")],
    last: Annotated[date, day_option("--to")],
    person: Annotated[str | None, typer.Option("--person", metavar="登录名")] = None,
    as_json: Json = False,
) -> None:
    """假如没有人办理，这段时间会发出哪些提醒、发给谁、按哪条规则；不写入、不发送。"""
    from notifications.letterhead import Letterhead
    from notifications.simulate import LEFT_OUT, simulate

    if last < first:
        raise typer.BadParameter("--to 的日期早于 --from")
    with ledger().reading() as session:
        _require_known(session, person)
        house = Letterhead.of(settings())
        messages = list(simulate(session, first, last, login=person, leaves=house.leaves, zone=house.zone))
    if as_json:
        print_json(
            [
                {
                    "date": message.date,
                    "to": message.to,
                    "template": message.template,
                    "tasks": [{"code": t.code, "rule": t.rule, "flow": t.flow} for t in message.tasks],
                    **({"notes": [note._asdict() for note in message.notes]} if message.notes else {}),
                }
                for message in messages
            ]
        )
        return
    cells = {
        "日期": lambda message: message.date,
        "收件人": lambda message: message.to,
        "方式": lambda message: "电话" if message.template == "phone" else "邮件",
        "任务和原因": lambda message: "；".join(
            (
                *(f"{task.code} {task.label}（{task.flow}）" for task in message.tasks),
                *(f"{note.text}（{note.flow}）" for note in message.notes),
            )
        ),
    }
    print_rows(messages, cells, as_json=False, empty="这段时间不会有提醒")
    say(LEFT_OUT)


def sender(
    once: Annotated[bool, typer.Option("--once", help="发完现在待发的就结束")] = False,
) -> None:
    """在 rectify up 之外再运行一个发送程序，直到被停止。"""
    from app.logs import logging_to
    from models.processes import take_part
    from notifications.sender import run_sender

    if once:
        _send_once()
        return
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    database = ledger()
    take_part(database, settings(), "sender")
    with logging_to(settings(), "sender.log"):
        run_sender(database, settings(), stop)


def _send_once() -> None:
    from app.logs import logging_to
    from notifications.health import waiting_mails
    from notifications.sender import send_due

    database = ledger()
    with logging_to(settings(), "sender-once.log"):
        seen_to = send_due(database, settings())
    done = f"写入文件夹 {settings().mail_dir}" if settings().smtp_url is None else "交给发件服务器"
    say(f"{seen_to} 封邮件已{done}" if seen_to else "没有到时间的待发邮件")
    with database.reading() as session:
        if left := waiting_mails(session, clock()):
            raise Refused(f"还有 {left} 封邮件没有发出", "", "请用 rectify mail log 查看原因，稍后再试")


def _require_known(session: Session, login: str | None) -> None:
    from rectification.office.people import person_by_login

    if login is not None and person_by_login(session, login) is None:
        raise NotFound(f"没有登录名为“{login}”的人员", "", "可用 rectify people list 查看登录名")


def add_to(root: typer.Typer) -> None:
    """Put these commands at the top level."""
    root.add_typer(cli, name="mail")
    root.command("simulate")(_simulate)
    root.command("sender")(sender)
