"""The verbs of a task. Each takes a Session, the Clock, who acts and the task's code, and returns the task."""

from rectification.casework.handling import accept, progress
from rectification.casework.issuing import IssueOrder, archive, issue

__all__ = ["IssueOrder", "accept", "archive", "issue", "progress"]
