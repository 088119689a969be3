"""progress_summary: the leaders' page of the month that is over, and of the half-year once it is frozen."""

from flows.day import JobDay
from flows.engine import job_flow
from flows.requests import TODAY, DayRequest, JobOutcome
from tasks.papers import keep_bulletins
from tasks.reminders import tell_of_bulletins


@job_flow
def progress_summary(request: DayRequest = TODAY) -> JobOutcome:
    """Make the pages a bureau lacks: on the month's first working day and the first one after a freeze, or the first run after."""
    day = JobDay("progress_summary", request)
    for shard in day.shards():
        with day.trying(shard):
            keep_bulletins(shard)
            tell_of_bulletins(shard)
    return day.outcome()
