"""semiannual_review: opens the half-yearly review, and says what is still missing."""

from prefect import flow

from flows.requests import TODAY, DayRequest, JobOutcome
from flows.runner import perform


@flow(name="semiannual_review")
def semiannual_review(request: DayRequest = TODAY) -> JobOutcome:
    """Open the review of every bureau whose window has come; asking and chasing is the reminders' part."""
    return perform("semiannual_review", request)
