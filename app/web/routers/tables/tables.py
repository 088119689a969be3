"""Tables that go out and come back: the ledger (台账) and the breakdown (整改任务分解表), each with a preview first."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field as Limits

from app.web.forms import Control, Form
from app.web.page_request import Visit, Visitor
from app.web.pages import DOCX, SHEET, back_to, download, render
from app.web.uploads import WaitingTable, drop_upload, keep_upload, kept_upload
from app.web.workbooks import ledger_workbook
from documents.tables.row_by_row import FATE_LABEL, RowFate, RowOutcome
from models.enums import Channel, Status
from models.organisation import Unit
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.lists.paging import count_tasks
from rectification.office.actors import Acting, Paper
from rectification.office.people_by_name import choices_of
from rectification.task.lifecycle import ISSUED

router = APIRouter()

_DRAFTS: Final = frozenset({Status.DRAFT})
_MEDIA: Final = {"docx": DOCX, "xlsx": SHEET}


class ApprovalForm(Form):
    """The paper a breakdown was approved on, where its head does not say."""

    paper_no: Annotated[str, Limits(max_length=200), Control("文号", hint="表头写了的以表头为准")] = ""
    paper_date: Annotated[date | None, Control("审批日期", "date", "写文号的须有日期")] = None


@dataclass(frozen=True, slots=True)
class TableOutcome:
    """What became of a table's rows, or would: `key` is set while it waits to be confirmed."""

    outcomes: tuple[RowOutcome, ...]
    name: str
    key: str = ""
    empties: bool = False

    @property
    def told(self) -> tuple[RowOutcome, ...]:
        """The rows that are worth a line."""
        return tuple(each for each in self.outcomes if each.is_told)

    @property
    def emptied(self) -> int:
        """How many cells are empty where something stands."""
        return sum(len(each.emptied) for each in self.outcomes)

    @property
    def counts(self) -> dict[RowFate, int]:
        return {fate: sum(each.fate is fate for each in self.outcomes) for fate in RowFate}

    @property
    def taken(self) -> int:
        return self.counts[RowFate.NEW] + self.counts[RowFate.CHANGED]


@router.get("/ledger", name="ledger")
def ledger(visit: Visitor) -> Response:
    """Where the ledger goes out as a workbook and comes back."""
    return _ledger_page(visit)


@router.get("/ledger.xlsx", name="ledger_xlsx")
def ledger_xlsx(visit: Visitor, part: Literal["whole", "public", "blank"] = "whole") -> Response:
    """The ledger whole, without internal columns (公开稿), or an empty form for new tasks."""
    files = (
        ()
        if part == "blank"
        else case_files(visit.session, visit.clock.today, visit.calendar, actor=visit.actor)
    )
    name = {"whole": "整改台账", "public": "整改情况（公开稿）", "blank": "任务登记表"}[part]
    content = ledger_workbook(visit, files, is_public=part == "public")
    return download(content, f"{name}{visit.clock.today.isoformat()}.xlsx", SHEET)


@router.post("/ledger", name="ledger_post")
@back_to(ledger)
def ledger_post(visit: Visitor) -> Response:
    """A workbook is first shown as what it would do, row by row; confirmed, the same bytes are taken in."""
    from documents.tables.ledger_import import import_ledger, read_ledger

    kept, is_trial = _at_hand(visit)
    rows, empties = read_ledger(kept.path), visit.text("empties") == "clear"
    bureau = visit.session.get_one(Unit, visit.actor.bureau_id)
    outcomes = import_ledger(
        *(visit.site.database, visit.clock, _handed_in(visit), bureau, rows),
        dry_run=is_trial,
        empties=empties,
    )
    return _ledger_page(visit, replace(_taken(outcomes, kept, is_trial=is_trial), empties=empties))


@router.get("/breakdown", name="breakdown")
def breakdown(visit: Visitor) -> Response:
    """Where drafts go out to be filled in, and come back to be issued."""
    return _breakdown_page(visit)


@router.get("/breakdown.{ending}", name="breakdown_file")
def breakdown_file(
    visit: Visitor,
    ending: Literal["docx", "xlsx"],
    code: Annotated[list[str] | None, Query(max_length=2_000)] = None,
) -> Response:
    """The drafts with these codes, or all, as the table to fill in."""
    from documents.tables.breakdown import NAME, write_breakdown

    bureau = visit.session.get_one(Unit, visit.actor.bureau_id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"breakdown.{ending}"
        choices = choices_of(visit.session, bureau.id)
        write_breakdown(path, bureau.name, _drafts(visit, code), choices)
        content = path.read_bytes()
    return download(content, f"{NAME}{visit.clock.today.isoformat()}.{ending}", _MEDIA[ending])


@router.post("/breakdown", name="breakdown_post")
@back_to(breakdown)
def breakdown_post(visit: Visitor) -> Response:
    """A filled-in table is first shown as what it would issue; confirmed, the same bytes are issued by."""
    from documents.tables.breakdown import import_breakdown, read_breakdown

    approval = visit.read(ApprovalForm)
    kept, is_trial = _at_hand(visit)
    form = read_breakdown(kept.path)
    acting = _handed_in(visit, approval)
    empties = visit.text("empties") == "clear"
    outcomes = import_breakdown(
        visit.site.database, visit.clock, acting, form, dry_run=is_trial, empties=empties
    )
    return _breakdown_page(visit, replace(_taken(outcomes, kept, is_trial=is_trial), empties=empties))


def _at_hand(visit: Visit) -> tuple[WaitingTable, bool]:
    """The table a form speaks of, and whether it is only tried: a new file is, and one to be looked at again."""
    key = visit.text("upload")
    is_trial = not key or visit.text("do") == "preview"
    if not is_trial:
        with visit.unit_of_work():  # the form is taken once; its rows are written by units of their own
            pass
    return (kept_upload(visit, key) if key else keep_upload(visit)), is_trial


def _taken(outcomes: Iterable[RowOutcome], kept: WaitingTable, *, is_trial: bool) -> TableOutcome:
    """Go through the rows; a file that was taken in no longer waits."""
    taken = TableOutcome(tuple(outcomes), kept.path.name, kept.key if is_trial else "")
    if not is_trial:
        drop_upload(kept)
    return taken


def _handed_in(visit: Visit, approval: ApprovalForm | None = None) -> Acting:
    paper = Paper(approval.paper_date, approval.paper_no) if approval and approval.paper_date else None
    return Acting(visit.actor, Channel.EXCEL, paper=paper)


def _drafts(visit: Visit, codes: Iterable[str] | None = None) -> list[CaseFile]:
    only = TaskFilter(statuses=_DRAFTS, codes=tuple(codes) if codes else None)
    return case_files(visit.session, visit.clock.today, visit.calendar, actor=visit.actor, filters=only)


def _ledger_page(visit: Visit, taken: TableOutcome | None = None) -> Response:
    public = TaskFilter(statuses=ISSUED, is_open_to_all=True, is_published=True)
    counted = partial(count_tasks, visit.session, visit.clock.today, actor=visit.actor)
    shown = counted(filters=public)
    told = {"shown": shown, "left_out": counted() - shown}
    return render(visit, "ledger.html", taken=taken, fates=FATE_LABEL, RowFate=RowFate, **told)


def _breakdown_page(visit: Visit, taken: TableOutcome | None = None) -> Response:
    return render(
        visit,
        "breakdown.html",
        drafts=() if taken else _drafts(visit),
        taken=taken,
        filled=visit.filled(ApprovalForm),
        fates=FATE_LABEL,
        RowFate=RowFate,
    )
