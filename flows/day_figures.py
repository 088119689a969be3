"""day_figures: each bureau's counts of the day, for the bureaus above it."""

from prefect import flow

from flows.requests import TODAY, DayRequest, JobOutcome
from flows.slots import work_through
from tasks.day_figures import count_the_day


@flow(name="day_figures")
def day_figures(request: DayRequest = TODAY) -> JobOutcome:
    """Count every bureau once; a view over many reads the counts."""
    return work_through("day_figures", request, count_the_day)
