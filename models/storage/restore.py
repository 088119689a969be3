"""Putting a backup back, on either database, whichever it was taken from."""

import shutil
import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import func, select

from core.db import Database
from core.errors import Conflict, Misconfigured, Unreadable
from core.files import FileStore
from models import schema
from models.enums import EvidenceFault
from models.history import TaskEvent
from models.organisation import Unit
from models.storage import snapshot
from models.storage.backup import EVIDENCE, LEDGER, MANIFEST, KeptFile, Manifest, copied, write_backup
from models.storage.evidence_check import evidence_faults
from models.task import RectificationTask


def restore_backup(
    database: Database,
    evidence_dir: Path,
    file: Path,
    *,
    replace_into: Path | None = None,
    now: datetime,
    keeps_schema: bool = False,
    agree: Callable[[str, str], None] = lambda *_: None,
) -> tuple[Manifest, list[Path]]:
    """Verify a backup from end to end, then make ledger and evidence what it says; the ledger is brought up to date.

    Where a ledger is in use it is replaced only if `replace_into` names a folder: what stood there is kept in it first,
    once `agree` was told in words what stands there and what comes instead; it raises where it does not.
    Nothing is touched before everything has verified. With `keeps_schema` the ledger stays at the backup's, for the
    program that wrote it. Returns what the backup held, and where what it replaced is kept.
    Raises: Unreadable, for a damaged file; Misconfigured, for a newer schema; Conflict, for a ledger in use.
    """
    with _opened(file) as archive, tempfile.TemporaryDirectory(prefix="rectify-restore-") as folder:
        manifest, ledger = _manifest(archive, file), Path(folder) / LEDGER
        if manifest.revision > schema.HEAD:
            raise Misconfigured(
                f"备份 {file.name} 的版本 {manifest.revision} 比本程序（{schema.HEAD}）新",
                "",
                "请升级程序后再恢复",
            )
        if replace_into is None and _is_in_use(database, evidence_dir):
            raise Conflict(
                "这里已有台账或佐证材料，没有恢复",
                "恢复会替换现有台账",
                "确需替换请加 --replace，现有台账会先备份",
            )
        aside = (replace_into or evidence_dir.parent) / f"before-restore-{now:%Y%m%d-%H%M%S}"
        copy = aside.with_suffix(".zip")
        _verify(archive, manifest, ledger, file)
        if replace_into is not None and schema.require_not_newer(database) is not None:
            with Database(f"sqlite:///{ledger}") as unpacked:
                agree(_standing(database), _standing(unpacked))
            write_backup(database, evidence_dir, copy, now=now, with_passwords=True)
        revision = manifest.revision if keeps_schema else schema.HEAD
        with Database(f"sqlite:///{ledger}") as unpacked:
            schema.upgrade(unpacked, to=revision)
        for item in manifest.evidence:
            _put_right(archive, item, evidence_dir, aside)
        snapshot.put_back(ledger, database, revision)
    return manifest, [place for place in (copy, aside) if place.exists()]


def mend_evidence(database: Database, store: FileStore, file: Path, aside: Path) -> tuple[int, int]:
    """Put missing and altered evidence right from a backup, altered files being kept in `aside`; the ledger stays as it is.

    Returns how many files were put right, and how many the backup did not have. Raises: Unreadable, for a damaged backup.
    """
    with _opened(file) as archive, tempfile.TemporaryDirectory(prefix="rectify-restore-") as folder:
        manifest = _manifest(archive, file)
        _verify(archive, manifest, Path(folder) / LEDGER, file)
        with database.reading() as session:
            faults = evidence_faults(session, store)
        lost = (EvidenceFault.MISSING, EvidenceFault.ALTERED)
        faulty = {each.sha256 for each in faults if each.fault in lost}
        wanted = [item for item in manifest.evidence if item.sha256 in faulty]
        for item in wanted:
            _put_right(archive, item, store.folder, aside)
    return len(wanted), len(faulty) - len(wanted)


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


def _standing(database: Database) -> str:
    """What a ledger of any schema holds, in words."""
    events = select(func.count(), func.max(TaskEvent.effective_on)).select_from(TaskEvent)
    with database.reading() as session:
        tasks = session.scalar(select(func.count(RectificationTask.id)))
        count, newest = session.execute(events).one()
    return f"任务 {tasks} 项，办理记录 {count} 条" + (f"，最近一条 {newest}" if newest else "")


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


def _put_right(archive: zipfile.ZipFile, item: KeptFile, evidence_dir: Path, aside: Path) -> None:
    """Let the store have this file; one that is not what its name says gives way to one that is, and is kept in `aside`."""
    target = evidence_dir / item.path
    is_there = target.exists()
    if is_there:
        with target.open("rb") as stored:
            found, _ = copied(stored, None)
        if found == item.sha256 or item.sha256 != target.name:
            return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_name(f"{target.name}.part")
    with archive.open(EVIDENCE + item.path) as source, unfinished.open("wb") as sink:
        copied(source, sink)
    unfinished.chmod(0o600)
    if is_there:
        aside.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.move(target, aside / target.name)
    unfinished.replace(target)
