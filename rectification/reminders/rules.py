"""Who must be told of which task on a day, and by which rule. Pure: values in, mentions out.

A date's ladder is counted in working days: rung -7 lies seven before the date, rung 5 on the fifth after it. Each rung
speaks at most once to a person, and after days without a run only the highest one reached does
(docs/decisions/0004). The sweep, the check before sending and the simulation all ask `mentions` and `unsaid`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from core.workdays import WorkCalendar
from models.base import frozen
from models.enums import Status, TimeLimit
from rectification.halfyear.review_days import ReviewWindow, cycle_days, term_of
from rectification.lists.whose_move import Hands, Move, whose_move
from rectification.office.settings import Policy
from rectification.reminders.ladders import Ladder, LadderDay, Reached
from rectification.reminders.levels import Level, apart, raised
from rectification.reminders.task_facts import Roster, TaskFacts
from rectification.roles_in_task import Part
from rectification.task.deadlines import Timing, look_since
from rectification.task.lifecycle import RUNNING

TASK: Final = "task"
CHECKPOINT: Final = "checkpoint"
MEASURE: Final = "measure:"
WAIT: Final = "wait:"
EXTENSION: Final = "extension"
LOOK: Final = f"{WAIT}{CHECKPOINT}"
REVIEW: Final = "review"
WEEK: Final = timedelta(days=7)


class Mention(NamedTuple):
    """One person to be told one thing of one task. `first` is the lowest rung this part hears, `weekly` how many repeats it
    hears week by week before they come once a month (None: all).

    `level` counts from 0, whose own thing it is, to those it went up to; `vain` is how often it was repeated before it did.
    """

    person_id: int
    part: Part
    subject: str
    due_on: date
    rung: int
    first: int
    weekly: int | None = None
    level: int = 0
    vain: int = 0

    @property
    def is_to_sign(self) -> bool:
        """Whether it waits for the person's signature: no switch silences that."""
        is_request = self.subject.startswith(WAIT) and self.subject != f"{WAIT}{Status.ASSIGNED}"
        return is_request and self.level == 0


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
            tuple(sorted({*before, policy.overdue_officer_day, policy.overdue_leader_day}))
        )
        waits = (policy.wait_days, 2 * policy.wait_days)
        self.at_once = Ladder((0, *waits))
        self.request = Ladder(waits)
        asking = max(policy.review_open_days - policy.review_due_days, 0)
        self.statement = Ladder(
            tuple(sorted({-asking, *(-chase for chase in policy.review_chase_days)})), opens_on_its_day=True
        )
        self.lowest = self.deadline.steps[0]
        self._today = LadderDay(day, calendar)
        self._term = cycle_days(term_of(day, policy.review_cadence), policy, calendar)

    @property
    def horizon(self) -> date:
        """The last date any rung of which has been reached: what lies beyond it is silent."""
        return self._today.horizon(self.deadline)

    def reached(self, ladder: Ladder, due_on: date) -> Reached | None:
        """How far `due_on` has come on this day."""
        return self._today.reached(ladder, due_on)

    def day_of(self, due_on: date, rung: int) -> date:
        """The day a rung belongs to: a date on a rest day is pulled forward, what lies after it never."""
        return self._today.day_of(due_on, rung)

    def ladder_of(self, subject: str) -> Ladder:
        """The ladder a mention's subject climbs."""
        if subject == REVIEW:
            return self.statement
        if not subject.startswith(WAIT):
            return self.deadline
        return self.at_once if subject in (f"{WAIT}{Status.ASSIGNED}", LOOK) else self.request

    def chases(self, on: date, since: date) -> bool:
        """Whether the silent are chased `on` a day, or were to be after `since`, once every owner was asked."""
        if self.review is None or not self.review.is_asking:
            return False
        asked = self.statement.steps[0]
        now, before = (self._asked_by(day, self.review.due_on) for day in (on, since))
        return now > max(before, asked)

    def _asked_by(self, day: date, due_on: date) -> int:
        reached = LadderDay(day, self.calendar).reached(self.statement, due_on)
        return reached.latest(None).rung if reached else self.statement.steps[0]

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
        """Whether the review's request stands for this step: one further ahead than a review looks, in its window or in the
        week before one opens.
        """
        if task.status is not Status.IN_PROGRESS or reached.rung >= -self.policy.review_open_days:
            return False
        opens_soon = self._term.opens_on - WEEK <= reached.day < self._term.opens_on
        review = self.review
        return opens_soon or (review is not None and review.opens_on <= reached.day <= review.cut_off_on)


def mentions(task: TaskFacts, roster: Roster, rules: DayRules) -> Iterator[Mention]:
    """Everybody whom the rules tell of `task` by now, each with the highest rung reached, told before or not."""
    if task.status in RUNNING:
        responsible = responsible_for(task, roster)
        subject = CHECKPOINT if task.time_limit is TimeLimit.LONG_TERM else TASK
        if task.stated_on is None:  # the checkpoint of who has spoken is others' to look at
            yield from _of_date(task, roster, rules, subject, task.deadline_on, responsible)
        for measure in task.measures:
            owner = _present(roster, measure.owner_id, Part.PARTICIPANT) or responsible
            yield from _of_date(task, roster, rules, f"{MEASURE}{measure.id}", measure.due_on, owner)
        if rules.review is not None and rules.wants_statement(task):
            yield from _of_review(task, roster, rules, rules.review.due_on, responsible)
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
        passed = _passed(mention, task, rules) if first < mention.rung else ()
        yield NewMention(mention, tuple(rung for rung in passed if first <= rung < mention.rung))


def _passed(mention: Mention, task: TaskFacts, rules: DayRules) -> Iterator[int]:
    """The rungs of a mention's ladder that the person hears, up to its own."""
    ladder, opened = rules.ladder_of(mention.subject), task.issued_on or date.min
    is_wait = mention.subject.startswith(WAIT)
    for step in ladder.steps:
        if is_wait or rules.day_of(mention.due_on, step) >= opened:
            yield step
    if reached := rules.reached(ladder, mention.due_on):
        yield from reached.since(opened).heard(mention.weekly)


def _of_date(
    task: TaskFacts,
    roster: Roster,
    rules: DayRules,
    subject: str,
    due_on: date | None,
    responsible: Mapping[int, Part],
) -> Iterator[Mention]:
    """The ladder of one date: its people all along, the unit head once it is overdue, then the leader, at last the chief."""
    reached = due_on and rules.reached(rules.deadline, due_on)
    if not reached or not due_on:
        return
    reached, policy = reached.since(task.issued_on or date.min), rules.policy
    is_whole_task = subject in (TASK, CHECKPOINT)
    if is_whole_task and rules.is_replaced(task, reached):
        return
    people = dict(responsible)
    if is_whole_task:
        people = dict.fromkeys(participants_of(task, roster), Part.PARTICIPANT) | people
    levels = [Level(people, rules.lowest)]
    above: list[Mapping[int, Part]] = []
    if reached.rung >= policy.overdue_officer_day:
        levels.append(Level(dict.fromkeys(_heads(task, roster), Part.UNIT_HEAD), policy.overdue_officer_day))
        above = _above(task, roster)
        if is_whole_task and above:
            levels.append(Level(above.pop(0), policy.overdue_leader_day))
    yield from _to_levels(raised(levels, above), reached, roster, subject, due_on, task.issued_on)


def _of_review(
    task: TaskFacts, roster: Roster, rules: DayRules, due_on: date, responsible: Mapping[int, Part]
) -> Iterator[Mention]:
    """The review asks whoever is responsible for a statement, then chases."""
    reached = rules.reached(rules.statement, due_on)
    if reached is None:
        return
    own = [Level(responsible, rules.statement.steps[0])]
    above = [dict.fromkeys(_heads(task, roster), Part.UNIT_HEAD), *_above(task, roster)]
    yield from _to_levels(raised(own, above), reached, roster, REVIEW, due_on, None)


def _of_waiting(task: TaskFacts, roster: Roster, rules: DayRules) -> Iterator[Mention]:
    """What lies waiting: told to whose move it is, or to the clerk where nobody is there; at twice its limit to the next above."""
    waits_for = _waits_for(task, rules.day)
    move = whose_move(_hands(task, roster, rules.day), rules.policy) if waits_for else None
    if move is None or move.since is None:
        return
    subject = f"{WAIT}{waits_for}"
    ladder = rules.ladder_of(subject)
    reached = rules.reached(ladder, move.since)
    if reached is None:
        return
    levels = [Level(_movers(task, roster, move), ladder.steps[0])]
    if reached.rung >= 2 * rules.policy.wait_days:
        heads = dict.fromkeys(_heads(task, roster), Part.UNIT_HEAD) if move.part is Part.OFFICER else {}
        above = apart(levels, [heads, *([] if move.part is Part.CHIEF else _above(task, roster))])
        if above:
            levels.append(Level(above.pop(0), 2 * rules.policy.wait_days))
        levels = raised(levels, above)
    yield from _to_levels(levels, reached, roster, subject, move.since, None)


def _above(task: TaskFacts, roster: Roster) -> list[Mapping[int, Part]]:
    """The responsible leader and the chief, who hear of what others leave undone; only such as are in office."""
    chiefs = dict.fromkeys(roster.chiefs.get(task.bureau_id, ()), Part.CHIEF)
    leader = _present(roster, task.leader_id, Part.LEADER)
    return [people for people in (leader, chiefs) if people]


def _to_levels(
    levels: Iterable[Level],
    reached: Reached,
    roster: Roster,
    subject: str,
    due_on: date,
    opened: date | None,
) -> Iterator[Mention]:
    """Each person once, by the lowest level; what is others' to do is not told to who switched mail off."""
    known: set[int] = set()
    for number, level in enumerate(levels):
        has_come = len(reached.repeats) > level.vain if level.vain else reached.rung >= level.first
        latest = reached.latest(level.weekly)
        if not has_come or (opened is not None and latest.day < opened):
            continue
        first = reached.repeats[level.vain].rung if level.vain else level.first
        for person, part in with_substitutes(level.people, roster).items():
            if person not in known and not (number and person in roster.muted):
                known.add(person)
                yield Mention(
                    person, part, subject, due_on, latest.rung, first, level.weekly, number, level.vain
                )


_WAITS: Final = {Status.ASSIGNED, Status.SUBMITTED, Status.VERIFIED}


def _waits_for(task: TaskFacts, day: date) -> str:
    """What a task may lie waiting for; empty while it is being worked on."""
    if task.status is not Status.IN_PROGRESS:
        return task.status if task.status in _WAITS else ""
    if task.asked_on is not None:
        return EXTENSION
    return CHECKPOINT if task.stated_on and look_since(frozen(Timing, task), day) else ""


def _hands(task: TaskFacts, roster: Roster, day: date) -> Hands:
    is_heads_own = task.officer_id in _heads(task, roster)
    look = look_since(frozen(Timing, task), day)
    return frozen(Hands, task, is_heads_own=is_heads_own, look_since=look)


def _movers(task: TaskFacts, roster: Roster, move: Move) -> Mapping[int, Part]:
    """Those in office whose move it is."""
    if move.part is Part.OFFICER:
        return responsible_for(task, roster)
    held = {Part.UNIT_HEAD: _heads(task, roster), Part.CHIEF: roster.chiefs.get(task.bureau_id, ())}
    people = dict.fromkeys(held.get(move.part, ()), move.part) or _present(roster, move.person_id, move.part)
    return people or dict.fromkeys(roster.clerks.get(task.bureau_id, ()), Part.CLERK)


def responsible_for(task: TaskFacts, roster: Roster) -> dict[int, Part]:
    """The lead officer; where none is named or in office the unit head, and without one the clerk."""
    return (
        _present(roster, task.officer_id, Part.OFFICER)
        or dict.fromkeys(_heads(task, roster), Part.UNIT_HEAD)
        or dict.fromkeys(roster.clerks.get(task.bureau_id, ()), Part.CLERK)
    )


def _present(roster: Roster, person_id: int | None, part: Part) -> dict[int, Part]:
    return {person_id: part} if person_id is not None and person_id in roster.people else {}


def with_substitutes(people: Mapping[int, Part], roster: Roster) -> dict[int, Part]:
    """`people` and those who stand in for them today, who have the same part."""
    lent = {other: part for person, part in people.items() for other in roster.substitutes.get(person, ())}
    return lent | dict(people)


def _heads(task: TaskFacts, roster: Roster) -> tuple[int, ...]:
    return roster.heads.get(task.lead_unit_id or 0, ())


def participants_of(task: TaskFacts, roster: Roster) -> Iterator[int]:
    yield from (person for person in task.participants if person in roster.people)
    for unit_id in task.participant_units:
        yield from roster.heads.get(unit_id, ())
