"""What the drafts for the next annual report stand on: a year's tasks as they stood at its end, and the head's duty."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.base import frozen
from models.organisation import Unit
from rectification.halfyear.duty import DutyFacts, duty_facts
from rectification.halfyear.history_rows import BureauHistory
from rectification.lists.figures import Period, Row


@dataclass(frozen=True, slots=True)
class AnnualDraft:
    """One reporting year, as of a day in it or its end. `left_out` counts tasks only named persons may see."""

    bureau: str
    year: int
    as_of: date
    rows: tuple[Row, ...]
    left_out: int
    duty: DutyFacts


def annual_draft(session: Session, bureau_id: int, year: int, today: date) -> AnnualDraft:
    """What is to be said of a reporting year."""
    period = Period(date(year, 1, 1), min(date(year, 12, 31), max(today, date(year, 1, 1))))
    ledger = BureauHistory(session, bureau_id, period.starts_on)
    found = ledger.period(period)
    return frozen(
        AnnualDraft,
        found,
        rows=ledger.with_results(found.rows, period.cut_off_on),
        bureau=session.get_one(Unit, bureau_id).name,
        year=year,
        as_of=period.cut_off_on,
        duty=duty_facts(session, bureau_id, period),
    )
