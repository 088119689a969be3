"""All actions in one table, which of them a person is offered, and what their selects list."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.web.actions.action import Action
from app.web.actions.assigning import ASSIGNING
from app.web.actions.closing import CLOSING
from app.web.actions.drafting import DRAFTING
from app.web.actions.handling import HANDLING
from app.web.actions.steering import STEERING
from app.web.forms import Choice
from app.web.presenting import people_choices
from core.errors import NotFound
from core.text import shortened
from models.enums import ApprovalLevel, Role, Status, TimeLimit, UnitKind, Verb
from models.organisation import Person, Unit
from models.task import Participant, RectificationTask
from rectification.labels import APPROVAL_LEVEL, ITEM_KIND, ROLE, TIME_LIMIT
from rectification.lists.case_file import CaseFile
from rectification.lists.rows import timeline
from rectification.office.people import list_people
from rectification.office.units import list_units
from rectification.roles_in_task import Part
from rectification.task.lifecycle import verbs_for

ACTIONS: Final[dict[Verb, Action]] = {**ASSIGNING, **DRAFTING, **HANDLING, **CLOSING, **STEERING}


def offered(file: CaseFile, parts: frozenset[Part]) -> tuple[Verb, ...]:
    """What these parts may do now and would not be refused at once, in the table's order."""
    able = verbs_for(file.row.status, parts)
    return tuple(verb for verb in able if verb in ACTIONS and ACTIONS[verb].fits(file))


def slug(verb: Verb) -> str:
    """The verb as addresses write it."""
    return verb.value.replace("_", "-")


_BY_SLUG: Final = {slug(verb): verb for verb in ACTIONS}


def verb_of(written: str) -> Verb:
    """The verb an address names.

    Raises: NotFound.
    """
    if written not in _BY_SLUG:
        raise NotFound("没有这个操作", "", "请从任务页面上的按钮进入")
    return _BY_SLUG[written]


Choices = dict[str, Sequence[Choice]]


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
        "officers": people_choices(people, Role.OFFICER),
        "leaders": people_choices(people, Role.LEADER),
        "reviewers": people_choices(people, Role.REVIEWER),
        "approvers": people_choices(people, Role.LEADER, Role.CHIEF),
        "people": people_choices(people),
        "roles": [Choice(role.value, label) for role, label in ROLE.items()],
        "approval_levels": [Choice(each.value, APPROVAL_LEVEL[each]) for each in ApprovalLevel],
        "time_limits": [Choice(each.value, TIME_LIMIT[each]) for each in TimeLimit],
        "kinds": [Choice(kind.value, label) for kind, label in ITEM_KIND.items()],
    }


def choices_on(session: Session, file: CaseFile) -> Choices:
    """What the selects of one task's forms offer."""
    people = list_people(session, file.row.bureau_id)
    return {
        **choices_for(session, file.row.bureau_id),
        "drafts": _other_drafts(session, file) if file.row.status is Status.DRAFT else [],
        "own_officers": people_choices(people, Role.OFFICER, Role.UNIT_HEAD, unit=file.row.unit),
        "open_measures": [
            Choice(str(each.position), f"{each.position}. {shortened(each.text, 30)}")
            for each in file.measures
            if each.done_on is None
        ],
        **_present(session, file),
        "events": [
            Choice(str(event.sequence), f"{event.effective_on} {event.actor}：{shortened(event.text, 30)}")
            for event in timeline(session, file.row.id)
            if event.text
        ],
        "files": [
            Choice(str(each.id), each.name) for each in file.evidence if each.sha256 and not each.is_purged
        ],
    }


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
