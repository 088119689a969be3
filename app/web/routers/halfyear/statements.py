"""Statements: an officer answers for every open task on one page; the same words report progress or ask to close."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from app.web.forms import Control, Filled, Form, Mistyped, blank, fill
from app.web.page_request import Visit, Visitor
from app.web.pages import back_to, redirect, render
from core.errors import Refused
from models.review import ReviewCycle
from rectification.halfyear import cycles, statements
from rectification.halfyear.statements import Answer, StatementLine

router = APIRouter(prefix="/statements")


class StatementForm(Form):
    """What is stated of one task."""

    text: Annotated[str, Field(max_length=20_000), Control("情况说明", "area")] = ""
    late_reason: Annotated[str, Field(max_length=2_000), Control("超期原因")] = ""
    needs_decision: Annotated[str, Field(max_length=2_000), Control("提请研究事项")] = ""
    done: Annotated[bool, Control("已整改到位，同时以此申请销号（办结）", "check")] = False
    despite_doubts: Annotated[bool, Control("疑点属实，仍然申请（由复核人和审签人逐条答复）", "check")] = (
        False
    )


class NamedStatementForm(StatementForm):
    """The same with its task, as a program sends it: what it says is meant."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(max_length=64, title="任务编号")]
    text: Annotated[str, Field(min_length=1, max_length=20_000), Control("情况说明", "area")]


@router.get("", name="statements")
def page(visit: Visitor) -> Response:
    """The tasks this person is asked about, each beginning from what was said last."""
    cycle = _cycle(visit)
    return render(
        visit,
        "statements.html",
        cycle=cycle,
        term=cycles.term_of_cycle(cycle).label if cycle else "",
        lines=[(line, filled.fields()) for line, filled in _forms(visit)],
    )


@router.post("", name="statements_post")
@back_to(page)
def post(visit: Visitor) -> Response:
    """Take what was written; tasks left empty wait for later."""
    answers, forms = [], list(_forms(visit))
    sent = [name.removesuffix("-text") for name in visit.form if name.endswith("-text")]
    gone = {code for code in sent if _is_meant(visit, code)} - {line.code for line, _ in forms}
    if gone:
        raise Refused(f"{'、'.join(sorted(gone))} 现在不用报送", "已经报送，或不由您负责", "请报送其余各项")
    for line, filled in forms:
        form = filled.value
        if form is None:
            raise Mistyped
        if _is_meant(visit, line.code) and form.text:
            said = (
                form.text,
                form.late_reason,
                form.needs_decision,
                form.done,
                line.version,
                form.despite_doubts,
            )
            answers.append(Answer(line.code, *said))
    if not answers:
        raise Refused("没有报送", "没有勾选，或勾选的没有写情况说明", "请写明情况、勾选后再报送")
    with visit.unit_of_work() as session:
        stated = statements.state(session, visit.clock, visit.acting, answers)
    return redirect(visit, "statements", note=f"已报送 {len(stated)} 项")


def _is_meant(visit: Visit, code: str) -> bool:
    """Whether the task's words are to be taken: ticked on the page; a program sends no others."""
    return bool(visit.text(f"{code}-say") or visit.body)


def _cycle(visit: Visit) -> ReviewCycle | None:
    return cycles.latest_cycle(visit.session, visit.actor.bureau_id, visit.clock.today)


def _forms(visit: Visit) -> Iterator[tuple[StatementLine, Filled[StatementForm]]]:
    """The tasks asked about, each with its form: as it was sent, or beginning from what was said last."""
    cycle, asked = _cycle(visit), visit.actor.ids
    found = (
        statements.statement_lines(visit.session, cycle, visit.clock.today, officer_ids=asked)
        if cycle
        else ()
    )
    for line in found:
        if not line.is_missing:
            continue
        said = {"text": line.text, "late_reason": line.late_reason, "needs_decision": line.needs_decision}
        sent = visit.form and fill(StatementForm, visit.form, f"{line.code}-")
        yield line, sent or blank(StatementForm, said)
