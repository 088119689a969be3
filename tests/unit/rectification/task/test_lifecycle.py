"""The life of a task: where a verb leads, what is said where it leads nowhere, and who signs the end."""

from itertools import product

import pytest

from core.errors import Conflict
from models.enums import ApprovalLevel, ItemKind, Status, Verb
from models.task import RectificationTask
from rectification.roles_in_task import Part
from rectification.task.lifecycle import TRANSITIONS, approval_level, next_status, verbs_for


def test_a_verb_leads_where_its_row_says_and_else_leaves_the_status() -> None:
    kind = ItemKind.SHORTCOMING
    assert next_status(Status.IN_PROGRESS, Verb.SUBMIT, kind) is Status.SUBMITTED
    assert next_status(Status.IN_PROGRESS, Verb.PROGRESS, kind) is Status.IN_PROGRESS


def test_only_an_approval_leads_into_publicity_and_only_where_it_is_asked_for() -> None:
    kind = ItemKind.SHORTCOMING
    assert next_status(Status.VERIFIED, Verb.APPROVE, kind) is Status.CLOSED
    for status, row in product(Status, TRANSITIONS.values()):
        if status in row.origins:
            publicised = next_status(status, row.verb, kind, is_publicity_required=True)
            plain = next_status(status, row.verb, kind)
            assert publicised is (Status.PUBLICISED if row.verb is Verb.APPROVE else plain)


@pytest.mark.parametrize(
    ("kind", "what", "why"),
    [
        (ItemKind.SHORTCOMING, "任务现在是“已销号”，不能“退回整改”", "只有“待复核、待审签”的任务可以"),
        (ItemKind.PLAN, "任务现在是“已办结”，不能“退回办理”", "只有“待复核、待审签”的任务可以"),
    ],
)
def test_a_verb_out_of_turn_is_refused_in_the_words_of_its_kind(kind: ItemKind, what: str, why: str) -> None:
    with pytest.raises(Conflict) as refused:
        next_status(Status.CLOSED, Verb.RETURN, kind)
    assert (refused.value.what, refused.value.why, refused.value.todo) == (what, why, "请刷新后查看办理记录")


def test_who_has_several_parts_may_do_what_each_of_them_may_in_the_tables_order() -> None:
    back = (Verb.UNDO, Verb.AMEND)
    assert verbs_for(Status.SUBMITTED, frozenset({Part.REVIEWER})) == (Verb.VERIFY, Verb.RETURN, *back)
    assert verbs_for(Status.SUBMITTED, frozenset({Part.REVIEWER, Part.OFFICER})) == (
        Verb.WITHDRAW,
        Verb.VERIFY,
        Verb.RETURN,
        Verb.EVIDENCE,
        Verb.TIE,
        Verb.DETACH,
        *back,
    )
    assert verbs_for(Status.SUBMITTED, frozenset()) == ()


@pytest.mark.parametrize(
    ("level", "is_recurring", "is_supervised", "signs"),
    [
        (ApprovalLevel.LEADER, False, False, ApprovalLevel.LEADER),
        (ApprovalLevel.LEADER, True, False, ApprovalLevel.CHIEF),
        (ApprovalLevel.LEADER, False, True, ApprovalLevel.CHIEF),
        (ApprovalLevel.LEADER, True, True, ApprovalLevel.CHIEF),
        (ApprovalLevel.CHIEF, False, False, ApprovalLevel.CHIEF),
        (ApprovalLevel.MEETING, False, False, ApprovalLevel.MEETING),
        (ApprovalLevel.MEETING, True, True, ApprovalLevel.MEETING),
    ],
)
def test_what_recurs_or_is_supervised_ends_with_the_chiefs_signature(
    level: ApprovalLevel, is_recurring: bool, is_supervised: bool, signs: ApprovalLevel
) -> None:
    task = RectificationTask(approval_level=level, is_recurring=is_recurring, is_supervised=is_supervised)
    assert approval_level(task) is signs
