"""A throw-away PostgreSQL cluster for tests: made in a temporary folder, gone with the session."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

_QUICK = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
}


@dataclass(frozen=True)
class Cluster:
    """A running server that listens on a socket in its own folder and on no port."""

    folder: Path
    bin: Path
    numbers: Iterator[int]
    run: Callable[..., None]

    def url(self, name: str, driver: str = "psycopg") -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+{driver}://rectify@/{name}?host={self.folder}"

    def create(self, template: str = "template1", name: str | None = None) -> str:
        """Make a database, a copy of `template` (to which nobody may be connected), and return its name."""
        made = name or f"test_{next(self.numbers)}"
        self._execute(f"CREATE DATABASE {made} TEMPLATE {template}")
        return made

    def restart(self) -> None:
        """Stop and start the server as its administrator would: whoever is connected is cut off."""
        self.run("pg_ctl", "restart", "-w", "-m", "fast", "-D", str(self.folder / "data"))

    def kill(self, away_seconds: float) -> None:
        """kill -9 of the server, which is started again after a while, as systemd would."""
        data = self.folder / "data"
        os.kill(int((data / "postmaster.pid").read_text(encoding="ascii").split()[0]), signal.SIGKILL)
        time.sleep(away_seconds)  # its processes see that it is gone, and end
        options = (data / "postmaster.opts").read_text(encoding="ascii").split(maxsplit=1)[1].replace('"', "")
        self.run("pg_ctl", "start", "-w", "-D", str(data), "-l", f"{data}/log", "-o", options)

    def drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def connect(self, name: str = "postgres") -> psycopg.Connection[Any]:
        """A connection of its own, each statement committed at once."""
        return psycopg.connect(f"host={self.folder} user=rectify dbname={name}", autocommit=True)

    def _execute(self, statement: str) -> None:
        with self.connect() as connection:
            connection.execute(statement.encode())


_SHAPE = b"""
SELECT md5(string_agg(concat_ws(' ', attrelid, attname, atttypid, atttypmod, attnotnull, attisdropped), ',' ORDER BY attrelid, attnum)),
       (SELECT md5(string_agg(pg_get_constraintdef(oid), ',' ORDER BY oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
       (SELECT md5(string_agg(indexdef, ',' ORDER BY indexdef)) FROM pg_indexes WHERE schemaname = 'public'),
       (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),
       (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND attnum > 0
"""


class Ledgers:
    """Databases like a template, emptied after a test and given out again.

    Copying one costs some twenty times as much. A database whose schema a test changed is dropped.
    """

    def __init__(self, cluster: Cluster, template: str) -> None:
        self._cluster, self._template = cluster, template
        self._free: list[str] = []
        with cluster.connect(template) as connection:
            self._shape = connection.execute(_SHAPE).fetchone()
            names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
            self._tables = [name for (name,) in connection.execute(names)]
            rows = {name: self._rows(connection, name) for name in self._tables}
            self._rows_at_first = {name: data for name, data in rows.items() if data}
            counters = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
            self._counters = connection.execute(counters).fetchall()

    def take(self) -> str:
        """The name of a database as the template is."""
        return self._free.pop() if self._free else self._cluster.create(template=self._template)

    def give_back(self, name: str) -> None:
        """Empty it for the next; whoever is still connected is cut off."""
        with self._cluster.connect(name) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [name],
            )
            is_alike = connection.execute(_SHAPE).fetchone() == self._shape
            if is_alike:
                self._empty(connection)
        if is_alike:
            self._free.append(name)
        else:
            self._cluster.drop(name)

    def _empty(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute("SET session_replication_role = replica")  # no foreign key is looked at meanwhile
        connection.execute(";".join(f'DELETE FROM "{name}"' for name in self._tables).encode())
        for name, data in self._rows_at_first.items():
            with connection.cursor().copy(f'COPY "{name}" FROM STDIN'.encode()) as copy:
                copy.write(data)
        for sequence, last in self._counters:
            connection.execute(
                "SELECT setval(%s::regclass, %s, %s)", [f'"{sequence}"', last or 1, last is not None]
            )

    @staticmethod
    def _rows(connection: psycopg.Connection[Any], name: str) -> bytes:
        with connection.cursor().copy(f'COPY "{name}" TO STDOUT'.encode()) as copy:
            return b"".join(bytes(block) for block in copy)


@contextmanager
def running_cluster(settings: Mapping[str, str] = _QUICK) -> Iterator[Cluster]:
    """Start a cluster as a user who is not root; skip where PostgreSQL is not installed, fail in CI.

    Its settings forgo safety for speed unless others are given.
    """
    programs = _programs()
    account = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="rectify-pg-"))
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, *arguments],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            user=None if account is None else account.pw_uid,
            group=None if account is None else account.pw_gid,
            extra_groups=None if account is None else [],
        )

    data = str(folder / "data")
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    try:
        run("initdb", "-D", data, "-U", "rectify", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "start", "-w", "-D", data, "-l", f"{data}/log", "-o", f"{options} -k {folder}")
        try:
            yield Cluster(folder, programs, count(), run)
        finally:
            run("pg_ctl", "stop", "-D", data, "-m", "immediate")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else []
    found += [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found)
    reason = "PostgreSQL is not installed: no initdb on PATH or under /usr/lib/postgresql"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom to run the server as: root may not, so its package's own user must."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None
