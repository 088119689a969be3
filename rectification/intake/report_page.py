"""Reports as lists and the intake page show them: items with their tasks, what changed, what the reader told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session, aliased

from models.base import frozen
from models.enums import ItemChange, ItemKind, Status, Verb
from models.history import EventText, TaskEvent
from models.organisation import Unit
from models.report import Report, ReportItem
from models.task import RectificationTask
from rectification.intake.picking import PICKED, holds
from rectification.intake.report_versions import change_of, line_id, lines_before
from rectification.intake.told import Note

Task = RectificationTask
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """An imported report as lists show it.

    `drafts` of its source wait to be issued; `newer_id` is the version that replaced it.
    """

    id: int
    org: str
    year: int
    title: str
    issued_on: date | None
    file_name: str
    imported_at: datetime
    shortcomings: int
    plans: int
    drafts: int
    newer_id: int | None = None


@dataclass(frozen=True, slots=True)
class EarlierItem:
    """The item of an earlier year that said the same, with the tasks that came of it."""

    report_id: int
    item_id: int
    year: int
    position: int
    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of a report with the tasks made from it: none where it is new to the ledger, several after a split.

    `change` is None in the first version of a report; `before` are the words of the version before, where they
    differ. `spans` are in the report's text. `said` are the report's words on who and when; `needs_check`: it was
    read less surely than can be let go.
    """

    id: int
    kind: ItemKind
    position: int
    text: str
    cause: str
    section: str
    page: int | None
    paragraph: int
    spans: tuple[Place, ...]
    task_codes: tuple[str, ...]
    answered_by: tuple[int, ...] = ()
    recurs: EarlierItem | None = None
    change: ItemChange | None = None
    before: str = ""
    said: str = ""
    needs_check: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """What the reader told: a hint, a sentence left over with its reason, one that may be an item; with its place.

    `item_id` is the item that holds the place, once the clerk took it up.
    """

    text: str
    reason: str = ""
    span: Place | None = None
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReportDetail:
    """A report with its items, the items a new version dropped, and what its reader told the clerk.

    `mended` counts what the clerk put right in the reading, and still stands.
    """

    row: ReportRow
    items: tuple[ItemRow, ...]
    hints: tuple[Remark, ...]
    leftovers: tuple[Remark, ...] = ()
    missed: tuple[Remark, ...] = ()
    mended: Mapping[Verb, int] = field(default_factory=dict)
    dropped: tuple[ItemRow, ...] = ()
    supersedes_id: int | None = None
    changes: Mapping[ItemChange, int] = field(default_factory=dict)


def list_reports(session: Session, *, bureau_id: int | None = None) -> list[ReportRow]:
    """Imported reports, the newest year first."""
    query = _report_rows().order_by(Report.year.desc(), Report.id.desc())
    if bureau_id is not None:
        query = query.where(Report.bureau_id == bureau_id)
    return [_report_row(*row) for row in session.execute(query)]


def report_detail(session: Session, report_id: int) -> ReportDetail | None:
    """One report, whole; None where there is no such report."""
    found = session.execute(_report_rows().where(Report.id == report_id)).one_or_none()
    if found is None:
        return None
    report = found[0]
    items = list(
        session.scalars(select(ReportItem).where(ReportItem.report_id == report_id).order_by(ReportItem.id))
    )
    before = {line.first.id: line.latest for line in lines_before(session, report)}
    going_on = {item.continues_id for item in items}
    gone = [item for line, item in before.items() if line not in going_on]
    codes = _codes(session, [*items, *gone])
    earlier = _earlier(session, items)
    told = _told(report, items)
    rows = []
    for item in items:
        old = before.get(item.continues_id) if item.continues_id else None
        change = change_of(item, old) if report.supersedes_id else None
        row = _item_row(item, codes, earlier, change, old)
        rows.append(replace(row, said=told.said.get(item.id, ""), needs_check=item.id in told.unsure))
    return ReportDetail(
        row=_report_row(*found),
        items=tuple(sorted(rows, key=lambda row: (row.kind is ItemKind.PLAN, row.position))),
        hints=told.hints,
        leftovers=tuple(
            _remark(each["text"], items, each.get("span"), each["reason"]) for each in report.leftovers
        ),
        missed=told.missed,
        mended=_mended(session, items),
        dropped=tuple(_item_row(item, codes, {}, ItemChange.DROPPED, None) for item in gone),
        supersedes_id=report.supersedes_id,
        changes={change: sum(row.change is change for row in rows) for change in ItemChange}
        | {ItemChange.DROPPED: len(gone)},
    )


def _item_row(
    item: ReportItem,
    codes: Mapping[int, tuple[str, ...]],
    earlier: Mapping[int, EarlierItem],
    change: ItemChange | None,
    before: ReportItem | None,
) -> ItemRow:
    return frozen(
        ItemRow,
        item,
        spans=tuple((start, end) for start, end in item.spans),
        task_codes=codes.get(line_id(item), ()),
        answered_by=tuple(item.answered_by),
        recurs=earlier.get(item.recurs_of_id) if item.recurs_of_id else None,
        change=change,
        before=before.text if before is not None and change is ItemChange.REWORDED else "",
    )


def _codes(session: Session, items: list[ReportItem]) -> dict[int, tuple[str, ...]]:
    """The codes of the tasks that hang on each line."""
    found: dict[int, tuple[str, ...]] = {}
    lines = {line_id(item) for item in items}
    tasks = select(Task.report_item_id, Task.code).where(Task.report_item_id.in_(lines)).order_by(Task.id)
    for line, code in session.execute(tasks):
        if line is not None:
            found[line] = (*found.get(line, ()), code)
    return found


def _earlier(session: Session, items: list[ReportItem]) -> dict[int, EarlierItem]:
    wanted = {item.recurs_of_id for item in items if item.recurs_of_id}
    rows = session.execute(
        select(ReportItem, Report.year)
        .join(Report, Report.id == ReportItem.report_id)
        .where(ReportItem.id.in_(wanted))
    ).all()
    codes = _codes(session, [item for item, _ in rows])
    return {
        item.id: frozen(EarlierItem, item, item_id=item.id, year=year, codes=codes.get(line_id(item), ()))
        for item, year in rows
    }


@dataclass(frozen=True, slots=True)
class _Told:
    hints: tuple[Remark, ...]
    missed: tuple[Remark, ...]
    said: Mapping[int, str]
    unsure: frozenset[int]


def _told(report: Report, items: Sequence[ReportItem]) -> _Told:
    """What was kept with a report (rectification/intake/told.py), each where a page shows it."""
    own = [note for note in report.hints if "item" in note]
    free = [note for note in report.hints if "item" not in note]
    remarks = [
        (note["kind"] == Note.MISSED, _remark(note["message"], items, note.get("span"))) for note in free
    ]
    return _Told(
        hints=tuple(remark for is_missed, remark in remarks if not is_missed),
        missed=tuple(remark for is_missed, remark in remarks if is_missed),
        said={note["item"]: note["message"] for note in own if note["kind"] == Note.ASSIGNED},
        unsure=frozenset(note["item"] for note in own if note["kind"] == Note.CHECK),
    )


def _remark(
    text: str, items: Sequence[ReportItem], span: Mapping[str, int] | None, reason: str = ""
) -> Remark:
    if not span:
        return Remark(text, reason)
    place = span["start"], span["end"]
    holder = next((item.id for item in items if holds(item, place)), None)
    return Remark(text, reason, place, holder)


def _mended(session: Session, items: Sequence[ReportItem]) -> dict[Verb, int]:
    """How many drafts of these items were split off, joined to another, moved to another kind, or picked by the clerk."""
    kinds = {line_id(item): item.kind for item in items}
    picked = (
        select(TaskEvent.task_id)
        .join(EventText, EventText.event_id == TaskEvent.id)
        .where(TaskEvent.verb == Verb.DRAFT, EventText.text == PICKED, TaskEvent.task_id == Task.id)
        .exists()
    )
    tasks = session.execute(
        select(Task, picked).where(Task.report_item_id.in_(kinds)).order_by(Task.id)
    ).all()
    lines_of = {task.id: task.report_item_id for task, _ in tasks}
    first = {line: task_id for task_id, line in reversed(lines_of.items())}
    found: Counter[Verb] = Counter()
    for task, is_picked in tasks:
        line = task.report_item_id
        into = lines_of.get(task.merged_into_id)
        if into is not None and into != line:
            found[Verb.JOIN] += 1
        if task.status is Status.ARCHIVED:
            continue
        found[Verb.SPLIT] += task.id != first[line]
        found[Verb.EDIT] += task.kind is not kinds[line]
        found[Verb.DRAFT] += is_picked and task.id == first[line]
    return {verb: count for verb, count in found.items() if count}


def _report_rows() -> Select[tuple[Report, str, int, int, int, int | None]]:
    def counted(kind: ItemKind) -> ScalarSelect[int]:
        return (
            select(func.count())
            .where(ReportItem.report_id == Report.id, ReportItem.kind == kind)
            .correlate(Report)
            .scalar_subquery()
        )

    later = aliased(Report)
    drafts = (
        select(func.count())
        .where(Task.source_id == Report.source_id, Task.status == Status.DRAFT)
        .correlate(Report)
    )
    newer = select(func.max(later.id)).where(later.supersedes_id == Report.id).correlate(Report)
    return select(
        Report,
        Unit.name,
        counted(ItemKind.SHORTCOMING),
        counted(ItemKind.PLAN),
        drafts.scalar_subquery(),
        newer.scalar_subquery(),
    ).join(Unit, Unit.id == Report.bureau_id)


def _report_row(
    report: Report, org: str, shortcomings: int, plans: int, drafts: int, newer_id: int | None
) -> ReportRow:
    return frozen(
        ReportRow, report, org=org, shortcomings=shortcomings, plans=plans, drafts=drafts, newer_id=newer_id
    )
