"""day_figures: each bureau's counts of the day, for the bureaus above it."""

from flows.day import JobDay
from flows.engine import job_flow
from flows.requests import TODAY, DayRequest, JobOutcome
from tasks.day_figures import count_the_day


@job_flow
def day_figures(request: DayRequest = TODAY) -> JobOutcome:
    """Count every bureau once; a view over many reads the counts."""
    day = JobDay("day_figures", request)
    for shard in day.shards():
        with day.trying(shard):
            count_the_day(shard)
    return day.outcome()
