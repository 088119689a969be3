"""What an event changed, from what to what, in words: the one place pages, commands, programs and papers take it from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.enums import ApprovalLevel, Decision, EvidenceKind, ItemKind, TimeLimit, Verb
from models.history import TaskEvent
from models.organisation import Person, Unit
from models.report import Source
from models.task import Evidence, Measure, RectificationTask
from rectification.labels import column_label, row_label
from rectification.task.time_limits import day_text

Change = Sequence[Any]
"""[before, after]."""
Names = Mapping[str, Mapping[int, str]]
"""What the numbers in events stand for, by table."""

_NAMED: Final[Mapping[str, tuple[InstrumentedAttribute[int], Any]]] = {
    "person": (Person.id, Person.name),
    "unit": (Unit.id, Unit.name),
    "source": (Source.id, Source.title),
    "rectification_task": (RectificationTask.id, RectificationTask.code),
    "measure": (Measure.id, Measure.position),
    "evidence": (Evidence.id, func.coalesce(func.nullif(Evidence.file_name, ""), Evidence.archive_no)),
}
_POINTS_AT: Final = {
    **dict.fromkeys(
        ("officer_id", "leader_id", "reviewer_id", "approver_id", "owner_id", "person_id"), "person"
    ),
    **dict.fromkeys(("lead_unit_id", "unit_id"), "unit"),
    **dict.fromkeys(
        ("merged_into_id", "recurs_of_id", "passed_from_id", "duplicate_of_id"), "rectification_task"
    ),
    "source_id": "source",
    "stands_in_for": "person",
}
_CHOICES: Final = {
    column: {choice.value: choice.word for choice in choices}
    for column, choices in (
        ("kind", (*ItemKind, *EvidenceKind)),
        ("approval_level", tuple(ApprovalLevel)),
        ("time_limit", tuple(TimeLimit)),
        ("decision", tuple(Decision)),
    )
}
_OWN: Final = (
    *("kind", "source_id", "lead_unit_id", "officer_id", "leader_id", "reviewer_id", "approver_id"),
    *("approval_level", "time_limit", "due_on", "next_checkpoint_on", "count_total", "count_done"),
    *("is_supervised", "is_recurring", "is_restricted", "is_publicity_required", "recurs_of_id"),
    *("merged_into_id", "passed_from_id", "duplicate_of_id"),
)
"""The task's columns people are told of, in this order; the others follow from them."""
_REWORDED: Final = ("title", "text", "cause", "category", "goal", "remark")
"""They stand in an event by their hash; who rewrites them puts both wordings into the event's words."""
_TELLS_ITSELF: Final = frozenset({Verb.CORRECT, Verb.EDIT, Verb.DRAFT, Verb.ISSUE})
_HANGING: Final[Mapping[str, tuple[str, ...]]] = {
    "measure": ("owner_id", "due_on", "done_on"),
    "evidence": ("kind", "own_date"),
    "extension": ("due_wanted", "decision"),
    "closure": ("publicise_until",),
    "look_back": ("due_on",),
}
"""What is told of the rows that hang on a task."""
_DAYS: Final = ("_on", "_date", "_until", "due_wanted")
"""How columns of dates end."""
_HELPS: Final = {"person_id": "经办人", "unit_id": "配合单位"}
_COME_AND_GO: Final = {"measure": "措施", "evidence": "佐证材料"}
"""Rows that are named when they come, change or go."""


def names_in(session: Session, events: Iterable[TaskEvent]) -> Names:
    """The names of whoever and whatever these events speak of."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        for key, pair in event.changes.items():
            table, _, number = key.partition(":")
            if number:
                wanted[table].add(int(number))
                pair = [value for row in pair for value in (row or {}).items()]
            else:
                pair = [(key, value) for value in pair]
            for column, value in pair:
                if column in _POINTS_AT and value is not None:
                    wanted[_POINTS_AT[column]].add(value)
    return {
        table: dict(session.execute(select(number, name).where(number.in_(wanted[table]))).tuples().all())
        for table, (number, name) in _NAMED.items()
        if wanted[table]
    }


def change_words(event: TaskEvent, names: Names) -> tuple[str, ...]:
    """Each change as a clause: 责任人：张三 → 李四; what was empty before is told without an arrow."""
    if event.verb is Verb.BASELINE:  # what stood there already
        return ()
    own: Mapping[str, Change] = event.changes
    if own.get("is_recurring", (None, None))[1] and own.get("approval_level") == [None, ApprovalLevel.LEADER]:
        own = {**own, "approval_level": (None, ApprovalLevel.CHIEF.value)}
    told = [_clause(name, own[name], names) for name in _OWN if name in own]
    if "paused_days" in own and "deadline_on" in own:  # days of waiting were given back
        told.append(_clause("deadline_on", own["deadline_on"], names))
    if event.verb not in _TELLS_ITSELF:
        told += [f"{column_label(name)}已改写" for name in _REWORDED if own.get(name, (None,))[0]]
    for key, (before, after) in event.changes.items():
        if ":" in key:
            told += _of_row(key, before or {}, after or {}, names)
    return tuple(filter(None, told))


def acted_for(event: TaskEvent, names: Names) -> str:
    """For whom a stand-in did it; empty for who did it in their own right."""
    _, lender = event.changes.get("stands_in_for", (None, None))
    return _word("stands_in_for", lender, names)


def _of_row(key: str, before: Mapping[str, Any], after: Mapping[str, Any], names: Names) -> Iterator[str]:
    table, _, number = key.partition(":")
    came_or_went = "" if before and after else "减少" if before else "增加"
    if table == "participant":
        column = "person_id" if (before or after).get("person_id") else "unit_id"
        both = [_word(column, row.get(column), names) for row in (before, after)]
        yield f"{came_or_went}{_HELPS[column]}：{' → '.join(filter(None, both))}"
        return
    columns = [name for name in _HANGING.get(table, ()) if after and (name in after or name in before)]
    said = list(filter(None, (_clause(name, (before.get(name), after.get(name)), names) for name in columns)))
    if table not in _COME_AND_GO:
        yield from said
    elif said or came_or_went:
        called = names.get(table, {}).get(int(number))
        yield f"{came_or_went}{_COME_AND_GO[table] if called else row_label(key)}{called or ''}" + (
            f"（{'，'.join(said)}）" if said else ""
        )


def _clause(name: str, pair: Change, names: Names) -> str:
    old, new = (_word(name, value, names) for value in pair)
    if old == new:
        return ""
    return f"{column_label(name)}：{f'{old} → ' if old else ''}{new or '（空）'}"


def _word(name: str, value: Any, names: Names) -> str:
    if value is None or value == "":
        return ""
    if name in _POINTS_AT:
        return str(names.get(_POINTS_AT[name], {}).get(value, f"第 {value} 号"))
    if name in _CHOICES:
        return _CHOICES[name].get(value, str(value))
    if isinstance(value, bool):
        return "是" if value else ""
    return day_text(date.fromisoformat(value)) if name.endswith(_DAYS) else str(value)
