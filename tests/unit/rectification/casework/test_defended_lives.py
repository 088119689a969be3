"""Random lives of problems, through every door: none is closed that could not be defended."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any, Final

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import RectifyError
from models.enums import ClosureStage, Status
from models.organisation import Person
from models.task import Closure, ClosureStep, DoubtAnswer, Evidence, Measure, Proof, RectificationTask
from rectification import casework
from rectification.casework import Correction, IssueOrder, NewEvidence, NewMeasure
from rectification.office.actors import Paper
from rectification.task.doubts import Doubt
from tests.factories import DAY
from tests.unit.rectification.casework.conftest import SQLITE, Desk

LIVES: Final = 60
SAID: Final = ("", "不成立", "已看原卷", "已看原卷", "不成立：日期是笔误")


def live(desk: Desk, chance: Random) -> str:
    """One problem, handled well, badly, or both by turns; returns its code."""
    office, pick = desk.office, chance.choice
    measures = tuple(NewMeasure(text) for text in ("补齐回证", "组织培训")[: pick((0, 1, 1, 2))])
    order = IssueOrder(
        goal=pick(("", "回证齐全", "回证齐全")), measures=measures, count_total=pick((None, None, 3))
    )
    made_on = DAY - timedelta(days=pick((0, 19)))  # today, or before the task was issued
    code = desk.task(order=order if order.goal or measures else IssueOrder(goal="回证齐全"))

    def act(verb: Any, who: Person, *given: Any, **named: Any) -> None:
        with suppress(RectifyError):
            if chance.random() < 0.25:
                desk.record(Paper(desk.day, pick(("签1", ""))), verb, who, code, *given, **named)
            else:
                desk.do(verb, who, code, *given, **named)

    def answers() -> dict[str, str]:
        words, differ = pick(SAID), pick((True, True, True, False))
        return {str(each): f"{words}（{each.word}）" if words[3:] and differ else words for each in Doubt}

    def proof() -> NewEvidence:
        number = f"档{chance.randrange(9999)}"
        return NewEvidence(
            archive_no=number, own_date=made_on, proves=pick(((), (0,), (1,), (1, 2), (1, 2, 0)))
        )

    steps: tuple[Callable[[], None], ...] = (
        lambda: act(casework.set_goal, office.officer, "案卷合格"),
        lambda: act(casework.measure, office.officer, "每季度自查"),
        lambda: act(casework.finish_measure, office.officer, pick((1, 2, 3))),
        lambda: act(casework.finish_measure, office.officer, pick((1, 2, 3))),
        lambda: act(casework.drop_measure, office.head, pick((1, 2, 3)), "并入"),
        lambda: act(casework.progress, office.officer, "三项都好了", count_done=3),
        lambda: act(casework.evidence, office.officer, proof()),
        lambda: act(casework.evidence, office.officer, proof()),
        lambda: act(casework.tie, office.officer, chance.randrange(1, 200), (1,)),
        lambda: act(casework.correct, office.clerk, "写错了", Correction(goal=pick(("", "卷卷齐全")))),
        lambda: act(casework.detach, office.clerk, chance.randrange(1, 200), "放错"),
        lambda: act(casework.undo, pick((office.officer, office.head, office.clerk)), "误办"),
        *[
            lambda: act(
                *(casework.submit, office.officer, f"补齐{chance.random()}"),
                despite_doubts=pick((True, True, False)),
                count_reason=pick(("", "", "两家停产")),
            )
        ]
        * 3,
        *[lambda: act(casework.verify, office.reviewer, "看过属实", answer=answers())] * 3,
        *[
            lambda: act(
                *(casework.approve, pick((office.leader, office.chief))),
                minutes_no=pick(("", "纪要3号")),
                answer=answers(),
            )
        ]
        * 3,
    )
    for _ in range(150):
        pick(steps)()
        if desk.read(code).status is Status.CLOSED:
            break
    return code


def faults(session: Session, code: str) -> list[str]:
    """What a closing lacks, by this test's own account."""
    task = session.scalars(select(RectificationTask).where(RectificationTask.code == code)).one()
    own = Measure.task_id == task.id, ~Measure.is_dropped
    steps = session.scalars(select(Measure).where(*own)).all()
    kept = Evidence.task_id == task.id, Evidence.purged_at.is_(None), ~Evidence.is_signed_paper
    pieces = set(session.scalars(select(Evidence.id).where(*kept)))
    tied = set(session.scalars(select(Proof.evidence_id)))
    rounds = select(Closure).where(Closure.task_id == task.id).order_by(Closure.round.desc())
    closure = session.scalars(rounds).first()
    assert closure is not None
    stages = {}
    for stage in (ClosureStage.VERIFY, ClosureStage.APPROVE):
        query = select(DoubtAnswer.code, DoubtAnswer.words).join(ClosureStep)
        on = ClosureStep.closure_id == closure.id, ClosureStep.stage == stage
        stages[stage] = dict(session.execute(query.where(*on)).tuples().all())
    doubted = {each["code"] for each in closure.warnings}
    is_short = (task.count_done or 0) < (task.count_total or 0)
    found = {
        "no goal": not task.goal,
        "no measure": not steps,
        "open measure": any(step.done_on is None for step in steps),
        "no evidence": not pieces,
        "untied": bool(pieces - tied) and len(steps) > 1,
        "unanswered": doubted != stages[ClosureStage.APPROVE].keys(),
        "not seen by the reviewer": not doubted <= stages[ClosureStage.VERIFY].keys(),
        "one answer for all": any(len(set(each.values())) < len(each) for each in stages.values()),
        "bare denial": any(words in ("", "不成立") for each in stages.values() for words in each.values()),
        "count unexplained": is_short and "没有全部完成的理由" not in closure.statement,
    }
    return [name for name, is_found in found.items() if is_found]


@SQLITE
@pytest.mark.parametrize("seed", range(3))
def test_no_door_closes_what_cannot_be_defended(desk: Desk, seed: int) -> None:
    chance, closed, doubted = Random(seed), 0, 0
    for _ in range(LIVES // 3):
        code = live(desk, chance)
        if desk.read(code).status is not Status.CLOSED:
            continue
        closed += 1
        with desk.database.reading() as session:
            assert faults(session, code) == []
            doubted += bool(session.scalars(select(DoubtAnswer.id)).first())
    assert closed >= 3, "else nothing was tried"
    assert doubted
