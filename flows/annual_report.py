"""annual_report: follows the stages of the annual report by the year's clock, and tells whose they are."""

from flows.day import JobDay
from flows.engine import job_flow
from flows.requests import TODAY, DayRequest, JobOutcome
from tasks.papers import write_annual
from tasks.reminders import tell_of_due_stages


@job_flow
def annual_report(request: DayRequest = TODAY) -> JobOutcome:
    """From December to April, write the annual report's material anew and tell of the stages that are due."""
    day = JobDay("annual_report", request)
    for shard in day.shards():
        with day.trying(shard):
            write_annual(shard)
            tell_of_due_stages(shard)
    return day.outcome()
