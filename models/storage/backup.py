"""One file that holds everything: the ledger as a snapshot, the evidence by its hashes, and a manifest that proves both.

It stands here, and not in a room of its own, because what must be kept is what is stored, and because the nightly
step, the command line and `upgrade` all reach it from above.
The snapshot is taken before the evidence: evidence is only ever added under the name of its hash, so every file the
snapshot speaks of is there. Settings and secrets of the data folder are left out, and passwords, but of the copies that
stay on this machine so that what replaced a ledger can be undone.
"""

import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.db import Database
from core.errors import Misconfigured, Refused
from models import schema
from models.storage import snapshot

LEDGER: Final = "rectify.db"
MANIFEST: Final = "manifest.json"
EVIDENCE: Final = "evidence/"
NIGHTLY: Final = "rectify-????-??-??.zip"
INCOMPLETE: Final = "incomplete.zip"
"""The newest that lacked a file."""
BEFORE: Final = "before-*.zip"  # but not the folders of what was moved aside
_UNFINISHED: Final = ".backup-"
_CHUNK: Final = 1 << 20
_HASH_NAMED: Final = re.compile(r"[0-9a-f]{64}")


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ChainEnd(_Value):
    """The end of a history's chain: what `audit verify --against` compares. The office's own belongs to no bureau."""

    bureau_id: int | None
    sequence: int
    hash: str


class KeptFile(_Value):
    """One evidence file, by its path within the evidence folder."""

    path: str = Field(pattern=r"^([0-9a-f]+/)*[0-9a-f]{64}$")
    sha256: str
    size: int


class Manifest(_Value):
    """What a backup holds. `missing` is evidence the ledger speaks of that was not in the folder."""

    format: Literal[1] = 1
    made_at: datetime
    revision: str
    ledger_sha256: str
    tables: dict[str, int]
    heads: tuple[ChainEnd, ...]
    evidence: tuple[KeptFile, ...]
    missing: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def write_backup(
    database: Database,
    evidence_dir: Path,
    file: Path,
    *,
    now: datetime,
    with_passwords: bool = False,
    lacking: Path | None = None,
) -> Manifest:
    """Write a backup while the program runs; `file` appears whole or not at all, readable by its owner alone.

    With `lacking` only its own ledger's backup is replaced, and by a whole one: one that lacks evidence becomes `lacking`.
    Raises: Refused, where there is no ledger yet; Misconfigured, where the file cannot be written, or is another ledger's.
    """
    if schema.current(database) is None:
        raise Refused("还没有台账，无可备份", "", "请先导入报告或登记单位")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=_UNFINISHED) as folder:  # closed to others
            ledger, unfinished = Path(folder) / LEDGER, Path(folder) / "backup.zip"
            snapshot.take(database, ledger, with_passwords=with_passwords)
            first = _first_event(ledger)
            if lacking is not None:
                _must_not_be_of_another(file, first)
            with zipfile.ZipFile(unfinished, "w") as archive:
                archive.comment = first.encode()
                manifest = _fill(archive, ledger, evidence_dir, now)
            unfinished.chmod(0o600)
            unfinished.replace(lacking if lacking and manifest.missing else file)
    except OSError as error:
        raise Misconfigured(
            f"备份文件 {file} 写不成", error.strerror or str(error), "请检查磁盘空间和文件夹权限后重试"
        ) from error
    return manifest


def _must_not_be_of_another(file: Path, first: str) -> None:
    """Two ledgers began with two events: by the first one is known whose backup stands there."""
    if is_of_another(file, first):
        raise Misconfigured(
            f"备份文件 {file} 是另一个台账的，没有覆盖",
            "两个台账的备份不能放在同一个文件夹里",
            "请用 rectify setup --backups 为本台账另选一个文件夹",
        )


def _first_event(ledger: Path) -> str:
    """Empty for a ledger without any, or of before there were events of the office."""
    with closing(sqlite3.connect(ledger)) as kept, suppress(sqlite3.DatabaseError):
        for (first,) in kept.execute("SELECT hash FROM office_event ORDER BY sequence LIMIT 1"):
            return str(first)
    return ""


def is_of_another(file: Path, first: str) -> bool:
    """Whether a backup is of a ledger that did not begin with this event; an older program's does not say."""
    with suppress(OSError, zipfile.BadZipFile), zipfile.ZipFile(file) as archive:
        return archive.comment.decode() not in ("", first)
    return False


class Incomplete(Misconfigured):
    """Evidence the ledger speaks of is in no backup's reach."""


def incomplete(made: Manifest, file: Path) -> Incomplete:
    """What is said of a backup that lacks something."""
    return Incomplete(
        f"备份不完整：有 {len(made.missing)} 份佐证材料不在数据文件夹中，或已损坏",
        f"能备份的已写入 {file}",
        "请用 rectify doctor 查看是哪些，用 rectify restore 备份.zip --evidence 补回；补不回的按误传清除登记",
    )


def drop_old(folder: Path, *, keep: int, now: datetime) -> int:
    """Remove nightly backups but the newest `keep`, copies with passwords after a month, and what a killed backup left
    behind; files named otherwise are left alone. Returns how many went.
    """
    old = sorted(folder.glob(NIGHTLY))[:-keep]
    for pattern, days in ((BEFORE, timedelta(days=30)), (f"{_UNFINISHED}*", timedelta(days=1))):
        old += [each for each in folder.glob(pattern) if each.stat().st_mtime < (now - days).timestamp()]
    for each in old:
        shutil.rmtree(each) if each.is_dir() else each.unlink()
    return len(old)


def _fill(archive: zipfile.ZipFile, ledger: Path, evidence_dir: Path, now: datetime) -> Manifest:
    ledger_sha256, _ = _pack(archive, ledger, LEDGER, zipfile.ZIP_DEFLATED)
    evidence = []
    for file in _evidence_files(evidence_dir):
        path = file.relative_to(evidence_dir).as_posix()
        sha256, size = _pack(archive, file, EVIDENCE + path, zipfile.ZIP_STORED)
        evidence.append(KeptFile(path=path, sha256=sha256, size=size))
    with closing(sqlite3.connect(ledger)) as kept:
        manifest = Manifest(
            made_at=now,
            ledger_sha256=ledger_sha256,
            evidence=tuple(evidence),
            missing=tuple(sorted(_spoken_of(kept) - {item.sha256 for item in evidence})),
            **_described(kept),
        )
    archive.writestr(MANIFEST, manifest.model_dump_json(indent=1), zipfile.ZIP_DEFLATED)
    return manifest


def _evidence_files(folder: Path) -> list[Path]:
    """Files under their hash's name; anything else there is an upload not yet finished.

    Raises: Misconfigured, for a folder that cannot be read: what lies in it is not missing.
    """

    def refused(error: OSError) -> None:
        raise Misconfigured(
            f"读不了佐证文件夹 {error.filename}，没有备份", error.strerror or "", "请检查文件夹的权限和磁盘"
        )

    found = os.walk(folder, onerror=refused) if folder.exists() else ()
    return sorted(
        Path(root, name) for root, _, names in found for name in names if _HASH_NAMED.fullmatch(name)
    )


def _pack(archive: zipfile.ZipFile, file: Path, name: str, compression: int) -> tuple[str, int]:
    """Copy a file into the archive and tell its hash and size."""
    entry = zipfile.ZipInfo.from_file(file, name)
    entry.compress_type = compression
    with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
        return copied(source, target)


def copied(source: IO[bytes], target: IO[bytes] | None) -> tuple[str, int]:
    """Read `source` to its end, into `target` where there is one; returns the SHA-256 and the size."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    return digest.hexdigest(), size


def _described(ledger: sqlite3.Connection) -> dict[str, Any]:
    names = [
        name
        for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ]
    counts = {name: ledger.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    heads = ledger.execute("SELECT bureau_id, sequence, hash FROM chain_head ORDER BY bureau_id").fetchall()
    if "office_head" in names:  # not before schema 0003
        heads += ledger.execute("SELECT NULL, sequence, hash FROM office_head").fetchall()
    return {
        "revision": ledger.execute("SELECT version_num FROM alembic_version").fetchone()[0],
        "tables": counts,
        "heads": tuple(ChainEnd(bureau_id=b, sequence=s, hash=h) for b, s, h in heads),
    }


def _spoken_of(ledger: sqlite3.Connection) -> set[str]:
    """The hashes of the files the ledger says it has: evidence, papers as meetings heard them, reports as they came."""
    rows = ledger.execute(
        "SELECT sha256 FROM evidence WHERE sha256 <> '' AND purge_witness_id IS NULL"
        " UNION SELECT sha256 FROM hearing_paper"
    )
    spoken_of = {sha256 for (sha256,) in rows}
    with suppress(sqlite3.OperationalError):  # before schema 0015 no report had its file
        spoken_of |= {sha256 for (sha256,) in ledger.execute("SELECT sha256 FROM report WHERE size > 0")}
    return spoken_of
