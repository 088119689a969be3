"""Tables that go out and come back: the ledger (台账) and the breakdown (整改任务分解表), each with a preview first."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field as Limits

from app.web.forms import Control, Form, RecordId
from app.web.page_request import Visit, Visitor
from app.web.pages import DOCX, SHEET, back_to, download, redirect, render
from app.web.uploads import WaitingTable, drop_upload, keep_upload, kept_upload, uploaded
from app.web.workbooks import ledger_workbook
from core.errors import FilesGone
from documents.pack import with_sums, zip_parts
from documents.tables.row_by_row import FATE_LABEL, RowFate, RowOutcome
from models.enums import Channel, OfficeVerb, Status
from models.organisation import Unit
from rectification.lists.case_file import CaseFile
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files, years_ended
from rectification.lists.paging import count_tasks
from rectification.office.actors import Acting, Paper
from rectification.office.journal import note
from rectification.office.people_by_name import choices_of
from rectification.office.sources import list_sources
from rectification.tables import superior_forms
from rectification.task.lifecycle import ISSUED

router = APIRouter()

_DRAFTS: Final = frozenset({Status.DRAFT})
_MEDIA: Final = {"docx": DOCX, "xlsx": SHEET}


class ApprovalForm(Form):
    """The paper a breakdown was approved on, where its head does not say."""

    paper_no: Annotated[str, Limits(max_length=200), Control("文号", hint="表头写了的以表头为准")] = ""
    paper_date: Annotated[date | None, Control("审批日期", "date", "写文号的须有日期")] = None


class FormFilter(Form):
    """Which tasks go into a superior's form: problems or plans, issued within these days, of a source.

    `form` is the one a table that comes back is, `source` where its new rows are from.
    """

    form: RecordId | None = None
    source: RecordId | None = None
    is_problem: bool | None = None
    since: date | None = None
    until: date | None = None

    @property
    def tasks(self) -> TaskFilter:
        before = self.until and self.until + timedelta(days=1)
        return TaskFilter(
            source_id=self.source, is_problem=self.is_problem, issued_since=self.since, issued_before=before
        )


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
def ledger_xlsx(
    visit: Visitor,
    part: Literal["whole", "public", "blank"] = "whole",
    year: Annotated[int | None, Query(ge=1990, le=2100)] = None,
) -> Response:
    """The ledger whole, without internal columns (公开稿), of what was issued in a `year` alone, or an empty form for new tasks."""
    only = FormFilter(since=date(year, 1, 1), until=date(year, 12, 31)).tasks if year else None
    seen = visit.session, visit.clock.today, visit.calendar
    files = () if part == "blank" else case_files(*seen, actor=visit.actor, filters=only)
    name = {"whole": "整改台账", "public": "整改情况（公开稿）", "blank": "任务登记表"}[part]
    content = ledger_workbook(visit, files, is_public=part == "public", is_whole=not year)
    return download(content, f"{year or ''}{name}{visit.clock.today.isoformat()}.xlsx", SHEET)


@router.get("/archive/{year}.zip", name="archive_zip")
def archive_zip(visit: Visitor, year: int) -> Response:
    """What ended in a year, a folder a task (归档); refused where a file is gone, as half an archive looks like a whole one."""
    from documents.archive.copies import Copy

    copy = Copy(visit.session, visit.files, visit.site.settings.zone, visit.clock.today)
    bureau, written = visit.session.get_one(Unit, visit.actor.bureau_id), visit.site.settings.paper_dir
    files = list(copy.year(bureau, year, written))
    if copy.missing:
        raise FilesGone(*copy.missing)
    with visit.unit_of_work() as session:
        note(session, visit.by, OfficeVerb.EXPORT, f"{year}年度归档，{copy.tasks} 项")
    return download(zip_parts(with_sums(files)), f"{year}年度归档.zip", "application/zip")


@router.post("/ledger", name="ledger_post")
@back_to(ledger)
def ledger_post(visit: Visitor) -> Response:
    """A workbook is first shown as what it would do, row by row; confirmed, the same bytes are taken in."""
    from documents.tables.ledger_import import import_ledger, read_ledger
    from documents.tables.superior_forms import filled_rows

    kept, is_trial = _at_hand(visit)
    asked, session, empties = visit.read(FormFilter), visit.session, visit.text("empties") == "clear"
    bureau = session.get_one(Unit, visit.actor.bureau_id)
    if asked.form:
        rows = filled_rows(session, kept.path, visit.clock, visit.actor, asked.form, asked.source)
    else:
        rows = read_ledger(kept.path)
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


@router.get("/forms", name="forms")
def forms(visit: Visitor) -> Response:
    """The superiors' forms, each by its name, and where one more is handed in."""
    return render(
        visit,
        "forms.html",
        forms=superior_forms.forms_of(visit.session, visit.actor.bureau_id),
        halves=superior_forms.half_met,
    )


@router.post("/forms", name="forms_post")
@back_to(forms)
def forms_post(visit: Visitor) -> Response:
    """A form's file; its table is found and its heads proposed."""
    from documents.tables.superior_forms import read_form, what_is_lost

    with uploaded(visit, "请先选择上级的表") as path, visit.unit_of_work() as session:
        table, content = read_form(path, visit.text("sheet").strip()), path.read_bytes()
        bureau_id, name = visit.actor.bureau_id, visit.text("name").strip() or path.stem
        form = superior_forms.add_form(session, visit.by, bureau_id, name, path.name, content, table)
        form_id, lost = form.id, what_is_lost(form)
    note = "；".join(filter(None, ("表样已登记，请核对每一栏对应什么", lost)))
    return redirect(visit, "form", form_id=form_id, note=note)


@router.get("/forms/{form_id}", name="form")
def form(visit: Visitor, form_id: int) -> Response:
    """One form: what each head is, and where it goes out and comes back."""
    bureau_id = visit.actor.bureau_id
    return render(
        visit,
        "form.html",
        form=superior_forms.form_called(visit.session, bureau_id, form_id),
        columns=tuple(superior_forms.SAYS),
        unmet=superior_forms.unmet,
        sources=list_sources(visit.session, bureau_id),
    )


@router.post("/forms/{form_id}", name="form_post")
@back_to(form)
def form_post(visit: Visitor, form_id: int) -> Response:
    """Say what its heads are, or take it off the list: the pressed button says which."""
    with visit.unit_of_work() as session:
        found = superior_forms.form_called(session, visit.actor.bureau_id, form_id)
        if visit.text("do") == "remove":
            superior_forms.remove_form(session, visit.by, found)
            return redirect(visit, "forms", note=f"已删去表样“{found.name}”")
        columns = {place: visit.text(f"head-{place}") for place in range(len(found.heads))}
        superior_forms.change_form(session, visit.by, found, visit.text("name").strip(), columns)
    return redirect(visit, "form", form_id=form_id, note="已保存")


@router.get("/forms/{form_id}/file", name="form_file")
def form_file(visit: Visitor, form_id: int, asked: Annotated[FormFilter, Query()]) -> Response:
    """The form filled with the tasks that are asked for."""
    from documents.tables.superior_forms import fill_form

    found = superior_forms.form_called(visit.session, visit.actor.bureau_id, form_id)
    today = visit.clock.today
    files = case_files(visit.session, today, visit.calendar, actor=visit.actor, filters=asked.tasks)
    content, outcome = fill_form(visit.session, found, files)
    with visit.unit_of_work() as session:
        note(session, visit.by, OfficeVerb.EXPORT, f"{found.name}，{outcome.problems + outcome.plans} 项")
    ending = found.file_name.rpartition(".")[2].lower()
    return download(content, f"{found.name}{today.isoformat()}.{ending}", _MEDIA[ending])


def _at_hand(visit: Visit) -> tuple[WaitingTable, bool]:
    """The table a form speaks of, and whether it is only tried: a new file is, and one to be looked at again."""
    key = visit.text("upload")
    is_sure = key or visit.text("dry_run") == "False"  # what a program says
    is_trial = not is_sure or visit.text("do") == "preview"
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
    years = years_ended(visit.session, visit.actor.bureau_id)
    told = {"shown": shown, "left_out": counted() - shown}
    return render(visit, "ledger.html", taken=taken, fates=FATE_LABEL, RowFate=RowFate, years=years, **told)


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
