"""问题来源: the bureau's list of kinds, the papers themselves, and tasks entered from them by hand."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from pydantic import Field as Limits

from app.web.actions import choices_for, form_of
from app.web.forms import Choice, Control, Filled, Form, blank, fill
from app.web.page_request import Visitor
from app.web.pages import back_to, redirect, render
from core.errors import RectifyError
from models.enums import ItemKind, Rating, Status, StepKind, TimeLimit
from rectification import casework
from rectification.labels import PUBLISHED, SENT, SOURCE_FIELD, STEP_FIELD
from rectification.lists.figures import by_number
from rectification.lists.filters import TaskFilter
from rectification.lists.load_case_files import case_files
from rectification.lists.rows import list_tasks
from rectification.lists.source_steps import counts_text, steps_of
from rectification.office import source_steps, sources
from rectification.tables.ledger import state_text
from rectification.task.lifecycle import ISSUED
from rectification.verb_forms import ENTRY

router = APIRouter()

_SHOWN: Final = 50


class _OfKind(Form):
    kind: Annotated[str, Limits(max_length=100), Control("来源种类", "select", "", "source_kinds")]


class _Details(Form):
    title: Annotated[
        str, Limits(max_length=400), Control("文件或事项名称", hint="如 关于2026年法治督察情况的反馈意见")
    ]
    paper_no: Annotated[str, Limits(max_length=200), Control("文号")] = ""
    issuing_body: Annotated[str, Limits(max_length=200), Control("来文单位")] = ""
    received_on: Annotated[date | None, Control("收文日期", "date")] = None
    plan_due_on: Annotated[date | None, Control("何时报整改方案", "date")] = None
    result_due_on: Annotated[date | None, Control("何时报整改结果", "date", "登记任务时拟为时限")] = None


class SourceForm(_Details, _OfKind):
    """A paper that raises tasks."""

    is_published: Annotated[
        bool | None, Control("是否公开", "select", "未公开的，任务名称不取原文", "published")
    ] = None


class CorrectionForm(_Details):
    """The same to be put right, but for the kind and whether it is published."""

    reason: Annotated[str, Limits(max_length=1000), Control("更正原因", hint="新旧内容都留痕")]


class SentForm(Form):
    """When plan or result was sent, and under which number."""

    sent_on: Annotated[date | None, Control("报送日期", "date", "空着就是改为没有报送")] = None
    sent_no: Annotated[str, Limits(max_length=200), Control("报送文号")] = ""


class StepForm(Form):
    """Something done about a source, or counted of it."""

    kind: Annotated[StepKind, Control(STEP_FIELD["kind"], "select", "", "step_kinds")]
    day: Annotated[date, Control(STEP_FIELD["day"], "date", "办理的日期；只知道总数的，写统计到哪一天")]
    until: Annotated[date | None, Control(STEP_FIELD["until"], "date", "只有阶段要写")] = None
    number: Annotated[int | None, Control(STEP_FIELD["number"], "number", "阶段不写")] = None
    unit: Annotated[str, Limits(max_length=10), Control(STEP_FIELD["unit"], hint="空着按通常的单位")] = ""
    rating: Annotated[Rating | None, Control(STEP_FIELD["rating"], "select", "只有回访要选", "ratings")] = (
        None
    )
    paper_no: Annotated[str, Limits(max_length=200), Control(STEP_FIELD["paper_no"])] = ""
    text: Annotated[
        str, Limits(max_length=200), Control(STEP_FIELD["text"], hint="约谈了谁；阶段和其他事项写名称")
    ] = ""


class ReasonForm(Form):
    """Why an entry is put right or taken away."""

    reason: Annotated[str, Limits(max_length=1000), Control("更正或删去的原因", hint="新旧内容都留痕")] = ""


class StepCorrectionForm(ReasonForm, StepForm):
    """The same to be put right."""


_STEP_CHOICES: Final = {
    "step_kinds": [Choice(kind.value, kind.word) for kind in StepKind],
    "ratings": [Choice(rating.value, rating.word) for rating in Rating],
}
EntryForm: Final = form_of(ENTRY)
PUBLISHED_CHOICES: Final = [Choice(str(is_so).lower(), label) for is_so, label in PUBLISHED.items()]
_USUAL: Final = {"kind": ItemKind.FINDING.value, "time_limit": TimeLimit.DATED.value}


class KindForm(Form):
    name: Annotated[str, Limits(max_length=100), Control("来源种类")]
    new_name: Annotated[str, Limits(max_length=100), Control("新名称")] = ""


@router.get("/sources", name="sources")
def sources_page(visit: Visitor) -> Response:
    """The papers, and the list of kinds."""
    bureau_id = visit.actor.bureau_id
    kinds = sources.list_kinds(visit.session, bureau_id, with_retired=True)
    choices = {
        "source_kinds": [Choice(each.name, each.name) for each in kinds if each.is_active],
        "published": PUBLISHED_CHOICES,
    }
    filled = visit.filled(SourceForm, {"received_on": visit.clock.today.isoformat()})
    return render(
        visit,
        "sources.html",
        rows=sources.list_sources(visit.session, bureau_id),
        kinds=kinds,
        fixed=sources.FIXED,
        fields=filled.fields(choices),
    )


@router.post("/sources", name="sources_post")
@back_to(sources_page)
def sources_post(visit: Visitor) -> Response:
    """One more paper; its tasks are entered next."""
    new = sources.NewSource(**visit.read(SourceForm).model_dump())
    with visit.unit_of_work() as session:
        source_id = sources.source_for(session, visit.by, visit.actor.bureau_id, new).id
    note, query = "来源已登记，请逐条登记任务", {"source": str(source_id)}
    return redirect(visit, "entry", note=note, query=query, made=source_id)


@router.post("/sources/{source_id}/published", name="source_published_post")
def source_published_post(visit: Visitor, source_id: int) -> Response:
    """Note that a source is published, or is not: the pressed button says which."""
    is_published = visit.text("do") == "publish"
    with visit.unit_of_work() as session:
        changed = casework.publish(session, visit.clock, visit.acting, source_id, is_published=is_published)
    note = f"来源已改为“{PUBLISHED[is_published]}”，{changed} 项草稿的任务名称随之重拟；已下达的不变"
    return redirect(visit, "sources", note=note)


@router.post("/sources/kinds", name="source_kinds_post")
@back_to(sources_page)
def source_kinds_post(visit: Visitor) -> Response:
    """Add a kind, give one another name, or take one off the list: what the pressed button says."""
    form, bureau_id = fill(KindForm, visit.form).value, visit.actor.bureau_id
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
    return redirect(visit, "sources", note="来源种类已更新")


@router.get("/sources/{source_id}", name="source")
def source_page(visit: Visitor, source_id: int) -> Response:
    """One paper: what became of each task, what was sent back, what was put right."""
    found = sources.source_of_bureau(visit.session, visit.actor.bureau_id, source_id)
    said = {name: str(getattr(found, name) or "") for name in SOURCE_FIELD}
    forms: dict[str, Filled[Any]] = {"correct": visit.filled(CorrectionForm, said)}
    for what in SENT:
        typed = {name: said[f"{what}_{name}"] for name in SentForm.model_fields}
        is_refused = SentForm in visit.sent and visit.text("do") == what
        forms[what] = visit.filled(SentForm) if is_refused else blank(SentForm, typed)
    steps = steps_of(visit.session, [source_id])
    for step in steps:
        typed = {name: str(getattr(step, name) or "") for name in StepForm.model_fields}
        is_refused = StepCorrectionForm in visit.sent and visit.text("do") == f"correct-{step.id}"
        forms[f"step-{step.id}"] = (
            visit.filled(StepCorrectionForm) if is_refused else blank(StepCorrectionForm, typed)
        )
    only = TaskFilter(source_id=source_id)
    files = case_files(visit.session, visit.clock.today, visit.calendar, actor=visit.actor, filters=only)
    return render(
        visit,
        "source.html",
        status=422 if visit.sent or visit.error else 200,
        source=found,
        files=files,
        numbers=by_number([file for file in files if file.row.status in ISSUED], "完成"),
        forms={**forms, "step": visit.filled(StepForm)},
        step_choices=_STEP_CHOICES,
        steps=steps,
        counts=counts_text(steps),
        is_from_outside=sources.is_from_outside(found.kind.name),
        events=sources.history_of(visit.session, found),
        state_text=state_text,
    )


@router.post("/sources/{source_id}", name="source_post")
@back_to(source_page)
def source_post(visit: Visitor, source_id: int) -> Response:
    """Put its fields right, or note that plan or result was sent: the pressed button says which."""
    what = visit.text("do")
    sent = visit.read(SentForm, f"{what}-") if what in SENT else None
    right = None if sent else visit.read(CorrectionForm)
    with visit.unit_of_work() as session:
        found = sources.source_in_use(session, visit.actor.bureau_id, source_id)
        if sent:
            sources.mark_sent(session, visit.by, found, what, sent.sent_on, sent.sent_no)
        elif right:
            fields = right.model_dump(exclude={"reason"})
            sources.correct_source(session, visit.by, found, fields, right.reason)
    return redirect(visit, "source", source_id=source_id, note="已登记")


@router.post("/sources/{source_id}/steps", name="source_steps_post")
@back_to(source_page)
def source_steps_post(visit: Visitor, source_id: int) -> Response:
    """Enter what was done about it, put an entry right or take it away: the pressed button says which, and of which."""
    do, _, number = visit.text("do").partition("-")
    typed = f"step-{number}-"
    new: StepForm | None = None
    if do != "remove":
        new = visit.read(StepCorrectionForm, typed) if number else visit.read(StepForm)
    step = source_steps.NewStep(**new.model_dump(exclude={"reason"})) if new else None
    made: int | None = None
    with visit.unit_of_work() as session:
        found = sources.source_in_use(session, visit.actor.bureau_id, source_id)
        if step and not number:
            made = source_steps.add_step(session, visit.by, found, step).id
        else:
            kept = source_steps.step_of_source(session, found, int(number[:18]) if number.isdecimal() else 0)
            reason = visit.read(ReasonForm, typed).reason
            if step:
                source_steps.correct_step(session, visit.by, found, kept, step, reason)
            else:
                source_steps.remove_step(session, visit.by, found, kept, reason)
    return redirect(visit, "source", source_id=source_id, note="已登记", made=made)


@router.get("/entry", name="entry")
def entry(visit: Visitor, source: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None) -> Response:
    """The form, with the source it goes on with."""
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
    filled = visit.filled(EntryForm, {**_USUAL, "source_id": str(source or "")})
    return render(
        visit,
        "task_entry.html",
        fields=filled.fields({**choices_for(visit.session, bureau_id), "sources": named}),
        has_sources=bool(known),
        drafts=drafts,
    )


@router.post("/entry", name="entry_post")
@back_to(entry)
def entry_post(visit: Visitor) -> Response:
    """Enter one task as a draft and offer the next from the same source."""
    new = casework.NewDraft(**visit.read(EntryForm).model_dump(exclude_none=True))
    with visit.unit_of_work() as session:
        code = casework.enter(session, visit.clock, visit.acting, new).code
    note = f"{code} 已登记为待下达的草稿，可以接着登记下一条"
    return redirect(visit, "entry", note=note, query={"source": visit.text("source_id")}, made=code)
