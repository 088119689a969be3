"""daily_reminders: on a working day, whom must be told of what, and the day's digests go."""

from flows.day import JobDay
from flows.engine import job_flow
from flows.requests import TODAY, DayRequest, JobOutcome
from tasks.reminders import let_the_digests_go, remind, tell_the_groups


@job_flow
def daily_reminders(request: DayRequest = TODAY) -> JobOutcome:
    """Write what no flow before it told, then let the day's digests go; the resident sender sends them."""
    day = JobDay("daily_reminders", request)
    for shard in day.shards():
        with day.trying(shard):
            remind(shard)
            let_the_digests_go(shard)
            tell_the_groups(shard)
    return day.outcome()
