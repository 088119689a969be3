"""A throw-away PostgreSQL cluster for tests: made in a temporary folder, gone with the session."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

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

    def drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(
            f"host={self.folder} user=rectify dbname=postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


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
