"""一项一档: one task as a zip of its closing sheet with a catalogue, its timeline and its evidence.

A file that is missing from the store, or no longer has its hash, is told of in the catalogue and left out.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any, Final

from core.errors import Unreadable
from core.files import CHUNK, FileStore, tidy_name
from documents.task.exhibits import Exhibit, add_catalogue, exhibits
from documents.task.papers import closing_sheet, sheet_name
from documents.word.layout import OfficialPaper
from rectification.labels import CHANNEL, status_label, verb_label
from rectification.lists.case_file import CaseFile
from rectification.lists.timeline import EventRow
from rectification.task.time_limits import day_text

TIMELINE: Final = "01 办理记录.docx"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def write_folder(
    path: Path, task: CaseFile, events: Sequence[EventRow], store: FileStore, zone: tzinfo
) -> list[Exhibit]:
    """Write the zip, and return the pieces; an earlier file of this name is replaced once the new one is whole.

    `zone` is the office's: upload times are stored in UTC.

    Raises: Unreadable, where it cannot be written.
    """
    found = exhibits(task, store)
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as out:
            out.writelines(folder_parts(task, events, found, zone))
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unreadable(
            f"写不了文件“{path}”", error.strerror or str(error), "请确认文件夹存在、磁盘有空间"
        ) from error
    return found


def folder_parts(
    task: CaseFile, events: Sequence[EventRow], pieces: Sequence[Exhibit], zone: tzinfo
) -> Iterator[bytes]:
    """The same zip piece by piece, as it is made: it is never whole in memory, nor on a disk."""
    sheet = closing_sheet(task, events)
    add_catalogue(sheet, "卷内目录", pieces, zone)
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as out:
        _put(out, f"00 {sheet_name(task)}和目录.docx", sheet.to_bytes())
        _put(out, TIMELINE, _timeline(task, events).to_bytes())
        for each in pieces:
            for _ in _copied(out, each):
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
    words = "\n".join(filter(None, (event.text, *event.changes, basis and f"依据：{basis}")))
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


def _copied(out: zipfile.ZipFile, piece: Exhibit) -> Iterator[None]:
    """Evidence goes through in pieces: a scan may be larger than memory should hold."""
    if piece.place is None:
        return
    info = zipfile.ZipInfo(f"佐证材料/{tidy_name(f'{piece.label} {piece.line.file_name}')}", _EPOCH)
    info.file_size = piece.line.size
    with piece.place.open("rb") as stored, out.open(info, "w") as target:
        while part := stored.read(CHUNK):
            target.write(part)
            yield
