"""代录: the clerk writes down, from a signed paper, what another person decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field as Limits
from sqlalchemy import or_, select

from app.web.actions import offered
from app.web.forms import Control, Form
from app.web.page_request import Visit
from core.errors import Forbidden, NotFound
from core.files import StoredFile
from models.enums import Channel, Role, Verb
from models.organisation import Person, PersonRole, Substitute
from models.task import Measure, Participant, RectificationTask
from rectification.lists.case_file import CaseFile
from rectification.office.actors import Acting, Actor, Paper, actor_of
from rectification.office.names import by_login
from rectification.roles_in_task import Part
from rectification.task import history
from rectification.task.access import HOLDERS, parts_in, parts_then


class PaperForm(Form):
    """The paper an action is recorded from."""

    paper_date: Annotated[date, Control("签批日期", "date", "以纸面日期计算时限")]
    paper_no: Annotated[
        str, Limits(max_length=200), Control("纸质档号或文号", hint="复核、审签、终止、延期须有档号或扫描件")
    ] = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who acts: whoever is signed in, or the `person` the clerk writes for, with what they are to the task on that day."""

    person: Person | None
    day: date
    actor: Actor
    parts: frozenset[Part]


def signer_of(
    visit: Visit, task: RectificationTask, person: Person | None, day: date | None = None
) -> Signer:
    """Whoever is signed in, or the person recorded: as of the last day in office, or of standing in, or today."""
    if person is None:
        return Signer(None, visit.clock.today, visit.actor, parts_in(visit.session, visit.actor, task))
    day = day or next(
        (last for each, last in _signers(visit, task) if each.id == person.id), visit.clock.today
    )
    actor = actor_of(visit.session, person, today=day)
    parts = parts_in(visit.session, actor, task) | parts_then(visit.session, actor, task, day)
    return Signer(person, day, actor, parts)


def may_record(visit: Visit) -> bool:
    """Whether this person may record what others decided."""
    return visit.actor.has(Role.CLERK)


def recordables(
    visit: Visit, task: RectificationTask, file: CaseFile, own: tuple[Verb, ...]
) -> list[tuple[Signer, tuple[Verb, ...]]]:
    """Everyone with a part in the task or one handed over since the last step, the chief, and who stands in for them:
    each with what the clerk may write down for them beyond what is the clerk's own."""
    if not may_record(visit):
        return []
    found = []
    for person, day in _signers(visit, task):
        signer = signer_of(visit, task, person, day)
        verbs = offered(file, signer.parts)
        if theirs := tuple(verb for verb in verbs if verb not in own or verb is Verb.UNDO):
            found.append((signer, theirs))
    return found


def _signers(visit: Visit, task: RectificationTask) -> Iterable[tuple[Person, date]]:
    """Who may have signed since the task's last step, with the latest day."""
    today = visit.clock.today
    since = task.waiting_since or today
    people = {person.id: person for person in _holders(visit, task)}
    days = {number: person.left_on or today for number, person in people.items()}
    for event in history.events_of(visit.session, task.id):
        for holder in (event.changes[name][0] for name in HOLDERS.values() if name in event.changes):
            if holder is not None and holder not in people and event.effective_on >= since:
                people[holder] = visit.session.get_one(Person, holder)
                days[holder] = event.effective_on
    stand_ins = select(Substitute).where(
        Substitute.person_id.in_(people), Substitute.starts_on <= today, Substitute.ends_on >= since
    )
    for row in visit.session.scalars(stand_ins.order_by(Substitute.ends_on)):
        if row.substitute_id not in people or days[row.substitute_id] < today:
            person = people[row.substitute_id] = visit.session.get_one(Person, row.substitute_id)
            days[person.id] = min(row.ends_on, person.left_on or today, today)
    return [
        (people[number], day)
        for number, day in sorted(days.items())
        if day >= since and number != visit.actor.id
    ]


def _holders(visit: Visit, task: RectificationTask) -> Iterable[Person]:
    named = (task.officer_id, task.reviewer_id, task.approver_id, task.leader_id)
    heads = select(PersonRole.person_id).where(PersonRole.role == Role.UNIT_HEAD)
    chiefs = select(PersonRole.person_id).where(PersonRole.role == Role.CHIEF)
    help_out = select(Participant.person_id).where(Participant.task_id == task.id)
    carry = select(Measure.owner_id).where(Measure.task_id == task.id)
    query = select(Person).where(
        Person.bureau_id == task.bureau_id,
        or_(
            Person.id.in_([each for each in named if each is not None]),
            (Person.unit_id == task.lead_unit_id) & Person.id.in_(heads),
            Person.id.in_(chiefs),
            Person.id.in_(help_out),
            Person.id.in_(carry),
        ),
    )
    return visit.session.scalars(query)


def person_recorded(visit: Visit, login: str) -> Person:
    """The colleague the clerk writes for, who may have left since.

    Raises: Forbidden, for anybody but a clerk; NotFound.
    """
    if not may_record(visit):
        raise Forbidden("只有台账管理员可以代录", "", "请本人登录办理")
    person = visit.session.scalar(by_login(login).where(Person.bureau_id == visit.actor.bureau_id))
    if person is None:
        raise NotFound(f"本单位没有登录名为“{login}”的人员", "", "请从任务页面的“代录”进入")
    return person


def acting_for(visit: Visit, person: Person | None, paper: PaperForm, scan: StoredFile | None) -> Acting:
    """The person acting, with the clerk who writes it down and the paper it stands on; None is the clerk alone."""
    signed = Paper(paper.paper_date, paper.paper_no, scan)
    if person is None:
        return Acting(visit.actor, Channel.WEB, paper=signed)
    actor = actor_of(visit.session, person, today=visit.clock.today)
    return Acting(actor, Channel.WEB, visit.actor, signed)
