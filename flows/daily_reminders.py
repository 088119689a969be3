"""daily_reminders: on a working day, whom must be told of what."""

from prefect import flow

from flows.requests import TODAY, DayRequest, JobOutcome
from flows.runner import perform


@flow(name="daily_reminders")
def daily_reminders(request: DayRequest = TODAY) -> JobOutcome:
    """Write the day's reminders for every bureau; the resident sender sends them."""
    return perform("daily_reminders", request)
