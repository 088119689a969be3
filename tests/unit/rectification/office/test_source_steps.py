"""What is done about a source, and its counts: sums of what was entered, and nothing that cannot be."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import Refused
from models.enums import OfficeVerb, Rating, StepKind
from models.report import Source
from rectification.lists.source_steps import StepLine, counts_text, steps_of
from rectification.office import journal
from rectification.office.source_steps import NewStep, add_step, correct_step, remove_step
from rectification.office.sources import NewSource, history_of, is_from_outside, source_for
from tests.factories import BY, DAY, make_bureau
from tests.unit.rectification.casework.conftest import SQLITE

LATER = DAY + timedelta(days=40)


def campaign(session: Session) -> Source:
    office = make_bureau(session)
    return source_for(
        session, BY, office.bureau.id, NewSource("专项整治", "突出问题专项整治", "整〔2026〕1号")
    )


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (NewStep(StepKind.TALK, DAY), "数量应是 1 以上的整数"),
        (NewStep(StepKind.TALK, DAY, number=-1), "数量应是 1 以上的整数"),
        (NewStep(StepKind.TALK, LATER, number=1), "在今天之后"),
        (NewStep(StepKind.TALK, DAY, until=LATER, number=1), "只有阶段有结束日期"),
        (NewStep(StepKind.VISIT, DAY, number=1), "回访没有写评价"),
        (NewStep(StepKind.CLUE, DAY, number=1, rating=Rating.GOOD), "只有回访有评价"),
        (NewStep(StepKind.OTHER, DAY, number=1, text="退赔"), "没有写计量单位"),
        (NewStep(StepKind.OTHER, DAY, number=1, unit="元"), "没有写说明"),
        (NewStep(StepKind.STAGE, DAY), "没有写说明"),
        (NewStep(StepKind.STAGE, DAY, number=3, text="自查"), "阶段不计数量"),
        (NewStep(StepKind.STAGE, LATER, until=DAY, text="自查"), "早于开始日期"),
    ],
)
@SQLITE
def test_what_cannot_be_is_refused_in_words(database: Database, new: NewStep, why: str) -> None:
    with database.unit_of_work() as session:
        source = campaign(session)
        with pytest.raises(Refused, match=why):
            add_step(session, BY, source, new)
        assert steps_of(session, [source.id]) == ()


@SQLITE
def test_every_change_stands_on_record(database: Database) -> None:
    with database.unit_of_work() as session:
        source = campaign(session)
        step = add_step(
            session, BY, source, NewStep(StepKind.CRITICISM, DAY, number=2, paper_no="通〔2026〕4号")
        )
        other = source_for(session, BY, source.bureau_id, NewSource("审计", "另一份"))
        add_step(session, BY, other, NewStep(StepKind.TALK, DAY, number=9))
    with database.unit_of_work() as session:
        source, step = session.merge(source), session.merge(step)
        right = NewStep(StepKind.CRITICISM, DAY, number=3, paper_no="通〔2026〕4号")
        correct_step(session, BY, source, step, right, "漏数一个")
        with pytest.raises(Refused, match="没有变化"):
            correct_step(session, BY, source, step, right, "漏数一个")
    with database.unit_of_work() as session:
        source, step = session.merge(source), session.merge(step)
        remove_step(session, BY, source, step, "登错来源")
    with database.reading() as session:
        told = history_of(session, session.get_one(Source, source.id))
        assert [event.verb for event in told] == [
            OfficeVerb.REMOVE_STEP,
            OfficeVerb.CORRECT_STEP,
            OfficeVerb.ADD_STEP,
        ], "and what was entered of another source is not among them"
        assert [event.words for event in told] == [
            "事项：通报批评；日期：2026-03-02；数量：3；计量单位：个单位；文号：通〔2026〕4号；原因：登错来源",
            "数量：2 → 3；原因：漏数一个",
            "事项：通报批评；日期：2026-03-02；数量：2；计量单位：个单位；文号：通〔2026〕4号",
        ]
        assert journal.verify(session).is_sound


@SQLITE
def test_a_day_in_the_past_knows_what_was_counted_by_then_and_every_stage(database: Database) -> None:
    with database.unit_of_work() as session:
        source = campaign(session)
        add_step(session, BY, source, NewStep(StepKind.CLUE, DAY - timedelta(days=9), number=35))
        add_step(session, BY, source, NewStep(StepKind.LISTED, DAY, number=14))
        add_step(session, BY, source, NewStep(StepKind.STAGE, LATER, until=LATER, text="建章立制"))
        before = steps_of(session, [source.id], by=DAY - timedelta(days=1))
        assert counts_text(before) == "问题线索35条"
        assert before[-1].line == "建章立制（2026年4月11日至2026年4月11日）"
        assert counts_text(steps_of(session, [source.id])) == "问题线索35条，列入清单14项"


COUNTED = st.builds(
    StepLine,
    id=st.just(1),
    source_id=st.just(1),
    kind=st.sampled_from([StepKind.TALK, StepKind.CLUE, StepKind.VISIT]),
    day=st.just(DAY),
    until=st.none(),
    number=st.integers(1, 99),
    unit=st.sampled_from(["人次", "件"]),
    rating=st.sampled_from([Rating.GOOD, Rating.UNREACHED]),
    paper_no=st.just(""),
    text=st.just(""),
)


@given(st.lists(COUNTED))
def test_counts_are_the_sums_of_what_was_entered(steps: list[StepLine]) -> None:
    sums = Counter[tuple[str, str]]()
    for step in steps:
        sums[step.kind.word, step.unit] += step.number or 0
    said = counts_text(steps)
    heads = [part.partition("（")[0] for part in said.split("，")] if said else []
    assert sorted(heads) == sorted(f"{word}{number}{unit}" for (word, unit), number in sums.items())


def test_what_the_bureau_itself_wrote_or_decided_comes_from_nobody_outside() -> None:
    assert not is_from_outside("本单位报告")
    assert not is_from_outside("会议议定")
    assert is_from_outside("法治督察")
    assert is_from_outside("县政府常务会议议定"), "a kind the office added itself"
