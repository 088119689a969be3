"""closure_check: the week's look at closings, and the half-year's draw of what is looked at again."""

from flows.day import JobDay
from flows.engine import job_flow
from flows.requests import TODAY, DayRequest, JobOutcome
from tasks.closures import draw_look_backs
from tasks.reminders import tell_of_closings


@job_flow
def closure_check(request: DayRequest = TODAY) -> JobOutcome:
    """Draw look-backs, then tell of them and of what waits, is doubtful or lies."""
    day = JobDay("closure_check", request)
    for shard in day.shards():
        with day.trying(shard):
            draw_look_backs(shard)
            tell_of_closings(shard)
    return day.outcome()
