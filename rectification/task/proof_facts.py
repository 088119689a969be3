"""The file of a task as the closure checks look at it, gathered from the ledger."""

from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, selectinload, undefer

from models.enums import ClosureStage
from models.task import Closure, ClosureStep, Evidence, Measure, Proof, RectificationTask
from rectification.office.settings import policy_of
from rectification.task.proof import WHOLE, BindingMeasure, Dossier, Exhibit, provable

COMPARED: Final = 2000
"""How many of a bureau's newest closings a statement is compared with."""

Task = RectificationTask


def dossier_of(session: Session, task: Task, today: date, *, statement: str = "") -> Dossier:
    """The file of `task` on a day; `statement` is what the owner is about to submit, or has submitted."""
    policy, steps = policy_of(session, task.bureau_id, today), _steps(session, task)
    return Dossier(
        issued_on=task.issued_on,
        goal=task.goal,
        needs_goal=policy.requires_goal and task.kind.is_problem,
        needs_proof=policy.requires_proof and task.kind.is_problem,
        exhibits=_exhibits(session, task, steps),
        measures=steps,
        count_total=task.count_total,
        count_done=task.count_done,
        statement=statement,
        last_submitted_on=_last_submitted_on(session, task),
        others=_other_statements(session, task) if statement else (),
    )


def _exhibits(session: Session, task: Task, steps: tuple[BindingMeasure, ...]) -> tuple[Exhibit, ...]:
    able = provable((step.position for step in steps), is_counted=task.count_total is not None)
    rows = session.scalars(
        select(Evidence)
        .where(Evidence.task_id == task.id, Evidence.purged_at.is_(None), ~Evidence.is_signed_paper)
        .order_by(Evidence.id)
        .options(undefer(Evidence.own_text), selectinload(Evidence.proofs).joinedload(Proof.measure))
        .execution_options(populate_existing=True)
    ).all()
    elsewhere = _elsewhere(session, task, {row.sha256 for row in rows if row.sha256})
    return tuple(
        Exhibit(
            name=row.file_name or row.note or row.archive_no,
            added_on=row.uploaded_at.date(),
            own_date=row.own_date,
            kind=row.kind,
            also_in=tuple(sorted(elsewhere.get(row.sha256, ()))),
            proves=frozenset(places(row, able)),
            own_text=row.own_text,
        )
        for row in rows
    )


def places(row: Evidence, able: tuple[int, ...]) -> tuple[int, ...]:
    """Where among the task's measures stands what a piece proves: the one thing there is to prove, where nothing was said.

    Its proofs must be loaded.
    """
    said = tuple(proof.measure.position if proof.measure else WHOLE for proof in row.proofs)
    return said or (able if len(able) == 1 else ())


def _elsewhere(session: Session, task: Task, hashes: set[str]) -> dict[str, set[str]]:
    """The codes of the bureau's other tasks that hold these files; restricted ones are not named."""
    found: dict[str, set[str]] = {}
    rows = session.execute(
        select(Evidence.sha256, Task.code, Task.is_restricted)
        .join(Task, Task.id == Evidence.task_id)
        .where(Evidence.sha256.in_(hashes), Evidence.purged_at.is_(None), *_others(task))
    )
    for sha256, code, is_restricted in rows:
        found.setdefault(sha256, set()).add("（另一任务）" if is_restricted else code)
    return found


def _others(task: Task) -> tuple[ColumnElement[bool], ...]:
    """The bureau's other tasks, but those entered twice."""
    return Task.bureau_id == task.bureau_id, Task.id != task.id, Task.duplicate_of_id.is_(None)


def _steps(session: Session, task: Task) -> tuple[BindingMeasure, ...]:
    rows = session.scalars(
        select(Measure).where(Measure.task_id == task.id, ~Measure.is_dropped).order_by(Measure.position)
    )
    return tuple(BindingMeasure(row.text, row.done_on is not None, row.position) for row in rows)


def _last_submitted_on(session: Session, task: Task) -> date | None:
    """The submission of the round before the one that is under way or to come."""
    under_way = task.submitted_on is not None
    rounds = (
        select(ClosureStep.signed_on)
        .join(Closure, Closure.id == ClosureStep.closure_id)
        .where(Closure.task_id == task.id, ClosureStep.stage == ClosureStage.SUBMIT)
        .order_by(Closure.round.desc())
    )
    return session.scalar(rounds.offset(1 if under_way else 0).limit(1))


def _other_statements(session: Session, task: Task) -> tuple[tuple[str, str], ...]:
    newest = aliased(Closure)
    latest_round = select(func.max(newest.round)).where(newest.task_id == Closure.task_id).scalar_subquery()
    rows = session.execute(
        select(Task.code, Task.is_restricted, Closure.statement)
        .join(Task, Task.id == Closure.task_id)
        .where(*_others(task), Closure.round == latest_round, Closure.statement != "")
        .order_by(Closure.id.desc())
        .limit(COMPARED)
    )
    return tuple(
        ("（另一任务）" if is_restricted else code, statement) for code, is_restricted, statement in rows
    )
