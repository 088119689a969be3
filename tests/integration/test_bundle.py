"""The offline bundle's scripts, with this Python for a program: installed, updated over an old ledger, taken back, removed."""

import gzip
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from getpass import getuser
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import pytest

from models import schema

ROOT = Path(__file__).parents[2]
BUNDLE = ROOT / "deploy" / "bundle"
OLD_LEDGER = ROOT / "tests" / "samples" / "ledgers" / "0001.sqlite.sql.gz"
RUN = f'exec "{sys.executable}" -c "from app.cli import main; main()" "$@"'
TOO_OLD = "exit 1"  # what a program does on a ledger of a newer one
pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(sys.platform != "linux", reason="scripts for Linux"),
]


class Machine:
    """A host's folders, and the scripts run on it without questions and without a service."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.to, self.data = folder, folder / "opt", folder / "data"

    def unpack(self, version: str, program: str = RUN) -> Path:
        """A bundle of this version as it lies unpacked."""
        here = self.folder / f"rectify-{version}"
        shutil.copytree(BUNDLE, here)
        (here / "VERSION").write_text(version + "\n")
        (here / "program" / "bin").mkdir(parents=True)
        for name, line in (("rectify", program), ("python", f'exec "{sys.executable}" "$@"')):
            (here / "program" / "bin" / name).write_text(f"#!/bin/sh\n{line}\n")
            (here / "program" / "bin" / name).chmod(0o755)
        files = sorted(file for file in here.rglob("*") if file.is_file())
        sums = [f"{sha256(file.read_bytes()).hexdigest()}  ./{file.relative_to(here)}" for file in files]
        (here / "SHA256SUMS").write_text("\n".join(sums) + "\n")
        return here

    def run(self, script: Path, *options: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RECTIFY_")}
        return subprocess.run(
            ["sh", script, *options],
            env=environment | {"DESTDIR": str(self.folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def install(self, bundle: Path) -> subprocess.CompletedProcess[str]:
        places = ("--to", self.to, "--data", self.data)
        return self.run(bundle / "install.sh", *places, "--user", getuser(), "--no-service")

    @property
    def version(self) -> str:
        return (self.to / "current" / "VERSION").read_text().strip()

    @property
    def schema(self) -> str:
        with closing(sqlite3.connect(self.data / "rectify.db")) as ledger:
            return str(ledger.execute("SELECT version_num FROM alembic_version").fetchone()[0])


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_an_old_ledger_is_updated_taken_back_and_left_where_it_is(machine: Machine) -> None:
    old, new = machine.unpack("0.1.0", TOO_OLD), machine.unpack("9.9.9")
    assert machine.install(old).returncode == 0
    assert machine.data.stat().st_mode & 0o777 == 0o700
    with closing(sqlite3.connect(machine.data / "rectify.db")) as ledger:
        ledger.executescript(gzip.decompress(OLD_LEDGER.read_bytes()).decode())

    assert "update.sh" in machine.install(new).stderr
    update = machine.run(new / "update.sh", "--to", machine.to)
    assert (update.returncode, machine.version, machine.schema) == (0, "9.9.9", schema.HEAD), update
    again = machine.run(new / "update.sh", "--to", machine.to)
    assert (again.returncode, machine.version) == (0, "9.9.9"), again
    (installed,) = {file.parent for file in machine.to.glob("9.9.9-*/update.sh")}

    back = machine.run(installed / "update.sh", "--back")
    assert (back.returncode, machine.version, machine.schema) == (0, "0.1.0", "0001"), back
    assert list((machine.data / "backups").glob("before-restore-*.zip"))

    removed = machine.run(machine.to / "current" / "uninstall.sh")
    assert removed.returncode == 0, removed
    assert "帐号" not in removed.stdout, "nobody is to delete the account he works with"
    assert not machine.to.exists()
    assert (machine.data / "rectify.db").exists()


def test_an_update_that_fails_leaves_the_program_before(machine: Machine) -> None:
    assert machine.install(machine.unpack("0.1.0")).returncode == 0
    broken = machine.run(machine.unpack("9.9.9", TOO_OLD) / "update.sh", "--to", machine.to)
    assert (broken.returncode, machine.version) == (1, "0.1.0")
    assert "没有升级" in broken.stderr


def test_the_program_moves_and_the_data_stay(machine: Machine) -> None:
    assert machine.install(machine.unpack("0.1.0")).returncode == 0
    there = machine.folder / "srv"
    moved = machine.run(machine.to / "current" / "install.sh", "--to", there, "--no-service")
    assert moved.returncode == 0, moved
    shutil.rmtree(machine.to)
    assert f"data={machine.data}\n" in (there / "install.conf").read_text()
    assert (there / "current" / "program" / "bin" / "rectify").exists()


@pytest.mark.parametrize("spoiled", ["program/bin/rectify", "install.sh", "SHA256SUMS"])
def test_a_spoiled_bundle_is_not_installed(machine: Machine, spoiled: str) -> None:
    bundle = machine.unpack("0.1.0")
    with (bundle / spoiled).open("a") as file:
        file.write("# changed on the way\n" if spoiled != "SHA256SUMS" else f"{'0' * 64}  ./lost\n")
    said = machine.install(bundle)
    assert said.returncode == 1
    assert "安装包不完整或被改动过" in said.stderr
    assert not machine.to.exists()


@pytest.mark.parametrize(
    ("to", "data", "word"),
    [
        ("opt", "opt/data", "卸载时会一起删掉"),
        ("程序", "data", "只用英文字母"),
        ("opt", "my data", "只用英文字母"),
    ],
)
def test_folders_that_would_make_trouble_are_refused(machine: Machine, to: str, data: str, word: str) -> None:
    machine.to, machine.data = machine.folder / to, machine.folder / data
    said = machine.install(machine.unpack("0.1.0"))
    assert said.returncode == 1
    assert word in said.stderr
    assert not machine.data.exists()


def test_nothing_of_the_host_s_reaches_into_the_program(tmp_path: Path) -> None:
    """With a locale like zh_CN.GB18030 the host's own converters would be loaded into it."""
    shutil.copytree(BUNDLE / "bin", tmp_path / "bin")
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "rectify-python").write_text("#!/bin/sh\nexec env\n")
    (tmp_path / "lib" / "rectify-python").chmod(0o755)
    theirs = {
        "LANG": "zh_CN.GB18030",
        "LC_ALL": "zh_CN.GB18030",
        "LD_PRELOAD": "/none",
        "PYTHONHOME": "/",
        "OPENSSL_CONF": "/",
    }
    said = subprocess.run(
        ["sh", tmp_path / "bin" / "python"],
        env=os.environ | theirs,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert {"LC_ALL=C", "OPENSSL_CONF=/dev/null"} <= set(said)
    assert not [line for line in said if line.startswith(("LD_PRELOAD=", "PYTHONHOME="))]


@pytest.mark.skipif(os.geteuid() != 0, reason="takes another account")
def test_a_file_the_ledger_s_account_cannot_read_is_said_to_be_so(machine: Machine, tmp_path: Path) -> None:
    """`sudo rectify report import` of a file in one's own folder was told that there is no such file."""
    machine.install(machine.unpack("0.1.0", 'echo ran; ls "$@"'))
    conf = machine.to / "install.conf"
    conf.write_text(conf.read_text().replace(f"user={getuser()}", "user=nobody"))
    closed = tmp_path / "closed" / "report.txt"
    closed.parent.mkdir(mode=0o700)
    closed.write_text("x")
    said = machine.run(machine.to / "rectify", "report", "import", closed)
    assert (said.returncode, said.stdout) == (1, "")
    assert f"帐号 nobody 读不到 {closed}" in said.stderr


def test_what_the_scripts_ask_of_the_program_is_in_it() -> None:
    asked = re.findall(r"from ([\w.]+) import (\w+)", (BUNDLE / "common.sh").read_text(encoding="utf-8"))
    assert asked
    for module, name in asked:
        assert hasattr(import_module(module), name), module


@pytest.mark.parametrize("script", sorted(BUNDLE.glob("*.bat")), ids=lambda script: script.name)
def test_windows_reads_every_line_of_its_scripts(script: Path) -> None:
    """What cmd.exe trips over and nobody sees here: ends of lines, a mark of order, Chinese before the code page is set."""
    text = script.read_bytes().decode("utf-8")
    assert text.count("\n") == text.count("\r\n") > 0
    before = text.partition("chcp 65001")[0]
    assert before.isascii(), "written before the code page says how it is written"
    blocks = re.sub(r'"[^"]*"|\^.', "", text)  # in a block, a folder named with a bracket would end it
    assert not re.search(r"\([^)]*%(TO|HERE|LOCALAPPDATA|APPDATA)%", blocks)
