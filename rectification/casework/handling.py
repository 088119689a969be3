"""What the responsible unit does: accept a task and report on it."""

from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import Verb
from models.organisation import Person
from models.task import Progress, RectificationTask
from rectification.actors import Acting
from rectification.casework.moving import close_case, open_case, required


def accept(
    session: Session,
    clock: Clock,
    acting: Acting,
    code: str,
    *,
    officer_id: int | None = None,
    seen_version: int | None = None,
) -> RectificationTask:
    """签收: the unit takes the task; its head names the officer where none is named yet.

    Raises: Refused, where no officer is named or the one named is not of the lead unit.
    """
    case = open_case(session, clock, acting, code, Verb.ACCEPT, seen_version=seen_version)
    if officer_id is not None:
        officer = session.get(Person, officer_id)
        if officer is None or officer.unit_id != case.task.lead_unit_id or not officer.is_active:
            raise case.refuse("责任人不在牵头科室", "请选择本科室的在岗人员")
        if officer.id in (case.task.reviewer_id, case.task.approver_id):
            raise case.refuse(f"“{officer.name}”是本任务的复核人或审签领导", "请另选责任人")
        case.task.officer_id = officer.id
    if case.task.officer_id is None:
        raise case.refuse("还没有责任人", "请科室负责人签收时指定责任人")
    return close_case(case)


def progress(
    session: Session,
    clock: Clock,
    acting: Acting,
    code: str,
    text: str,
    *,
    late_reason: str = "",
    needs_decision: str = "",
    seen_version: int | None = None,
) -> RectificationTask:
    """报进展: what was done, why it is late, what needs a decision above.

    Raises: Refused, where nothing is said.
    """
    case = open_case(session, clock, acting, code, Verb.PROGRESS, seen_version=seen_version)
    said = required(case, text, "进展")
    session.add(
        Progress(
            task_id=case.task.id,
            person_id=acting.actor.person_id,
            text=said,
            late_reason=late_reason.strip(),
            needs_decision=needs_decision.strip(),
            reported_on=acting.effective_on(clock.today),
            created_at=clock.now,
        )
    )
    parts = [said, late_reason.strip() and f"超期原因：{late_reason.strip()}"]
    parts.append(needs_decision.strip() and f"需提请协调事项：{needs_decision.strip()}")
    return close_case(case, "\n".join(part for part in parts if part))
