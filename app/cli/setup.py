"""`rectify setup`: what an installation must know before its first start, asked or given, written to rectify.toml."""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from app.cli.common import clock, is_so, ledger, say, settings, system_by, warn
from core.errors import Misconfigured, RectifyError, Refused
from core.mail_settings import PROVIDERS

if TYPE_CHECKING:
    from core.settings import Settings

_NO_MAIL: Final = "none"
_SAME: Final = "不变"
_ASKED: Final = {"host", "port", "base_url", "smtp_url", "mail_from", "backup_folder", "timezone"}
_KINDS: Final = f"{'、'.join(PROVIDERS)}:服务器，或 smtps://服务器:端口；不外发写 {_NO_MAIL}"


def _option(name: str, metavar: str | None, told: str) -> Any:
    return typer.Option(name, metavar=metavar, help=told)


def setup(
    bureau: Annotated[str | None, _option("--bureau", "单位全称", "本单位")] = None,
    network: Annotated[
        bool | None, _option("--network/--this-machine", None, "同事能打开，或只有本机")
    ] = None,
    port: Annotated[int | None, _option("--port", "端口", "网页的端口")] = None,
    address: Annotated[str | None, _option("--address", "网址", "大家打开的网址")] = None,
    mail: Annotated[str | None, _option("--mail", "种类", f"发件邮箱：{_KINDS}")] = None,
    mail_account: Annotated[str | None, _option("--mail-account", "邮箱", "发件邮箱的完整地址")] = None,
    mail_password: Annotated[
        Path | None, _option("--mail-password", "文件", "写着密码；- 为标准输入；服务器不用登录的不写")
    ] = None,
    untried: Annotated[bool, _option("--untried", None, "邮箱不试连就保存（网络还没有通）")] = False,
    timezone: Annotated[str | None, _option("--timezone", "时区", "默认 Asia/Shanghai")] = None,
    backups: Annotated[str | None, _option("--backups", "文件夹", "每天备份到哪里，应在另一块盘上")] = None,
) -> None:
    """启动前的设置：单位、网址、邮箱、时间、备份。不写选项就逐项询问；只写几项就只改这几项。"""
    from rectification.office.address import address_of
    from rectification.office.identity import installation

    now = _settings_to_mend()
    with ledger().reading() as session:
        known, stands = installation(session).bureau, address_of(session, now)
    given = (bureau, network, port, address, mail, timezone, backups)
    is_silent = all(each is None for each in given)
    if is_silent and not sys.stdin.isatty():
        raise Refused(
            "没有改动设置", "这里没有可以回答问题的终端，也没有写选项", command="rectify setup --help"
        )
    ask = _Questions(is_silent)
    wanted: dict[str, Any] = {"timezone": timezone and _checked(timezone=timezone).timezone}
    shown = f"{clock().now.astimezone(now.zone):%Y-%m-%d %H:%M}"
    if ask.asks and not is_so(f"这台电脑的时间是 {shown}，对吗"):
        raise Refused("时间不对会提醒错日子", "", "请先校准这台电脑的时间，再运行 rectify setup")
    if ask.asks:
        network = is_so("同事要在自己的电脑上打开网页吗")
    if network is not None:
        wanted["host"] = "0.0.0.0" if network else "127.0.0.1"  # noqa: S104  (asked for)
    wanted["port"] = ask("网页的端口", port, now.port, lambda value: _checked(port=value).port)
    here = now.model_copy(update={key: value for key, value in wanted.items() if value})
    check = partial(_address, is_shared=bool(network))
    link = re.sub(rf"(?<=[^:/]):{now.port}(?=/|$)", f":{here.port}", stands.url)
    if stands.is_set and link != stands.url and not ask.asks:
        address = address or link  # it led to the port that was
    proposed = link if stands.is_set else here.own_url
    wanted["base_url"] = ask("大家打开的网址", address, proposed, check)
    mailbox = partial(_mail, ask, account=mail_account, password=mail_password, is_tried=not untried)
    wanted |= ask(f"发件邮箱（{_KINDS}）", mail, _SAME if now.smtp_url else _NO_MAIL, mailbox) or {}
    place = str(now.nightly_dir)
    wanted["backup_folder"] = ask("每天备份到哪里（应在另一块盘上）", backups, place, partial(_folder, now))
    ask("本单位全称，与年度报告落款一致", bureau, known, _register)
    _write(now.data_dir / "rectify.toml", {key: value for key, value in wanted.items() if value is not None})
    say(f"已写入 {now.data_dir / 'rectify.toml'}。启动：rectify up，已经在运行的请重启；检查：rectify doctor")


class _Questions(NamedTuple):
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


def _settings_to_mend() -> Settings:
    """The settings; lines of rectify.toml that are asked for here and cannot be used are taken out first."""
    from pydantic import ValidationError

    from core.settings import default_data_dir

    try:
        return settings()
    except Misconfigured as error:
        wrong = error.__cause__.errors() if isinstance(error.__cause__, ValidationError) else []
        mends = {each["loc"][0] for each in wrong} & _ASKED
        if not mends:
            raise
        warn(f"{error.what}：{error.why}。已从 rectify.toml 中去掉，请重新设置")
    file = Path(os.environ.get("RECTIFY_DATA_DIR") or default_data_dir()) / "rectify.toml"
    _write(file, {str(name): "" for name in mends})
    return settings()


def _checked(**values: object) -> Settings:
    """The settings with these among them.

    Raises: Misconfigured, for what they would not take.
    """
    from core.settings import load_settings

    return load_settings(**values)


def _register(name: str) -> None:
    from rectification.office.units import add_bureau, home_bureau

    with ledger().unit_of_work() as session:
        home = home_bureau(session)
        if home is None:
            add_bureau(session, system_by(), name)
        elif home.name != name.strip():
            raise Refused(f"本单位已经登记为“{home.name}”", "", "改名请在网页的“科室”里办")


def _address(url: str, *, is_shared: bool) -> str:
    from rectification.office.address import Address

    valid = _checked(base_url=url.strip().rstrip("/")).base_url
    if is_shared and Address(valid).is_local:
        raise Refused(
            f"{valid} 只有本机打得开", "", "请写这台电脑在单位网络里的地址，形如 http://10.1.2.3:8321"
        )
    return valid


def _mail(
    ask: _Questions, kind: str, *, account: str | None, password: Path | None, is_tried: bool
) -> dict[str, str]:
    """The settings of a mailbox that takes the password, or of one that shall be taken untried."""
    from app.doctor import Level, check_mail
    from core.mail_settings import mail_url

    if kind in (_SAME, _NO_MAIL):
        return {} if kind == _SAME else {"smtp_url": "", "mail_from": ""}
    if kind.partition(":")[0] not in PROVIDERS and "://" not in kind:
        raise Refused(f"没有叫“{kind}”的邮箱种类", "", f"可写 {_KINDS}")
    sender = ask("发件邮箱的完整地址", account, None, str.strip)
    is_relay = "://" in kind
    if ask.asks:
        hint = "服务器不用登录的直接回车" if is_relay else "163、126、qq 是邮箱网页上开启 SMTP 后给的授权码"
        nothing = "" if is_relay else None
        secret = typer.prompt(f"密码（{hint}）", default=nothing, show_default=False, hide_input=True)
    elif sender and password is None and is_relay:
        secret = ""
    elif not sender or not password or not (str(password) == "-" or password.is_file()):
        raise Refused(
            "发件邮箱没有写全", "", "还要写 --mail-account，--mail-password 是本程序读得到的文件或 -"
        )
    else:
        secret = (
            sys.stdin.readline() if str(password) == "-" else password.read_text("utf-8-sig", "replace")
        ).strip()
    made = {"smtp_url": mail_url(kind, sender, secret), "mail_from": f"整改台账 <{sender}>"}
    made_settings = _checked(**made)
    found = check_mail(made_settings) if is_tried else None
    if found and found.level is Level.PROBLEM:
        raise Refused(found.what, found.todo, f"没有保存；网络还没有通的，先写 {_NO_MAIL}，或加 --untried")
    return made


def _folder(now: Settings, path: str) -> str:
    """Where backups go; empty for the data folder's own place."""
    from app.doctor import Level, check_backups

    folder = Path(path.strip()).expanduser()
    if folder == now.backup_dir:
        return ""
    if not folder.is_absolute():
        raise Refused(f"“{path}”不是完整路径", "", "请从盘符或 / 写起")
    if folder.resolve().is_relative_to(now.data_dir.resolve()):
        raise Refused(f"{folder} 在数据文件夹里面", "会和台账一起丢失", "请另选一块盘上的文件夹")
    found = check_backups(_checked(backup_folder=folder))
    if found.level is Level.PROBLEM:
        raise Refused(found.what, "", found.todo)
    if found.level is Level.NOTE:
        warn(found.what)
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
        if tomllib.loads(new) != kept | put:
            raise ValueError(new)
    except ValueError as error:
        told = f"{file} 里有跨行的写法，没有改动"
        raise Misconfigured(told, "", "请用记事本改好后再运行 rectify setup") from error
    with_new = file.with_suffix(".new")
    with_new.touch(mode=0o600)
    with_new.write_text(new, "utf-8")
    with_new.replace(file)
