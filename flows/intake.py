"""intake: one stored report becomes drafts that wait for the clerk."""

from flows.engine import job_flow
from flows.requests import IntakeRequest, JobOutcome
from tasks.intake import take_in


@job_flow
def intake(request: IntakeRequest) -> JobOutcome:
    """Read the report and draft its tasks; the same file a second time makes nothing new."""
    day, counts = take_in(request.upload, request.new_bureau)
    return JobOutcome("intake", day, counts=counts)
