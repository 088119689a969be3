"""semiannual_review: opens the half-yearly review, and says what is still missing."""

from prefect import flow

from flows.requests import TODAY, DayRequest, JobOutcome
from flows.slots import work_through
from tasks.reviews import keep_reviews_going


@flow(name="semiannual_review")
def semiannual_review(request: DayRequest = TODAY) -> JobOutcome:
    """Open the review of every bureau whose window has come; asking and chasing is the reminders' part."""
    return work_through("semiannual_review", request, keep_reviews_going)
