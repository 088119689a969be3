"""annual_report: follows the stages of the annual report by the year's clock."""

from flows.day import JobDay
from flows.engine import job_flow
from flows.requests import TODAY, DayRequest, JobOutcome
from tasks.annual_report import follow_annual_reports
from tasks.reminders import tell_of_due_stages


@job_flow
def annual_report(request: DayRequest = TODAY) -> JobOutcome:
    """From December to March, look at every bureau's stages and tell of those that are due."""
    day = JobDay("annual_report", request)
    for shard in day.shards():
        with day.trying(shard):
            follow_annual_reports(shard)
            tell_of_due_stages(shard)
    return day.outcome()
