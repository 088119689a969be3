"""代录: the clerk writes down, from a signed paper, what another person decided."""

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
from models.organisation import Person, PersonRole
from models.task import RectificationTask
from rectification.lists.case_file import CaseFile
from rectification.office.actors import Acting, Paper, actor_of
from rectification.task.access import parts_in


class PaperForm(Form):
    """The paper an action is recorded from."""

    paper_date: Annotated[date, Control("签批日期", "date", "以纸面日期计算时限")]
    paper_no: Annotated[
        str, Limits(max_length=200), Control("纸质档号或文号", hint="复核、审签、终止、延期须有档号或扫描件")
    ] = ""


@dataclass(frozen=True, slots=True)
class Recordable:
    """What the clerk may write down for one person."""

    person: Person
    verbs: tuple[Verb, ...]


def may_record(visit: Visit) -> bool:
    """Whether this person may record what others decided."""
    return visit.actor.has(Role.CLERK)


def recordables(
    visit: Visit, task: RectificationTask, file: CaseFile, own: tuple[Verb, ...]
) -> list[Recordable]:
    """Everyone with a part in the task, the chief among them, and what the clerk may write down for them beyond what is the clerk's own."""
    if not may_record(visit):
        return []
    found = []
    for person in _holders(visit, task):
        actor = actor_of(visit.session, person, today=visit.clock.today)
        verbs = offered(file, parts_in(visit.session, actor, task))
        if theirs := tuple(verb for verb in verbs if verb not in own or verb is Verb.UNDO):
            found.append(Recordable(person, theirs))
    return found


def _holders(visit: Visit, task: RectificationTask) -> list[Person]:
    named = (task.officer_id, task.reviewer_id, task.approver_id, task.leader_id)
    heads = select(PersonRole.person_id).where(PersonRole.role == Role.UNIT_HEAD)
    chiefs = select(PersonRole.person_id).where(PersonRole.role == Role.CHIEF)
    query = select(Person).where(
        Person.bureau_id == task.bureau_id,
        Person.is_active,
        Person.id != visit.actor.id,
        or_(
            Person.id.in_([each for each in named if each is not None]),
            (Person.unit_id == task.lead_unit_id) & Person.id.in_(heads),
            Person.id.in_(chiefs),
        ),
    )
    return list(visit.session.scalars(query.order_by(Person.id)))


def person_recorded(visit: Visit, login: str) -> Person:
    """The colleague the clerk writes for.

    Raises: Forbidden, for anybody but a clerk; NotFound.
    """
    if not may_record(visit):
        raise Forbidden("只有台账管理员可以代录", "", "请本人登录办理")
    person = visit.session.scalar(
        select(Person).where(
            Person.login == login, Person.bureau_id == visit.actor.bureau_id, Person.is_active
        )
    )
    if person is None:
        raise NotFound(f"本单位没有登录名为“{login}”的在岗人员", "", "请从任务页面的“代录”进入")
    return person


def acting_for(visit: Visit, person: Person | None, paper: PaperForm, scan: StoredFile | None) -> Acting:
    """The person acting, with the clerk who writes it down and the paper it stands on; None is the clerk alone."""
    signed = Paper(paper.paper_date, paper.paper_no, scan)
    if person is None:
        return Acting(visit.actor, Channel.WEB, paper=signed)
    actor = actor_of(visit.session, person, today=visit.clock.today)
    return Acting(actor, Channel.WEB, visit.actor, signed)
