"""一项一档: one task as a zip of its closing sheet with a catalogue, its timeline and its evidence.

A file that is missing from the store, or no longer has its hash, is told of in the catalogue and left out.
"""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from core.files import tidy_name
from documents.pack import Files, pieces_of
from documents.task.exhibits import Exhibit, add_catalogue
from documents.task.papers import closing_sheet, look_back_sheet, sheet_name
from documents.word.layout import OfficialPaper
from rectification.labels import status_label, verb_label
from rectification.lists.case_file import CaseFile
from rectification.lists.timeline import EventRow
from rectification.task.time_limits import day_text

TIMELINE: Final = "01 办理记录.docx"
LOOK_BACK: Final = "02 回头看核查记录.docx"
_MOST_NAME_BYTES: Final = 120
"""With the folders above it a path stays below the 260 characters of Windows."""


def folder_files(
    task: CaseFile, events: Sequence[EventRow], pieces: Sequence[Exhibit], zone: tzinfo
) -> Files:
    """The files of the folder, each by its name in it; `zone` is the office's: upload times are stored in UTC."""
    sheet = closing_sheet(task, events)
    add_catalogue(sheet, "卷内目录", pieces, zone)
    yield f"00 {sheet_name(task)}和目录.docx", [sheet.to_bytes()]
    yield TIMELINE, [_timeline(task, events).to_bytes()]
    if task.look_backs:
        yield LOOK_BACK, [look_back_sheet(task).to_bytes()]
    for each in pieces:
        if each.place is not None:
            name = tidy_name(f"{each.label} {each.line.file_name}", _MOST_NAME_BYTES)
            yield f"佐证材料/{name}", pieces_of(each.place)


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
        f"{event.who}{recorder}\n{event.channel.word}",
        status_label(event.new_status, task.row.kind),
        words,
    )
