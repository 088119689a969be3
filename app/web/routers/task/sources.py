"""问题来源: the bureau's list of kinds, the papers themselves, and tasks entered from them by hand."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from pydantic import Field as Limits

from app.web.actions import choices_for, form_of
from app.web.forms import Choice, Control, Filled, Form, blank, fill
from app.web.page_request import Visit, Visitor
from app.web.pages import redirect, render
from core.errors import Conflict, RectifyError, Refused
from models.enums import ItemKind, Status, TimeLimit
from rectification import casework
from rectification.labels import PUBLISHED, SENT, SOURCE_FIELD
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.lists.rows import list_tasks
from rectification.office import sources
from rectification.tables.ledger import state_text
from rectification.verb_forms import ENTRY

router = APIRouter()

_SHOWN: Final = 50


class SourceForm(Form):
    """A paper that raises tasks."""

    kind: Annotated[str, Limits(max_length=100), Control("来源种类", "select", "", "source_kinds")]
    title: Annotated[
        str, Limits(max_length=400), Control("文件或事项名称", hint="如 关于2026年法治督察情况的反馈意见")
    ]
    paper_no: Annotated[str, Limits(max_length=200), Control("文号")] = ""
    issuing_body: Annotated[str, Limits(max_length=200), Control("来文单位")] = ""
    received_on: Annotated[date | None, Control("收文日期", "date")] = None
    plan_due_on: Annotated[date | None, Control("何时报整改方案", "date")] = None
    result_due_on: Annotated[date | None, Control("何时报整改结果", "date", "登记任务时拟为时限")] = None
    is_published: Annotated[
        bool | None, Control("是否公开", "select", "未公开的，任务名称不取原文", "published")
    ] = None


class CorrectionForm(SourceForm):
    """The same to be put right, but for the kind and whether it is published."""

    kind: str = ""
    is_published: bool | None = None
    reason: Annotated[str, Limits(max_length=1000), Control("更正原因", hint="新旧内容都留痕")]


class SentForm(Form):
    """When plan or result was sent, and under which number."""

    sent_on: Annotated[date | None, Control("报送日期", "date", "空着就是改为没有报送")] = None
    sent_no: Annotated[str, Limits(max_length=200), Control("报送文号")] = ""


EntryForm: Final = form_of(ENTRY)
_USUAL: Final = {"kind": ItemKind.FINDING.value, "time_limit": TimeLimit.DATED.value}


class KindForm(Form):
    name: Annotated[str, Limits(max_length=100), Control("来源种类")]
    new_name: Annotated[str, Limits(max_length=100), Control("新名称")] = ""


@router.get("/sources", name="sources")
def sources_page(visit: Visitor) -> Response:
    """The papers, and the list of kinds."""
    return _sources_page(visit, blank(SourceForm, {"received_on": visit.clock.today.isoformat()}))


@router.post("/sources", name="sources_post")
def sources_post(visit: Visitor) -> Response:
    """One more paper; its tasks are entered next."""
    filled = fill(SourceForm, visit.form)
    if filled.value is None:
        return _sources_page(visit, filled)
    try:
        with visit.unit_of_work() as session:
            new = sources.NewSource(**filled.value.model_dump())
            source_id = sources.source_for(session, visit.by, visit.actor.bureau_id, new).id
    except RectifyError as error:
        return _sources_page(visit, filled, error)
    return redirect(visit, "entry", note="来源已登记，请逐条登记任务", query={"source": str(source_id)})


@router.post("/sources/{source_id}/published", name="source_published_post")
def source_published_post(visit: Visitor, source_id: int) -> Response:
    """Note that a source is published, or is not: the pressed button says which."""
    is_published = visit.text("do") == "publish"
    with visit.unit_of_work() as session:
        changed = casework.publish(session, visit.clock, visit.acting, source_id, is_published=is_published)
    note = f"来源已改为“{PUBLISHED[is_published]}”，{changed} 项草稿的任务名称随之重拟；已下达的不变"
    return redirect(visit, "sources", note=note)


@router.post("/sources/kinds", name="source_kinds_post")
def source_kinds_post(visit: Visitor) -> Response:
    """Add a kind, give one another name, or take one off the list: what the pressed button says."""
    filled, bureau_id = fill(KindForm, visit.form), visit.actor.bureau_id
    form = filled.value
    blank_form = blank(SourceForm)
    try:
        if form is None:
            raise RectifyError("没有写名称", "", "请填写后再提交")
        with visit.unit_of_work() as session:
            match visit.text("do"):
                case "rename":
                    sources.rename_kind(session, visit.by, bureau_id, form.name, form.new_name)
                case "retire":
                    sources.retire_kind(session, visit.by, bureau_id, form.name)
                case _:
                    sources.add_kind(session, visit.by, bureau_id, form.name)
    except RectifyError as error:
        return _sources_page(visit, blank_form, error)
    return redirect(visit, "sources", note="来源种类已更新")


@router.get("/sources/{source_id}", name="source")
def source_page(visit: Visitor, source_id: int) -> Response:
    """One paper: what became of each task, what was sent back, what was put right."""
    return _source_page(visit, source_id)


@router.post("/sources/{source_id}", name="source_post")
def source_post(visit: Visitor, source_id: int) -> Response:
    """Put its fields right, or note that plan or result was sent: the pressed button says which."""
    what = visit.text("do")
    model: type[Form] = SentForm if what in SENT else CorrectionForm
    filled = fill(model, visit.form, f"{what}-" if what in SENT else "")
    form = filled.value
    try:
        with visit.unit_of_work() as session:
            found = sources.source_of_bureau(session, visit.actor.bureau_id, source_id)
            if isinstance(form, SentForm):
                sources.mark_sent(session, visit.by, found, what, form.sent_on, form.sent_no)
            elif isinstance(form, CorrectionForm):
                fields = form.model_dump(exclude={"kind", "is_published", "reason"})
                sources.correct_source(session, visit.by, found, fields, form.reason)
    except (Refused, Conflict) as error:
        return _source_page(visit, source_id, {what: filled}, error)
    if form is None:
        return _source_page(visit, source_id, {what: filled})
    return redirect(visit, "source", source_id=source_id, note="已登记")


@router.get("/entry", name="entry")
def entry(visit: Visitor, source: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None) -> Response:
    """The form, with the source it goes on with."""
    return _entry_page(visit, blank(EntryForm, {**_USUAL, "source_id": str(source or "")}))


@router.post("/entry", name="entry_post")
def entry_post(visit: Visitor) -> Response:
    """Enter one task as a draft and offer the next from the same source."""
    filled = fill(EntryForm, visit.form)
    form = filled.value
    if form is None:
        return _entry_page(visit, filled)
    try:
        with visit.unit_of_work() as session:
            new = casework.SourceEntry(**form.model_dump(exclude_none=True))
            code = casework.enter(session, visit.clock, visit.acting, new).code
    except RectifyError as error:
        return _entry_page(visit, filled, error)
    note = f"{code} 已登记为待下达的草稿，可以接着登记下一条"
    return redirect(visit, "entry", note=note, query={"source": filled.typed["source_id"]})


def _sources_page(visit: Visit, filled: Filled[SourceForm], error: RectifyError | None = None) -> Response:
    bureau_id = visit.actor.bureau_id
    kinds = sources.list_kinds(visit.session, bureau_id, with_retired=True)
    choices = {
        "source_kinds": [Choice(each.name, each.name) for each in kinds if each.is_active],
        "published": [Choice(str(is_so).lower(), label) for is_so, label in PUBLISHED.items()],
    }
    return render(
        visit,
        "sources.html",
        status=422 if error or filled.errors else 200,
        rows=sources.list_sources(visit.session, bureau_id),
        kinds=kinds,
        fixed=sources.FIXED,
        fields=filled.fields(choices),
        error=error,
    )


def _source_page(
    visit: Visit,
    source_id: int,
    sent: Mapping[str, Filled[Form]] | None = None,
    error: RectifyError | None = None,
) -> Response:
    found = sources.source_of_bureau(visit.session, visit.actor.bureau_id, source_id)
    only = TaskFilter(source_id=source_id)
    said = {name: str(getattr(found, name) or "") for name in SOURCE_FIELD}
    forms: dict[str, Filled[Any]] = {"correct": blank(CorrectionForm, said)}
    for what in SENT:
        typed = {name: said[f"{what}_{name}"] for name in SentForm.model_fields}
        forms[what] = blank(SentForm, typed)
    return render(
        visit,
        "source.html",
        status=422 if sent else 200,
        source=found,
        files=case_files(visit.session, visit.clock.today, visit.calendar, actor=visit.actor, filters=only),
        forms=forms | dict(sent or {}),
        events=sources.history_of(visit.session, found),
        state_text=state_text,
        error=error,
    )


def _entry_page(visit: Visit, filled: Filled[Form], error: RectifyError | None = None) -> Response:
    bureau_id = visit.actor.bureau_id
    known = sources.list_sources(visit.session, bureau_id)
    named = [
        Choice(str(each.id), f"{each.kind}：{each.title}{f'（{each.paper_no}）' if each.paper_no else ''}")
        for each in known
    ]
    drafts = list_tasks(
        visit.session,
        visit.clock.today,
        visit.calendar,
        actor=visit.actor,
        filters=TaskFilter(statuses=frozenset({Status.DRAFT})),
        limit=_SHOWN,
    )
    return render(
        visit,
        "task_entry.html",
        status=422 if error or filled.errors else 200,
        fields=filled.fields({**choices_for(visit.session, bureau_id), "sources": named}),
        has_sources=bool(known),
        drafts=drafts,
        error=error,
    )
