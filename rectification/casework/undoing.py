"""撤销误办: a step done by mistake is taken back by whoever may do it, with a reason; both stand in the history.

The task, and what hangs on it, become what they were before the step. Words that were written over do not come back: of
those the history has the old wording, and editing or correcting puts them right.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import select

from core.errors import Forbidden
from models.enums import Status, Verb
from models.history import TaskEvent
from models.task import Evidence, LookBack, Participant, RectificationTask
from rectification.casework.moving import lender, task_verb
from rectification.casework.needs import AFTER, HANDS, check_before
from rectification.casework.task_in_hand import Case
from rectification.labels import verb_label
from rectification.office.chain import recorded, untold
from rectification.task.history import HANGING, events_of
from rectification.task.lifecycle import OPEN, TRANSITIONS, Need
from rectification.task.standing import UNDONE, is_move, standing

_CHIEFS: Final = frozenset({Verb.APPROVE, Verb.TERMINATE, Verb.SUPERVISE, Verb.GRANT_EXTENSION, Verb.REDATE})
"""What the chief alone takes back where he must sign the task's end: else a leader could go round his signature."""
_GROUNDS: Final = frozenset({Verb.SET_GOAL, Verb.MEASURE, Verb.FINISH_MEASURE, Verb.DROP_MEASURE, Verb.TIE})
"""What a request to close rests on: it is not taken back under the request."""
_TASKS_OWN: Final = frozenset(recorded(RectificationTask)) - {"deadline_on"}
MODELS: Final[dict[str, Any]] = {model.__tablename__: model for model in HANGING}
_LAST_FIRST: Final = tuple(reversed(MODELS))
"""The tables of what hangs on a task, each before what it hangs on itself."""


@task_verb(Verb.UNDO)
def undo(case: Case, reason: str, sequence: int | None = None) -> str:
    """撤销误办: the step with this number, by default the last, was done by mistake; it counts nowhere any more.

    Raises: Forbidden, for a step that is not this person's; Refused, where a later step builds on it, or what it
    destroyed cannot come back.
    """
    event = step_of(case, sequence)
    label = verb_label(event.verb, case.task.kind)
    if Verb.UNDO not in TRANSITIONS[event.verb].way_back:
        raise case.refuse(f"第 {event.sequence} 条“{label}”不能撤销", ways_back(case, event.verb))
    must_be_theirs(case, event)
    _must_be_last(case, event)
    _restore_task(case, event)
    _restore_rows(case, event)
    case.notes[UNDONE] = (event.sequence, None)
    case.lands_on = event.old_status if is_move(event) else case.task.status
    if case.lands_on in OPEN and HANDS.keys() & event.changes.keys():
        AFTER[Need.ASSIGNMENT](case)
    return f"撤销第 {event.sequence} 条“{label}”（{event.effective_on}）：{case.words}"


def step_of(case: Case, sequence: int | None) -> TaskEvent:
    """The step with this number among those that stand; by default the last that can be taken back.

    Raises: Refused, where there is none.
    """
    events = [each for each in standing(events_of(case.session, case.task.id)) if each.verb in TRANSITIONS]
    able = [each for each in events if sequence or Verb.UNDO in TRANSITIONS[each.verb].way_back]
    found = next((each for each in reversed(able) if sequence in (None, each.sequence)), None)
    if found is None:
        raise case.refuse(
            f"没有第 {sequence} 条办理记录，或它已经撤销" if sequence else "没有可以撤销的一步",
            "请按办理记录核对序号",
            command="rectify task show",
        )
    return found


def must_be_theirs(case: Case, event: TaskEvent) -> None:
    """The step is open to this person: as its own verb is, or because it was they who entered it.

    Raises: Forbidden, Refused (a decision is taken back as it is taken).
    """
    acting, row = case.acting, TRANSITIONS[event.verb]
    hand = acting.recorder or acting.actor
    if hand.id == (event.recorder_id or event.actor_id):
        return
    if not case.parts & row.by:
        raise Forbidden(
            f"{acting.actor.name}不能{case.label}第 {event.sequence} 条“{verb_label(event.verb, case.task.kind)}”",
            "这一步由别的角色办理",
            "请由办理这一步的角色或登记这一步的人办理",
        )
    case.stands_in_for = lender(case.session, acting.actor, case.task, row.by)
    asked = (Need.CHIEF_DECIDES,) if event.verb in _CHIEFS else ()
    check_before(case, (*asked, *({Need.SIGNED_PAPER} & set(row.needs))))


def ways_back(case: Case, verb: Verb) -> str:
    """What puts this verb right instead."""
    ways = [verb_label(way, case.task.kind) for way in TRANSITIONS[verb].way_back]
    return f"请用“{'”或“'.join(ways)}”改正" if ways else "它删去的内容无法恢复"


def _must_be_last(case: Case, event: TaskEvent) -> None:
    """Nothing that happened since, and stands, builds on the step."""
    touched = set(_touched(event))
    for later in reversed(standing(events_of(case.session, case.task.id))):
        if later.sequence == event.sequence:
            return
        row = TRANSITIONS.get(later.verb)
        rests = later.verb is Verb.SUBMIT and event.verb in _GROUNDS
        is_astray = row is not None and is_move(event) and event.old_status not in row.origins
        if rests or is_astray or touched & set(_touched(later)):
            label = verb_label(later.verb, case.task.kind)
            able = row is not None and Verb.UNDO in row.way_back
            raise case.refuse(
                f"第 {later.sequence} 条“{label}”在它之后，以它为前提",
                f"请先撤销第 {later.sequence} 条" if able else ways_back(case, later.verb),
            )


def _touched(event: TaskEvent) -> Iterable[str]:
    """What a step changed, by names two steps share where one builds on the other."""
    if is_move(event):
        yield "status"
    for key, (before, after) in event.changes.items():
        table, _, number = key.partition(":")
        if not number:
            if key in _TASKS_OWN:
                yield key
        elif table == Participant.__tablename__:
            yield from (
                f"{table}:{row.get('person_id')}:{row.get('unit_id')}" for row in (before, after) if row
            )
        elif table in ("closure", "closure_step", "doubt_answer"):
            yield "closure"
        elif before is not None or table != Evidence.__tablename__:
            yield key
            if table == "measure" and before is None:
                yield f"{key}, made"
            elif table == "proof" and after is not None:  # what proves a measure builds on its being there
                yield f"measure:{after.get('measure_id')}, made"


def _restore_task(case: Case, event: TaskEvent) -> None:
    for name, (before, _) in event.changes.items():
        if name in _TASKS_OWN:
            _put(case.task, RectificationTask, name, before)
    if event.old_status is Status.DRAFT and "deadline_on" in event.changes:  # else it is counted anew
        _put(case.task, RectificationTask, "deadline_on", event.changes["deadline_on"][0])


def _restore_rows(case: Case, event: TaskEvent) -> None:
    """What came goes, what went comes back, what was altered is as it was; a scan of a paper stays in the file."""
    changed = [(*key.partition(":")[::2], pair) for key, pair in event.changes.items() if ":" in key]
    for table, number, (before, after) in sorted(changed, key=lambda each: _LAST_FIRST.index(each[0])):
        model = MODELS[table]
        row = case.session.get(model, int(number))
        if before is None:
            if row is not None and model is not Evidence:
                case.rows.remove(row)
                case.session.flush()
        elif after is None:
            told = {name: untold(model, name, value) for name, value in before.items()}
            case.rows.add(model(**told, **({} if row else {"id": int(number)})))
        elif row is not None:
            case.rows.alter(row)
            for name, value in before.items():
                _put(row, model, name, value)
    if event.new_status is Status.CLOSED and is_move(event):
        _drop_waiting_checks(case)


def _put(row: Any, model: Any, name: str, told: Any) -> None:
    """Give a column the value it had; words that were written over stay as they are."""
    try:
        setattr(row, name, untold(model, name, told))
    except ValueError:
        return


def _drop_waiting_checks(case: Case) -> None:
    """What was never closed is not looked at again."""
    waiting = select(LookBack).where(LookBack.task_id == case.task.id, LookBack.checked_on.is_(None))
    for row in case.session.scalars(waiting).all():
        case.rows.remove(row)
