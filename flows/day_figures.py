"""day_figures: each bureau's counts of the day, for the bureaus above it."""

from prefect import flow

from flows.requests import TODAY, DayRequest, JobOutcome
from flows.runner import perform


@flow(name="day_figures")
def day_figures(request: DayRequest = TODAY) -> JobOutcome:
    """Count every bureau once; a view over many reads the counts."""
    return perform("day_figures", request)
