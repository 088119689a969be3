"""backup: every night, one file."""

from flows.day import JobDay
from flows.engine import job_flow
from flows.requests import TODAY, DayRequest, JobOutcome
from tasks.backups import drop_old_uploads, forget_old_bodies, write_backup


@job_flow
def backup(request: DayRequest = TODAY) -> JobOutcome:
    """Write tonight's backup, drop the oldest ones, forget what old messages said and reports nobody took in."""
    day = JobDay("backup", request)
    for shard in day.shards():
        with day.trying(shard):
            write_backup(shard)
            forget_old_bodies(shard)
            drop_old_uploads(shard)
    return day.outcome()
