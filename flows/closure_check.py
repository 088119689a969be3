"""closure_check: the week's look at closings, and the half-year's draw of what is looked at again."""

from prefect import flow

from flows.requests import TODAY, DayRequest, JobOutcome
from flows.runner import perform


@flow(name="closure_check")
def closure_check(request: DayRequest = TODAY) -> JobOutcome:
    """Draw look-backs and count what waits, is doubtful or lies; the morning's digest tells the clerks."""
    return perform("closure_check", request)
