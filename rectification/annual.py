"""The annual report's clock: collect, draft, review for secrecy, sign, send, publish, each with its date and 文号.

Source: 法治政府建设与责任落实督察工作规定: departments send their report before 1 March and publish it before 1 April;
the dates and the bodies it goes to are settings. `year` is the reporting year throughout.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Conflict, Refused
from core.workdays import WorkCalendar
from models.enums import AnnualStage
from models.review import AnnualStep
from rectification.actors import Actor
from rectification.calendar import load_calendar
from rectification.casework.case import tidied
from rectification.labels import ANNUAL_STAGE
from rectification.policy import Policy, policy_of
from rectification.reviewing import require_clerk

_SETTINGS: Final = {
    AnnualStage.COLLECT: "annual_collect_by",
    AnnualStage.DRAFT: "annual_draft_by",
    AnnualStage.SECRECY: "annual_secrecy_by",
    AnnualStage.SIGN: "annual_sign_by",
    AnnualStage.SEND: "annual_send_by",
    AnnualStage.PUBLISH: "annual_publish_by",
}
NOTICE_DAYS: Final = (10, 5, 1, 0)
"""Working days before a stage's day on which the clerk is told of it; once it is over, every fifth."""
LATEST_NOTICE: Final = -20


@dataclass(frozen=True, slots=True)
class StepDone:
    """A stage as it was recorded."""

    body: str
    done_on: date
    paper_no: str
    note: str


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage of a year. `missing` are the bodies it still goes to."""

    stage: AnnualStage
    due_on: date
    done: tuple[StepDone, ...]
    missing: tuple[str, ...]

    @property
    def label(self) -> str:
        return ANNUAL_STAGE[self.stage]

    @property
    def is_done(self) -> bool:
        return bool(self.done) and not self.missing

    def is_overdue(self, today: date) -> bool:
        return not self.is_done and today > self.due_on


@dataclass(frozen=True, slots=True)
class NewStep:
    """A stage done: when, under which number, and for sending to which body."""

    stage: AnnualStage
    done_on: date
    paper_no: str = ""
    body: str = ""
    note: str = ""


def due_on(stage: AnnualStage, year: int, policy: Policy, workdays: WorkCalendar) -> date:
    """The last working day by which a stage is due: collecting within the year, the rest in the one after."""
    month, day = map(int, getattr(policy, _SETTINGS[stage]).split("-"))
    in_year = year if stage is AnnualStage.COLLECT else year + 1
    while True:
        try:
            return workdays.on_or_before(date(in_year, month, day))
        except ValueError:  # 29 February in a common year
            day -= 1


def annual_clock(session: Session, bureau_id: int, year: int, today: date) -> list[StageLine]:
    """The stages of a year's report, in order."""
    policy, workdays = policy_of(session, bureau_id, today), load_calendar(session)
    done: dict[AnnualStage, list[StepDone]] = {}
    for step in session.scalars(
        select(AnnualStep)
        .where(AnnualStep.bureau_id == bureau_id, AnnualStep.year == year)
        .order_by(AnnualStep.done_on, AnnualStep.id)
    ):
        done.setdefault(step.stage, []).append(StepDone(step.body, step.done_on, step.paper_no, step.note))
    return [
        StageLine(
            stage=stage,
            due_on=due_on(stage, year, policy, workdays),
            done=tuple(done.get(stage, ())),
            missing=_missing(stage, policy, done.get(stage, [])),
        )
        for stage in AnnualStage
    ]


def record_step(session: Session, clock: Clock, by: Actor, year: int, new: NewStep) -> AnnualStep:
    """Record a stage as done.

    Raises: Forbidden, where the person is not the clerk; Refused, for a day to come, a body not on the list, or a
    report sent or published before it was reviewed for secrecy; Conflict, where it stands already.
    """
    require_clerk(by, "登记年度报告的办理情况")
    policy = policy_of(session, by.bureau_id, clock.today)
    label = ANNUAL_STAGE[new.stage]
    if new.done_on > clock.today:
        raise Refused(f"“{label}”的日期 {new.done_on} 在今天之后", "", "请在办完后登记")
    if new.stage is AnnualStage.SEND and new.body not in policy.annual_send_to:
        raise Refused("没有写明报送给谁", "", f"可选：{'、'.join(policy.annual_send_to)}")
    lines = {line.stage: line for line in annual_clock(session, by.bureau_id, year, clock.today)}
    if new.stage in (AnnualStage.SEND, AnnualStage.PUBLISH) and not lines[AnnualStage.SECRECY].is_done:
        raise Refused(f"{year}年度报告还没有保密审查，不能登记“{label}”", "", "请先登记保密审查的日期和文号")
    body = new.body if new.stage is AnnualStage.SEND else ""
    if any(step.body == body for step in lines[new.stage].done):
        raise Conflict(f"{year}年度报告的“{label}{body}”已经登记过了")
    step = AnnualStep(
        bureau_id=by.bureau_id,
        year=year,
        stage=new.stage,
        body=body,
        done_on=new.done_on,
        paper_no=" ".join(new.paper_no.split())[:200],
        note=tidied(new.note),
        recorded_by_id=by.person_id,
        recorded_at=clock.now,
    )
    session.add(step)
    session.flush()
    return step


def stages_to_tell(
    session: Session, bureau_ids: Collection[int], today: date
) -> dict[int, list[tuple[StageLine, int]]]:
    """What clerks are told of today, by bureau: stages not done, with the working days left (negative once over).

    Only of a year's report somebody has begun, and not for ever: an office that keeps its clock elsewhere is left alone.
    """
    years = (today.year - 1, today.year)
    begun = (
        select(AnnualStep.bureau_id, AnnualStep.year)
        .where(AnnualStep.bureau_id.in_(bureau_ids), AnnualStep.year.in_(years))
        .distinct()
    )
    rows = session.execute(begun.order_by(AnnualStep.bureau_id, AnnualStep.year)).all()
    workdays = load_calendar(session) if rows else WorkCalendar()
    told: dict[int, list[tuple[StageLine, int]]] = {}
    for bureau_id, year in rows:
        for line in annual_clock(session, bureau_id, year, today):
            left = workdays.between(today, line.due_on)
            is_late = LATEST_NOTICE <= left < 0 and left % 5 == 0
            if not line.is_done and (left in NOTICE_DAYS or is_late):
                told.setdefault(bureau_id, []).append((line, left))
    return told


def _missing(stage: AnnualStage, policy: Policy, done: list[StepDone]) -> tuple[str, ...]:
    if stage is not AnnualStage.SEND:
        return ()
    sent = {step.body for step in done}
    return tuple(body for body in policy.annual_send_to if body not in sent)
