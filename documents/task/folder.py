"""一项一档: one task as a zip of its cover, its timeline, its closing sheet and its evidence.

A file that is missing from the store, or no longer has its hash, is told of in the catalogue and left out.
"""

import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from pathlib import Path
from typing import Final

from core.errors import Unreadable
from core.files import FileStore
from documents.task.exhibits import Exhibit, Stored, exhibits, stored
from documents.task.papers import closing_sheet, sheet_name
from documents.word.layout import FormCell, OfficialPaper
from rectification.labels import CHANNEL, TASK_NOUN, status_label, verb_label
from rectification.lists.case_file import CaseFile
from rectification.lists.timeline import EventRow
from rectification.tables.ledger import closing_text, due_text, source_text
from rectification.task.time_limits import day_text

COVER: Final = "00 封面和目录.docx"
TIMELINE: Final = "01 办理记录.docx"
SHEET: Final = "02 {noun}.docx"
EVIDENCE: Final = "佐证材料"

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MAX_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class FolderOutcome:
    """How many files went in, and the names of those that could not."""

    files: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A piece of evidence in the catalogue; `inside` is its name in the zip, empty where it is not in it."""

    exhibit: Exhibit
    stored: Stored

    @property
    def inside(self) -> str:
        line = self.exhibit.line
        return f"{EVIDENCE}/{self.exhibit.label} {_short(line.file_name)}" if self.stored.place else ""


def write_folder(
    path: Path,
    bureau: str,
    task: CaseFile,
    events: Sequence[EventRow],
    store: FileStore,
    day: date,
    zone: tzinfo,
) -> FolderOutcome:
    """Write the zip; an earlier file of this name is replaced once the new one is whole.

    `zone` is the office's: upload times are stored in UTC.

    Raises: Unreadable, where it cannot be written.
    """
    entries = [_Entry(each, stored(each.line, store)) for each in exhibits(task)]
    part = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as out:
            _put(out, COVER, _cover(bureau, task, entries, day, zone).to_bytes())
            _put(out, TIMELINE, _timeline(task, events).to_bytes())
            if task.closures:
                _put(out, SHEET.format(noun=sheet_name(task)), closing_sheet(task, events).to_bytes())
            for entry in entries:
                _copy(out, entry)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unreadable(
            f"写不了文件“{path}”", error.strerror or str(error), "请确认文件夹存在、磁盘有空间"
        ) from error
    missing = tuple(entry.exhibit.line.name for entry in entries if entry.stored.is_missing)
    return FolderOutcome(sum(bool(entry.inside) for entry in entries), missing)


def _short(name: str) -> str:
    """A name any system unpacks, its ending kept."""
    clean = "".join("_" if c in '<>:"/\\|?*' or not c.isprintable() else c for c in name).strip(" .")
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[:_MAX_NAME]}{dot}{ending}" if dot else clean[:_MAX_NAME]


def _cover(bureau: str, task: CaseFile, entries: Sequence[_Entry], day: date, zone: tzinfo) -> OfficialPaper:
    row = task.row
    noun = TASK_NOUN[row.kind]
    paper = OfficialPaper(f"{noun}档案 {row.code}")
    paper.title(f"{bureau}\n{noun}档案")
    labels = (
        ("编号", row.code),
        ("任务名称", row.title),
        ("来源", source_text(task)),
        ("具体内容", row.text),
        ("责任单位", row.unit),
        ("责任人", row.officer),
        ("责任领导", row.leader),
        ("时限", due_text(task)),
        (
            "状态",
            "\n".join(part for part in (status_label(row.status, row.kind), closing_text(task)) if part),
        ),
        ("立卷日期", day_text(day)),
    )
    paper.form(
        (34, 122), [[FormCell(label, is_label=True, height=12), FormCell(text)] for label, text in labels]
    )
    paper.start_attachment("卷内目录", "佐证材料")
    if not entries:
        paper.paragraph("没有佐证材料。")
        return paper
    paper.table(
        ("编号", "材料名称", "材料日期", "上传", "说明"),
        (18, 54, 28, 28, 28),
        [_catalogue(entry, zone) for entry in entries],
        centred=(0, 2, 3),
    )
    return paper


def _catalogue(entry: _Entry, zone: tzinfo) -> tuple[str, ...]:
    line = entry.exhibit.line
    digest = f"\nSHA-256 {line.sha256[:16]}…" if line.sha256 else ""
    return (
        entry.exhibit.label,
        f"{line.name}{digest}",
        day_text(line.own_date),
        f"{day_text(line.uploaded_at.astimezone(zone).date())}\n{line.uploaded_by}",
        entry.stored.why_not or line.note,
    )


def _timeline(task: CaseFile, events: Sequence[EventRow]) -> OfficialPaper:
    paper = OfficialPaper(f"办理记录 {task.row.code}")
    paper.title(f"办理记录\n{task.row.code}　{task.row.title}")
    paper.table(
        ("日期", "环节", "办理人", "状态", "内容"),
        (39, 24, 22, 20, 51),
        [_told(task, event) for event in events],
        centred=(0, 1, 2, 3),
    )
    return paper


def _told(task: CaseFile, event: EventRow) -> tuple[str, ...]:
    basis = " ".join(part for part in (day_text(event.paper_date), event.paper_no) if part)
    words = "\n".join(
        part for part in (event.text, *event.changes, f"依据：{basis}" if basis else "") if part
    )
    recorder = f"\n（{event.recorder}代录）" if event.recorder else ""
    return (
        f"{day_text(event.effective_on)}\n第{event.sequence}条",
        verb_label(event.verb, task.row.kind),
        f"{event.who}{recorder}\n{CHANNEL[event.channel]}",
        status_label(event.new_status, task.row.kind),
        words,
    )


def _put(out: zipfile.ZipFile, name: str, data: bytes) -> None:
    out.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)


def _copy(out: zipfile.ZipFile, entry: _Entry) -> None:
    """Evidence goes through in pieces: a scan may be larger than memory should hold."""
    if entry.stored.place is None:
        return
    info = zipfile.ZipInfo(entry.inside, _EPOCH)
    info.file_size = entry.exhibit.line.size
    with entry.stored.place.open("rb") as file, out.open(info, "w") as target:
        shutil.copyfileobj(file, target)
