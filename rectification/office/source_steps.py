"""What is done about a source beside its tasks, and what is counted of it: talks, circulars, clues, visits, stages.

One row a deed, with its day: the counts of a source are the sums of its rows, and no figure is typed beside them.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from core.errors import NotFound, Refused
from core.text import one_line
from models.enums import OfficeVerb, Rating, StepKind
from models.report import Source, SourceStep
from rectification.labels import STEP_FIELD
from rectification.office.journal import By, change
from rectification.office.sources import alter_told

_MOST: Final = 10**9


@dataclass(frozen=True, slots=True)
class NewStep:
    """A deed as somebody typed it; where `unit` is left out, the usual one of its kind is meant."""

    kind: StepKind
    day: date
    until: date | None = None
    number: int | None = None
    unit: str = ""
    rating: Rating | None = None
    paper_no: str = ""
    text: str = ""


def add_step(session: Session, by: By, source: Source, new: NewStep) -> SourceStep:
    """登记来文工作情况. Raises: Refused, for a number, day or rating that cannot be."""
    fields = asdict(_checked(by, source, new))
    step = SourceStep(bureau_id=source.bureau_id, source_id=source.id, **fields)
    with change(session, by, OfficeVerb.ADD_STEP, _told(step)) as rows:
        rows.add(step)
    return step


def correct_step(
    session: Session, by: By, source: Source, step: SourceStep, new: NewStep, reason: str
) -> None:
    """更正: the deed as it was; old and new stand in the office's history.

    Raises: Refused, as `add_step`, without a reason, or where nothing changes.
    """
    words = f"原因：{_checked_reason(source, reason)}"
    fields = asdict(_checked(by, source, new))
    alter_told(session, by, OfficeVerb.CORRECT_STEP, step, step.kind.word, STEP_FIELD, fields, words)


def remove_step(session: Session, by: By, source: Source, step: SourceStep, reason: str) -> None:
    """删去: what was entered and is not so; what it said stands in the office's history.

    Raises: Refused, without a reason.
    """
    words = f"{_told(step)}；原因：{_checked_reason(source, reason)}"
    with change(session, by, OfficeVerb.REMOVE_STEP, words) as rows:
        rows.remove(step)


def step_of_source(session: Session, source: Source, step_id: int) -> SourceStep:
    """A deed by its number. Raises: NotFound, also for another source's."""
    step = session.get(SourceStep, step_id)
    if step is None or step.source_id != source.id:
        raise NotFound(f"“{source.title}”没有第 {step_id} 号工作情况", "", "请从来源的页面进入")
    return step


def _checked(by: By, source: Source, new: NewStep) -> NewStep:
    """Raises: Refused, saying what is wrong with it first."""
    unit, text = one_line(new.unit) or new.kind.usual_unit, one_line(new.text)
    is_stage = new.kind is StepKind.STAGE
    faults = {
        "没有写说明": (
            not text and new.kind in (StepKind.STAGE, StepKind.OTHER),
            "请写明是什么阶段、什么事项",
        ),
        "阶段不计数量": (is_stage and bool(new.number or new.unit), "数量请另登记一行"),
        f"结束日期 {new.until} 早于开始日期 {new.day}": (
            bool(new.until and new.until < new.day),
            "请核对日期",
        ),
        "只有阶段有结束日期": (bool(new.until) and not is_stage, "请去掉结束日期"),
        f"日期 {new.day} 在今天之后": (not is_stage and new.day > by.clock.today, "办过以后再登记"),
        "数量应是 1 以上的整数": (not is_stage and not 1 <= (new.number or 0) <= _MOST, "请写明数量"),
        "没有写计量单位": (not is_stage and not unit, "请写明，如 件、元"),
        "计量单位太长": (len(unit) > 10, "请精简到 10 个字以内"),
        "回访没有写评价": (new.kind is StepKind.VISIT and new.rating is None, "请写明评价，联系不上的也写明"),
        "只有回访有评价": (new.kind is not StepKind.VISIT and new.rating is not None, "请去掉评价"),
    }
    for why, (is_so, todo) in faults.items():
        if is_so:
            raise Refused(f"“{source.title}”的{new.kind.word}没有登记", why, todo)
    return replace(new, unit=unit, text=text[:200], paper_no=one_line(new.paper_no)[:200])


def _checked_reason(source: Source, reason: str) -> str:
    if not reason.strip():
        raise Refused(f"“{source.title}”的工作情况没有更正", "没有写原因", "请写明后再提交")
    return one_line(reason)


def _told(step: SourceStep) -> str:
    said = {label: getattr(step, name) for name, label in STEP_FIELD.items()}
    return "；".join(f"{label}：{getattr(value, 'word', value)}" for label, value in said.items() if value)
