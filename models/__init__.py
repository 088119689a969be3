"""What is stored. Importing this package brings every table onto `Base.metadata`."""

from models import calendar, history, job, mail, organisation, report, signin, task
from models.base import Base

__all__ = ["Base", "calendar", "history", "job", "mail", "organisation", "report", "signin", "task"]
