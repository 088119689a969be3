"""backup: every night, one file."""

from datetime import timedelta
from typing import Final

from prefect import flow

from flows.requests import TODAY, DayRequest, JobOutcome
from flows.slots import work_through
from tasks.backups import back_up

LEASE: Final = timedelta(hours=2)  # a backup runs outside the ledger's lock, so its lease covers all of it


@flow(name="backup")
def backup(request: DayRequest = TODAY) -> JobOutcome:
    """Write tonight's backup and drop the oldest ones."""
    return work_through("backup", request, back_up, lease=LEASE)
