"""The steps that keep house at night: the backup, and forgetting old messages' words and reports nobody took in."""

from datetime import timedelta
from typing import Final

from core.errors import Misconfigured
from core.put_aside import drop_stale
from models.shards import ShardClaim
from models.storage import backup
from notifications.log import drop_old_bodies
from tasks.step import Counts, InHand, fenced, leased, task
from tasks.workplace import workplace

REPORTS_WAIT: Final = timedelta(days=7)


@task("写当日备份文件，只留最近若干份")
@leased
def write_backup(claim: ShardClaim) -> Counts:
    """Write the day's file, named by the day so that a second attempt replaces the first, and drop the oldest.

    What lacks a file is kept beside, replaces no whole backup and is no success.
    """
    place = workplace()
    settings = place.with_files()
    folder = settings.nightly_dir
    if settings.backup_folder and not folder.is_dir():
        raise Misconfigured(f"备份文件夹 {folder} 不在", "", "请接上那块盘，或用 rectify setup 另选")
    file = folder / f"rectify-{claim.day}.zip"
    lacking = folder / backup.INCOMPLETE
    made = backup.write_backup(
        place.database, settings.evidence_dir, file, now=place.clock().now, lacking=lacking
    )
    if made.missing:
        raise backup.incomplete(made, lacking)
    return {
        "rows": made.rows,
        "evidence": len(made.evidence),
        "bytes": file.stat().st_size,
        "dropped": sum(
            backup.drop_old(each, keep=settings.keep_backups, now=place.clock().now)
            for each in {folder, settings.backup_dir}
        ),
    }


@task("清除过期邮件的正文")
@fenced
def forget_old_bodies(shard: InHand) -> Counts:
    """Bodies of messages older than the setting go; their keys, Message-IDs and times stay."""
    before = shard.clock.now - timedelta(days=shard.place.settings.keep_bodies_days)
    return {"bodies": drop_old_bodies(shard.session, before)}


@task("清除存放后一直没有导入的报告")
@leased
def drop_old_uploads(claim: ShardClaim) -> Counts:
    """A report that was stored and not taken in for days is dropped; it can be stored again."""
    del claim
    place = workplace()
    return {"uploads": drop_stale(place.with_files().report_dir, place.clock().now, REPORTS_WAIT)}
