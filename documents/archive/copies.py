"""What leaves the product as open files, of one moment: a year for the archive (归档, 一项一档), or everything."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Select, select
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
_PAPERS: Final = {
    "件号": 6,
    "档号": 14,
    "文号": 18,
    "责任者": 16,
    "题名": 44,
    "日期": 15,
    "密级": 8,
    "保管期限": 10,
    "页数": 6,
    "备注": 36,
}


@dataclass(slots=True)
class Copy:
    """One copying out. What could not be taken along is told in the copy, and stands in `missing` once it was written."""

    session: Session
    store: FileStore
    zone: tzinfo
    day: date
    missing: list[str] = field(default_factory=list)
    tasks: int = 0

    def year(self, bureau: Unit, year: int) -> Files:
        """What of a bureau ended in a year and is open to all who see the bureau, with a list that says what else there is.

        Raises: Refused, where nothing did.
        """
        yield from self._folders(bureau, self._case_files(bureau), year)
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
        heard: Select[Any] = select(HearingPaper)
        for folder, query in {"听取汇报": heard, "取出的材料": select(Evidence).where(*taken_out)}.items():
            for row in self.session.scalars(query.order_by("id")):
                name = f"{folder}/{row.id} {tidy_name(row.file_name)}"
                if self.store.is_intact(row.sha256):
                    yield name, pieces_of(self.store.path(row.sha256))
                else:
                    self.missing.append(name)
        for report in self.session.scalars(select(Report).order_by(Report.id)):
            yield f"报告/{report.id} {folder_name(report.title)}.txt", [report.text.encode()]
        for name, place in folders.items():
            for file in sorted(each for each in place.rglob("*") if each.is_file()):
                yield f"{name}/{file.relative_to(place).as_posix()}", pieces_of(file)
        for name, pieces in table_files(self.session, self.zone):
            yield f"数据/{name}", pieces
        yield from self._told("whole.txt")

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
        remark = "；".join(filter(None, facts))
        papers.append(
            (line.archive_no, *signed, title, day_text(line.own_date), "", "", _pages(piece), remark)
        )
    return [(n, *paper) for n, paper in enumerate(papers, 1)]


def _pages(piece: Exhibit) -> str:
    """How many pages a scan has; nothing is drawn for it."""
    try:
        return str(pictures(piece.place, piece.line.media_type, 0)[1]) if piece.place else ""
    except NotShown:
        return ""


def _book(bureau: Unit, scope: str, lists: Mapping[str, tuple[Mapping[str, int], list[Row]]]) -> list[bytes]:
    book = new_book(scope)
    for name, (columns, rows) in lists.items():
        heads = tuple(ColumnHead(head, width, is_centred=width < _WIDE) for head, width in columns.items())
        add_table(book, Table(name, name, f"单位：{bureau.name}", scope, heads, rows))
    return [to_bytes(book)]
