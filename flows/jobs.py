"""The flows of JOBS, in the order of their hours: what each does to one shard of its day, step by step."""

from flows.day import day_flow
from flows.engine import job_flow
from flows.requests import IntakeRequest, JobOutcome
from models.shards import ShardClaim
from tasks.backups import drop_old_uploads, forget_old_bodies, write_backup
from tasks.bureaus import count_the_day, draw_look_backs, open_reviews
from tasks.intake import take_in
from tasks.papers import keep_bulletins, write_annual, write_briefings
from tasks.reminders import (
    ask_and_chase,
    let_the_digests_go,
    remind,
    tell_of_bulletins,
    tell_of_closings,
    tell_of_due_stages,
    tell_the_groups,
)


@day_flow
def backup(shard: ShardClaim) -> None:
    """Write tonight's backup, drop the oldest ones, forget what old messages said and reports nobody took in."""
    write_backup(shard)
    forget_old_bodies(shard)
    drop_old_uploads(shard)


@day_flow
def day_figures(shard: ShardClaim) -> None:
    """Count every bureau once; a view over many reads the counts."""
    count_the_day(shard)


@day_flow
def annual_report(shard: ShardClaim) -> None:
    """From December to April, write the annual report's material anew and tell of the stages that are due."""
    write_annual(shard)
    tell_of_due_stages(shard)


@day_flow
def progress_summary(shard: ShardClaim) -> None:
    """Make the pages a bureau lacks: on the month's first working day and the first one after a freeze, or the first run after."""
    keep_bulletins(shard)
    tell_of_bulletins(shard)


@day_flow
def semiannual_review(shard: ShardClaim) -> None:
    """Open the review of every bureau whose window has come, ask its owners, chase the silent; write what was frozen."""
    open_reviews(shard)
    ask_and_chase(shard)
    write_briefings(shard)


@day_flow
def closure_check(shard: ShardClaim) -> None:
    """Draw look-backs, then tell of them and of what waits, is doubtful or lies."""
    draw_look_backs(shard)
    tell_of_closings(shard)


@day_flow
def daily_reminders(shard: ShardClaim) -> None:
    """Write what no flow before it told, then let the day's digests go; the resident sender sends them."""
    remind(shard)
    let_the_digests_go(shard)
    tell_the_groups(shard)


@job_flow
def intake(request: IntakeRequest) -> JobOutcome:
    """Read the report and draft its tasks; the same file a second time makes nothing new."""
    day, counts = take_in(request.upload, request.new_bureau, request.day)
    return JobOutcome("intake", day, counts=counts)
