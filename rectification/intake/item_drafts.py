"""From an item of a report to its draft: the unit and person it means, the time limit it says, recurrence carried along."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.text import one_line
from models.enums import ItemKind, Role, TimeLimit
from models.organisation import Unit
from models.report import Report, ReportItem
from models.task import RectificationTask
from rectification.intake.recurrence import task_of
from rectification.office.actors import Acting
from rectification.office.people_by_name import person_meant, unit_meant, unit_named_in
from rectification.task.deadlines import period_end, proposed_due
from rectification.task.drafting import Hands, NewDraft, draft
from reports.labels import cadence_in
from reports.parsed import Cadence, Item
from reports.wording import implies_duration

_MONTHS: Final = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3}
"""The checkpoints of what is to be done oftener than they are asked for at least."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a draft is proposed; names that match nobody of the office propose nothing."""

    time_limit: TimeLimit
    due_on: date
    next_checkpoint_on: date | None
    hands: Hands


def proposed(
    session: Session, bureau_id: int, kind: ItemKind, year: int, text: str, said: Item | None, today: date
) -> Proposed:
    """The proposals for an item of a report on `year`; `said` is the item as read, None where the clerk picked it."""
    limit, checkpoint = TimeLimit.DATED, None
    due = said.due if said else None
    if due is None:
        found = cadence_in(text) if said is None and kind is ItemKind.PLAN else None
        cadence = said.cadence if said else found and found[0]
        words = [each.text for each in said.assigned if each.field == "due"] if said else []
        if cadence or any(map(implies_duration, (text, *words))):
            limit = TimeLimit.LONG_TERM
            checkpoint = period_end(today, _MONTHS.get(cadence, 6) if cadence else 6)
    owner = said.owner if said else None
    named = (said.person or owner) if said else None
    unit = unit_meant(session, bureau_id, owner) if owner else None
    unit = unit if named else unit_named_in(session, bureau_id, text)
    person = person_meant(session, bureau_id, named, Role.OFFICER, unit) if named else None
    return Proposed(
        time_limit=limit,
        due_on=due or proposed_due(kind, year),
        next_checkpoint_on=checkpoint,
        hands=Hands(
            lead_unit_id=unit.id if unit else person.unit_id if person else None,
            officer_id=person.id if person else None,
        ),
    )


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
