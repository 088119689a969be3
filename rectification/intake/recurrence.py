"""反复出现: a shortcoming that stood in a bureau's report of an earlier year stands in this one again."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import ItemKind, Status
from models.report import Report, ReportItem
from models.task import RectificationTask
from rectification import casework
from rectification.casework import Correction
from rectification.intake.likeness import said_again
from rectification.intake.report_versions import line_id
from rectification.office.actors import Acting

Task = RectificationTask
REASON: Final = "此前年度的报告已有同样的不足"
_STILL: Final = re.compile("仍|依然|依旧")


def says_still(text: str) -> bool:
    """Whether a shortcoming says of itself that it was one before."""
    return bool(_STILL.search(text))


def mark_recurring(session: Session, report: Report, items: Sequence[ReportItem]) -> None:
    """Tie each shortcoming of `items` to the most alike one of an earlier year, the latest year first among equals."""
    earlier = _shortcomings(session, report, before=True)
    texts = [item.text for item in earlier]
    for item in items:
        if item.kind is ItemKind.SHORTCOMING and (found := said_again(item.text, texts)) is not None:
            item.recurs_of_id = earlier[found].id
    session.flush()


def mark_later(session: Session, clock: Clock, acting: Acting, report: Report) -> None:
    """Reports come in any order: shortcomings of later years may recur to those of a report taken in after them.

    Drafts are marked; an issued task is never altered behind its owner's back, its item is.
    """
    own = [
        item
        for item in session.scalars(select(ReportItem).where(ReportItem.report_id == report.id))
        if item.kind is ItemKind.SHORTCOMING
    ]
    texts = [item.text for item in own]
    for later in _shortcomings(session, report, before=False):
        if later.recurs_of_id is not None or (found := said_again(later.text, texts)) is None:
            continue
        later.recurs_of_id = own[found].id
        _mark_drafts(session, clock, acting, later, REASON, is_recurring=True)
    session.flush()


def untied(session: Session, gone: Collection[int]) -> Sequence[ReportItem]:
    """The items that recurred to those that are about to go, tied to nothing."""
    later = session.scalars(select(ReportItem).where(ReportItem.recurs_of_id.in_(gone))).all()
    for item in later:
        item.recurs_of_id = None
    session.flush()
    return later


def mark_anew(
    session: Session, clock: Clock, acting: Acting, items: Iterable[ReportItem], reason: str
) -> None:
    """What these recurred to is gone: they recur to others as alike, or no more. Drafts follow, issued tasks stay."""
    for item in items:
        mark_recurring(session, session.get_one(Report, item.report_id), [item])
        if item.recurs_of_id is None:
            _mark_drafts(session, clock, acting, item, reason, is_recurring=False)


def _mark_drafts(
    session: Session, clock: Clock, acting: Acting, item: ReportItem, reason: str, *, is_recurring: bool
) -> None:
    of_line = (Task.report_item_id == line_id(item), Task.status == Status.DRAFT)
    for task in session.scalars(select(Task).where(*of_line)):
        if task.is_recurring is not is_recurring:
            correction = Correction(is_recurring=is_recurring)
            casework.edit(session, clock, acting, task.code, correction, reason)


def task_of(session: Session, item: ReportItem) -> int | None:
    """The task that was to put this item right: an issued one before one that was archived."""
    tasks = session.scalars(
        select(Task).where(Task.report_item_id == line_id(item)).order_by(Task.id.desc())
    ).all()
    issued = [task for task in tasks if task.status not in (Status.DRAFT, Status.ARCHIVED)]
    if issued:
        return issued[0].id
    return next((task.merged_into_id or task.id for task in tasks), None)


def _shortcomings(session: Session, report: Report, *, before: bool) -> list[ReportItem]:
    """The shortcomings the bureau reported in earlier (or later) years, the latest report first."""
    when = Report.year < report.year if before else Report.year > report.year
    return list(
        session.scalars(
            select(ReportItem)
            .join(Report, Report.id == ReportItem.report_id)
            .where(Report.bureau_id == report.bureau_id, when, ReportItem.kind == ItemKind.SHORTCOMING)
            .order_by(Report.year.desc(), Report.id.desc(), ReportItem.id)
        )
    )
