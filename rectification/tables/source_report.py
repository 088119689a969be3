"""What became of one source's list (one 文号), as a report back on it needs it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core.errors import Refused
from core.workdays import WorkCalendar
from models.base import frozen
from models.enums import Status
from models.organisation import Unit
from models.report import Source, SourceKind
from rectification.halfyear.history_rows import BureauHistory
from rectification.lists.case_file import CaseFile
from rectification.lists.figures import Period, Row
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.office.sources import MEETING, OWN_REPORT

_EVER = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class ElsewhereLine:
    """A finding of the list that is not tracked by itself: `where` says which task, or whose, puts it right."""

    code: str
    text: str
    where: str
    is_merged: bool


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source with its tasks as they stood on a day. `left_out` counts tasks only named persons may see."""

    bureau: str
    title: str
    paper_no: str
    issuing_body: str
    received_on: date | None
    as_of: date
    rows: tuple[Row, ...]
    elsewhere: tuple[ElsewhereLine, ...]
    left_out: int


def source_report(session: Session, source: Source, today: date, calendar: WorkCalendar) -> SourceReport:
    """One source's tasks, from first to last, as of `today`.

    Raises: Refused, for the bureau's own report or meeting: nobody outside waits for an answer to it.
    """
    kind = session.get_one(SourceKind, source.kind_id).name
    if not source.issuing_body and kind in (OWN_REPORT, MEETING):
        raise Refused(
            f"“{source.title}”不是外单位的来文",
            "整改情况报告是报给来文单位的",
            "本单位的整改情况请用汇报材料或整改进展通报",
        )
    history = BureauHistory(session, source.bureau_id, _EVER, source_id=source.id)
    found = history.period(Period(_EVER, today))
    only = TaskFilter(statuses=frozenset({Status.ARCHIVED}), source_id=source.id)
    elsewhere = [file for file in case_files(session, today, calendar, filters=only) if file.elsewhere]
    hidden = [file for file in elsewhere if _is_hidden(file)]
    return frozen(
        SourceReport,
        source,
        found,
        bureau=session.get_one(Unit, source.bureau_id).name,
        as_of=today,
        rows=history.with_results(found.rows, today),
        elsewhere=tuple(_lines([file for file in elsewhere if file not in hidden], found.rows)),
        left_out=found.left_out + len(hidden),
    )


def _is_hidden(file: CaseFile) -> bool:
    return file.is_restricted or (file.merged_into is not None and file.merged_into.is_restricted)


def _lines(files: Sequence[CaseFile], rows: Sequence[Row]) -> Iterator[ElsewhereLine]:
    """A line each, but for the words a task of this list took in: it says them itself."""
    by_code, texts = {file.row.code: file for file in files}, {row.code: row.text for row in rows}
    for file in files:
        last = file
        while last.merged_into and last.merged_into.code in by_code:  # merged again since
            last = by_code[last.merged_into.code]
        into = last.merged_into.code if last.merged_into else ""
        if file.row.text not in texts.get(into, ""):
            yield ElsewhereLine(file.row.code, file.row.text, last.elsewhere, bool(into))
