"""整改任务分解表: drafts go out with proposals, come back with unit, people and limit, and are issued many at once.

What a row proposes and how it is read are values; taking one in calls the verbs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Refused
from models.enums import ApprovalLevel, ItemKind, Role, Status, TimeLimit, Verb
from rectification import casework
from rectification.casework import IssueOrder
from rectification.lists.case_file import CaseFile
from rectification.office.actors import Acting
from rectification.office.people_by_name import Choices, lead_unit_called, person_called
from rectification.tables.cell_refusals import at
from rectification.tables.ledger import source_text
from rectification.tables.measure_lines import changed_measures, measures_cell, read_measure
from rectification.tables.partners import set_partners
from rectification.task.time_limits import Limit, limit_text, read_limit
from rectification.verb_forms import FORMS
from reports.wording import is_study_only

CODE: Final = "编号"
SOURCE: Final = "问题来源"
TEXT: Final = "问题或任务"
TITLE: Final = "任务名称"
GOAL: Final = "目标"
MEASURES: Final = "措施"
LEADER: Final = "责任领导"
UNIT: Final = "责任单位"
OFFICER: Final = "责任人"
PARTNERS: Final = "配合单位"
REVIEWER: Final = "复核人"
APPROVAL: Final = "审签"
LIMIT: Final = "时限"
DECISION: Final = "处理"

HEADS: Final = (
    CODE,
    SOURCE,
    TEXT,
    TITLE,
    GOAL,
    MEASURES,
    LEADER,
    UNIT,
    OFFICER,
    PARTNERS,
    REVIEWER,
    APPROVAL,
    LIMIT,
    DECISION,
)

ISSUE: Final = "下达"
ARCHIVE: Final = "仅存档"
WAIT: Final = "暂缓"
DECISIONS: Final = (ISSUE, ARCHIVE, WAIT)

_LEVEL_BY_LABEL: Final = {level.word: level for level in ApprovalLevel}

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Issued:
    """What taking a row in did: the decision, and what is told of it. `is_done` is False where nothing was to do."""

    is_done: bool
    told: str


def proposal(task: CaseFile, choices: Choices) -> dict[str, str]:
    """The row of a draft: what is known of it, with proposals for what must be decided."""
    row = task.row
    return {
        CODE: row.code,
        SOURCE: source_text(task),
        TEXT: row.text,
        TITLE: row.title,
        GOAL: task.goal,
        LEADER: row.leader or _only(choices.leaders),
        UNIT: row.unit,
        OFFICER: row.officer,
        REVIEWER: row.reviewer or _only(choices.reviewers),
        APPROVAL: task.approval_level.word,
        LIMIT: limit_text(Limit(row.time_limit, row.proposed_on)),
        DECISION: ARCHIVE if row.kind is ItemKind.PLAN and is_study_only(row.text) else ISSUE,
        **brought(task),
    }


def brought(task: CaseFile) -> dict[str, str]:
    """What a draft brings along that an empty cell could take away."""
    return {MEASURES: measures_cell(task.measures), PARTNERS: "、".join(task.units)}


def take(session: Session, clock: Clock, acting: Acting, task: CaseFile, row: Row) -> Issued:
    """Do with a draft what its row decides; what the row does not hold stays as it is.

    Raises: CellRefused; Refused, Forbidden, where the verb refuses.
    """
    if task.row.status is not Status.DRAFT:
        return Issued(False, "已经下达或存档，未动")
    decision = row.get(DECISION, "").strip() or ISSUE
    if decision == WAIT:
        return Issued(False, "暂缓，未动")
    if decision == ARCHIVE:
        casework.archive(session, clock, acting, task.row.code)
        return Issued(True, ARCHIVE)
    with at(DECISION):
        if decision != ISSUE:
            raise Refused(f"不认识“{decision[:20]}”", "", f"可写：{'、'.join(DECISIONS)}")
    order = read_order(session, task, row, clock.today)
    casework.issue(session, clock, acting, task.row.code, order)
    if PARTNERS in row:
        with at(PARTNERS):
            set_partners(session, clock, acting, task, row[PARTNERS])
    return Issued(True, ISSUE)


def read_order(session: Session, task: CaseFile, row: Row, today: date) -> IssueOrder:
    """The order a filled-in row gives. Raises: CellRefused, naming the first cell that cannot be read."""
    bureau_id = task.row.bureau_id
    with at(UNIT):
        unit = lead_unit_called(session, bureau_id, row.get(UNIT, ""))
        if unit is None and not row.get(OFFICER, "").strip():
            raise Refused("没有写责任单位", "", "请写责任单位，或在“处理”一栏写 暂缓")
    with at(LIMIT):
        limit = read_limit(row.get(LIMIT, ""), since=today)
    with at(MEASURES):
        added, gone = changed_measures(task.measures, row[MEASURES]) if MEASURES in row else ([], [])
        measures = tuple(read_measure(session, bureau_id, line) for line in added)
    level, approver = _approval(session, bureau_id, row.get(APPROVAL, ""))
    officer_id = _person(session, bureau_id, row.get(OFFICER, ""), OFFICER, Role.OFFICER)
    if OFFICER not in row and unit is not None and unit.id == task.lead_unit_id:
        officer_id = task.officer_id
    words: dict[str, Any] = {"title": row.get(TITLE, ""), "goal": row.get(GOAL, "")}
    for head, (key, text) in zip((TITLE, GOAL), words.items(), strict=True):
        with at(head):
            FORMS[Verb.ISSUE].must_fit({key: text})
    is_lasting = limit.kind is TimeLimit.LONG_TERM
    return IssueOrder(
        lead_unit_id=unit.id if unit else None,
        officer_id=officer_id,
        leader_id=_person(session, bureau_id, row.get(LEADER, task.row.leader), LEADER, Role.LEADER),
        reviewer_id=_person(session, bureau_id, row.get(REVIEWER, ""), REVIEWER, Role.REVIEWER),
        approver_id=approver,
        approval_level=level,
        time_limit=limit.kind,
        due_on=None if is_lasting else limit.day,
        checkpoint_on=limit.day if is_lasting else None,
        limit_days=limit.days,
        limit_unit=limit.unit,
        **words,
        measures=measures,
        dropped=tuple(measure.position for measure in gone),
    )


def _approval(session: Session, bureau_id: int, text: str) -> tuple[ApprovalLevel | None, int | None]:
    """Who ends the task: a level such as 主要负责人审签, or a person's name."""
    clean = "".join(text.split())
    if not clean or clean in _LEVEL_BY_LABEL:
        return _LEVEL_BY_LABEL.get(clean), None
    with at(APPROVAL):
        return None, person_called(session, bureau_id, clean).id


def _person(session: Session, bureau_id: int, name: str, head: str, role: Role) -> int | None:
    with at(head):
        return person_called(session, bureau_id, name, role).id if name.strip() else None


def _only(names: tuple[str, ...]) -> str:
    """The one candidate, where there is just one."""
    return names[0] if len(names) == 1 else ""
