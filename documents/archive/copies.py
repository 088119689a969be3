"""What leaves the product as open files, of one moment: a year for the archive (归档, 一项一档), or everything."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Refused
from core.files import FileStore, folder_name, tidy_name
from documents.archive.tables import table_files
from documents.excel.workbook import ColumnHead, Table, add_table, new_book, to_bytes
from documents.pack import Files, pieces_of
from documents.tables.ledger import LedgerExport, ledger_workbook
from documents.task.exhibits import Exhibit, exhibits
from documents.task.folder import folder_files
from documents.task.papers import sheet_name
from documents.task.pictures import NotShown, pictures
from models.enums import Channel, Status
from models.organisation import Unit
from models.report import Report
from models.review import HearingPaper
from models.task import Evidence
from rectification.halfyear.hearings import list_hearings
from rectification.labels import closing_noun, status_label
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.lists.timeline import EventRow, timeline
from rectification.office.actors import system
from rectification.office.calendar import load_calendar
from rectification.task.lifecycle import OPEN
from rectification.task.time_limits import day_text

Row = tuple[str | int, ...]

_EVERY: Final = TaskFilter(statuses=frozenset(Status))
_WIDE: Final = 30
_TASKS: Final = {"编号": 13, "任务名称": 40, "责任单位": 16, "责任人": 10, "结果": 10, "日期": 15, "备注": 36}
_HEADS: Final = ["件号", "档号", "文号", "责任者", "题名", "日期", "密级", "保管期限", "页数", "备注"]
_PAPERS: Final = dict(zip(_HEADS, (6, 14, 18, 16, 44, 15, 8, 10, 6, 36), strict=True))


@dataclass(slots=True)
class Copy:
    """One copying out. What could not be taken along is told in the copy, and stands in `missing` once it was written."""

    session: Session
    store: FileStore
    zone: tzinfo
    day: date
    missing: list[str] = field(default_factory=list)
    tasks: int = 0

    def year(self, bureau: Unit, year: int, written: Path) -> Files:
        """What of a bureau ended in a year and is open to all who see the bureau, with a list that says what else there is:
        the reports it came from, the year's meetings' papers, and those `written` by the program.

        Raises: Refused, where nothing did.
        """
        yield from self._folders(bureau, self._case_files(bureau), year)
        yield from self._others(bureau, year, written)
        yield from self._told("year.txt", bureau.name, year)

    def whole(self, folders: Mapping[str, Path]) -> Files:
        """Everything: every bureau's tasks, whoever may see them, every row, and what stands in these folders."""
        bureaus = select(Unit).where(Unit.bureau_id == Unit.id).order_by(Unit.id)
        for bureau in self.session.scalars(bureaus).all():
            tasks = self._case_files(bureau)
            yield from self._folders(bureau, tasks)
            ledger, _ = ledger_workbook(LedgerExport(bureau.name, self.day, tasks))
            yield f"{folder_name(bureau.name)}/台账.xlsx", [ledger]
        taken_out = (
            Evidence.purged_at.is_not(None),
            Evidence.purge_witness_id.is_(None),
            Evidence.sha256 != "",
        )
        reports = self.session.scalars(select(Report).order_by(Report.id)).all()
        yield from self._kept("听取汇报", self.session.scalars(select(HearingPaper)))
        yield from self._kept("取出的材料", self.session.scalars(select(Evidence).where(*taken_out)))
        yield from self._kept("报告/原件", [each for each in reports if each.size])
        for report in reports:
            yield f"报告/{report.id} {folder_name(report.title)}.txt", [report.text.encode()]
        for name, place in folders.items():
            for file in sorted(each for each in place.rglob("*") if each.is_file()):
                yield f"{name}/{file.relative_to(place).as_posix()}", pieces_of(file)
        for name, pieces in table_files(self.session, self.zone):
            yield f"数据/{name}", pieces
        yield from self._told("whole.txt")

    def _others(self, bureau: Unit, year: int, written: Path) -> Files:
        """What is no task's, and the list of it: reports of the year, papers its meetings heard, those the program wrote."""
        reports = self.session.scalars(select(Report).where(Report.bureau_id == bureau.id, Report.size > 0))
        meetings = list_hearings(self.session, bureau.id, since=date(year, 1, 1), until=date(year, 12, 31))
        found: list[tuple[str, Any, Row]] = [
            ("来文", each, ("", each.org, each.title, day_text(each.issued_on)))
            for each in reports
            if (each.issued_on or each.imported_at).year == year
        ]
        found += [
            ("听取汇报", each, (held.minutes_no, bureau.name, each.file_name, day_text(held.held_on)))
            for held in reversed(meetings)
            for each in held.papers
        ]
        place, rows = folder_name(bureau.name), list[Row]()
        for folder, file, said in found:
            pages = _pages(self.store.path(file.sha256), "application/pdf")
            rows.append((len(rows) + 1, "", *said, "", "", pages, folder))
            yield from self._kept(f"{place}/{folder}", [file])
        for paper in sorted((written / bureau.name).glob(f"{year}年*")):
            rows.append((len(rows) + 1, "", "", bureau.name, paper.stem, "", "", "", "", "本系统写出"))
            yield f"{place}/材料/{paper.name}", pieces_of(paper)
        listed = {"来文和材料目录": (_PAPERS, rows)}
        yield f"{place}/来文和材料目录.xlsx", _book(bureau, f"{year}年度　共{len(rows)}件", listed)

    def _kept(self, folder: str, rows: Iterable[Any]) -> Files:
        """The files of these rows, as they lie in the store."""
        for row in rows:
            name = f"{folder}/{row.id} {tidy_name(row.file_name)}"
            if self.store.is_intact(row.sha256):
                yield name, pieces_of(self.store.path(row.sha256))
            else:
                self.missing.append(name)

    def _case_files(self, bureau: Unit) -> list[CaseFile]:
        everything, calendar = system(bureau.id, Channel.CLI).actor, load_calendar(self.session)
        return case_files(self.session, self.day, calendar, actor=everything, filters=_EVERY)

    def _folders(self, bureau: Unit, tasks: Iterable[CaseFile], year: int | None = None) -> Files:
        """A folder a task, and the finding list of them all."""
        kept, papers, others = list[Row](), list[Row](), list[Row]()
        place = folder_name(bureau.name)
        for task in tasks:
            row, why_not = task.row, _why_not(task, year)
            if why_not is None:
                continue
            named = ("", "", "") if why_not and task.is_restricted else (row.title, row.unit, row.officer)
            line = row.code, *named, status_label(row.status, row.kind), day_text(task.ended_on)
            if why_not:
                others.append((*line, why_not))
                continue
            events, pieces = timeline(self.session, row.id), exhibits(task, self.store)
            self.tasks += 1
            self.missing += [
                f"{row.code} {each.label} {each.line.name}" for each in pieces if each.is_missing
            ]
            folder, listed = folder_name(f"{row.code} {row.title}"), _papers(task, events, pieces)
            for name, content in folder_files(task, events, pieces, self.zone):
                yield f"{place}/任务/{folder}/{name}", content
            contents = _book(bureau, f"{row.code} {row.title}", {"卷内目录": (_PAPERS, listed)})
            yield f"{place}/任务/{folder}/卷内目录.xlsx", contents
            kept.append((*line, f"共{len(listed)}件"))
            papers += [(folder,), *listed]
        if year and not kept:
            raise Refused(f"{bureau.name}{year}年度没有已销号、已办结或已终止的任务", "", "请核对年度")
        scope = f"{year}年度" if year else f"截至{day_text(self.day)}"
        left = [("未归档",), *others] if others else []
        lists = {"案卷目录": (_TASKS, [*kept, *left]), "归档文件目录": (_PAPERS, papers)}
        yield f"{place}/归档文件目录.xlsx", _book(bureau, f"{scope}　共{len(kept)}卷", lists)

    def _told(self, note: str, *of: object) -> Files:
        """What a reader must know of it."""
        words = Path(__file__).with_name(note).read_text(encoding="utf-8")
        yield "说明.txt", [words.format(*of, day=day_text(self.day), tasks=self.tasks).encode()]
        if self.missing:
            told = ("以下文件已缺失或与上传时不同，没有收入：", *self.missing, "")
            yield "不完整.txt", ["\n".join(told).encode()]


def _why_not(task: CaseFile, year: int | None) -> str | None:
    """Why a task is not kept with what ended in a year; None where the year does not concern it, empty where it is kept."""
    row, ended = task.row, task.ended_on
    if year is None:
        return ""
    if row.issued_on is None or row.issued_on.year > year or (ended and ended.year < year):
        return None
    if ended is None:
        return f"未{closing_noun(row.kind)}" if row.status in OPEN else None
    if ended.year > year:
        return f"归入{ended.year}年度"
    return "仅限指定人员，从任务页面单独归档" if task.is_restricted else ""


def _papers(task: CaseFile, events: Sequence[EventRow], pieces: Sequence[Exhibit]) -> list[Row]:
    """The papers of a task in their order (卷内目录); 密级 and 保管期限 are the archivist's to fill in."""
    row = task.row
    made = {
        f"{sheet_name(task)}和目录": task.ended_on,
        "办理记录": events[-1].effective_on if events else None,
    }
    if task.look_backs:
        made["回头看核查记录"] = task.look_backs[-1].checked_on
    recorded = {event.at: event.paper_no for event in events}
    papers: list[Row] = [
        ("", "", row.org, f"{row.code} {name}", day_text(day), "", "", "", "") for name, day in made.items()
    ]
    for piece in pieces:
        line = piece.line
        signed = (recorded.get(line.uploaded_at, ""), row.org) if line.is_signed_paper else ("", row.unit)
        title = Path(line.file_name).stem or line.note or "纸质材料"
        note = "" if title == line.note else line.note
        facts = (piece.label, piece.proves, note, piece.why_not, f"{line.uploaded_by}提交")
        remark, pages = "；".join(filter(None, facts)), _pages(piece.place, line.media_type)
        papers.append((line.archive_no, *signed, title, day_text(line.own_date), "", "", pages, remark))
    return [(n, *paper) for n, paper in enumerate(papers, 1)]


def _pages(place: Path | None, media_type: str) -> str:
    """How many pages a scan has; nothing is drawn for it."""
    try:
        return str(pictures(place, media_type, 0)[1]) if place else ""
    except NotShown:
        return ""


def _book(bureau: Unit, scope: str, lists: Mapping[str, tuple[Mapping[str, int], list[Row]]]) -> list[bytes]:
    book = new_book(scope)
    for name, (columns, rows) in lists.items():
        heads = tuple(ColumnHead(head, width, is_centred=width < _WIDE) for head, width in columns.items())
        add_table(book, Table(name, name, f"单位：{bureau.name}", scope, heads, rows))
    return [to_bytes(book)]
