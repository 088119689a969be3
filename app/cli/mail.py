"""`rectify mail`, `sender`: what mail looks like, and a sender beside the resident one."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import typer

from app.cli.chinese import Cli
from app.cli.common import Json, ledger, print_json, say, settings

cli = Cli("邮件：样例和收发记录。")


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


def sender() -> None:
    """在 rectify up 之外再运行一个发送程序，直到被停止。"""
    from app.logs import logging_to
    from notifications.sender import run_sender

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    database = ledger()
    with logging_to(settings(), "sender.log"):
        run_sender(database, settings(), stop)


def add_to(root: typer.Typer) -> None:
    """Put these commands at the top level."""
    root.add_typer(cli, name="mail")
    root.command("sender")(sender)
