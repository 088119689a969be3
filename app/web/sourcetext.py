"""A report's text cut into stretches, so that a page can show where each item stands."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.report import Report, ReportItem


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the text; `item_id` is the item that was read from it. `is_first` begins the item."""

    text: str
    item_id: int | None = None
    is_first: bool = False


def stretches(session: Session, report: Report) -> list[Stretch]:
    """The whole text in order; where two items claim one place, the earlier one has it."""
    items = session.scalars(
        select(ReportItem).where(ReportItem.report_id == report.id).order_by(ReportItem.id)
    )
    spans = sorted((start, end, item.id) for item in items for start, end in item.spans)
    found: list[Stretch] = []
    begun: set[int] = set()
    place = 0
    for start, end, item_id in spans:
        start = max(start, place)
        if end <= start:
            continue
        found.append(Stretch(report.text[place:start]))
        found.append(Stretch(report.text[start:end], item_id, item_id not in begun))
        begun.add(item_id)
        place = end
    found.append(Stretch(report.text[place:]))
    return [stretch for stretch in found if stretch.text]
