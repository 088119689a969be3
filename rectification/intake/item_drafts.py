"""From an item of a report to its draft: who, when and kind of limit are proposed, recurrence is carried along."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.text import one_line
from models.enums import ItemKind
from models.organisation import Unit
from models.report import Report, ReportItem
from models.task import RectificationTask
from rectification.intake.assignments import proposed
from rectification.intake.recurrence import task_of
from rectification.office.actors import Acting
from rectification.task.drafting import NewDraft, draft
from reports.parsed import Item


def draft_item(
    session: Session,
    clock: Clock,
    acting: Acting,
    bureau: Unit,
    report: Report,
    item: ReportItem,
    code: str,
    said: Item | None = None,
    *,
    words: str = "",
) -> RectificationTask:
    """Draft the task of an item, with what the report says of it; `words` say how it came to be."""
    earlier = session.get(ReportItem, item.recurs_of_id) if item.recurs_of_id else None
    wanted = proposed(session, bureau.id, item.kind, report.year, item.text, said, clock.today)
    new = NewDraft(
        kind=item.kind,
        text=item.text,
        cause=item.cause,
        source_id=report.source_id,
        report_item_id=item.id,
        time_limit=wanted.time_limit,
        due_on=wanted.due_on,
        next_checkpoint_on=wanted.next_checkpoint_on,
        hands=wanted.hands,
        is_recurring=earlier is not None,
        recurs_of_id=task_of(session, earlier) if earlier else None,
    )
    return draft(session, clock, acting, bureau, code, new, words=words)


def answering_plans(session: Session, item_id: int | None) -> list[str]:
    """The words of the plans that may answer a report's shortcoming: its measures, as the report itself proposes them."""
    item = session.get(ReportItem, item_id) if item_id else None
    if item is None:
        return []
    plans = select(ReportItem.text).where(
        ReportItem.report_id == item.report_id,
        ReportItem.kind == ItemKind.PLAN,
        ReportItem.position.in_(item.answered_by),
    )
    return [one_line(text) for text in session.scalars(plans.order_by(ReportItem.position))]
