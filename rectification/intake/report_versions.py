"""A new version of a report already taken in: which of its items go on, which are new, which are gone.

All versions of a bureau's report of one year share one source and one set of tasks. An item of a later version that
says again what an earlier one said continues that line; the tasks hang on the line's first item.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from models.enums import ItemChange, ItemKind, Status
from models.report import Report, ReportItem
from models.task import RectificationTask
from rectification import casework
from rectification.casework import Correction
from rectification.intake.likeness import paired
from rectification.intake.source_words import places_of
from rectification.office.actors import Acting

REASON: Final = "按报告新版本"


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One matter through the versions: its items, oldest first. Tasks hang on the first."""

    items: tuple[ReportItem, ...]

    @property
    def first(self) -> ReportItem:
        return self.items[0]

    @property
    def latest(self) -> ReportItem:
        return self.items[-1]


def line_id(item: ReportItem) -> int:
    """The item the tasks of this one hang on."""
    return item.continues_id or item.id


def change_of(item: ReportItem, before: ReportItem | None) -> ItemChange:
    """What became of `before` in `item`."""
    if before is None:
        return ItemChange.ADDED
    is_same = before.text == item.text and before.cause == item.cause
    return ItemChange.SAME if is_same else ItemChange.REWORDED


def lines_before(session: Session, report: Report) -> list[ItemLine]:
    """The lines of all versions before this one, in the order of their latest items."""
    items = session.scalars(
        select(ReportItem)
        .join(Report, Report.id == ReportItem.report_id)
        .where(Report.bureau_id == report.bureau_id, Report.year == report.year, Report.id < report.id)
        .order_by(ReportItem.report_id, ReportItem.id)
    )
    lines: dict[int, list[ReportItem]] = {}
    for item in items:
        lines.setdefault(line_id(item), []).append(item)
    found = [ItemLine(tuple(each)) for each in lines.values()]
    return sorted(found, key=lambda line: (line.latest.report_id, line.latest.id))


def continue_lines(
    session: Session, report: Report, items: Sequence[ReportItem]
) -> list[tuple[ReportItem, ReportItem]]:
    """Tie the items of a new version to the lines before; returns each reworded one after the item before it.

    What the clerk had picked by hand, or the reader no longer sees, goes on as long as its words still stand in the
    text outside every item.
    """
    lines = lines_before(session, report)
    reworded = []
    gone = []
    for kind in ItemKind:
        before = [line for line in lines if line.first.kind is kind]
        now = [item for item in items if item.kind is kind]
        pairs = paired([line.latest.text for line in before], [item.text for item in now])
        for place, item in enumerate(now):
            if place not in pairs:
                continue
            line = before[pairs[place]]
            item.continues_id = line.first.id
            if change_of(item, line.latest) is ItemChange.REWORDED:
                reworded.append((line.latest, item))
        gone += [line for place, line in enumerate(before) if place not in pairs.values()]
    _carry_over(session, report, items, gone)
    session.flush()
    return reworded


def _carry_over(
    session: Session, report: Report, items: Sequence[ReportItem], gone: Sequence[ItemLine]
) -> None:
    taken = [(start, end) for item in items for start, end in item.spans]
    last = {kind: sum(item.kind is kind for item in items) for kind in ItemKind}
    for line in gone:
        words = line.latest
        free = [
            place
            for place in places_of(words.text, report.text)
            if not any(start < place[1] and place[0] < end for start, end in taken)
        ]
        if not free:
            continue
        taken.append(free[0])
        last[words.kind] += 1
        session.add(
            ReportItem(
                report_id=report.id,
                kind=words.kind,
                position=last[words.kind],
                text=words.text,
                cause=words.cause,
                section=words.section,
                spans=[list(free[0])],
                continues_id=line.first.id,
                recurs_of_id=words.recurs_of_id,
            )
        )


def reword_drafts(
    session: Session,
    clock: Clock,
    acting: Acting,
    items: Iterable[tuple[ReportItem, ReportItem]],
    reason: str = REASON,
) -> None:
    """Drafts that still say what the first of two items said take the other's words; the clerk's own words stay.

    Issued tasks keep theirs: the change is shown beside them.
    """
    for old, new in items:
        for task in _drafts_of(session, line_id(new)):
            wanted = Correction(
                text=new.text if task.text == old.text != new.text else None,
                cause=new.cause if task.cause == old.cause != new.cause else None,
            )
            if wanted != Correction():
                casework.edit(session, clock, acting, task.code, wanted, reason)


def _drafts_of(session: Session, line: int) -> list[RectificationTask]:
    return list(
        session.scalars(
            select(RectificationTask)
            .where(RectificationTask.report_item_id == line, RectificationTask.status == Status.DRAFT)
            .order_by(RectificationTask.id)
        )
    )
