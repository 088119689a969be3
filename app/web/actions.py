"""The actions of a task on pages and for programs: each verb's form made of its VerbForm, and what is offered to whom."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import Enum
from functools import cache, partial
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, create_model
from pydantic import Field as Limits
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.web.forms import Choice, Control, Form, LongText, RecordId, Ticked
from app.web.presenting import people_choices
from core.errors import NotFound
from core.text import says_something, shortened
from models.enums import (
    ApprovalLevel,
    DayUnit,
    EvidenceKind,
    ItemKind,
    Role,
    Status,
    TimeLimit,
    UnitKind,
    Verb,
    Worded,
)
from models.organisation import Person, Unit
from models.task import Participant, RectificationTask
from rectification.intake.likeness import most_alike
from rectification.labels import WITHDRAWN, verb_label
from rectification.lists.case_file import CaseFile
from rectification.lists.timeline import timeline
from rectification.office.actors import Actor
from rectification.office.people import WORKS, list_people
from rectification.office.units import ids_below, list_units
from rectification.roles_in_task import Part
from rectification.task.access import visible
from rectification.task.lifecycle import OPEN, TRANSITIONS, Need, verbs_for
from rectification.task.proof import place_words, provable
from rectification.verb_forms import FORMS, Field, Kind, VerbForm, entries

_SUGGESTED: Final = 12
"""So many tasks are suggested; any other is typed."""
_CONTROL: Final = {
    Kind.TEXT: "area",
    Kind.LINES: "area",
    Kind.PARTS: "area",
    Kind.DAY: "date",
    Kind.NUMBER: "number",
    Kind.FLAG: "check",
    Kind.STEPS: "ticks",
    Kind.ANSWERS: "answers",
}


@cache
def form_of(asked: VerbForm) -> type[Form]:
    """A VerbForm as a page's form and a program's body read it. A file comes beside it."""
    fields: dict[str, Any] = {
        field.key: (_type(field), ... if field.is_required else False if field.kind is Kind.FLAG else None)
        for field in asked.fields
        if field.kind is not Kind.FILE
    }
    called = "".join(part.title() for part in asked.verb.value.split("_"))
    return create_model(f"{called}Form", __base__=Form, __doc__=asked.explains, **fields)


def _type(field: Field) -> Any:
    """A field as pydantic knows it, with its control."""
    kind = _CONTROL.get(field.kind, "text") if not field.offers or field.kind is Kind.STEPS else "select"
    told = Control(
        field.label, kind, field.hint, field.offers or field.suggests, field.rows, is_set=field.stands
    )
    value = _value(field)
    is_optional = not (field.is_required or field.kind is Kind.FLAG)
    return Annotated[value | None if is_optional else value, told]


def _value(field: Field) -> Any:
    """The type a field's value is read as; a page sends a list as one text."""
    match field.kind:
        case Kind.LINE | Kind.TEXT:
            return Annotated[str, Limits(max_length=field.limit)]
        case Kind.LINES | Kind.PARTS:
            read = BeforeValidator(partial(_entries, field.kind), json_schema_input_type=str | list[str])
            return Annotated[tuple[LongText, ...], read]
        case Kind.DAY:
            return date
        case Kind.NUMBER:
            return Annotated[int, Limits(ge=field.least, le=field.limit)]
        case Kind.FLAG:
            return bool
        case Kind.CHOICE:
            return field.of
        case Kind.PEOPLE | Kind.UNITS:
            read = BeforeValidator(_ids, json_schema_input_type=list[RecordId])
            return Annotated[tuple[RecordId, ...], read]
        case Kind.ANSWERS:
            texts = dict[str, LongText]
            return Annotated[texts, BeforeValidator(_answers, json_schema_input_type=texts)]
        case Kind.STEPS:
            return Ticked[Annotated[int, Limits(ge=0, le=2**31 - 1)]]
    return RecordId


def _entries(kind: Kind, value: object) -> object:
    return entries(kind, value) if isinstance(value, str) else value


def _ids(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _answers(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value


def proposes(verb: Verb, file: CaseFile) -> dict[str, str]:
    """What the form says before anybody types: what the task says now, the parts to be split, the date asked for."""
    if verb is Verb.SPLIT:
        return {"parts": file.row.text}
    if verb in (Verb.GRANT_EXTENSION, Verb.REDATE):
        wanted = next((each.due_wanted for each in file.extensions if each.decision is None), None)
        return {"due_on": wanted.isoformat()} if wanted else {}
    stands = (field.key for field in FORMS[verb].fields if field.stands)
    said = {key: _typed(getattr(file if hasattr(file, key) else file.row, key)) for key in stands}
    if verb is Verb.ISSUE:
        proposed = (file.row.proposed_on, file.lead_unit_id, file.officer_id, file.row.next_checkpoint_on)
        keys = ("due_on", "lead_unit_id", "officer_id", "checkpoint_on")
        said |= dict(zip(keys, map(_typed, proposed), strict=True))
    return said


def _typed(value: Any) -> str:
    """A value as a person would have typed it."""
    if isinstance(value, bool):
        return "on" if value else ""
    return str(value.value if isinstance(value, Enum) else value or "")


def _is_long_term(file: CaseFile) -> bool:
    return file.row.time_limit is TimeLimit.LONG_TERM


def _is_waiting(file: CaseFile) -> bool:
    return any(each.decision is None for each in file.extensions)


def _has_open_measures(file: CaseFile) -> bool:
    return any(measure.done_on is None for measure in file.measures)


_MEETS: Final[dict[Need, Callable[[CaseFile], bool]]] = {
    Need.DATED: lambda file: not _is_long_term(file),
    Need.LONG_TERM: _is_long_term,
    Need.NOT_LONG_TERM: lambda file: not _is_long_term(file),
    Need.OVERDUE: lambda file: file.row.overdue_days > 0,
    Need.NOT_OVERDUE: lambda file: not file.row.overdue_days,
    Need.PENDING_EXTENSION: _is_waiting,
    Need.NO_PENDING_EXTENSION: lambda file: not _is_waiting(file),
    Need.ASKED_IN_TIME: lambda file: not any(each.is_late for each in file.extensions if not each.decision),
    Need.CARRIES_ON: lambda file: _is_long_term(file) or file.row.kind is ItemKind.PLAN,
}
_FITS: Final[dict[Verb, Callable[[CaseFile], bool]]] = {
    Verb.CONFIRM_MEASURES: _has_open_measures,
    Verb.FINISH_MEASURE: _has_open_measures,
    Verb.DROP_MEASURE: _has_open_measures,
    Verb.SET_GOAL: lambda file: not says_something(file.goal),
    Verb.TIE: lambda file: any(not each.is_purged for each in file.evidence) and bool(file.measures),
    Verb.DETACH: lambda file: any(not each.is_purged for each in file.evidence),
    Verb.PURGE_EVIDENCE: lambda file: any(each.sha256 and not each.is_purged for each in file.evidence),
    Verb.SUPERVISE: lambda file: not file.is_supervised,
    Verb.RESTORE: lambda file: not file.row.source_title.endswith(WITHDRAWN),
}
"""What keeps a button away where pressing it could only be refused, beside the table's needs."""


def offered(file: CaseFile, parts: frozenset[Part]) -> tuple[Verb, ...]:
    """What these parts may do now and would not be refused at once, in the table's order."""
    able = [verb for verb in verbs_for(file.row.status, parts) if verb in FORMS and _fits(verb, file)]
    return tuple(verb for verb in able if verb is not Verb.CONFIRM or file.row.waits_for in parts)


def _fits(verb: Verb, file: CaseFile) -> bool:
    asked = [_MEETS.get(need) for need in TRANSITIONS[verb].needs]
    return all(meets(file) for meets in (*asked, _FITS.get(verb)) if meets)


def slug(verb: Verb) -> str:
    """The verb as addresses write it."""
    return verb.value.replace("_", "-")


_BY_SLUG: Final = {slug(verb): verb for verb in FORMS}


def verb_of(written: str) -> Verb:
    """The verb an address names.

    Raises: NotFound.
    """
    if written not in _BY_SLUG:
        raise NotFound("没有这个操作", "", "请从任务页面上的按钮进入")
    return _BY_SLUG[written]


Choices = dict[str, Sequence[Choice]]


def _worded(entries: Iterable[Worded]) -> list[Choice]:
    return [Choice(each.value, each.word) for each in entries]


def choices_for(session: Session, bureau_id: int) -> Choices:
    """What the selects of a bureau's forms offer."""
    people = list_people(session, bureau_id)
    units = [
        each
        for each in list_units(session)
        if each.bureau_id == bureau_id and each.is_active and each.kind is UnitKind.DEPARTMENT
    ]
    return {
        "units": [Choice(str(each.id), each.name) for each in units],
        "unit_names": [Choice(each.name, each.name) for each in units],
        "officers": people_choices(people, *WORKS),
        "leaders": people_choices(people, Role.LEADER),
        "reviewers": people_choices(people, Role.REVIEWER),
        "approvers": people_choices(people, Role.LEADER, Role.CHIEF),
        "people": people_choices(people),
        "roles": _worded(Role),
        "approval_levels": _worded(ApprovalLevel),
        "time_limits": _worded(TimeLimit),
        "day_units": _worded(DayUnit),
        "kinds": _worded(ItemKind),
    }


def choices_on(session: Session, file: CaseFile) -> Choices:
    """What the selects of one task's forms offer."""
    people, events = list_people(session, file.row.bureau_id), timeline(session, file.row.id)
    pieces = [each for each in file.evidence if not each.is_purged]
    return {
        **choices_for(session, file.row.bureau_id),
        "drafts": _other_drafts(session, file) if file.row.status is Status.DRAFT else [],
        "own_officers": people_choices(people, *WORKS, unit=file.row.unit),
        "open_measures": [
            Choice(str(each.position), f"{each.position}. {shortened(each.text, 30)}")
            for each in file.measures
            if each.done_on is None
        ],
        "provable": _provable(file),
        "evidence_kinds": _worded(EvidenceKind),
        "bureaus_below": _below(session, file.row.bureau_id),
        **_present(session, file),
        "events": [
            Choice(str(event.sequence), f"{event.effective_on} {event.actor}：{shortened(event.text, 30)}")
            for event in events
            if event.text
        ],
        "steps": [
            Choice(
                str(event.sequence),
                f"第 {event.sequence} 条　{event.effective_on} {event.actor}：{verb_label(event.verb, file.row.kind)}",
            )
            for event in reversed(events)
            if event.stands and event.verb in TRANSITIONS
        ],
        "files": [Choice(str(each.id), each.name) for each in pieces if each.sha256],
        "pieces": [Choice(str(each.id), each.name) for each in pieces],
    }


def _provable(file: CaseFile) -> list[Choice]:
    """What a piece of evidence may prove; nothing to choose where there is one thing only."""
    texts = {each.position: f"{each.position}. {shortened(each.text, 30)}" for each in file.measures}
    places = provable(texts, is_counted=file.count_total is not None)
    choices = [
        Choice(str(place), texts.get(place) or place_words(place, file.count_total)) for place in places
    ]
    return choices if len(choices) > 1 else []


def _below(session: Session, bureau_id: int) -> list[Choice]:
    below = ids_below(session, bureau_id)
    return [
        Choice(each.name, each.name) for each in list_units(session) if each.id in below and each.is_active
    ]


def _present(session: Session, file: CaseFile) -> Choices:
    """Who takes part now, and may be let go."""
    rows = session.execute(
        select(Participant.person_id, Participant.unit_id, Person.name, Unit.name)
        .outerjoin(Person, Person.id == Participant.person_id)
        .outerjoin(Unit, Unit.id == Participant.unit_id)
        .where(Participant.task_id == file.row.id)
        .order_by(Participant.id)
    ).all()
    return {
        "present_people": [Choice(str(person), name) for person, _, name, _ in rows if person],
        "present_units": [Choice(str(unit), name) for _, unit, _, name in rows if unit],
    }


def alike(session: Session, actor: Actor, file: CaseFile) -> Choices:
    """The open tasks `actor` sees that come nearest to what this one says, the most alike first."""
    task = RectificationTask
    of_kind = task.kind.in_([kind for kind in ItemKind if kind.is_problem is file.row.kind.is_problem])
    others = session.execute(
        select(task.code, task.title, task.text)
        .where(visible(actor), task.status.in_(OPEN), of_kind, task.id != file.row.id)
        .order_by(task.id)
    ).all()
    nearest = most_alike(file.row.text, [text for *_, text in others], at_least=0)[:_SUGGESTED]
    return {"alike": [Choice(others[place].code, others[place].title) for place in nearest]}


def _other_drafts(session: Session, file: CaseFile) -> list[Choice]:
    task = RectificationTask
    others = select(task.code, task.text).where(
        task.bureau_id == file.row.bureau_id,
        task.status == Status.DRAFT,
        task.kind == file.row.kind,
        task.id != file.row.id,
    )
    return [
        Choice(code, f"{code} {shortened(text, 30)}")
        for code, text in session.execute(others.order_by(task.id))
    ]
