"""Statements: an officer answers for every open task on one page; the same words report progress or ask to close."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from app.web.forms import Control, Filled, Form, blank, fill
from app.web.page_request import Visit, Visitor
from app.web.pages import redirect, render
from core.errors import RectifyError
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


@router.get("", name="statements")
def page(visit: Visitor) -> Response:
    """The tasks this person is asked about, each beginning from what was said last."""
    return _page(visit, {})


@router.post("", name="statements_post")
def post(visit: Visitor) -> Response:
    """Take what was written; tasks left empty wait for later."""
    cycle = _cycle(visit)
    lines = _lines(visit, cycle) if cycle else []
    sent = {line.code: fill(StatementForm, visit.form, f"{line.code}-") for line in lines}
    forms = [(line, filled.value) for line in lines if (filled := sent[line.code]).value]
    if len(forms) < len(lines):
        return _page(visit, sent)
    answers = [
        Answer(line.code, form.text, form.late_reason, form.needs_decision, form.done, line.version)
        for line, form in forms
        if form and visit.text(f"{line.code}-say") and form.text
    ]
    try:
        with visit.unit_of_work() as session:
            stated = statements.state(session, visit.clock, visit.acting, answers)
    except RectifyError as error:
        return _page(visit, sent, error=error)
    return redirect(visit, "statements", note=f"已报送 {len(stated)} 项")


def _cycle(visit: Visit) -> ReviewCycle | None:
    return cycles.latest_cycle(visit.session, visit.actor.bureau_id, visit.clock.today)


def _lines(visit: Visit, cycle: ReviewCycle) -> list[StatementLine]:
    found = statements.statement_lines(visit.session, cycle, visit.clock.today, officer_ids=visit.actor.ids)
    return [line for line in found if line.is_missing]


def _page(
    visit: Visit, sent: Mapping[str, Filled[StatementForm]], *, error: RectifyError | None = None
) -> Response:
    cycle = _cycle(visit)
    lines = _lines(visit, cycle) if cycle else []
    return render(
        visit,
        "statements.html",
        cycle=cycle,
        term=cycles.term_of_cycle(cycle).label if cycle else "",
        lines=[(line, (sent.get(line.code) or _proposed(line)).fields()) for line in lines],
        error=error,
    )


def _proposed(line: StatementLine) -> Filled[StatementForm]:
    typed = {"text": line.text, "late_reason": line.late_reason, "needs_decision": line.needs_decision}
    return blank(StatementForm, typed)
