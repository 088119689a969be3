"""progress_summary: the leaders' page of the month that is over, and of the half-year once it is frozen."""

from prefect import flow

from flows.requests import TODAY, DayRequest, JobOutcome
from flows.runner import perform


@flow(name="progress_summary")
def progress_summary(request: DayRequest = TODAY) -> JobOutcome:
    """Make the pages a bureau lacks: on the month's first working day and the first one after a freeze, or the first run after."""
    return perform("progress_summary", request)
