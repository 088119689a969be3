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
from core.text import one_line, tidied
from core.workdays import WorkCalendar
from models.enums import AnnualStage
from models.report import Report
from models.review import AnnualStep
from rectification.halfyear.cycles import first_issued
from rectification.office.actors import Actor, require_clerk
from rectification.office.calendar import load_calendar
from rectification.office.settings import Policy, policies, policy_of

_BEFORE_WRITTEN: Final = frozenset({AnnualStage.COLLECT, AnnualStage.DRAFT})
NOTICE_AHEAD: Final = 10
"""So many working days before a stage's day the clerk begins to hear of it, week by week."""
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
        return self.stage.word

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


def year_in_hand(today: date) -> int:
    """The year whose report is in hand: from December on the one that ends."""
    return today.year if today.month == 12 else today.year - 1


def due_on(stage: AnnualStage, year: int, policy: Policy, workdays: WorkCalendar) -> date:
    """The last working day by which a stage is due: collecting within the year, the rest in the one after."""
    month, day = map(int, getattr(policy, f"annual_{stage}_by").split("-"))
    in_year = year if stage is AnnualStage.COLLECT else year + 1
    while True:
        try:
            return workdays.on_or_before(date(in_year, month, day))
        except ValueError:  # 29 February in a common year
            day -= 1


def annual_clock(session: Session, bureau_id: int, year: int, today: date) -> list[StageLine]:
    """The stages of a year's report, in order."""
    return annual_clocks(session, (bureau_id,), year, today)[bureau_id]


def annual_clocks(
    session: Session, bureau_ids: Collection[int], year: int, today: date
) -> dict[int, list[StageLine]]:
    """The stages of a year's report for each of some bureaus."""
    in_force, workdays = policies(session, bureau_ids, today), load_calendar(session)
    done: dict[tuple[int, AnnualStage], list[StepDone]] = {}
    for step in session.scalars(
        select(AnnualStep)
        .where(AnnualStep.bureau_id.in_(bureau_ids), AnnualStep.year == year)
        .order_by(AnnualStep.done_on, AnnualStep.id)
    ):
        of_stage = done.setdefault((step.bureau_id, step.stage), [])
        of_stage.append(StepDone(step.body, step.done_on, step.paper_no, step.note))
    return {
        bureau_id: [
            StageLine(
                stage=stage,
                due_on=due_on(stage, year, policy, workdays),
                done=tuple(done.get((bureau_id, stage), ())),
                missing=_missing(stage, policy, done.get((bureau_id, stage), [])),
            )
            for stage in AnnualStage
        ]
        for bureau_id, policy in in_force.items()
    }


def record_step(session: Session, clock: Clock, by: Actor, year: int, new: NewStep) -> AnnualStep:
    """Record a stage as done.

    Raises: Forbidden, where the person is not the clerk; Refused, for a day to come, a body not on the list, or a
    report sent or published before it was reviewed for secrecy; Conflict, where it stands already.
    """
    require_clerk(by, "登记年度报告的办理情况")
    policy = policy_of(session, by.bureau_id, clock.today)
    label = new.stage.word
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
        paper_no=one_line(new.paper_no)[:200],
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
    """What clerks are told of in a week, by bureau: stages not done that are due within NOTICE_AHEAD working days or over,
    with the working days left (negative once over).

    Of the report on a year in which the bureau used the ledger, or that somebody has begun to record; not for ever,
    and not where the bureau's settings say that it keeps this clock elsewhere.
    """
    workdays = load_calendar(session)
    in_force = policies(session, bureau_ids, today)
    told: dict[int, list[tuple[StageLine, int]]] = {}
    for year in (today.year - 1, today.year):
        wanted = [each for each in _concerned(session, bureau_ids, year) if in_force[each].annual_notices]
        written = _written(session, wanted, year)
        for bureau_id, lines in annual_clocks(session, wanted, year, today).items():
            for line in lines:
                is_past = bureau_id in written and line.stage in _BEFORE_WRITTEN
                left = workdays.between(today, line.due_on)
                if not line.is_done and not is_past and LATEST_NOTICE <= left <= NOTICE_AHEAD:
                    told.setdefault(bureau_id, []).append((line, left))
    return told


def _written(session: Session, bureau_ids: Collection[int], year: int) -> set[int]:
    """The bureaus whose report on `year` is in the ledger already."""
    query = select(Report.bureau_id).where(Report.bureau_id.in_(bureau_ids), Report.year == year)
    return set(session.scalars(query))


def _concerned(session: Session, bureau_ids: Collection[int], year: int) -> list[int]:
    """The bureaus whose report on `year` is followed."""
    issued = first_issued(session, bureau_ids)
    begun = session.scalars(
        select(AnnualStep.bureau_id)
        .where(AnnualStep.bureau_id.in_(bureau_ids), AnnualStep.year == year)
        .distinct()
    )
    return sorted({*begun, *(each for each, day in issued.items() if day.year <= year)})


def _missing(stage: AnnualStage, policy: Policy, done: list[StepDone]) -> tuple[str, ...]:
    if stage is not AnnualStage.SEND:
        return ()
    sent = {step.body for step in done}
    return tuple(body for body in policy.annual_send_to if body not in sent)
