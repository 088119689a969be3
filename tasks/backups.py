"""The nightly step: the backup, and deleting the texts of old messages."""

from collections.abc import Mapping
from datetime import timedelta

from models.storage.backup import drop_oldest, write_backup
from notifications.log import drop_old_bodies
from tasks import shards
from tasks.shards import ShardClaim, contained
from tasks.workplace import workplace


def back_up(claim: ShardClaim) -> Mapping[str, int]:
    """Write the day's file, named by the day so that a second attempt replaces the first, and drop the oldest.

    Bodies of messages older than the setting go too; their keys, Message-IDs and times stay.
    """
    place = workplace()
    settings, now = place.settings, place.clock().now
    with contained(place.database, claim):
        file = settings.backup_dir / f"rectify-{claim.day}.zip"
        made = write_backup(place.database, settings.evidence_dir, file, now=now)
        dropped = drop_oldest(settings.backup_dir, keep=settings.keep_backups)
        counts: dict[str, int] = {
            "rows": made.rows,
            "evidence": len(made.evidence),
            "missing": len(made.missing),
            "bytes": file.stat().st_size,
            "dropped": dropped,
        }
        with place.database.unit_of_work() as session:
            counts["bodies"] = drop_old_bodies(session, now - timedelta(days=settings.keep_bodies_days))
            shards.finish(session, claim, counts)
    return counts
