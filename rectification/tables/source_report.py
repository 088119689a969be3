"""What became of one source's list (one 文号), as a report back on it needs it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.base import frozen
from models.organisation import Unit
from models.report import Source
from rectification.halfyear.history_rows import BureauHistory
from rectification.lists.figures import Period, Row

_EVER = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source with its tasks as they stood on a day. `left_out` counts tasks only named persons may see."""

    bureau: str
    title: str
    paper_no: str
    issuing_body: str
    received_on: date | None
    as_of: date
    rows: tuple[Row, ...]
    left_out: int


def source_report(session: Session, source: Source, today: date) -> SourceReport:
    """One source's tasks, from first to last, as of `today`."""
    history = BureauHistory(session, source.bureau_id, _EVER, source_id=source.id)
    found = history.period(Period(_EVER, today))
    return frozen(
        SourceReport,
        source,
        found,
        bureau=session.get_one(Unit, source.bureau_id).name,
        as_of=today,
    )
