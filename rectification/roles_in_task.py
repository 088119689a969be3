"""What a person can be to a task."""

from enum import StrEnum


class Part(StrEnum):
    """What a person is to one task; a substitute has the part of the one substituted."""

    SYSTEM = "system"
    OFFICER = "officer"
    UNIT_HEAD = "unit_head"
    PARTICIPANT = "participant"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    CLERK = "clerk"
    LEADER = "leader"
    CHIEF = "chief"
