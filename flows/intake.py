"""intake: one report file becomes drafts that wait for the clerk."""

from prefect import flow

from flows.requests import IntakeRequest, JobOutcome
from flows.steps import run
from tasks.intake import take_in


@flow(name="intake")
def intake(request: IntakeRequest) -> JobOutcome:
    """Read the file and draft its tasks; the same file a second time makes nothing new."""
    day, counts = run(take_in, request.file, request.new_bureau)
    return JobOutcome("intake", day, counts=counts)
