"""Reports as lists and the intake page show them: items with their tasks, what changed, what the reader told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session, aliased

from models.enums import ItemChange, ItemKind, Status
from models.organisation import Unit
from models.report import Report, ReportItem
from models.task import RectificationTask
from rectification.intake.report_versions import change_of, line_id, lines_before

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
    differ. `spans` are in the report's text.
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


@dataclass(frozen=True, slots=True)
class Remark:
    """What the reader told: a hint, or a sentence left over with its reason; with its place where it has one."""

    text: str
    reason: str = ""
    span: Place | None = None


@dataclass(frozen=True, slots=True)
class ReportDetail:
    """A report with its items, the items a new version dropped, and what its reader told the clerk."""

    row: ReportRow
    items: tuple[ItemRow, ...]
    hints: tuple[Remark, ...]
    leftovers: tuple[Remark, ...] = ()
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
    rows = []
    for item in items:
        old = before.get(item.continues_id) if item.continues_id else None
        change = change_of(item, old) if report.supersedes_id else None
        rows.append(_item_row(item, codes, earlier, change, old))
    return ReportDetail(
        row=_report_row(*found),
        items=tuple(sorted(rows, key=lambda row: (row.kind is ItemKind.PLAN, row.position))),
        hints=tuple(Remark(hint["message"], span=_place(hint.get("span"))) for hint in report.hints),
        leftovers=tuple(
            Remark(each["text"], each["reason"], _place(each.get("span"))) for each in report.leftovers
        ),
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
    return ItemRow(
        id=item.id,
        kind=item.kind,
        position=item.position,
        text=item.text,
        cause=item.cause,
        section=item.section,
        page=item.page,
        paragraph=item.paragraph,
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
        item.id: EarlierItem(
            item.report_id, item.id, year, item.position, item.text, codes.get(line_id(item), ())
        )
        for item, year in rows
    }


def _place(span: Mapping[str, int] | None) -> Place | None:
    return (span["start"], span["end"]) if span else None


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
    return ReportRow(
        id=report.id,
        org=org,
        year=report.year,
        title=report.title,
        issued_on=report.issued_on,
        file_name=report.file_name,
        imported_at=report.imported_at,
        shortcomings=shortcomings,
        plans=plans,
        drafts=drafts,
        newer_id=newer_id,
    )
