"""What the next annual report claims, laid beside the ledger: the words of both, for a person to judge.

Matching is by the rare words two texts share (reports/answers.py), within the report's narrative; its own new shortcomings and plans are left aside.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import frozen
from models.enums import ItemKind
from models.report import Report, ReportItem
from rectification.halfyear.history_rows import BureauHistory
from rectification.intake.likeness import likeness
from rectification.labels import status_label
from rectification.lists.figures import Period
from rectification.task.drafting import code_order
from reports.answers import answers

SHOWN: Final = 2
NEAR: Final = 48.0
"""Two rare words alone (处罚, 案件) pair sentences on different matters: those measured stood below 47, true ones above 49."""
_SENTENCE: Final = re.compile(r"[^。；;！？\n]+")


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A task and the sentences of the new report that may speak of it, the likest first."""

    code: str
    kind: ItemKind
    text: str
    state: str
    overdue_days: int
    claims: tuple[str, ...]


def claims_beside(session: Session, bureau_id: int, year: int) -> list[ClaimLine] | None:
    """The report on `year` beside the tasks of that year, as they stood at its end; None where it was not imported."""
    report = session.scalar(
        select(Report)
        .where(Report.bureau_id == bureau_id, Report.year == year)
        .order_by(Report.id.desc())
        .limit(1)
    )
    if report is None:
        return None
    period = Period(date(year, 1, 1), date(year, 12, 31))
    rows = BureauHistory(session, bureau_id, period.starts_on).period(period).rows
    rows = tuple(sorted(rows, key=lambda row: code_order(row.code)))
    sentences = list(_narrative(session, report))
    near = answers([row.text for row in rows], sentences)
    return [
        frozen(
            ClaimLine,
            row,
            state=status_label(row.status, row.kind),
            claims=tuple(
                sentences[place] for place in places if likeness(row.text, sentences[place]) >= NEAR
            )[:SHOWN],
        )
        for row, places in zip(rows, near, strict=True)
    ]


def _narrative(session: Session, report: Report) -> Iterator[str]:
    """The sentences outside the report's own items."""
    spans = session.scalars(select(ReportItem.spans).where(ReportItem.report_id == report.id))
    taken = [(start, end) for of_item in spans for start, end in of_item]
    for found in _SENTENCE.finditer(report.text):
        is_item = any(found.start() < end and start < found.end() for start, end in taken)
        words = found[0].strip()
        if len(words) >= 8 and not is_item:
            yield words
