"""A task opened for one verb, with what the person who acts brings along."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Clock
from core.errors import Refused
from core.text import tidied
from models.enums import Channel, Status, Verb
from models.organisation import Person
from models.task import Closure, Extension, RectificationTask
from rectification.labels import verb_label
from rectification.office.actors import Acting
from rectification.office.chain import Facts, KeptRows, values
from rectification.office.settings import Policy, policy_of
from rectification.roles_in_task import Part
from rectification.task.deadlines import Timing, overdue_days
from rectification.task.doubts import doubts
from rectification.task.proof import Finding
from rectification.task.proof_facts import dossier_of, is_owed


@dataclass(frozen=True, slots=True)
class Given:
    """What a person brings to a verb beside their name; the table's needs are checked against it.

    `words` are the verb's reason, report, verdict or conclusion; `override` is why a reviewer of the lead unit may
    verify nonetheless; `minutes_no` the number of the minutes (纪要) where a meeting decided; `count_reason` why a count
    is not complete; `answers` what is said to each doubt, by its code.
    """

    words: str = ""
    new_on: date | None = None
    override: str = ""
    minutes_no: str = ""
    count_reason: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Case:
    """A task opened for one verb by somebody whose part in it allows the verb.

    `extension` is filled in by the need that asks for it; `stands_in_for` is for whom a stand-in acts; `notes` tell the
    event what no column says; `lands_on` is where the task goes, where the table leaves that to the verb.
    """

    session: Session
    clock: Clock
    acting: Acting
    verb: Verb
    task: RectificationTask
    parts: frozenset[Part]
    given: Given
    before: Facts = field(default_factory=dict)
    extension: Extension | None = None
    stands_in_for: int | None = None
    lands_on: Status | None = None
    notes: dict[str, tuple[object, object]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> KeptRows:
        """Every row beside the task's own that the verb makes, alters or takes away goes through here."""
        return KeptRows(self.session)

    def changes(self) -> dict[str, tuple[object, object]]:
        """What the verb changed so far, for its event; to be asked once all is flushed."""
        own = {
            name: (self.before[name], value)
            for name, value in values(self.task).items()
            if value != self.before[name]
        }
        said = {
            "stands_in_for": self.stands_in_for,
            "minutes_no": tidied(self.given.minutes_no)[:200] or None,
        }
        basis = {name: (None, value) for name, value in said.items() if value is not None}
        return own | self.rows.changes() | basis | self.notes

    @property
    def label(self) -> str:
        return verb_label(self.verb, self.task.kind)

    @property
    def day(self) -> date:
        """The business day the verb counts for: the paper's, where it was recorded from paper."""
        return self.acting.effective_on(self.clock.today)

    @cached_property
    def words(self) -> str:
        return tidied(self.given.words)

    @cached_property
    def policy(self) -> Policy:
        return policy_of(self.session, self.task.bureau_id, self.day)

    @cached_property
    def closing(self) -> Closure | None:
        """The closing under way, or the last one there was."""
        rounds = select(Closure).where(Closure.task_id == self.task.id).order_by(Closure.round.desc())
        return self.session.scalar(rounds.limit(1))

    @property
    def must_be_defended(self) -> bool:
        """Whether goal, measures, proof and answers are asked for: of a problem, but not of what was submitted before they were."""
        under_way = None if self.task.status is Status.IN_PROGRESS else self.closing
        return under_way.must_be_defended if under_way else is_owed(self.session, self.task)

    @cached_property
    def doubts(self) -> tuple[Finding, ...]:
        """What looks like a closing on paper only, as the task stands now."""
        statement = self.words if self.verb is Verb.SUBMIT else self.closing.statement if self.closing else ""
        now = None if self.acting.recorder else self.clock.now
        return doubts(dossier_of(self.session, self.task, self.day, statement=statement, now=now))

    @property
    def overdue_days(self) -> int:
        """Natural days the task is past its deadline on the verb's day."""
        return overdue_days(Timing.of(self.task), self.day)

    @property
    def is_recorded(self) -> bool:
        """Whether somebody else wrote this down for the actor (代录): a recorder, the command line, a table."""
        return self.acting.recorder is not None or self.acting.channel in (Channel.CLI, Channel.EXCEL)

    def set_date(self, day: date | None) -> None:
        """A date somebody decided is a printed one: it neither rolls nor recomputes, and days waited are in it."""
        self.task.due_on, self.task.paused_days = day, 0
        self.task.limit_days = self.task.limit_unit = None

    def colleague(self, person_id: int, what: str) -> Person:
        """The person with this id; `what` says as what.

        Raises: Refused, for who is no active person of the task's bureau.
        """
        person = self.session.get(Person, person_id)
        if person is None or person.bureau_id != self.task.bureau_id or not person.is_active:
            raise self.refuse(f"{what}不是本单位的在岗人员", "请重新选择")
        return person

    def refuse(self, why: str, todo: str = "", *, command: str = "") -> Refused:
        """The refusal of this verb on this task, to be raised."""
        return Refused(f"任务 {self.task.code} 不能“{self.label}”", why, todo, command=command)
