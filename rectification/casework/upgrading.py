"""Upgrading a ledger: copied first, migrated in one transaction, and looked at afterwards; what lost something is put back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, text

from core.clock import Clock
from core.db import Database
from core.errors import Conflict
from core.settings import Settings
from models import schema
from models.history import OfficeEvent, TaskEvent
from models.storage.backup import Manifest, write_backup
from models.storage.restore import restore_backup
from rectification.casework.opening import tell_what_was_untold


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The revision a ledger came from, and its copy at that revision; none where there was nothing to do."""

    before: str | None
    copy: Path | None


def upgrade_ledger(settings: Settings, database: Database, clock: Clock) -> Upgraded:
    """Bring a ledger to this program's schema. Killed at any moment, it stands at the old one or the new, whole.

    Raises: Misconfigured, for a ledger of a newer program; Conflict, where rows or history were lost: then it is put back.
    """
    before = schema.require_not_newer(database)
    if before in (None, schema.HEAD):
        schema.upgrade(database)
        return Upgraded(before, None)
    copy = settings.backup_dir / f"before-upgrade-{before}-{schema.HEAD}-{clock.now:%Y%m%d-%H%M%S}.zip"
    made = write_backup(database, settings.evidence_dir, copy, now=clock.now, with_passwords=True)
    schema.upgrade(database)
    try:
        tell_what_was_untold(database, clock)
        if lost := list(_lost(database, made)):
            raise Conflict(
                "升级没有成功，已退回升级前的台账",
                "；".join(lost),
                f"请继续用旧程序，把这句话告诉提供者；升级前的备份：{copy}",
            )
    except BaseException:
        restore_backup(
            database,
            settings.evidence_dir,
            copy,
            replace_into=settings.backup_dir,
            now=clock.now,
            keeps_schema=True,
        )
        raise
    return Upgraded(before, copy)


def _lost(database: Database, made: Manifest) -> Iterator[str]:
    """What the ledger had before and has no longer: a migration adds, and what it replaces it counts anew."""
    with database.reading() as session:
        for table, rows in made.tables.items():
            now = session.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()  # noqa: S608  (our own tables)
            if now < rows:
                yield f"{table} 由 {rows} 行变为 {now} 行"
        for head in made.heads:
            if head.bureau_id is None:
                link = select(OfficeEvent.hash).where(OfficeEvent.sequence == head.sequence)
            else:
                link = select(TaskEvent.hash).where(
                    TaskEvent.bureau_id == head.bureau_id, TaskEvent.sequence == head.sequence
                )
            if head.sequence and session.scalar(link) != head.hash:
                yield f"办理记录第 {head.sequence} 条与升级前不符"
