"""Every table on `Base.metadata`: foreign keys reach across modules, so a ledger is opened with all of them."""

from models import calendar, history, job, mail, organisation, report, review, signin, task
from models.base import Base

__all__ = ["Base", "calendar", "history", "job", "mail", "organisation", "report", "review", "signin", "task"]
