"""One task: its page, and one page for each of its actions."""

from collections.abc import Mapping

from fastapi import APIRouter, Response

from app.web.actions import ACTIONS, Deed, choices_for, possible, verb_of
from app.web.forms import Filled, Form, blank, fill
from app.web.pages import redirect, render
from app.web.visit import Visit, Visitor
from core.errors import Conflict, Forbidden, RectifyError
from models.enums import Verb
from models.report import ReportItem
from models.task import RectificationTask
from rectification.access import parts_in, seen_task
from rectification.filters import TaskFilter
from rectification.labels import verb_label
from rectification.lifecycle import next_status
from rectification.queries import TaskRow, list_tasks, timeline

router = APIRouter(prefix="/tasks/{code}")


@router.get("", name="task")
def task(visit: Visitor, code: str) -> Response:
    """A task with its source, its dates, its history and what this person may do now."""
    found, row = _seen(visit, code)
    verbs = possible(row, parts_in(visit.session, visit.actor, found))
    item = visit.session.get(ReportItem, found.report_item_id) if found.report_item_id else None
    events = timeline(visit.session, found.id)
    return render(
        visit, "task.html", task=found, row=row, item=item, verbs=verbs, events=list(reversed(events))
    )


@router.get("/{action}", name="act")
def act(visit: Visitor, code: str, action: str) -> Response:
    """The page of one action."""
    verb = verb_of(action)
    found, row = _seen(visit, code)
    _must_be_possible(visit, found, row, verb)
    return _act_page(visit, row, verb, blank(ACTIONS[verb].form, ACTIONS[verb].proposes(row)))


@router.post("/{action}", name="act_post")
def act_post(visit: Visitor, code: str, action: str) -> Response:
    """Do it. What was typed stays on the page where it cannot be done."""
    verb = verb_of(action)
    _, row = _seen(visit, code)
    filled = fill(ACTIONS[verb].form, visit.form)
    if filled.value is None:
        return _act_page(visit, row, verb, filled)
    version = visit.text("version")
    try:
        with visit.unit_of_work() as session:
            deed = Deed(
                session, visit.clock, visit.acting, code, int(version) if version.isdecimal() else None
            )
            ACTIONS[verb].perform(deed, filled.value)
    except (Forbidden, Conflict):
        raise
    except RectifyError as error:
        return _act_page(visit, row, verb, filled, error)
    return redirect(visit, "task", code=code, note=f"已{verb_label(verb, row.kind)}")


def _seen(visit: Visit, code: str) -> tuple[RectificationTask, TaskRow]:
    found = seen_task(visit.session, visit.actor, code)
    only = TaskFilter(codes=(code,))
    rows = list_tasks(
        visit.session, visit.clock.today, visit.calendar, actor=visit.actor, filters=only, limit=1
    )
    return found, rows[0]


def _must_be_possible(visit: Visit, found: RectificationTask, row: TaskRow, verb: Verb) -> None:
    if verb in possible(row, parts_in(visit.session, visit.actor, found)):
        return
    next_status(found.status, verb, found.kind)
    label = verb_label(verb, row.kind)
    raise Forbidden(f"您不能对任务 {row.code} “{label}”", "这一步由别的角色办理", "请联系台账管理员")


def _act_page(
    visit: Visit, row: TaskRow, verb: Verb, filled: Filled[Form], error: RectifyError | None = None
) -> Response:
    choices: Mapping[str, object] = choices_for(visit.session, row.bureau_id, row.unit)
    return render(
        visit,
        "act.html",
        status=422 if error or filled.errors else 200,
        row=row,
        verb=verb,
        action=ACTIONS[verb],
        filled=filled,
        choices=choices,
        error=error,
    )
