"""From an item of a report to its draft: date and kind of limit are proposed, recurrence is carried along."""

from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import TimeLimit
from models.organisation import Unit
from models.report import Report, ReportItem
from models.task import RectificationTask
from rectification.actors import Acting
from rectification.deadlines import proposed_due
from rectification.drafting import NewDraft, draft
from rectification.recurrence import task_of
from reports.wording import implies_duration


def draft_item(
    session: Session,
    clock: Clock,
    acting: Acting,
    bureau: Unit,
    report: Report,
    item: ReportItem,
    code: str,
    *,
    words: str = "",
) -> RectificationTask:
    """Draft the task of an item; `words` say how it came to be."""
    earlier = session.get(ReportItem, item.recurs_of_id) if item.recurs_of_id else None
    new = NewDraft(
        kind=item.kind,
        text=item.text,
        cause=item.cause,
        source_id=report.source_id,
        report_item_id=item.id,
        time_limit=TimeLimit.LONG_TERM if implies_duration(item.text) else TimeLimit.DATED,
        due_on=proposed_due(item.kind, report.year),
        is_recurring=earlier is not None,
        recurs_of_id=task_of(session, earlier) if earlier else None,
    )
    return draft(session, clock, acting, bureau, code, new, words=words)
