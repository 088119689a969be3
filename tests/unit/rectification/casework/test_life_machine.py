"""Any order of verbs, by anybody, on any day: no path leaves the table and nobody judges what he worked on.

The machine keeps its own account of who worked on a task and what the first date was; it does not ask the code it
tests. RECTIFY_LONG_TESTS=N runs N times as many examples.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import RectifyError
from models.enums import ApprovalLevel, Channel, ClosureStage, ItemKind, Role, Status, TimeLimit, Verb
from models.organisation import Person, Substitute
from models.task import (
    Closure,
    ClosureStep,
    DoubtAnswer,
    Evidence,
    Measure,
    Participant,
    Proof,
    RectificationTask,
)
from rectification.casework import (
    VERBS,
    Correction,
    IssueOrder,
    NewEvidence,
    NewHands,
    NewMeasure,
    hand_over,
)
from rectification.halfyear.history_rows import BureauHistory
from rectification.labels import column_label
from rectification.lists.figures import Period, count
from rectification.lists.filters import TaskFilter
from rectification.lists.rows import list_tasks
from rectification.lists.timeline import timeline
from rectification.office.actors import Acting, Paper
from rectification.office.calendar import load_calendar
from rectification.office.chain import values
from rectification.task.access import parts_in
from rectification.task.audit import verify
from rectification.task.doubts import Doubt
from rectification.task.history import events_of
from rectification.task.lifecycle import TRANSITIONS, verbs_for
from tests.factories import DAY, actor, case_file, clock_on, make_bureau, make_draft, make_person
from tests.unit.rectification.lists.waits import waiting

EXAMPLES: Final = 6 * int(os.environ.get("RECTIFY_LONG_TESTS", "1"))
BURST: Final = 150
JUDGING: Final = {Verb.VERIFY, Verb.APPROVE, Verb.TERMINATE, Verb.GRANT_EXTENSION, Verb.REDATE}
SIGNED: Final = {*JUDGING, Verb.DENY_EXTENSION, Verb.MAKE_LONG_TERM}
WORKING: Final = {Verb.PROGRESS, Verb.SUBMIT, Verb.EVIDENCE, Verb.REQUEST_EXTENSION, Verb.FINISH_MEASURE}
SEEDED: Final = st.integers(0, 2**32).map(Random)
"""Chance by seed: what hypothesis would draw call by call leans to the first choice and never gets far."""
FORWARD: Final = {
    Verb.ISSUE,
    Verb.ACCEPT,
    Verb.EVIDENCE,
    Verb.SET_GOAL,
    Verb.FINISH_MEASURE,
    Verb.REQUEST_EXTENSION,
    Verb.GRANT_EXTENSION,
    Verb.SUBMIT,
    Verb.VERIFY,
    Verb.APPROVE,
    Verb.CLOSE,
    Verb.REOPEN,
}
ENDINGS: Final = {Verb.ARCHIVE, Verb.MERGE, Verb.TERMINATE, Verb.DUPLICATE}
NAMED: Final = {
    *("kind", "lead_unit_id", "officer_id", "leader_id", "reviewer_id", "approver_id", "approval_level"),
    *("time_limit", "due_on", "next_checkpoint_on", "is_supervised", "is_recurring", "is_publicity_required"),
    *("merged_into_id", "duplicate_of_id"),
}
"""The columns people are told of."""


@dataclass
class Account:
    """What the machine itself remembers of one task."""

    first_due: date | None = None
    work: dict[int, set[int]] = field(default_factory=dict)
    units: set[int] = field(default_factory=set)
    evidence: int = 0

    @property
    def worked(self) -> set[int]:
        """Whoever worked on it in a step that stands."""
        return set[int]().union(*self.work.values())


class World:
    """An office with its ledger, and another bureau that must not matter."""

    def __init__(self, template: Path) -> None:
        self.folder = Path(mkdtemp(prefix="rectify-life-"))
        shutil.copy(template, self.folder / "rectify.db")
        self.database = Database(f"sqlite:///{self.folder / 'rectify.db'}")
        self.day = DAY
        self.accounts: dict[str, Account] = {}
        everything = (Role.OFFICER, Role.CLERK, Role.REVIEWER, Role.LEADER, Role.UNIT_HEAD)
        with self.database.unit_of_work() as session:
            self.office = office = make_bureau(session)
            self.many = make_person(session, office.roads, "many", *everything)
            for kind in ItemKind:
                self.accounts[make_draft(session, office, kind=kind).code] = Account()
        with self.database.unit_of_work() as session:
            self.elsewhere = make_bureau(session, "雾溪县水利局", prefix="b_")
        self.people = [self.many, *(getattr(office, name) for name in PEOPLE)]
        self.strangers = [getattr(self.elsewhere, name) for name in PEOPLE]

    def close(self) -> None:
        self.database.dispose()
        shutil.rmtree(self.folder)


PEOPLE: Final = (
    "officer",
    "head",
    "other",
    "other_head",
    "clerk",
    "reviewer",
    "leader",
    "chief",
    "auditor",
)


class Chance:
    """Arguments for a verb, mostly sensible."""

    def __init__(self, world: World, task: RectificationTask, random: Random) -> None:
        self.world, self.task, self.random = world, task, random

    def one(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def words(self) -> str:
        return "　" if self.random.random() < 0.05 else self.random.choice(["已办。", "理由充分", "看过属实"])

    def ahead(self) -> date:
        start = max(self.world.day, self.task.deadline_on or self.world.day)
        return start + timedelta(days=self.random.randint(-2, 60))

    def places(self, *, is_open: bool = False) -> tuple[int, ...]:
        """Where the task's measures stand, or those not done."""
        standing = select(Measure).where(Measure.task_id == self.task.id, ~Measure.is_dropped)
        with self.world.database.reading() as session:
            found = session.scalars(standing).all()
        return tuple(each.position for each in found if not (is_open and each.done_on))

    def answers(self) -> dict[str, str]:
        """Something said to every doubt, to none, or nothing worth the name."""
        said = self.one("", "已核实原件", "已核实原件", "不成立：日期笔误", "不成立。")
        return dict.fromkeys(map(str, Doubt), said)

    def step(self) -> int:
        """One of the task's steps."""
        with self.world.database.reading() as session:
            return self.random.choice(events_of(session, self.task.id)).sequence

    def person(self) -> int:
        found: Person = self.random.choice([*self.world.people, self.world.strangers[0]])
        return found.id

    def order(self) -> IssueOrder:
        office, many = self.world.office, self.world.many
        return IssueOrder(
            lead_unit_id=self.one(office.roads.id, office.roads.id, office.transport.id),
            officer_id=self.one(None, None, office.officer.id, office.other.id, many.id),
            leader_id=office.leader.id,
            reviewer_id=self.one(office.reviewer.id, office.reviewer.id, many.id),
            approver_id=self.one(office.leader.id, office.leader.id, office.chief.id, many.id),
            approval_level=self.one(ApprovalLevel.LEADER, *ApprovalLevel),
            time_limit=self.one(TimeLimit.DATED, *TimeLimit),
            due_on=self.one(None, self.world.day + timedelta(days=45)),
            is_publicity_required=self.one(True, False),
        )

    def hands(self) -> NewHands:
        office, many = self.world.office, self.world.many
        return NewHands(
            officer_id=self.one(None, office.officer.id, office.other.id, many.id),
            reviewer_id=self.one(None, None, office.reviewer.id, many.id),
            approver_id=self.one(None, None, office.leader.id, many.id),
        )


ARGUMENTS: Final[dict[Verb, Callable[[Chance], tuple[Any, ...] | dict[str, Any]]]] = {
    Verb.ISSUE: lambda c: (c.order(),),
    Verb.MERGE: lambda c: (c.random.choice(sorted(c.world.accounts)),),
    Verb.EDIT: lambda c: (
        Correction(title=c.words(), kind=c.one(None, *ItemKind), due_on=c.one(None, c.ahead())),
        c.words(),
    ),
    Verb.SPLIT: lambda c: (c.one(("一段。",), ("一段。", "又一段。"), ("前。", "中。", "后。")),),
    Verb.JOIN: lambda c: (c.random.choice(sorted(c.world.accounts)),),
    Verb.ACCEPT: lambda c: {
        "officer_id": c.one(None, c.world.office.officer.id, c.world.office.other.id, c.world.many.id),
        "goal": c.one("", "案卷齐全", "案卷齐全"),
        "measures": c.one((), (NewMeasure("自查一次"),), (NewMeasure("自查一次"),)),
    },
    Verb.REQUEST_EXTENSION: lambda c: (c.words(), c.ahead()),
    Verb.GRANT_EXTENSION: lambda c: (c.one(None, c.ahead()),),
    Verb.REDATE: lambda c: (c.words(), c.ahead()),
    Verb.REQUEST_REDATE: lambda c: (c.words(), c.ahead()),
    Verb.DUPLICATE: lambda c: (c.random.choice(sorted(c.world.accounts)), c.words()),
    Verb.UNDO: lambda c: (c.words(), c.one(None, c.step())),
    Verb.AMEND: lambda c: {
        "reason": c.words(),
        "sequence": c.step(),
        "dated": c.one(None, c.world.day - timedelta(days=c.random.randint(0, 9))),
        "number": c.one("", "签批2号"),
    },
    Verb.TIE: lambda c: (c.random.randint(1, 9), (c.random.randint(0, 3),)),
    Verb.DETACH: lambda c: (c.random.randint(1, 9), c.words()),
    Verb.MAKE_LONG_TERM: lambda c: (c.words(), c.ahead()),
    Verb.CARRY_OVER: lambda c: (c.words(), c.ahead()),
    Verb.CHECKPOINT: lambda c: (c.words(), c.ahead()),
    Verb.SUBMIT: lambda c: {"statement": c.words(), "despite_doubts": c.one(True, True, False)},
    Verb.VERIFY: lambda c: {"verdict": c.words(), "answer": c.answers()},
    Verb.APPROVE: lambda c: {"minutes_no": c.one("", "", "纪要〔2026〕3号"), "answer": c.answers()},
    Verb.REOPEN: lambda c: {"finding": c.words(), "due_on": c.one(None, c.ahead())},
    Verb.TRANSFER: lambda c: (c.words(), c.hands()),
    Verb.CORRECT: lambda c: (c.words(), Correction(title=c.words(), due_on=c.one(None, c.ahead()))),
    Verb.MEASURE: lambda c: {"text": c.words(), "owner_id": c.one(None, c.person())},
    Verb.CONFIRM_MEASURES: lambda c: (),
    Verb.FINISH_MEASURE: lambda c: (c.one(*c.places(is_open=True), 1),),
    Verb.DROP_MEASURE: lambda c: (c.random.randint(1, 4), c.words()),
    Verb.PARTICIPATE: lambda c: {
        "add_people": c.one((), (c.person(),)),
        "remove_people": (c.person(),),
        "add_units": c.one((), (), (c.world.office.transport.id,), (c.world.elsewhere.roads.id,)),
        "remove_units": c.one((), (c.world.office.transport.id,)),
    },
    Verb.EVIDENCE: lambda c: (
        NewEvidence(archive_no=c.one("", "A-1", "A-2", "A-3"), proves=c.one((), (2,), *[c.places()] * 4)),
    ),
    Verb.PURGE_EVIDENCE: lambda c: (1, c.words(), c.person()),
    Verb.REDACT: lambda c: (c.random.randint(1, 40), c.words()),
}
"""What a verb is given; every other verb takes its words alone."""


class Life(RuleBasedStateMachine):
    """Three tasks live; after every try the ledger is compared with what the table allows."""

    template: Path

    @initialize()
    def begin(self) -> None:
        self.world = World(self.template)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            with self.world.database.reading() as session:
                for office in (self.world.office, self.world.elsewhere):
                    assert verify(session, office.bureau.id).is_sound
                for code in self.world.accounts:
                    self._words_name_all_that_changed(session, code)
            self.world.close()

    def _words_name_all_that_changed(self, session: Session, code: str) -> None:
        task = self._task(session, code)
        for event, line in zip(events_of(session, task.id), timeline(session, task.id), strict=True):
            said = "；".join(line.changes)
            for name, (before, after) in event.changes.items():
                if name in NAMED and (before or after):
                    assert f"{column_label(name)}：" in said

    @rule(random=SEEDED)
    def weeks_go_by(self, random: Random) -> None:
        """People mostly do what is theirs; somebody tries something else, stands in, or leaves."""
        habits = [self._somebody_does_his_part] * 16 + [self._anybody_tries_anything] * 3
        habits += [self._somebody_errs_and_puts_it_right] * 3
        habits += [self._somebody_stands_in, self._somebody_hands_over]
        for _ in range(BURST):
            random.choice(habits)(random)
            self.world.day += timedelta(days=random.randint(0, 3))

    def _somebody_does_his_part(self, random: Random) -> None:
        code = random.choice(sorted(self.world.accounts))
        able = self._able(code, random.sample(self.world.people, 5))
        forward = [pair for pair in able if pair[1] in FORWARD]
        others = [pair for pair in able if pair[1] not in ENDINGS] if random.random() < 0.97 else able
        wanted = forward if forward and random.random() < 0.6 else others
        if wanted:
            self._try(code, *random.choice(wanted), random)

    def _anybody_tries_anything(self, random: Random) -> None:
        code = random.choice(sorted(self.world.accounts))
        person = random.choice([*self.world.people, *self.world.strangers])
        self._try(code, person, random.choice(list(VERBS)), random)

    def _somebody_errs_and_puts_it_right(self, random: Random) -> None:
        """A step done by mistake and taken back leaves all but the history as it was."""
        code = random.choice(sorted(self.world.accounts))
        able = [
            pair
            for pair in self._able(code, random.sample(self.world.people, 5))
            if Verb.UNDO in TRANSITIONS[pair[1]].way_back
        ]
        if not able:
            return
        person, verb = random.choice(able)
        before, steps = self._standing(code), self._state(code)[1]
        self._try(code, person, verb, random)
        if self._state(code)[1] == steps:
            return
        state, clock = self._state(code), clock_on(self.world.day)
        with self.world.database.unit_of_work() as session:
            last = events_of(session, state[0].id)[-1]
            hand = self.world.office.clerk if last.recorder_id else person
            acting = Acting(actor(session, hand, self.world.day), Channel.WEB)
            VERBS[Verb.UNDO](session, clock, acting, code, "登记错了任务", last.sequence)
        self._compare(code, Verb.UNDO, state, hand)
        after = self._standing(code)
        wrong = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
        assert not wrong, (verb, wrong)

    def _standing(self, code: str) -> dict[str, Any]:
        """Figures, whose move, deadlines and lists, today and on a day before, and all that hangs on the task."""
        world, bureau = self.world, self.world.office.bureau
        with world.database.reading() as session:
            calendar = load_calendar(session)
            file = case_file(session, code, world.day)
            history = BureauHistory(session, bureau.id, DAY)
            seen = {
                person.login: sorted(
                    row.code for row in list_tasks(session, world.day, calendar, actor=one, filters=filters)
                )
                for person in (world.many, world.office.reviewer, world.office.clerk)
                for one in [actor(session, person, world.day)]
                for filters in (TaskFilter(), TaskFilter(waits_for=one))
            }
            period = Period(DAY, world.day)
            return {
                **values(self._task(session, code)),
                "file": replace(
                    file,
                    row=replace(file.row, version=0),
                    evidence=tuple(each for each in file.evidence if not each.is_signed_paper),
                ),
                "rows": [row for row in history.period(period).rows if row.code == code],
                "days": [
                    history.standings(day).get(file.row.id)
                    for day in (world.day, world.day - timedelta(days=9))
                ],
                "figures": count(history.period(period).rows),
                "waiting": waiting(
                    session, world.day, calendar, actor(session, world.office.clerk, world.day)
                ),
                "lists": seen,
            }

    def _somebody_stands_in(self, random: Random) -> None:
        away, substitute = random.sample(self.world.people, 2)
        until = self.world.day + timedelta(days=random.randint(0, 10))
        with self.world.database.unit_of_work() as session:
            session.add(
                Substitute(
                    person_id=away.id, substitute_id=substitute.id, starts_on=self.world.day, ends_on=until
                )
            )

    def _somebody_hands_over(self, random: Random) -> None:
        leaver, successor = random.sample(self.world.people, 2)
        clerk, before = self.world.office.clerk, {code: self._state(code) for code in self.world.accounts}
        codes: list[str] = []
        try:
            with self.world.database.unit_of_work() as session:
                acting = Acting(actor(session, clerk, self.world.day), Channel.WEB)
                clock = clock_on(self.world.day)
                codes = hand_over(session, clock, acting, leaver.id, successor.id, "轮岗")
        except RectifyError:
            codes = []
        for code, state in before.items():
            self._compare(code, Verb.HAND_OVER if code in codes else None, state, clerk)

    def _able(self, code: str, people: list[Person]) -> list[tuple[Person, Verb]]:
        with self.world.database.reading() as session:
            task = self._task(session, code)
            return [
                (person, verb)
                for person in people
                for verb in verbs_for(
                    task.status, parts_in(session, actor(session, person, self.world.day), task)
                )
                if verb in VERBS
            ]

    def _try(self, code: str, person: Person, verb: Verb, random: Random) -> None:
        world, state = self.world, self._state(code)
        chance = Chance(world, state[0], random)
        given = ARGUMENTS[verb](chance) if verb in ARGUMENTS else (chance.words(),)
        is_recorded = random.random() < 0.2
        paper = random.choice([None, Paper(world.day, "签批1号"), Paper(world.day)]) if is_recorded else None
        try:
            with world.database.unit_of_work() as session:
                recorder = actor(session, world.office.clerk, world.day) if is_recorded else None
                acting = Acting(actor(session, person, world.day), Channel.WEB, recorder, paper)
                named, listed = (given, ()) if isinstance(given, dict) else ({}, given)
                VERBS[verb](session, clock_on(world.day), acting, code, *listed, **named)
        except RectifyError:
            self._compare(code, None, state, person)
            return
        self._compare(code, verb, state, person)
        if is_recorded:
            assert verb not in SIGNED or (paper and paper.number)
            assert world.office.clerk.id != state[0].officer_id

    def _compare(
        self, code: str, verb: Verb | None, state: tuple[RectificationTask, int], person: Person
    ) -> None:
        """What happened is what the table says, or nothing happened."""
        old, events = state
        new, events_now = self._state(code)
        if verb is None:
            assert (new.version, events_now, new.status) == (old.version, events, old.status)
            return
        row, account = TRANSITIONS[verb], self.world.accounts[code]
        assert old.status in row.origins
        assert verb is Verb.UNDO or new.status in {row.target or old.status, row.publicised_target}
        assert (new.version, events_now) == (old.version + 1, events + 1)
        assert person.bureau_id == old.bureau_id
        if verb in JUDGING:
            assert person.id not in account.worked
            assert person.unit_id not in account.units
        self._remember(account, verb, person, new)
        assert new.original_due_on == account.first_due
        if new.status is Status.CLOSED:
            self._closed_for_good_reason(account, new, verb)

    def _remember(self, account: Account, verb: Verb, person: Person, new: RectificationTask) -> None:
        account.first_due = None if verb is Verb.UNDO else account.first_due
        account.first_due = account.first_due or new.original_due_on
        found = {person.id} if verb in WORKING else set[int]()
        if new.officer_id:
            found.add(new.officer_id)
        kept = select(func.count()).where(Evidence.task_id == new.id, ~Evidence.is_signed_paper)
        with self.world.database.reading() as session:
            step = events_of(session, new.id)[-1]
            if verb is Verb.UNDO:
                account.work.pop(step.changes["undone"][0], None)
            found |= _ids(session, Measure.owner_id, Measure.task_id == new.id)
            account.work[step.sequence] = found - account.worked
            account.units = _ids(session, Participant.unit_id, Participant.task_id == new.id)
            account.evidence = session.scalar(kept) or 0

    def _closed_for_good_reason(self, account: Account, task: RectificationTask, verb: Verb) -> None:
        last = select(func.max(Closure.round)).where(Closure.task_id == task.id).scalar_subquery()
        steps = (
            select(ClosureStep.stage)
            .join(Closure, Closure.id == ClosureStep.closure_id)
            .where(Closure.task_id == task.id, Closure.round == last)
        )
        with self.world.database.reading() as session:
            stages = set(session.scalars(steps))
        assert {ClosureStage.SUBMIT, ClosureStage.VERIFY, ClosureStage.APPROVE} <= stages
        assert (ClosureStage.CLOSE in stages) == task.is_publicity_required
        assert account.evidence > 0
        if verb in (Verb.APPROVE, Verb.CLOSE) and task.kind.is_problem:
            self._can_be_defended(task)
        assert task.closed_on is not None

    def _can_be_defended(self, task: RectificationTask) -> None:
        """A goal, each measure done, each piece tied to what it proves, each doubt answered by both who signed."""
        with self.world.database.reading() as session:
            steps = session.scalars(
                select(Measure).where(Measure.task_id == task.id, ~Measure.is_dropped)
            ).all()
            pieces = _ids(
                session,
                Evidence.id,
                Evidence.task_id == task.id,
                Evidence.purged_at.is_(None),
                ~Evidence.is_signed_paper,
            )
            tied = _ids(session, Proof.evidence_id, Proof.evidence_id.in_(pieces))
            rounds = select(Closure).where(Closure.task_id == task.id).order_by(Closure.round.desc())
            closure = session.scalars(rounds).first()
            assert closure is not None
            for stage in (ClosureStage.VERIFY, ClosureStage.APPROVE):
                said = (
                    select(DoubtAnswer.code, DoubtAnswer.words)
                    .join(ClosureStep)
                    .where(ClosureStep.closure_id == closure.id, ClosureStep.stage == stage)
                )
                answers = dict(session.execute(said).tuples().all())
                if stage is ClosureStage.APPROVE:  # the list as the last to sign saw it
                    assert answers.keys() >= {each["code"] for each in closure.warnings}
                assert all(len(words) > 4 for words in answers.values())
        assert task.goal
        assert steps
        assert all(step.done_on for step in steps)
        assert pieces
        assert pieces == tied or len(steps) == 1

    def _task(self, session: Session, code: str) -> RectificationTask:
        return session.scalars(select(RectificationTask).where(RectificationTask.code == code)).one()

    def _state(self, code: str) -> tuple[RectificationTask, int]:
        with self.world.database.reading() as session:
            task = self._task(session, code)
            return task, len(events_of(session, task.id))


def _ids(session: Session, column: Any, *where: Any) -> set[int]:
    return {found for found in session.scalars(select(column).where(*where)) if found is not None}


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_path_leaves_the_table(request: pytest.FixtureRequest) -> None:
    template = request.getfixturevalue("_sqlite_template")
    run_state_machine_as_test(
        type("LifeHere", (Life,), {"template": template}),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=4,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
