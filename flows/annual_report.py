"""annual_report: follows the stages of the annual report by the year's clock."""

from flows.day import JobDay
from flows.engine import job_flow
from flows.requests import TODAY, DayRequest, JobOutcome
from tasks.annual_report import follow_annual_reports


@job_flow
def annual_report(request: DayRequest = TODAY) -> JobOutcome:
    """From December to March, look at every bureau's stages."""
    day = JobDay("annual_report", request)
    for shard in day.shards():
        with day.trying(shard):
            follow_annual_reports(shard)
    return day.outcome()
