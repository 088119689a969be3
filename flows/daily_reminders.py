"""daily_reminders: on a working day, whom must be told of what."""

from flows.day import JobDay
from flows.engine import job_flow
from flows.requests import TODAY, DayRequest, JobOutcome
from tasks.reminders import remind


@job_flow
def daily_reminders(request: DayRequest = TODAY) -> JobOutcome:
    """Write the day's reminders for every bureau; the resident sender sends them."""
    day = JobDay("daily_reminders", request)
    for shard in day.shards():
        with day.trying(shard):
            remind(shard)
    return day.outcome()
