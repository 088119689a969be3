"""Who must be told of which task on a day, and by which rule. Pure: values in, mentions out.

A date's ladder is counted in working days: rung -7 lies seven before the date, rung 5 on the fifth after it. Each rung
speaks at most once to a person, and after days without a run only the highest one reached does
(docs/decisions/0004). The sweep, the check before sending and the simulation all ask `mentions` and `unsaid`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

from core.workdays import WorkCalendar
from models.enums import ItemKind, Status, TimeLimit
from rectification.halfyear.review_days import ReviewWindow
from rectification.lists.whose_move import Hands, Move, whose_move
from rectification.office.settings import Policy
from rectification.roles_in_task import Part
from rectification.task.lifecycle import RUNNING

TASK: Final = "task"
CHECKPOINT: Final = "checkpoint"
MEASURE: Final = "measure:"
WAIT: Final = "wait:"
EXTENSION: Final = "extension"
REVIEW: Final = "review"


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in working days from a date, ascending; after the last of them one more every `every` days."""

    steps: tuple[int, ...]
    every: int

    def highest(self, position: int) -> int | None:
        """The highest rung at or below `position`; None before the first."""
        last = self.steps[-1]
        if position >= last:
            return position - (position - last) % self.every
        return max((step for step in self.steps if step <= position), default=None)

    def rungs(self, first: int, below: int) -> list[int]:
        """The rungs from `first` up to, not including, `below`."""
        later = range(self.steps[-1] + self.every, below, self.every)
        return [rung for rung in (*self.steps, *later) if first <= rung < below]


class Reached(NamedTuple):
    """The highest rung a date has reached, and the day it spoke or should have."""

    rung: int
    day: date


class MeasureFacts(NamedTuple):
    """A step that is still to be done."""

    id: int
    owner_id: int | None
    due_on: date


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What reminding must know of an open task. `title` and `text` are carried for the message alone.

    `asked_on` is when an extension was asked for that nobody decided, `said_on` when progress was last reported,
    `is_chiefs` that the chief must sign.
    """

    id: int
    bureau_id: int
    code: str
    kind: ItemKind
    title: str
    status: Status
    time_limit: TimeLimit
    officer_id: int | None
    lead_unit_id: int | None
    leader_id: int | None
    reviewer_id: int | None
    approver_id: int | None
    issued_on: date | None
    deadline_on: date | None
    waiting_since: date | None
    asked_on: date | None = None
    said_on: date | None = None
    is_confirmed: bool = False
    is_chiefs: bool = False
    text: str = ""
    participants: tuple[int, ...] = ()
    participant_units: tuple[int, ...] = ()
    measures: tuple[MeasureFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """The people of some bureaus on a day: those who left are not in it.

    `leaders` are the leaders and chiefs of each bureau; `muted` are the people who switched mail off: what others have
    to do is not told them any more, what waits for them still is. `substitutes` stand in for a person that day.
    """

    people: Collection[int] = frozenset()
    leaders: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    muted: Collection[int] = frozenset()
    heads: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    clerks: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    chiefs: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    substitutes: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


class Mention(NamedTuple):
    """One person to be told one thing of one task. `first` is the lowest rung this part hears."""

    person_id: int
    part: Part
    subject: str
    due_on: date
    rung: int
    first: int

    @property
    def is_to_sign(self) -> bool:
        """Whether it waits for the person's signature: no switch silences that."""
        return self.subject.startswith(WAIT) and self.subject != f"{WAIT}{Status.ASSIGNED}"


class NewMention(NamedTuple):
    """A mention nobody has made yet, and the lower rungs it stands for (they are recorded as superseded)."""

    mention: Mention
    passed: tuple[int, ...]


class DayRules:
    """A bureau's rules as they stand on one working day, with its latest review."""

    def __init__(
        self, day: date, calendar: WorkCalendar, policy: Policy, review: ReviewWindow | None = None
    ) -> None:
        before = tuple(sorted(-rung for rung in policy.ladder_before))
        self.day = day
        self.calendar = calendar
        self.policy = policy
        self.review = review
        self.deadline = Ladder(
            tuple(sorted({*before, policy.overdue_officer_day, policy.overdue_leader_day})),
            policy.overdue_every,
        )
        self.acceptance = Ladder((0, policy.wait_days), policy.overdue_every)
        self.request = Ladder((policy.wait_days,), policy.overdue_every)
        asking = max(policy.review_open_days - policy.review_due_days, 0)
        self.statement = Ladder(
            tuple(sorted({-asking, *(-chase for chase in policy.review_chase_days)})),
            policy.review_chase_every,
        )
        self.lowest = self.deadline.steps[0]
        self._reached: dict[tuple[Ladder, date], Reached | None] = {}

    @property
    def horizon(self) -> date:
        """The last date any rung of which has been reached: what lies beyond it is silent."""
        return self.calendar.shift(self.day, 1 - self.lowest) - timedelta(days=1)

    def reached(self, ladder: Ladder, due_on: date) -> Reached | None:
        """The highest rung `due_on` has reached on this day."""
        key = (ladder, due_on)
        if key not in self._reached:
            rung = ladder.highest(self.calendar.between(due_on, self.day))
            self._reached[key] = None if rung is None else Reached(rung, self.day_of(due_on, rung))
        return self._reached[key]

    def day_of(self, due_on: date, rung: int) -> date:
        """The day a rung speaks: a date on a rest day is pulled forward, what lies after it never."""
        anchor = due_on if rung > 0 else self.calendar.on_or_before(due_on)
        return self.calendar.shift(anchor, rung)

    def chases(self, on: date, since: date) -> bool:
        """Whether the silent are chased `on` a day, or were to be after `since`: once every owner was asked, at the rungs
        of the statements' ladder.
        """
        if self.review is None or not self.review.is_asking:
            return False
        rung = self.statement.highest(self.calendar.between(self.review.due_on, on))
        is_asked = rung is not None and rung > self.statement.steps[0]
        return is_asked and since < self.day_of(self.review.due_on, rung or 0) <= on

    def wants_statement(self, task: TaskFacts) -> bool:
        """Whether the review is still to hear of this task."""
        return (
            self.review is not None
            and self.review.is_asking
            and task.status is Status.IN_PROGRESS
            and (task.issued_on or date.max) <= self.review.cut_off_on
            and (task.said_on is None or task.said_on < self.review.opens_on)
        )

    def is_replaced(self, task: TaskFacts, reached: Reached) -> bool:
        """Whether the review's request stands for this rung: one further ahead than a review looks, in its window."""
        return (
            self.review is not None
            and task.status is Status.IN_PROGRESS
            and reached.rung < -self.policy.review_open_days
            and self.review.opens_on <= reached.day <= self.review.cut_off_on
        )


def mentions(task: TaskFacts, roster: Roster, rules: DayRules) -> Iterator[Mention]:
    """Everybody whom the rules tell of `task` by now, each with the highest rung reached, told before or not."""
    if task.status in RUNNING:
        responsible = _responsible(task, roster)
        subject = CHECKPOINT if task.time_limit is TimeLimit.LONG_TERM else TASK
        yield from _of_date(task, roster, rules, subject, task.deadline_on, responsible)
        for measure in task.measures:
            owner = _present(roster, measure.owner_id, Part.PARTICIPANT) or responsible
            yield from _of_date(task, roster, rules, f"{MEASURE}{measure.id}", measure.due_on, owner)
        if rules.review is not None and rules.wants_statement(task):
            yield from _of_review(roster, rules, rules.review.due_on, responsible)
    yield from _of_waiting(task, roster, rules)


def unsaid(
    found: Iterable[Mention],
    task: TaskFacts,
    rules: DayRules,
    heard: Mapping[tuple[int, str, date], int],
) -> Iterator[NewMention]:
    """Those of `found` that were not made yet.

    `heard` is the highest rung by person, subject and date. A rung whose day lies before the task was issued never
    spoke and is not recorded.
    """
    for mention in found:
        floor = heard.get((mention.person_id, mention.subject, mention.due_on))
        if floor is not None and floor >= mention.rung:
            continue
        first = mention.first if floor is None else max(mention.first, floor + 1)
        opened = task.issued_on or date.min
        passed = tuple(
            rung
            for rung in _ladder(mention.subject, rules).rungs(first, mention.rung)
            if mention.subject.startswith(WAIT) or rules.day_of(mention.due_on, rung) >= opened
        )
        yield NewMention(mention, passed)


def _ladder(subject: str, rules: DayRules) -> Ladder:
    if subject == REVIEW:
        return rules.statement
    if not subject.startswith(WAIT):
        return rules.deadline
    return rules.acceptance if subject == f"{WAIT}{Status.ASSIGNED}" else rules.request


def _of_date(
    task: TaskFacts,
    roster: Roster,
    rules: DayRules,
    subject: str,
    due_on: date | None,
    responsible: Mapping[int, Part],
) -> Iterator[Mention]:
    """The ladder of one date: its people all along, the unit head once it is overdue, then the leader too."""
    reached = due_on and rules.reached(rules.deadline, due_on)
    if not reached or not due_on or reached.day < (task.issued_on or date.min):
        return
    rung, policy = reached.rung, rules.policy
    is_whole_task = subject in (TASK, CHECKPOINT)
    if is_whole_task and rules.is_replaced(task, reached):
        return
    people = dict(responsible)
    if is_whole_task:
        people = dict.fromkeys(_participants(task, roster), Part.PARTICIPANT) | people
    told = {person: (part, rules.lowest) for person, part in _with_substitutes(people, roster).items()}
    informed: list[tuple[int, tuple[Part, int]]] = []
    if rung >= policy.overdue_officer_day:
        informed += [(head, (Part.UNIT_HEAD, policy.overdue_officer_day)) for head in _heads(task, roster)]
    if rung >= policy.overdue_leader_day and is_whole_task:
        leader = _present(roster, task.leader_id, Part.LEADER)
        informed += [(person, (part, policy.overdue_leader_day)) for person, part in leader.items()]
    if rung >= 0 and subject == CHECKPOINT:  # only they can record what it found
        clerks = roster.clerks.get(task.bureau_id, ())
        recorders = (*_present(roster, task.reviewer_id, Part.REVIEWER), *clerks)
        informed += [(person, (Part.REVIEWER, 0)) for person in recorders]
    for person, heard_from in informed:
        if person not in roster.muted:
            told.setdefault(person, heard_from)
    for person, (part, first) in told.items():
        yield Mention(person, part, subject, due_on, rung, first)


def _of_review(
    roster: Roster, rules: DayRules, due_on: date, responsible: Mapping[int, Part]
) -> Iterator[Mention]:
    """The review asks whoever is responsible for a statement, then chases."""
    reached = rules.reached(rules.statement, due_on)
    if reached is None:
        return
    for person, part in _with_substitutes(responsible, roster).items():
        yield Mention(person, part, REVIEW, due_on, reached.rung, rules.statement.steps[0])


def _of_waiting(task: TaskFacts, roster: Roster, rules: DayRules) -> Iterator[Mention]:
    """What lies waiting: told to whose move it is, or to the clerk where nobody is there."""
    is_asked = task.status is Status.IN_PROGRESS and task.asked_on is not None
    if not is_asked and task.status not in _WAITS:
        return
    move = whose_move(_hands(task, roster), rules.policy)
    if move is None or move.since is None:
        return
    subject = f"{WAIT}{EXTENSION if is_asked else task.status}"
    ladder = _ladder(subject, rules)
    reached = rules.reached(ladder, move.since)
    if reached is None:
        return
    for person, part in _with_substitutes(_movers(task, roster, move), roster).items():
        yield Mention(person, part, subject, move.since, reached.rung, ladder.steps[0])


_WAITS: Final = {Status.ASSIGNED, Status.SUBMITTED, Status.VERIFIED}


def _hands(task: TaskFacts, roster: Roster) -> Hands:
    return Hands(
        task.status,
        task.officer_id,
        task.leader_id,
        task.reviewer_id,
        task.approver_id,
        is_chiefs=task.is_chiefs,
        is_confirmed=task.is_confirmed,
        is_heads_own=task.officer_id in _heads(task, roster),
        waiting_since=task.waiting_since,
        asked_on=task.asked_on,
    )


def _movers(task: TaskFacts, roster: Roster, move: Move) -> Mapping[int, Part]:
    """Those in office whose move it is."""
    if move.part is Part.OFFICER:
        return _responsible(task, roster)
    held = {Part.UNIT_HEAD: _heads(task, roster), Part.CHIEF: roster.chiefs.get(task.bureau_id, ())}
    people = dict.fromkeys(held.get(move.part, ()), move.part) or _present(roster, move.person_id, move.part)
    return people or dict.fromkeys(roster.clerks.get(task.bureau_id, ()), Part.CLERK)


def _responsible(task: TaskFacts, roster: Roster) -> dict[int, Part]:
    """The lead officer; where none is named or in office the unit head, and without one the clerk."""
    return (
        _present(roster, task.officer_id, Part.OFFICER)
        or dict.fromkeys(_heads(task, roster), Part.UNIT_HEAD)
        or dict.fromkeys(roster.clerks.get(task.bureau_id, ()), Part.CLERK)
    )


def _present(roster: Roster, person_id: int | None, part: Part) -> dict[int, Part]:
    return {person_id: part} if person_id is not None and person_id in roster.people else {}


def _with_substitutes(people: Mapping[int, Part], roster: Roster) -> dict[int, Part]:
    """`people` and those who stand in for them today, who have the same part."""
    lent = {
        substitute: part
        for person, part in people.items()
        for substitute in roster.substitutes.get(person, ())
    }
    return lent | dict(people)


def _heads(task: TaskFacts, roster: Roster) -> tuple[int, ...]:
    return roster.heads.get(task.lead_unit_id or 0, ())


def _participants(task: TaskFacts, roster: Roster) -> Iterator[int]:
    yield from (person for person in task.participants if person in roster.people)
    for unit_id in task.participant_units:
        yield from roster.heads.get(unit_id, ())
