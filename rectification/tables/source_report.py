"""What became of one source's list (one 文号), as a report back on it needs it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from core.errors import Refused
from core.text import shortened
from core.workdays import WorkCalendar
from models.base import frozen
from models.enums import ItemKind, Status
from models.organisation import Unit
from models.report import Source, SourceKind
from rectification.halfyear.history_rows import BureauHistory
from rectification.lists.case_file import CaseFile, LinkedLine
from rectification.lists.figures import Period, Row
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.lists.source_steps import StepLine, steps_of
from rectification.office.sources import is_from_outside

_EVER = date(1990, 1, 1)


MERGED, PASSED, WAITING = "并入其他任务一并整改", "交办下级单位整改", "尚未明确责任单位"


@dataclass(frozen=True, slots=True)
class ElsewhereLine:
    """A point of the list that has no task of its own under way: `how` it is dealt with, and `where`."""

    code: str
    text: str
    kind: ItemKind
    how: str
    where: str

    @property
    def is_problem(self) -> bool:
        return self.kind.is_problem


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source with its tasks as they stood on a day, and `steps` taken beside them.

    `files` are the tasks whole, by code; `left_out` counts those only named persons may see.
    """

    bureau: str
    title: str
    paper_no: str
    issuing_body: str
    received_on: date | None
    as_of: date
    rows: tuple[Row, ...]
    files: Mapping[str, CaseFile]
    elsewhere: tuple[ElsewhereLine, ...]
    left_out: int
    steps: tuple[StepLine, ...]


def source_report(session: Session, source: Source, today: date, calendar: WorkCalendar) -> SourceReport:
    """One source's tasks, in the order of the paper, as of `today`.

    Raises: Refused, for a kind that is the bureau's own: nobody outside waits for an answer to it.
    """
    if not is_from_outside(session.get_one(SourceKind, source.kind_id).name):
        raise Refused(
            f"“{source.title}”不是外单位的来文",
            "整改情况报告是报给来文单位的",
            "本单位的整改情况请用汇报材料或整改进展通报",
        )
    history = BureauHistory(session, source.bureau_id, _EVER, source_id=source.id)
    found = history.period(Period(_EVER, today))
    files = {
        file.row.code: file
        for file in case_files(session, today, calendar, filters=TaskFilter(source_id=source.id))
    }
    untracked = [file for file in files.values() if file.elsewhere or file.row.status is Status.DRAFT]
    told = {row.code: row.text for row in found.rows}
    shown = [file for file in untracked if not _is_hidden(file)]
    return frozen(
        SourceReport,
        source,
        found,
        bureau=session.get_one(Unit, source.bureau_id).name,
        as_of=today,
        rows=history.with_results(found.rows, today),
        files=files,
        elsewhere=tuple(_lines(shown, told)),
        left_out=found.left_out + len(untracked) - len(shown),
        steps=steps_of(session, [source.id], by=today),
    )


def _is_hidden(file: CaseFile) -> bool:
    return file.is_restricted or (file.merged_into is not None and file.merged_into.is_restricted)


def _lines(files: Collection[CaseFile], told: Mapping[str, str]) -> Iterator[ElsewhereLine]:
    """A line each, but for the words a task of this list took in: it says them itself."""
    by_code = {file.row.code: file for file in files}
    for file in files:
        last = file
        while last.merged_into and last.merged_into.code in by_code:  # merged again since
            last = by_code[last.merged_into.code]
        into = last.merged_into.code if last.merged_into else ""
        how = MERGED if into else PASSED if last.elsewhere else WAITING
        if file.row.code not in told and file.row.text not in told.get(into, ""):
            where = _merged_words(last.merged_into) if last.merged_into else last.elsewhere or WAITING
            yield ElsewhereLine(file.row.code, file.row.text, file.row.kind, how, where)


def _merged_words(into: LinkedLine) -> str:
    """Which task covers it, for readers outside: a code tells them nothing."""
    return f"与本单位台账中的“{shortened(into.text, 40).rstrip('。')}”一并整改，现为“{into.state}”"
