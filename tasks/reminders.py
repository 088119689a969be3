"""The step that writes one shard's reminders."""

from dataclasses import asdict

from notifications.letterhead import Letterhead
from notifications.sweep import sweep
from tasks.step import Counts, InHand, fenced, task


@task("决定当天提醒谁，写入待发邮件", tags=["telling"])
@fenced
def remind(shard: InHand) -> Counts:
    """Decide whom to tell today and write told and outbox rows; they and the step's done mark commit together."""
    letterhead = Letterhead.of(shard.place.settings)
    return asdict(sweep(shard.session, shard.clock, shard.bureau_ids, letterhead))
