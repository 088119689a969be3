"""Every table on `Base.metadata`: foreign keys reach across modules, so a ledger is opened with all of them."""

from models import calendar, district, history, job, mail, organisation, report, review, signin, task
from models.base import Base

__all__ = [
    "Base",
    "calendar",
    "district",
    "history",
    "job",
    "mail",
    "organisation",
    "report",
    "review",
    "signin",
    "task",
]
