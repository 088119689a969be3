"""一项一档: one task as a zip of its cover, its timeline, its closing sheet and its evidence.

A file that is missing from the store, or no longer has its hash, is told of in the catalogue and left out.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from pathlib import Path
from typing import Any, Final

from core.errors import Unreadable
from core.files import CHUNK, FileStore
from documents.task.papers import closing_sheet, sheet_name
from documents.word.layout import FormCell, OfficialPaper
from rectification.labels import CHANNEL, TASK_NOUN, status_label, verb_label
from rectification.lists.case_file import CaseFile, EvidenceLine
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

    line: EvidenceLine
    inside: str
    note: str
    is_missing: bool = False


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
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as out:
            out.writelines(folder_parts(bureau, task, events, store, day, zone))
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unreadable(
            f"写不了文件“{path}”", error.strerror or str(error), "请确认文件夹存在、磁盘有空间"
        ) from error
    entries = _entries(task, store)
    missing = tuple(entry.line.name for entry in entries if entry.is_missing)
    return FolderOutcome(sum(bool(entry.inside) for entry in entries), missing)


def folder_parts(
    bureau: str, task: CaseFile, events: Sequence[EventRow], store: FileStore, day: date, zone: tzinfo
) -> Iterator[bytes]:
    """The same zip piece by piece, as it is made: it is never whole in memory, nor on a disk."""
    entries = _entries(task, store)
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as out:
        _put(out, COVER, _cover(bureau, task, entries, day, zone).to_bytes())
        _put(out, TIMELINE, _timeline(task, events).to_bytes())
        if task.closures:
            _put(out, SHEET.format(noun=sheet_name(task)), closing_sheet(task).to_bytes())
        for entry in entries:
            if entry.inside:
                for _ in _copied(out, entry, store):
                    yield pipe.take()
    yield pipe.take()


class _Pipe(io.RawIOBase):
    """What a zip is written to, until the next piece is taken."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def take(self) -> bytes:
        taken, self._held = bytes(self._held), bytearray()
        return taken


def _entries(task: CaseFile, store: FileStore) -> list[_Entry]:
    return [_entry(n, line, store) for n, line in enumerate(task.evidence, 1)]


def _entry(number: int, line: EvidenceLine, store: FileStore) -> _Entry:
    if line.is_purged:
        return _Entry(line, "", line.gone_words)
    if not line.sha256:
        return _Entry(line, "", "纸质材料，存档案室")
    intact = store.is_intact(line.sha256)
    if intact is None:
        return _Entry(line, "", "文件缺失，请告诉系统管理员", is_missing=True)
    if not intact:
        return _Entry(line, "", "文件内容与上传时不同，未收入", is_missing=True)
    return _Entry(line, f"{EVIDENCE}/{number:02d} {_short(line.file_name)}", line.note)


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
        ("序号", "材料名称", "材料日期", "上传", "说明"),
        (12, 58, 28, 28, 30),
        [_catalogue(n, entry, zone) for n, entry in enumerate(entries, 1)],
        centred=(0, 2, 3),
    )
    return paper


def _catalogue(number: int, entry: _Entry, zone: tzinfo) -> tuple[str, ...]:
    line = entry.line
    digest = f"\nSHA-256 {line.sha256[:16]}…" if line.sha256 else ""
    what = "签批件" if line.is_signed_paper else ""
    return (
        str(number),
        f"{line.name}{digest}",
        day_text(line.own_date),
        f"{day_text(line.uploaded_at.astimezone(zone).date())}\n{line.uploaded_by}",
        "\n".join(part for part in (what, entry.note) if part),
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


def _copied(out: zipfile.ZipFile, entry: _Entry, store: FileStore) -> Iterator[None]:
    """Evidence goes through in pieces: a scan may be larger than memory should hold."""
    info = zipfile.ZipInfo(entry.inside, _EPOCH)
    info.file_size = entry.line.size
    with store.path(entry.line.sha256).open("rb") as stored, out.open(info, "w") as target:
        while piece := stored.read(CHUNK):
            target.write(piece)
            yield
