"""annual_report: follows the stages of the annual report by the year's clock."""

from prefect import flow

from flows.requests import TODAY, DayRequest, JobOutcome
from flows.slots import work_through
from tasks.annual import follow_annual_reports


@flow(name="annual_report")
def annual_report(request: DayRequest = TODAY) -> JobOutcome:
    """From December to March, look at every bureau's stages; telling the clerk is the reminders' part."""
    return work_through("annual_report", request, follow_annual_reports)
