"""交办: a finding that is a bureau below's to put right goes there, and stays in sight of both (docs/decisions/0005)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Refused
from models.enums import Verb
from models.organisation import Unit
from models.report import Source, SourceKind
from models.task import RectificationTask
from rectification.casework.moving import open_case, task_verb
from rectification.casework.task_in_hand import Case
from rectification.office.actors import Acting
from rectification.office.journal import By
from rectification.office.sources import OTHER, NewSource, is_from_outside, list_kinds, source_for
from rectification.office.units import find_bureau, ids_below
from rectification.task.drafting import Codes, NewDraft, draft

Task = RectificationTask


def deliver(session: Session, clock: Clock, acting: Acting, code: str, to: str, reason: str = "") -> None:
    """Write the draft into the other bureau's ledger, in a unit of work of its own before `pass_on`; redone, it adds nothing.

    Raises: as `pass_on`; Refused, where the bureau is none below this one.
    """
    task = open_case(session, clock, acting, code, Verb.PASS_ON).task
    bureau = find_bureau(session, to)
    if bureau is None or not bureau.is_active or bureau.id not in ids_below(session, task.bureau_id):
        todo = "请核对名称，或先登记上下级关系"
        raise Refused(f"“{to}”不是本单位的下级单位", "", todo, command="rectify unit below")
    if _there(session, task, bureau) is not None:
        return
    own, source = session.get_one(Unit, task.bureau_id), session.get_one(Source, task.source_id)
    kinds = [kind.name for kind in list_kinds(session, bureau.id) if is_from_outside(kind.name)]
    named = (session.get_one(SourceKind, source.kind_id).name, OTHER)
    paper = NewSource(
        next((kind for kind in named if kind in kinds), kinds[-1]),
        source.title,
        source.paper_no,
        own.name,
        clock.today,
        source.plan_due_on,
        source.result_due_on,
        source.is_published,
    )
    new = NewDraft(
        kind=task.kind,
        text=task.text,
        source_id=source_for(session, By(clock, acting), bureau.id, paper).id,
        cause=task.cause,
        category=task.category,
        goal=task.goal,
        time_limit=task.time_limit,
        due_on=task.due_on,
        count_total=task.count_total,
        passed_from_id=task.id,
        is_restricted=task.is_restricted,
    )
    code_there = Codes(session, bureau, clock.today.year).next()
    draft(session, clock, acting, bureau, code_there, new, words=f"{own.name} {task.code} 交办")


@task_verb(Verb.PASS_ON)
def pass_on(case: Case, to: str, reason: str = "") -> str:
    """交办下级单位: what `deliver` brought to a bureau below is no task of one's own any more.

    Raises: Refused, where nothing was delivered.
    """
    bureau = find_bureau(case.session, to)
    there = _there(case.session, case.task, bureau) if bureau else None
    if bureau is None or there is None:
        raise case.refuse(f"“{to}”还没有收到", "请再交办一次")
    return "\n".join(filter(None, (f"交办{bureau.name}，对方编号 {there.code}", case.words)))


def _there(session: Session, task: Task, bureau: Unit) -> Task | None:
    query = select(Task).where(Task.passed_from_id == task.id, Task.bureau_id == bureau.id)
    return session.scalar(query.order_by(Task.id.desc()).limit(1))
