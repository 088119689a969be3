"""backup: every night, one file."""

from prefect import flow

from flows.requests import TODAY, DayRequest, JobOutcome
from flows.runner import perform


@flow(name="backup")
def backup(request: DayRequest = TODAY) -> JobOutcome:
    """Write tonight's backup and drop the oldest ones."""
    return perform("backup", request)
