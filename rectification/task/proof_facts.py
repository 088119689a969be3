"""The file of a task as the closure checks look at it, gathered from the ledger."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, selectinload, undefer

from models.base import frozen
from models.enums import ClosureStage
from models.organisation import Unit, UnitAlias
from models.report import ReportItem
from models.task import Closure, ClosureStep, Evidence, Measure, Progress, Proof, RectificationTask
from rectification.office.settings import policy_of
from rectification.task.proof import WHOLE, BindingMeasure, Dossier, Exhibit, LastTime, provable

COMPARED: Final = 2000
"""How many of a bureau's newest closings a statement is compared with."""

Task = RectificationTask


def is_owed(session: Session, task: Task) -> bool:
    """Whether it ends as a problem must: one is, and what its report called one, whatever its draft was made into."""
    item = session.get(ReportItem, task.report_item_id) if task.report_item_id else None
    return task.kind.is_problem or (item is not None and item.kind.is_problem)


def dossier_of(
    session: Session, task: Task, today: date, *, statement: str = "", now: datetime | None = None
) -> Dossier:
    """The file of `task` on a day; `statement` is what the owner is about to submit, or has submitted.

    `now` is the moment, where it is about to be submitted and not a paper of before that is being recorded.
    """
    policy, steps = policy_of(session, task.bureau_id, today), _steps(session, task)
    is_problem = is_owed(session, task)
    this_time, before = _submissions(session, task)
    if this_time:
        now = None if this_time.recorder_id else this_time.created_at
    return frozen(
        Dossier,
        task,
        needs_goal=policy.requires_goal and is_problem,
        needs_proof=policy.requires_proof and is_problem,
        exhibits=_exhibits(session, task, steps),
        measures=steps,
        statement=statement,
        last_submitted_at=before.created_at if before else None,
        others=_other_statements(session, task) if statement else (),
        problem=task.text,
        own_names=_own_names(session, task),
        submitted_on=task.submitted_on or today,
        submitted_at=now,
        reported_on=tuple(session.scalars(select(Progress.reported_on).where(Progress.task_id == task.id))),
        last_time=_last_time(session, task) if task.recurs_of_id else None,
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
    came = select(Evidence.sha256, func.min(Evidence.uploaded_at)).where(
        Evidence.task_id == task.id, Evidence.sha256 != ""
    )
    first = dict(
        session.execute(came.group_by(Evidence.sha256)).tuples().all()
    )  # taken out and put back is not new
    elsewhere = _elsewhere(session, task, {row.sha256 for row in rows if row.sha256})
    return tuple(
        Exhibit(
            name=row.file_name or row.note or row.archive_no,
            added_at=first.get(row.sha256, row.uploaded_at),
            own_date=row.own_date,
            kind=row.kind,
            also_in=tuple(sorted(elsewhere.get(row.sha256, ()))),
            proves=frozenset(places(row, able)),
            own_text=row.own_text,
            is_paper=not row.sha256,
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
    return tuple(BindingMeasure(row.text, row.done_on is not None, row.position, row.due_on) for row in rows)


def _submissions(session: Session, task: Task) -> tuple[ClosureStep | None, ClosureStep | None]:
    """The submission under way, where one is, and that of the round before."""
    rounds = (
        select(ClosureStep)
        .join(Closure, Closure.id == ClosureStep.closure_id)
        .where(Closure.task_id == task.id, ClosureStep.stage == ClosureStage.SUBMIT)
        .order_by(Closure.round.desc())
        .limit(2)
    )
    latest = [None, *session.scalars(rounds), None, None]
    return (latest[1], latest[2]) if task.submitted_on else (None, latest[1])


def _own_names(session: Session, task: Task) -> tuple[str, ...]:
    """What the bureau and its units are and were called, the bureau's own name first."""
    units = select(Unit.name).where(Unit.bureau_id == task.bureau_id).order_by(Unit.id != task.bureau_id)
    aliases = select(UnitAlias.name).where(UnitAlias.bureau_id == task.bureau_id)
    return (*session.scalars(units), *session.scalars(aliases))


def _last_time(session: Session, task: Task) -> LastTime | None:
    """How the task that this problem recurs of was closed."""
    closings = select(Closure.statement).where(Closure.task_id == task.recurs_of_id, Closure.statement != "")
    statement = session.scalar(closings.order_by(Closure.round.desc()).limit(1))
    kinds = select(Evidence.kind).where(
        Evidence.task_id == task.recurs_of_id, Evidence.purged_at.is_(None), ~Evidence.is_signed_paper
    )
    return LastTime(statement, frozenset(session.scalars(kinds))) if statement else None


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
