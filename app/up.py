"""`rectify up`: everything resident in one process - the scheduler and the sender - until it is told to stop.

There are no child processes, so nothing can be left behind, however the process ends.
"""

import errno
import logging
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Final

from app import scheduler as clockwork
from app.logs import log_to_folder
from core.clock import read_clock
from core.db import Database
from core.errors import Conflict, Misconfigured
from core.settings import Settings
from notifications.sender import run_sender
from rectification.installation import open_ledger

NAP: Final = timedelta(seconds=1)

log = logging.getLogger("rectify.up")


def up(settings: Settings) -> None:
    """Run until SIGTERM, SIGINT or Ctrl+C; what is being done then is finished first.

    Raises: Conflict, where another process holds the port; Misconfigured.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with held_port(settings.host, settings.port):
        database = open_ledger(settings, read_clock(settings.zone))
        log_to_folder(settings, "rectify.log")
        with residents(settings, database):
            log.info("up, engine %s", settings.engine)
            while not stop.wait(NAP.total_seconds()):  # a bare wait() would not see Ctrl+C on Windows
                pass
        database.dispose()
        log.info("down")


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
def held_port(host: str, port: int) -> Iterator[socket.socket]:
    """The address the board answers on, ours as long as the block.

    Raises: Conflict, where it is taken; Misconfigured, where it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as held:
        if sys.platform != "win32":
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((host, port))
            held.listen(128)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Conflict(
                    f"{host}:{port} 已被占用", "整改台账可能已在运行", "请先停止它，或用 --port 另选一个端口"
                ) from error
            raise Misconfigured(
                f"无法在 {host}:{port} 上提供服务", error.strerror or str(error), "请检查 --host 和 --port"
            ) from error
        yield held
