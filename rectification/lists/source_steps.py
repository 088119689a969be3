"""The steps and counts of sources as lists and papers say them. Reading only."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.base import frozen
from models.enums import Rating, StepKind
from models.report import Source, SourceStep
from models.task import RectificationTask
from rectification.lists.figures import Period
from rectification.task.time_limits import day_text


@dataclass(frozen=True, slots=True)
class StepLine:
    """Something done about a source, or counted of it."""

    id: int
    source_id: int
    kind: StepKind
    day: date
    until: date | None
    number: int | None
    unit: str
    rating: Rating | None
    paper_no: str
    text: str

    @property
    def what(self) -> str:
        """What was counted: the kind, or what stands for it in its words."""
        return self.text if self.kind is StepKind.OTHER else self.kind.word

    @property
    def line(self) -> str:
        """All of it, in a clause."""
        if self.kind is StepKind.STAGE:
            until = f"至{day_text(self.until)}" if self.until else "起"
            return f"{self.text}（{day_text(self.day)}{until}）"
        rating = f"，{self.rating.word}" if self.rating else ""
        paper = f"（{self.paper_no}）" if self.paper_no else ""
        more = f"：{self.text}" if self.text and self.text != self.what else ""
        return f"{day_text(self.day)}{self.what}{self.number}{self.unit}{rating}{paper}{more}"


def steps_of(session: Session, source_ids: Collection[int], by: date | None = None) -> tuple[StepLine, ...]:
    """The steps of some sources by their days; of what was done or counted that `by` a day alone, where it is given."""
    query = select(SourceStep).where(SourceStep.source_id.in_(source_ids))
    if by is not None:
        query = query.where(or_(SourceStep.day <= by, SourceStep.kind == StepKind.STAGE))
    return tuple(
        frozen(StepLine, step) for step in session.scalars(query.order_by(SourceStep.day, SourceStep.id))
    )


def counts_by_source(session: Session, bureau_id: int, period: Period) -> tuple[tuple[str, str], ...]:
    """What the sources on which something was done in a period come to by its end: each by name and number, and its counts.

    Sources whose tasks only named persons may see are left out.
    """
    is_open = select(RectificationTask.id).where(
        RectificationTask.source_id == Source.id, RectificationTask.is_restricted.is_(False)
    )
    lately = select(SourceStep.source_id).where(SourceStep.day.between(period.starts_on, period.cut_off_on))
    query = select(Source).where(Source.bureau_id == bureau_id, Source.id.in_(lately), is_open.exists())
    found = session.scalars(query.order_by(Source.id)).all()
    steps = steps_of(session, [source.id for source in found], by=period.cut_off_on)
    told = (
        (
            f"《{source.title}》" + (f"（{source.paper_no}）" if source.paper_no else ""),
            counts_text([step for step in steps if step.source_id == source.id]),
        )
        for source in found
    )
    return tuple((name, counts) for name, counts in told if counts)


def counts_text(steps: Sequence[StepLine]) -> str:
    """What the steps come to: 约谈8人次，回访12件（满意11件、未能联系1件）; empty where nothing is counted."""
    sums, rated = Counter[tuple[StepKind, str, str]](), Counter[tuple[str, Rating]]()
    for step in steps:
        if step.number:
            sums[step.kind, step.what, step.unit] += step.number
        if step.number and step.rating:
            rated[step.unit, step.rating] += step.number
    parts = []
    for kind, what, unit in sorted(sums, key=lambda each: [*StepKind].index(each[0])):
        said = "、".join(
            f"{rating.word}{rated[unit, rating]}{unit}"
            for rating in Rating
            if kind is StepKind.VISIT and rated[unit, rating]
        )
        parts.append(f"{what}{sums[kind, what, unit]}{unit}" + (f"（{said}）" if said else ""))
    return "，".join(parts)
