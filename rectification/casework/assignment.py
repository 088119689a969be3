"""Who may be given a task and its judging: people of the bureau, in office, with the role, and free to judge."""

from collections.abc import Mapping
from typing import Final

from models.enums import Role, Verb
from models.organisation import Person, Unit
from rectification.casework.task_in_hand import Case
from rectification.office.actors import actor_of
from rectification.office.people import roles_of
from rectification.task.interest import interest_in
from rectification.verb_forms import FORMS, Kind


def check_named(case: Case, named: Mapping[str, int | None]) -> None:
    """Whoever is newly named is of this bureau: asked before a column holds an id that no row may have.

    Raises: Refused.
    """
    for column, row_id in named.items():
        if row_id is None:
            continue
        is_unit = column == "lead_unit_id"
        row = case.session.get(Unit, row_id) if is_unit else case.session.get(Person, row_id)
        if row is None or row.bureau_id != case.task.bureau_id:
            kind = "科室" if is_unit else "人员"
            raise case.refuse(f"{HANDS[column]}不是本单位的{kind}", "请重新选择")


HANDS: Final = {
    field.key: field.label for field in FORMS[Verb.ISSUE].fields if field.kind in (Kind.PERSON, Kind.UNIT)
}
"""Who has a task in hand: column and name."""


def assignment(case: Case) -> None:
    """The people of a task fit together, however they came there."""
    task, session = case.task, case.session
    unit = session.get(Unit, task.lead_unit_id) if task.lead_unit_id else None
    if unit is None or unit.bureau_id != task.bureau_id:
        raise case.refuse("没有指定责任单位", "请选择责任单位，或直接指定责任人")
    leaders = (Role.LEADER, Role.CHIEF)
    officer = _holder(case, "officer_id", ())
    leader = _holder(case, "leader_id", leaders)
    reviewer = _holder(case, "reviewer_id", (Role.REVIEWER,))
    approver = _holder(case, "approver_id", leaders)
    named = {"责任领导": leader, "复核人": reviewer, "审签人": approver}
    if missing := [what for what, person in named.items() if person is None]:
        raise case.refuse(f"还没有指定{'、'.join(missing)}", "请逐项指定后再办")
    if reviewer and reviewer.unit_id == unit.id:
        raise case.refuse(f"复核人“{reviewer.name}”就在责任单位“{unit.name}”", "请选择责任单位以外的复核人")
    if not unit.is_active and _is_new(case, "lead_unit_id"):
        raise case.refuse(f"“{unit.name}”已于 {unit.closed_on} 撤并", "请改选现有的科室")
    if officer is None:
        return
    if officer.unit_id != unit.id and (_is_new(case, "officer_id") or _is_new(case, "lead_unit_id")):
        raise case.refuse(f"责任人“{officer.name}”不在责任单位“{unit.name}”", "请改选责任人或责任单位")
    if officer.id in (task.reviewer_id, task.approver_id):
        raise case.refuse(f"“{officer.name}”不能既是责任人又复核或审签", "请另选责任人、复核人或审签人")


def _is_new(case: Case, column: str) -> bool:
    """Whether this part is chosen now; who had it before moving to another unit may keep it."""
    return case.verb is Verb.ISSUE or case.before[column] != getattr(case.task, column)


def judges_free(case: Case) -> None:
    """Who is to verify or approve has no interest in the task: asked where the one or the other is chosen."""
    task, session = case.task, case.session
    newly = case.verb in _ADDS_HELP and any(before is None for before, _ in case.rows.changes().values())
    interest = interest_in(session, task)
    for column in ("reviewer_id", "approver_id"):
        person_id = getattr(task, column)
        person = session.get(Person, person_id) if person_id and (newly or _is_new(case, column)) else None
        if person and interest.binds(actor_of(session, person, today=case.day)):
            raise case.refuse(
                f"{HANDS[column]}“{person.name}”与本任务有关（现任或原责任人、参与人、措施承担人、材料上传人或其科室负责人），"
                f"以后不能{'复核' if column == 'reviewer_id' else '审签'}",
                f"请另选，或先转办给别的{HANDS[column]}",
            )


_ADDS_HELP: Final = frozenset({Verb.PARTICIPATE, Verb.MEASURE})


def _holder(case: Case, column: str, roles: tuple[Role, ...]) -> Person | None:
    """Who has this part. Somebody newly named is in office and has the role; who had it already may keep it."""
    person_id, what = getattr(case.task, column), HANDS[column]
    if person_id is None:
        return None
    person = case.session.get(Person, person_id)
    if person is None or person.bureau_id != case.task.bureau_id:
        raise case.refuse(f"{what}不是本单位的人员", "请重新选择")
    if not _is_new(case, column):
        return person
    if not person.is_active:
        raise case.refuse(f"{what}“{person.name}”已不在岗", "请重新选择")
    if roles and set(roles).isdisjoint(roles_of(case.session, person.id)):
        raise case.refuse(f"“{person.name}”不能作{what}，没有相应角色", "请先在人员中增加角色，或另选一人")
    return person
