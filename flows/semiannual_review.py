"""semiannual_review: opens the half-yearly review, asks and chases, and says what is still missing."""

from flows.day import JobDay
from flows.engine import job_flow
from flows.requests import TODAY, DayRequest, JobOutcome
from tasks.papers import write_briefings
from tasks.reminders import ask_and_chase
from tasks.reviews import open_reviews


@job_flow
def semiannual_review(request: DayRequest = TODAY) -> JobOutcome:
    """Open the review of every bureau whose window has come, ask its owners, chase the silent."""
    day = JobDay("semiannual_review", request)
    for shard in day.shards():
        with day.trying(shard):
            open_reviews(shard)
            ask_and_chase(shard)
            write_briefings(shard)
    return day.outcome()
