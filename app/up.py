"""`rectify up`: everything in one process - the board, the scheduler and the sender - until it is told to stop.

There are no child processes, so nothing can be left behind, however the process ends.
"""

import errno
import logging
import signal
import socket
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from typing import Final

import uvicorn

from app import scheduler as clockwork
from app.demo.place import clear_outdated
from app.logs import logging_to
from app.web.application import create_app
from app.web.connections import MOST, PatientProtocol
from core.clock import Clock, read_clock
from core.db import Database
from core.errors import Conflict, Misconfigured
from core.settings import Settings
from models.enums import LinkPurpose
from models.processes import must_share_folder, take_part
from notifications.sender import run_sender
from rectification.casework.opening import open_ledger
from rectification.office.identity import installation
from rectification.office.signin import admin_locked_out, has_anyone_a_password, make_link
from rectification.office.wall_clock import clock_fault

GOODBYE: Final = timedelta(seconds=5)
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger("rectify.up")


def up(settings: Settings, announce: Callable[[str], None], *, is_demo: bool = False) -> None:
    """Run until SIGTERM, SIGINT or Ctrl+C; what is being done then is finished first.

    `announce` is told, line by line, where the board is and how to come in.

    Raises: Conflict, where another process holds the port; Misconfigured.
    """
    stop = threading.Event()
    for name in SIGNALS:
        signal.signal(name, lambda *_: stop.set())
    clock = read_clock(settings.zone)
    with held_port(settings.host, settings.port) as held:
        if is_demo and clear_outdated(settings.data_dir, clock.today):
            announce("演示数据不是今天的，已按今天重新生成")
        with (
            open_ledger(settings, clock) as database,
            resident_of(settings, database) as is_only_one,
            logging_to(settings, "rectify.log"),
        ):
            if is_demo:
                _make_demo(settings, database, clock)
            take_part(database, settings, f"up {settings.port}")
            with database.reading() as session:
                must_share_folder(session, settings.data_dir)
            server = board_server(settings, database)
            with residents(settings, database):
                log.info("up, engine %s", settings.engine)
                for line in greeting(settings, database, clock, is_only_one=is_only_one):
                    announce(line)
                for name in SIGNALS:
                    signal.signal(name, server.handle_exit)  # heard from now on, also while it is starting
                if not stop.is_set():
                    server.run(sockets=[held])
                log.info("told to stop")


def greeting(settings: Settings, database: Database, clock: Clock, *, is_only_one: bool = True) -> list[str]:
    """Where the board is; before anybody has a password also the link that makes the first person.

    A second one beside it makes none: the link the first one told would end.
    """
    here = settings.own_url
    lines = [f"整改台账已启动：{here}/    （按 Ctrl+C 停止）"]
    if warning := _transport_warning(settings):
        lines.append(warning)
    if not is_only_one:
        lines.append(
            f"数据文件夹 {settings.data_dir} 已经有一个 rectify up 在运行，首次启用的链接以它给出的为准；一般只要一个，请停止多余的"
        )
    with database.unit_of_work() as session:
        if fault := clock_fault(session, clock):
            lines.append(f"时钟不可信，定时作业暂不运行：{fault}")
        if installation(session).is_demo:
            lines.append(f"演示登录：{here}/signin    （点一个名字即可进入）")
        elif admin := admin_locked_out(session):
            lines.append(
                f"还没有人设过密码：请系统管理员 {admin.login} 打开恢复时打印的链接；"
                f"找不到的，运行 rectify people code {admin.login} 重发"
            )
        elif is_only_one and not has_anyone_a_password(session):
            token = make_link(session, clock, LinkPurpose.FIRST_START)
            there = settings.base_url.rstrip("/") or here
            lines.append(f"首次启用，请在 24 小时内打开：{there}/enter/{token}")
    return lines


def _transport_warning(settings: Settings) -> str:
    """What the installer must know of how passwords travel; empty where they are safe, or stay on this machine."""
    if settings.ssl_certfile or settings.trusted_proxies:
        return ""
    if settings.base_url.startswith("https://"):
        return (
            "网址是 https，但没有设置 RECTIFY_TRUSTED_PROXIES：不知道请求是否经过加密，来访地址都是代理的地址"
        )
    if settings.host == "localhost" or settings.host.startswith("127.") or settings.host == "::1":
        return ""
    return (
        "没有启用 HTTPS：密码和内容以明文经过网络，同一网络里的人能够截取；"
        "请用 --ssl-certfile 指定证书，或放在 nginx、Caddy 之后（见系统管理员说明）"
    )


def board_server(settings: Settings, database: Database) -> uvicorn.Server:
    """The board, ready to answer on a socket. What it takes of a client's patience stands in `connections`.

    Raises: Misconfigured, for a certificate that cannot be used.
    """
    config = uvicorn.Config(
        create_app(settings, database),
        ssl_certfile=settings.ssl_certfile,
        ssl_keyfile=settings.ssl_keyfile,
        http=PatientProtocol,
        ws="none",  # no page uses one, and it would leave the limits behind
        limit_concurrency=2 * MOST,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(GOODBYE.total_seconds()),
    )
    try:
        if settings.ssl_keyfile and not settings.ssl_certfile:
            raise ValueError("只写了私钥，没有写证书")
        config.load()
    except (OSError, ValueError) as error:
        raise Misconfigured(
            f"证书 {settings.ssl_certfile} 或它的私钥用不了" if settings.ssl_certfile else "私钥用不了",
            str(error),
            "请检查 --ssl-certfile、--ssl-keyfile：PEM 格式，私钥不设密码，两者是一对",
        ) from error
    return uvicorn.Server(config)


def _make_demo(settings: Settings, database: Database, clock: Clock) -> None:
    from app.demo.making import make_demo

    make_demo(settings, database, clock)


@contextmanager
def residents(settings: Settings, database: Database) -> Iterator[None]:
    """The sender and the scheduler, at work as long as the block; a Prefect engine has a scheduler of its own.

    Leaving waits until the mail and the shards in hand are done.
    """
    with ExitStack() as running:
        if settings.engine == "embedded":
            scheduler = clockwork.build(settings, database)
            scheduler.start()
            running.callback(scheduler.shutdown, wait=True)
        stop = threading.Event()
        sender = threading.Thread(target=run_sender, args=(database, settings, stop), name="sender")
        sender.start()
        running.callback(sender.join)
        running.callback(stop.set)
        yield


@contextmanager
def resident_of(settings: Settings, database: Database) -> Iterator[bool]:
    """Whether this is the only resident program of a data folder; of a ledger on PostgreSQL several are meant to run.

    SQLite's lock on an empty file is there on every system, and ends with its process however that ends.
    """
    if not database.is_sqlite:
        yield True
        return
    with closing(sqlite3.connect(settings.data_dir / "up.lock", timeout=0)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            yield False
        else:
            yield True


@contextmanager
def held_port(host: str, port: int) -> Iterator[socket.socket]:
    """The address the board answers on, ours as long as the block.

    Raises: Conflict, where it is taken; Misconfigured, where it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    # Named TCP, or asyncio leaves Nagle's algorithm on and every page of some size waits 40 ms for an acknowledgement.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as held:
        if sys.platform != "win32":
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((host, port))
            held.listen(128)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Conflict(
                    f"{where} 已被占用", "整改台账可能已在运行", "请先停止它，或用 --port 另选一个端口"
                ) from error
            raise Misconfigured(
                f"无法在 {where} 上提供服务", error.strerror or str(error), "请检查 --host 和 --port"
            ) from error
        yield held
