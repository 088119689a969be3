"""What a person can be to a task."""

from models.enums import Worded


class Part(Worded):
    """What a person is to one task; a substitute has the part of the one substituted."""

    SYSTEM = "system", "系统"
    OFFICER = "officer", "责任人"
    UNIT_HEAD = "unit_head", "科室负责人"
    PARTICIPANT = "participant", "经办人"
    REVIEWER = "reviewer", "复核人"
    APPROVER = "approver", "审签人"
    CLERK = "clerk", "台账管理员"
    LEADER = "leader", "责任领导"
    CHIEF = "chief", "主要负责人"
