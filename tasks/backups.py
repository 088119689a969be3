"""The steps that keep house at night: the backup, and forgetting what old messages said."""

from datetime import timedelta

from models.shards import ShardClaim
from models.storage import backup
from notifications.log import drop_old_bodies
from tasks.step import Counts, InHand, fenced, leased, task
from tasks.workplace import workplace


@task("写当日备份文件，只留最近若干份")
@leased
def write_backup(claim: ShardClaim) -> Counts:
    """Write the day's file, named by the day so that a second attempt replaces the first, and drop the oldest."""
    place = workplace()
    settings = place.settings
    file = settings.backup_dir / f"rectify-{claim.day}.zip"
    made = backup.write_backup(place.database, settings.evidence_dir, file, now=place.clock().now)
    return {
        "rows": made.rows,
        "evidence": len(made.evidence),
        "missing": len(made.missing),
        "bytes": file.stat().st_size,
        "dropped": backup.drop_oldest(settings.backup_dir, keep=settings.keep_backups),
    }


@task("清除过期邮件的正文")
@fenced
def forget_old_bodies(shard: InHand) -> Counts:
    """Bodies of messages older than the setting go; their keys, Message-IDs and times stay."""
    before = shard.clock.now - timedelta(days=shard.place.settings.keep_bodies_days)
    return {"bodies": drop_old_bodies(shard.session, before)}
