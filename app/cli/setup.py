"""`rectify setup`: what an installation must know before its first start, asked or given, written to rectify.toml."""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.cli.common import clock, ledger, say, settings, system_by, warn
from core.errors import Misconfigured, RectifyError, Refused
from core.mail_settings import PROVIDERS

if TYPE_CHECKING:
    from core.settings import Settings

_NO_MAIL: Final = "none"
_KINDS: Final = f"{'、'.join(PROVIDERS)}，或 smtps://服务器:端口；不外发写 {_NO_MAIL}"


def setup(
    bureau: Annotated[str | None, typer.Option("--bureau", metavar="单位全称", help="本单位")] = None,
    network: Annotated[
        bool | None, typer.Option("--network/--this-machine", help="同事的电脑能打开，或只有本机能打开")
    ] = None,
    port: Annotated[int | None, typer.Option("--port", metavar="端口", help="网页的端口")] = None,
    address: Annotated[str | None, typer.Option("--address", metavar="网址", help="大家打开的网址")] = None,
    mail: Annotated[str | None, typer.Option("--mail", metavar="种类", help=f"发件邮箱：{_KINDS}")] = None,
    mail_server: Annotated[
        str, typer.Option("--mail-server", metavar="服务器", help="exchange 的服务器")
    ] = "",
    mail_account: Annotated[
        str | None, typer.Option("--mail-account", metavar="邮箱", help="发件邮箱的完整地址")
    ] = None,
    mail_password: Annotated[
        Path | None, typer.Option("--mail-password", metavar="文件", help="写着授权码或密码的文件")
    ] = None,
    untried: Annotated[bool, typer.Option("--untried", help="邮箱不试连就保存（网络还没有通）")] = False,
    timezone: Annotated[
        str | None, typer.Option("--timezone", metavar="时区", help="默认 Asia/Shanghai")
    ] = None,
    backups: Annotated[
        str | None, typer.Option("--backups", metavar="文件夹", help="每天备份到哪里，应在另一块盘上")
    ] = None,
) -> None:
    """启动前的设置：单位、网址、邮箱、时间、备份。不写选项就逐项询问；只写几项就只改这几项。"""
    now = settings()
    given = (bureau, network, port, address, mail, timezone, backups)
    ask = _Questions(sys.stdin.isatty() and all(each is None for each in given))
    name = ask("本单位全称，与年度报告落款一致", bureau, _home_name(), _new_bureau)
    wanted: dict[str, Any] = {"timezone": timezone and _valid("timezone", timezone)}
    shown = f"{clock().now.astimezone(now.zone):%Y-%m-%d %H:%M}"
    if ask.asks and not typer.confirm(f"这台电脑的时间是 {shown}，对吗", default=True):
        raise Refused("时间不对会提醒错日子", "", "请先校准这台电脑的时间，再运行 rectify setup")
    if ask.asks:
        network = typer.confirm("同事要在自己的电脑上打开网页吗", default=True)
    if network is not None:
        wanted["host"] = "0.0.0.0" if network else "127.0.0.1"  # noqa: S104  (asked for)
    wanted["port"] = ask("网页的端口", port, now.port, partial(_valid, "port"))
    here = now.model_copy(update={key: value for key, value in wanted.items() if value})
    check = partial(_address, is_shared=bool(network))
    wanted["base_url"] = ask("大家打开的网址", address, now.base_url or here.own_url, check)
    if ask.asks and now.smtp_url and not typer.confirm("发件邮箱已经设置，要改吗", default=False):
        mail = None
    elif mail or ask.asks:
        wanted |= ask(
            f"发件邮箱（{_KINDS}）",
            mail,
            _NO_MAIL,
            lambda kind: _mail(ask, kind, mail_server, mail_account, mail_password, is_tried=not untried),
        )
    wanted["backup_folder"] = ask(
        "每天备份到哪个文件夹（应在另一块盘上）", backups, str(now.nightly_dir), partial(_folder, now)
    )
    _write(now.data_dir / "rectify.toml", {key: value for key, value in wanted.items() if value is not None})
    if name and not _home_name():
        from rectification.office.units import add_bureau

        with ledger().unit_of_work() as session:
            add_bureau(session, system_by(), name)
    for key in wanted:
        if f"RECTIFY_{key.upper()}" in os.environ:
            warn(f"环境变量 RECTIFY_{key.upper()} 优先于 rectify.toml，这一项没有改变")
    say(f"已写入 {now.data_dir / 'rectify.toml'}。启动：rectify up，已经在运行的请重启；检查：rectify doctor")


@dataclass(frozen=True, slots=True)
class _Questions:
    """What was given, else what is asked until it will do, else nothing: then it stays as it is."""

    asks: bool

    def __call__(self, question: str, given: Any, proposed: Any, check: Callable[[Any], Any]) -> Any:
        if given is not None:
            return check(given)
        while self.asks:
            try:
                return check(typer.prompt(question, default=proposed or None))
            except RectifyError as refusal:
                warn(refusal.line)
        return None


def _valid(key: str, value: Any) -> Any:
    """The value, as the settings would take it.

    Raises: Misconfigured.
    """
    return getattr(_with(**{key: value}), key)


def _with(**values: object) -> Settings:
    from core.settings import load_settings

    return load_settings(**values)


def _home_name() -> str:
    from rectification.office.units import home_bureau

    with ledger().reading() as session:
        home = home_bureau(session)
        return home.name if home else ""


def _new_bureau(name: str) -> str:
    from rectification.office.names import checked_name

    clean, known = checked_name(name, "单位名称"), _home_name()
    if known and clean != known:
        raise Refused(f"本单位已经登记为“{known}”", "", "改名请用 rectify unit rename")
    return clean


def _address(url: str, *, is_shared: bool) -> str:
    from rectification.office.address import Address

    valid: str = _valid("base_url", url.strip().rstrip("/"))
    if is_shared and Address(valid).is_local:
        raise Refused(
            f"{valid} 只有本机打得开", "", "请写这台电脑在单位网络里的地址，形如 http://10.1.2.3:8321"
        )
    return valid


def _mail(
    ask: _Questions, kind: str, server: str, account: str | None, password: Path | None, *, is_tried: bool
) -> dict[str, str]:
    """The settings of a mailbox that takes the password, or of one that shall be taken untried."""
    from app.doctor import Level, check_mail
    from core.mail_settings import mail_url

    if kind == _NO_MAIL:
        return {"smtp_url": "", "mail_from": ""}
    if kind not in PROVIDERS and "://" not in kind:
        raise Refused(f"没有叫“{kind}”的邮箱种类", "", f"可写 {_KINDS}")
    if kind == "exchange":
        server = ask("Exchange 服务器", server or None, None, str.strip) or ""
    sender = ask("发件邮箱的完整地址", account, None, str.strip)
    if ask.asks:
        secret = typer.prompt(
            "授权码或密码（163、126、qq 要用邮箱网页上开启 SMTP 后给的授权码）", hide_input=True
        )
    elif password is None or not sender:
        raise Refused("发件邮箱没有写全", "", "还要写 --mail-account 和 --mail-password")
    else:
        secret = password.read_text("utf-8-sig").strip()
    made = {"smtp_url": mail_url(kind, sender, secret, server), "mail_from": f"整改台账 <{sender}>"}
    found = check_mail(_with(**made)) if is_tried else None
    if found and found.level is Level.PROBLEM:
        if not ask.asks:
            raise Refused(found.what, found.todo, "设置没有保存；网络还没有通的，加 --untried")
        warn(f"{found.what}。{found.todo}")
        if not typer.confirm("仍然这样保存吗", default=False):
            raise Refused("发件邮箱没有设置", "", f"请重新选，或写 {_NO_MAIL}")
    return made


def _folder(now: Settings, path: str) -> str:
    """Where backups go; empty for the data folder's own place.

    Raises: Refused, for a place that would be lost with the ledger, or that cannot be written.
    """
    folder = Path(path.strip()).expanduser()
    if folder == now.backup_dir:
        return ""
    if not folder.is_absolute():
        raise Refused(f"“{path}”不是完整路径", "", "请从盘符或 / 写起")
    if folder.resolve().is_relative_to(now.data_dir.resolve()):
        raise Refused(f"{folder} 在数据文件夹里面", "会和台账一起丢失", "请另选一块盘上的文件夹")
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise Refused(
            f"备份文件夹 {folder} 建不了", error.strerror or "", "请先接上那块盘，或改权限"
        ) from error
    if not os.access(folder, os.W_OK):
        raise Refused(f"备份文件夹 {folder} 不能写入", "", "请改成运行本程序的帐号可写")
    if folder.stat().st_dev == now.data_dir.stat().st_dev:
        warn(f"{folder} 与台账在同一块盘上：盘坏了会一起丢失，只防误操作")
    return str(folder)


def _write(file: Path, wanted: Mapping[str, Any]) -> None:
    """Put these into the file and leave its other lines as they are; an empty text takes a setting out.

    Raises: Misconfigured, where the lines cannot be told apart; the file then stays.
    """
    text = file.read_text("utf-8-sig") if file.exists() else ""
    others = [line for line in text.splitlines() if not re.match(rf"({'|'.join(wanted) or '$^'})\s*=", line)]
    put = {key: value for key, value in wanted.items() if value != ""}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in put.items()]
    new = "\n".join([*lines, *others, ""])
    kept = {key: value for key, value in tomllib.loads(text).items() if key not in wanted}
    try:
        is_whole = tomllib.loads(new) == kept | put
    except tomllib.TOMLDecodeError:
        is_whole = False
    if not is_whole:
        raise Misconfigured(f"{file} 里有跨行的写法，没有改动", "", "请用记事本改好后再运行 rectify setup")
    with_new = file.with_suffix(".new")
    with_new.touch(mode=0o600)
    with_new.write_text(new, "utf-8")
    with_new.replace(file)
