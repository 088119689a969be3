"""intake: one report file becomes drafts that wait for the clerk."""

from prefect import flow

from flows.requests import IntakeRequest, JobOutcome
from flows.runner import perform


@flow(name="intake")
def intake(request: IntakeRequest) -> JobOutcome:
    """Read the file and draft its tasks; the same file a second time makes nothing new."""
    return perform("intake", request)
