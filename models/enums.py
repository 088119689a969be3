"""The closed lists the tables speak of. Chinese names stand in rectification/labels.py."""

from enum import StrEnum


class UnitKind(StrEnum):
    GOVERNMENT = "government"
    BUREAU = "bureau"
    DEPARTMENT = "department"


class Role(StrEnum):
    OFFICER = "officer"
    UNIT_HEAD = "unit_head"
    CLERK = "clerk"
    REVIEWER = "reviewer"
    LEADER = "leader"
    CHIEF = "chief"
    ADMIN = "admin"
    AUDITOR = "auditor"


class ItemKind(StrEnum):
    """What a report item or a task is: a finding comes from another source than the own report."""

    SHORTCOMING = "shortcoming"
    PLAN = "plan"
    FINDING = "finding"

    @property
    def is_problem(self) -> bool:
        """Problems end in 销号 and count in the rectification rate; plans end in 办结 and do not."""
        return self is not ItemKind.PLAN


class Status(StrEnum):
    DRAFT = "draft"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    PUBLICISED = "publicised"
    CLOSED = "closed"
    TERMINATED = "terminated"
    ARCHIVED = "archived"


class Verb(StrEnum):
    """Everything that can happen to a task, by the name used in code, command and address."""

    DRAFT = "draft"
    ISSUE = "issue"
    ARCHIVE = "archive"
    MERGE = "merge"
    EDIT = "edit"
    SPLIT = "split"
    JOIN = "join"
    RESTORE = "restore"
    ACCEPT = "accept"
    REFUSE = "refuse"
    PROGRESS = "progress"
    REQUEST_EXTENSION = "request_extension"
    GRANT_EXTENSION = "grant_extension"
    DENY_EXTENSION = "deny_extension"
    REDATE = "redate"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"
    VERIFY = "verify"
    RETURN = "return"
    APPROVE = "approve"
    CLOSE = "close"
    OBJECT = "object"
    TERMINATE = "terminate"
    CARRY_OVER = "carry_over"
    CHECKPOINT = "checkpoint"
    MAKE_LONG_TERM = "make_long_term"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    HAND_OVER = "hand_over"
    CORRECT = "correct"
    INSTRUCT = "instruct"
    SUPERVISE = "supervise"
    MEASURE = "measure"
    CONFIRM_MEASURES = "confirm_measures"
    FINISH_MEASURE = "finish_measure"
    DROP_MEASURE = "drop_measure"
    PARTICIPATE = "participate"
    EVIDENCE = "evidence"
    PURGE_EVIDENCE = "purge_evidence"
    LOOK_BACK = "look_back"
    REDACT = "redact"
    RECOMPUTE = "recompute"
    DRAW_LOOK_BACK = "draw_look_back"
    BASELINE = "baseline"


class TimeLimit(StrEnum):
    IMMEDIATE = "immediate"
    DATED = "dated"
    LONG_TERM = "long_term"


class DayUnit(StrEnum):
    WORKING = "working"
    NATURAL = "natural"


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    BLUE = "blue"


class Trait(StrEnum):
    """Why an open task asks for a leader's eye."""

    NEEDS_DECISION = "needs_decision"
    RECURRING = "recurring"
    SUPERVISED = "supervised"
    EXTENDED = "extended"


class Channel(StrEnum):
    """Through which door a change came in."""

    WEB = "web"
    API = "api"
    CLI = "cli"
    EXCEL = "excel"
    FLOW = "flow"


class ApprovalLevel(StrEnum):
    LEADER = "leader"
    CHIEF = "chief"
    MEETING = "meeting"


class ClosureStage(StrEnum):
    SUBMIT = "submit"
    CONFIRM = "confirm"
    VERIFY = "verify"
    APPROVE = "approve"
    PUBLICISE = "publicise"
    CLOSE = "close"
    RETURN = "return"
    WITHDRAW = "withdraw"
    OBJECT = "object"


class Decision(StrEnum):
    """`lapsed`: the task was submitted, terminated or given a new date before anybody decided."""

    GRANTED = "granted"
    DENIED = "denied"
    LAPSED = "lapsed"


class OutboxStatus(StrEnum):
    """`written` is a mail put into the folder: nobody received it."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    WRITTEN = "written"
    UNDELIVERED = "undelivered"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ToldStatus(StrEnum):
    """`told` stands in a message or on the telephone list, `waiting` for the next digest."""

    TOLD = "told"
    WAITING = "waiting"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class OfficeVerb(StrEnum):
    """Everything that can happen to the office itself: its people, units, settings, calendar and sources."""

    BASELINE = "baseline"
    ADD_PERSON = "add_person"
    UPDATE_PERSON = "update_person"
    SET_ROLES = "set_roles"
    LIMIT_AUDITOR = "limit_auditor"
    SET_MAIL = "set_mail"
    SET_PASSWORD = "set_password"  # noqa: S105  (the name of a verb)
    LEAVE = "leave"
    COME_BACK = "come_back"
    ADD_UNIT = "add_unit"
    ADD_ALIAS = "add_alias"
    RENAME_UNIT = "rename_unit"
    SET_LINE = "set_line"
    PLACE_UNIT = "place_unit"
    RELEASE_ROWS = "release_rows"
    ADD_SUBSTITUTE = "add_substitute"
    END_SUBSTITUTE = "end_substitute"
    SET_POLICY = "set_policy"
    SET_CALENDAR = "set_calendar"
    ADD_KIND = "add_kind"
    RENAME_KIND = "rename_kind"
    RETIRE_KIND = "retire_kind"
    ADD_SOURCE = "add_source"
    RENUMBER_SOURCE = "renumber_source"
    PUBLISH_SOURCE = "publish_source"


class Fault(StrEnum):
    """How a history's chain, or a task beside it, can fail to verify."""

    EDITED = "edited"
    REMOVED = "removed"
    REORDERED = "reordered"
    TEXT_CHANGED = "text_changed"
    TAIL_CUT = "tail_cut"
    TASK_ALTERED = "task_altered"
    TASK_DELETED = "task_deleted"
    OFFICE_ALTERED = "office_altered"


class EvidenceFault(StrEnum):
    """How the store of evidence can differ from the ledger."""

    MISSING = "missing"
    ALTERED = "altered"
    NOT_DESTROYED = "not_destroyed"
    UNKNOWN = "unknown"


class TokenScope(StrEnum):
    """How far a personal token reaches: reading what its person may see, or acting as well."""

    READ = "read"
    ACT = "act"


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    FIRST_START = "first_start"
    INVITATION = "invitation"
    RESET = "reset"


class Cadence(StrEnum):
    """How often the work is heard."""

    YEARLY = "yearly"
    HALF_YEARLY = "half_yearly"
    QUARTERLY = "quarterly"


class AnnualStage(StrEnum):
    """The stages of an annual report, in their order."""

    COLLECT = "collect"
    DRAFT = "draft"
    SECRECY = "secrecy"
    SIGN = "sign"
    SEND = "send"
    PUBLISH = "publish"


class ItemChange(StrEnum):
    """What a new version of a report did to an item of the versions before."""

    SAME = "same"
    REWORDED = "reworded"
    ADDED = "added"
    DROPPED = "dropped"


class Ground(StrEnum):
    """Why the clerk is proposed to do something with a draft."""

    COVERED = "covered"
    STUDY = "study"
    DROPPED = "dropped"
    STILL = "still"
