"""annual_report: follows the stages of the annual report by the year's clock."""

from prefect import flow

from flows.requests import TODAY, DayRequest, JobOutcome
from flows.runner import perform


@flow(name="annual_report")
def annual_report(request: DayRequest = TODAY) -> JobOutcome:
    """From December to March, look at every bureau's stages; telling the clerk is the reminders' part."""
    return perform("annual_report", request)
