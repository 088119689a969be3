"""progress_summary: the leaders' page of the month that is over."""

from prefect import flow

from flows.requests import TODAY, DayRequest, JobOutcome
from flows.slots import work_through
from tasks.summaries import summarise


@flow(name="progress_summary")
def progress_summary(request: DayRequest = TODAY) -> JobOutcome:
    """Make last month's page of every bureau that lacks it: on the month's first working day, or the first run after."""
    return work_through("progress_summary", request, summarise)
