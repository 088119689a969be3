"""Drafts for the next annual report, each sentence with the tasks it stands on: 存在的不足 and 下一年度安排.

Nothing is said that the ledger does not hold; the office rewrites what it wants to say otherwise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Role, Status, TimeLimit, Verb
from models.history import EventText, TaskEvent
from models.organisation import Person, PersonRole, Unit
from models.task import RectificationTask
from rectification.bureau_history import BureauHistory
from rectification.figures import RATE_FORMULA, Figure, Period, Row, Selection, count, rows_behind
from rectification.hearings import HearingRow, list_hearings
from rectification.lifecycle import OPEN
from rectification.sources import OWN_REPORT
from rectification.timelimits import day_text

MAX_WORDS = 60


@dataclass(frozen=True, slots=True)
class Traced:
    """A sentence and the codes of the tasks it stands on."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instruction:
    """A 批示 or 挂牌督办: who, when, on which task, in which words."""

    day: date
    person: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """What the year shows of the head's duty (第一责任人履职、述法); facts alone, the words are the office's."""

    hearings: tuple[HearingRow, ...]
    instructions: tuple[Instruction, ...]
    supervisions: tuple[Instruction, ...]
    approvals: tuple[Instruction, ...]


@dataclass(frozen=True, slots=True)
class AnnualDraft:
    """The drafts of one reporting year, as of a day in it or its end."""

    bureau: str
    year: int
    as_of: date
    promised: tuple[Traced, ...]
    shortcomings: tuple[Traced, ...]
    plans: tuple[Traced, ...]
    duty: DutyFacts


def annual_draft(session: Session, bureau_id: int, year: int, today: date) -> AnnualDraft:
    """The drafts of a reporting year."""
    period = Period(date(year, 1, 1), min(date(year, 12, 31), max(today, date(year, 1, 1))))
    rows = BureauHistory(session, bureau_id, period.starts_on).period(period).rows
    return AnnualDraft(
        bureau=session.get_one(Unit, bureau_id).name,
        year=year,
        as_of=period.cut_off_on,
        promised=tuple(_promised(rows)),
        shortcomings=tuple(_shortcomings(rows)),
        plans=tuple(_plans(rows, year + 1)),
        duty=duty_facts(session, bureau_id, period),
    )


def duty_facts(session: Session, bureau_id: int, period: Period) -> DutyFacts:
    """Hearings, instructions, listed supervision and approvals of leaders and chief in a period."""
    heard = list_hearings(session, bureau_id, since=period.starts_on, until=period.cut_off_on)
    return DutyFacts(
        hearings=tuple(reversed(heard)),
        instructions=tuple(_acts(session, bureau_id, period, Verb.INSTRUCT)),
        supervisions=tuple(_acts(session, bureau_id, period, Verb.SUPERVISE)),
        approvals=tuple(_acts(session, bureau_id, period, Verb.APPROVE, by=Role.CHIEF)),
    )


def _promised(rows: Sequence[Row]) -> Iterator[Traced]:
    """What became of what the last report promised, and of everything else."""
    own = [row for row in rows if row.source == OWN_REPORT]
    for kind, are_problems, done in (("不足", True, "整改销号"), ("工作安排", False, "办结")):
        of_kind = [row for row in own if row.is_problem is are_problems]
        if of_kind:
            closed = rows_behind(of_kind, Selection(Figure.CLOSED))
            ended = rows_behind(of_kind, Selection(Figure.TERMINATED))
            rest = f"，经批准终止{len(ended)}项" if ended else ""
            yield Traced(
                f"报告提出并列入台账的{kind}{len(of_kind)}项，已{done}{len(closed)}项{rest}。",
                _codes(of_kind),
            )
    others = [row for row in rows if row.is_problem and row.source != OWN_REPORT]
    if others:
        closed = rows_behind(others, Selection(Figure.CLOSED))
        sources = "、".join(dict.fromkeys(row.source for row in others))
        yield Traced(f"{sources}等发现的问题{len(others)}项，已整改销号{len(closed)}项。", _codes(others))
    problems = count(rows).problems
    if problems.total:
        yield Traced(
            f"全年列入台账的问题共{problems.total}项，整改率{problems.rate}（{RATE_FORMULA}）。",
            _codes([row for row in rows if row.is_problem]),
        )


def _shortcomings(rows: Sequence[Row]) -> Iterator[Traced]:
    """Longest overdue first, then what recurs, then what is still under way."""
    problems = [row for row in rows if row.is_problem and row.status in OPEN]
    overdue = sorted((row for row in problems if row.overdue_days), key=lambda row: -row.overdue_days)
    for row in overdue:
        reason = f"，原因是：{_short(row.late_reason)}" if row.late_reason else ""
        yield Traced(
            f"{_short(row.text)}。该问题至今没有完成整改，已超过时限{row.overdue_days}天{reason}。",
            (row.code,),
        )
    for row in problems:
        if row.is_recurring and not row.overdue_days:
            yield Traced(f"{_short(row.text)}。该问题反复出现，长效机制还不健全。", (row.code,))
    for row in problems:
        if not row.is_recurring and not row.overdue_days:
            yield Traced(f"{_short(row.text)}。该问题正在整改。", (row.code,))


def _plans(rows: Sequence[Row], next_year: int) -> Iterator[Traced]:
    """What to carry into the next year: every open task once."""
    for row in rows:
        if row.status not in OPEN:
            continue
        words = _short(row.text)
        if row.time_limit is TimeLimit.LONG_TERM:
            yield Traced(f"长期坚持：{words}，{next_year}年每半年至少检查一次。", (row.code,))
        elif row.is_problem:
            yield Traced(f"继续整改：{words}，{_by(row, next_year)}完成整改并销号。", (row.code,))
        else:
            yield Traced(f"继续办理：{words}，{_by(row, next_year)}办结。", (row.code,))


def _by(row: Row, next_year: int) -> str:
    if row.status is Status.IN_PROGRESS and row.due_on and row.due_on.year >= next_year:
        return f"于{day_text(row.due_on)}前"
    return f"于{next_year}年【请填写时限】前"


def _acts(
    session: Session, bureau_id: int, period: Period, verb: Verb, *, by: Role | None = None
) -> Iterator[Instruction]:
    query = (
        select(TaskEvent.effective_on, Person.name, RectificationTask.code, EventText.text)
        .join(RectificationTask, RectificationTask.id == TaskEvent.task_id)
        .join(Person, Person.id == TaskEvent.actor_id)
        .outerjoin(EventText, EventText.event_id == TaskEvent.id)
        .where(
            TaskEvent.bureau_id == bureau_id,
            TaskEvent.verb == verb,
            TaskEvent.effective_on.between(period.starts_on, period.cut_off_on),
            RectificationTask.is_restricted.is_(False),
        )
        .order_by(TaskEvent.effective_on, TaskEvent.sequence)
    )
    if by is not None:
        query = query.where(TaskEvent.actor_id.in_(select(PersonRole.person_id).where(PersonRole.role == by)))
    for day, person, code, text in session.execute(query):
        yield Instruction(day, person, code, text or "")


def _codes(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(row.code for row in rows)


def _short(text: str) -> str:
    line = " ".join(text.split()).rstrip("。；;")
    return line if len(line) <= MAX_WORDS else f"{line[:MAX_WORDS]}……"
