"""What leaves the product as open files, of one moment: a year for the archive (归档, 一项一档), or everything."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Refused
from core.files import FileStore, folder_name, tidy_name
from core.han import HAN
from core.workdays import WorkCalendar
from documents.archive.tables import table_files
from documents.excel.workbook import ColumnHead, Table, add_table, new_book, to_bytes
from documents.pack import Content, Files, with_sums
from documents.tables.ledger import LedgerExport, ledger_workbook
from documents.task.exhibits import Exhibit, exhibits
from documents.task.folder import folder_files, stored_name
from documents.task.papers import sheet_name
from documents.task.pictures import NotShown, pictures
from models.enums import Channel, Status
from models.organisation import Unit
from models.report import Report
from models.review import Hearing, HearingPaper
from rectification.labels import closing_noun, status_label
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.lists.timeline import EventRow, timeline
from rectification.office.actors import system
from rectification.task.lifecycle import OPEN
from rectification.task.time_limits import day_text

Row = tuple[str | int, ...]

_EVERY: Final = TaskFilter(statuses=frozenset(Status))
_NUMBER: Final = re.compile(rf"[{HAN}]{{1,15}}[〔\[（(]\d{{4}}[〕\]）)]\s*\d+\s*号")
_WIDE: Final = 30
_TASKS: Final = {
    "编号": 13,
    "任务名称": 40,
    "责任单位": 16,
    "责任人": 10,
    "结果": 10,
    "日期": 15,
    "件数": 6,
    "备注": 36,
}
_PAPERS: Final = {
    "件号": 6,
    "档号": 14,
    "文号": 18,
    "责任者": 16,
    "题名": 44,
    "日期": 15,
    "页数": 6,
    "备注": 36,
}


@dataclass(frozen=True, slots=True)
class Dossier:
    """A task with its history and the pieces of its evidence."""

    task: CaseFile
    events: Sequence[EventRow]
    pieces: Sequence[Exhibit]

    @property
    def folder(self) -> str:
        return folder_name(f"{self.task.row.code} {self.task.row.title}")

    def papers(self) -> list[Row]:
        """Its papers in their order (卷内目录)."""
        row, day = self.task.row, day_text(self.task.ended_on)
        made = [
            f"{sheet_name(self.task)}和目录",
            "办理记录",
            *["回头看核查记录"] * bool(self.task.look_backs),
        ]
        own = [("", "", row.org, f"{row.code} {each}", day, "", "") for each in made]
        return [(n, *each) for n, each in enumerate([*own, *map(self._paper, self.pieces)], 1)]

    def _paper(self, piece: Exhibit) -> tuple[str, ...]:
        line, row = piece.line, self.task.row
        recorded = {event.at: event.paper_no for event in self.events} if line.is_signed_paper else {}
        named = _NUMBER.search(line.file_name)
        number = recorded.get(line.uploaded_at) or (named[0] if named else "")
        author = row.org if line.is_signed_paper else row.unit
        remark = "；".join(filter(None, (piece.proves, line.note, piece.why_not, f"{line.uploaded_by}提交")))
        return line.archive_no, number, author, piece.named, day_text(line.own_date), _pages(piece), remark


@dataclass(slots=True)
class Copy:
    """One copying out. What it could not take along is told in the copy, and stands in `missing` once it was written."""

    store: FileStore
    zone: tzinfo
    day: date
    missing: list[str] = field(default_factory=list)
    tasks: int = 0
    restricted: int = 0
    _placed: dict[tuple[str, int], str] = field(default_factory=dict)

    def year(
        self,
        session: Session,
        calendar: WorkCalendar,
        bureau: Unit,
        year: int,
        *,
        with_restricted: bool = False,
    ) -> Files:
        """What of a bureau ended in a year, with its finding list; all but the files is read at once.

        Raises: Refused, where nothing did.
        """
        kept, unkept = _of_year(
            self._case_files(session, calendar, bureau), year, with_restricted=with_restricted
        )
        if not kept:
            raise Refused(f"{bureau.name}{year}年度没有已销号、已办结或已终止的任务", "", "请核对年度")
        self.tasks, self.restricted = len(kept), sum(each.is_restricted for each in kept)
        whole = [self._dossier(session, each) for each in kept]
        files = self._folders("", bureau.name, f"{year}年度", whole, unkept)
        return with_sums(self._told(files, "year.txt", bureau.name, year))

    def whole(self, session: Session, calendar: WorkCalendar, kept: Mapping[str, Path]) -> Files:
        """Everything: every bureau's tasks, whoever may see them, every row, and the files of the folders `kept`."""
        return with_sums(self._told(self._everything(session, calendar, kept), "whole.txt"))

    def _everything(
        self, session: Session, calendar: WorkCalendar, kept: Mapping[str, Path]
    ) -> Iterator[tuple[str, Content]]:
        for bureau in session.scalars(select(Unit).where(Unit.bureau_id == Unit.id).order_by(Unit.id)).all():
            tasks, prefix = self._case_files(session, calendar, bureau), f"{folder_name(bureau.name)}/"
            self.tasks += len(tasks)
            self.restricted += sum(each.is_restricted for each in tasks)
            whole = (self._dossier(session, each) for each in tasks)
            yield from self._folders(prefix, bureau.name, f"截至{day_text(self.day)}", whole)
            yield f"{prefix}台账.xlsx", ledger_workbook(LedgerExport(bureau.name, self.day, tasks))[0]
            for code, line in ((task.row.code, line) for task in tasks for line in task.evidence):
                if line.is_purged and line.sha256 and not line.purge_witness:
                    name = f"{prefix}取出的材料/{code} {line.id} {tidy_name(line.file_name)}"
                    yield from self._stored(name, ("evidence", line.id), line.sha256)
        for paper, held in session.execute(
            select(HearingPaper, Hearing)
            .join(Hearing, Hearing.id == HearingPaper.hearing_id)
            .order_by(HearingPaper.id)
        ):
            name = f"听取汇报/{held.held_on} {folder_name(held.body)}/{paper.id} {tidy_name(paper.file_name)}"
            yield from self._stored(name, ("hearing_paper", paper.id), paper.sha256)
        for report in session.scalars(select(Report).order_by(Report.id)):
            yield f"报告/{report.id} {folder_name(report.title)}.txt", report.text.encode()
        for name, folder in kept.items():
            for file in sorted(each for each in folder.rglob("*") if each.is_file()):
                yield f"{name}/{file.relative_to(folder).as_posix()}", file
        yield from table_files(session, self.zone, self._placed)

    def _case_files(self, session: Session, calendar: WorkCalendar, bureau: Unit) -> list[CaseFile]:
        everything = system(bureau.id, Channel.CLI).actor
        return case_files(session, self.day, calendar, actor=everything, filters=_EVERY)

    def _dossier(self, session: Session, task: CaseFile) -> Dossier:
        found = Dossier(task, timeline(session, task.row.id), exhibits(task, self.store))
        self.missing += [
            f"{task.row.code} {each.label} {each.line.name}" for each in found.pieces if each.is_missing
        ]
        return found

    def _folders(
        self, prefix: str, bureau: str, scope: str, kept: Iterable[Dossier], unkept: Collection[Row] = ()
    ) -> Iterator[tuple[str, Content]]:
        """A folder a task, and the finding list of them all."""
        tasks: list[Row] = []
        papers: list[Row] = []
        for each in kept:
            task, listed, folder = each.task, each.papers(), f"{prefix}任务/{each.folder}"
            for name, content in folder_files(task, each.events, each.pieces, self.zone):
                yield f"{folder}/{name}", content
            self._placed |= {
                ("evidence", piece.line.id): f"{folder}/{stored_name(piece)}"
                for piece in each.pieces
                if piece.place
            }
            title = f"{task.row.code} {task.row.title}"
            yield f"{folder}/卷内目录.xlsx", _book(title, bureau, {"卷内目录": (_PAPERS, listed)})
            state = status_label(task.row.status, task.row.kind)
            tasks.append((*_named(task), state, day_text(task.ended_on), len(listed), each.folder))
            papers += [(each.folder,), *listed]
        left = [("未归档",), *unkept] if unkept else []
        lists = {"案卷目录": (_TASKS, [*tasks, *left]), "归档文件目录": (_PAPERS, papers)}
        yield f"{prefix}归档文件目录.xlsx", _book(f"{scope}　共{len(tasks)}卷", bureau, lists)

    def _stored(self, name: str, key: tuple[str, int], sha256: str) -> Iterator[tuple[str, Content]]:
        if self.store.is_intact(sha256):
            self._placed[key] = name
            yield name, self.store.path(sha256)
        else:
            self.missing.append(name)

    def _told(self, files: Files, note: str, *of: object) -> Iterator[tuple[str, Content]]:
        """The files, and what a reader must know of them."""
        yield from files
        words = Path(__file__).with_name(note).read_text(encoding="utf-8")
        restricted = f"其中仅限指定人员 {self.restricted} 项" if self.restricted else "没有仅限指定人员的任务"
        yield (
            "说明.txt",
            words.format(*of, day=day_text(self.day), tasks=self.tasks, restricted=restricted).encode(),
        )
        if self.missing:
            yield (
                "不完整.txt",
                "\n".join(("以下文件已缺失或与上传时不同，没有收入：", *self.missing, "")).encode(),
            )


def _of_year(
    tasks: Iterable[CaseFile], year: int, *, with_restricted: bool
) -> tuple[list[CaseFile], list[Row]]:
    """The tasks that ended in a year, and lines of those that were on and are not kept with it, with the reason."""
    kept: list[CaseFile] = []
    unkept: list[Row] = []
    for task in tasks:
        row, ended = task.row, task.ended_on
        state, why = status_label(row.status, row.kind), ""
        if row.status in OPEN:
            why = f"未{closing_noun(row.kind)}"
        elif ended and ended.year == year and task.is_restricted and not with_restricted:
            why = "仅限指定人员，另行归档"
        elif ended and ended.year == year:
            kept.append(task)
        elif ended and ended.year > year:
            why = f"归入{ended.year}年度"
        if why and row.issued_on and row.issued_on.year <= year:
            named = (row.code, "", "", "") if task.is_restricted else _named(task)
            unkept.append((*named, state, day_text(ended), "", why))
    return kept, unkept


def _book(scope: str, bureau: str, lists: Mapping[str, tuple[Mapping[str, int], Sequence[Row]]]) -> bytes:
    book = new_book(scope)
    for name, (columns, rows) in lists.items():
        heads = tuple(ColumnHead(head, width, is_centred=width < _WIDE) for head, width in columns.items())
        add_table(book, Table(name, name, f"单位：{bureau}", scope, heads, rows))
    return to_bytes(book)


def _named(task: CaseFile) -> tuple[str, ...]:
    return task.row.code, task.row.title, task.row.unit, task.row.officer


def _pages(piece: Exhibit) -> str:
    """How many pages a scan has; nothing is drawn for it."""
    try:
        return str(pictures(piece.place, piece.line.media_type, 0)[1]) if piece.place else ""
    except NotShown:
        return ""
