"""Putting a backup back, on either database, whichever it was taken from."""

import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import select

from core.db import Database
from core.errors import Conflict, Misconfigured, Unreadable
from models import schema
from models.organisation import Unit
from models.storage import snapshot
from models.storage.backup import EVIDENCE, LEDGER, MANIFEST, KeptFile, Manifest, copied, write_backup


def restore_backup(
    database: Database, evidence_dir: Path, file: Path, *, replace_into: Path | None = None, now: datetime
) -> Manifest:
    """Verify a backup from end to end, then make ledger and evidence what it says; the ledger is brought up to date.

    Where a ledger is in use it is replaced only if `replace_into` names a folder: what stood there is backed up into
    it first. Evidence is added, never overwritten. Nothing is touched before everything has verified.
    Raises: Unreadable, for a damaged file; Misconfigured, for a newer schema; Conflict, for a ledger in use.
    """
    with _opened(file) as archive, tempfile.TemporaryDirectory(prefix="rectify-restore-") as folder:
        manifest = _manifest(archive, file)
        if manifest.revision > schema.HEAD:
            raise Misconfigured(
                f"备份 {file.name} 的版本 {manifest.revision} 比本程序（{schema.HEAD}）新",
                "",
                "请升级程序后再恢复",
            )
        if _is_in_use(database, evidence_dir):
            if replace_into is None:
                raise Conflict(
                    "这里已有台账或佐证材料，没有恢复",
                    "恢复会替换现有台账",
                    "确需替换请加 --replace，现有台账会先备份",
                )
            if schema.current(database) is not None:
                kept = replace_into / f"before-restore-{now:%Y%m%d-%H%M%S}.zip"
                write_backup(database, evidence_dir, kept, now=now)
        ledger = Path(folder) / LEDGER
        _verify(archive, manifest, ledger, file)
        _add_evidence(archive, manifest, evidence_dir)
        snapshot.put_back(ledger, database)
    return manifest


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except FileNotFoundError as error:
        raise Unreadable(f"找不到备份文件 {file}", "", "请核对路径") from error
    except (OSError, zipfile.BadZipFile) as error:
        raise Unreadable(f"{file} 不是完好的备份文件", "文件不完整或不是备份", "请换一份备份") from error


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(archive.read(MANIFEST))
    except (KeyError, ValidationError, zipfile.BadZipFile) as error:
        raise Unreadable(f"{file} 不是整改台账的备份", "其中没有可读的清单", "请换一份备份") from error


def _is_in_use(database: Database, evidence_dir: Path) -> bool:
    if evidence_dir.is_dir() and any(evidence_dir.iterdir()):
        return True
    if schema.current(database) is None:
        return False
    with database.reading() as session:
        return session.scalar(select(Unit.id).limit(1)) is not None


def _verify(archive: zipfile.ZipFile, manifest: Manifest, ledger: Path, file: Path) -> None:
    """Read everything once against its hash; the ledger is unpacked on the way."""
    try:
        with archive.open(LEDGER) as source, ledger.open("wb") as target:
            found, _ = copied(source, target)
        damaged = [] if found == manifest.ledger_sha256 else [LEDGER]
        for item in manifest.evidence:
            with archive.open(EVIDENCE + item.path) as source:
                if copied(source, None) != (item.sha256, item.size):
                    damaged.append(item.path)
    except (KeyError, zipfile.BadZipFile) as error:
        raise Unreadable(f"{file} 已损坏，没有恢复", str(error), "请换一份备份") from error
    if damaged:
        raise Unreadable(
            f"{file} 已损坏，没有恢复", f"{len(damaged)} 个文件与清单不符，如 {damaged[0]}", "请换一份备份"
        )


def _add_evidence(archive: zipfile.ZipFile, manifest: Manifest, evidence_dir: Path) -> None:
    for item in manifest.evidence:
        target = evidence_dir / item.path
        if not target.exists():
            _unpack(archive, item, target)


def _unpack(archive: zipfile.ZipFile, item: KeptFile, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_name(f"{target.name}.part")
    with archive.open(EVIDENCE + item.path) as source, unfinished.open("wb") as sink:
        copied(source, sink)
    unfinished.chmod(0o600)
    unfinished.replace(target)
