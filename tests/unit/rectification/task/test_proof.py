"""Closing on paper is seen: what blocks, what is doubted, and what is left in peace."""

from dataclasses import replace
from datetime import date
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import EvidenceKind
from rectification.task.doubts import Doubt, doubts
from rectification.task.proof import BindingMeasure, Block, Dossier, Exhibit, unproven

ISSUED = date(2026, 3, 2)
SOUND = Dossier(
    issued_on=ISSUED,
    exhibits=(Exhibit("送达回证.pdf", date(2026, 4, 1), date(2026, 3, 30)),),
    measures=(BindingMeasure("补齐送达回证", is_done=True),),
    statement="已对全部四十二件案卷逐件补齐送达回证，并由法规科抽查。",
    others=(("2026-009", "已建立双随机抽查名录库，按季度公示结果。"),),
)


def found(dossier: Dossier) -> set[StrEnum]:
    return {finding.code for finding in (*unproven(dossier), *doubts(dossier))}


def test_a_sound_file_raises_nothing() -> None:
    assert found(SOUND) == set()


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"exhibits": ()}, {Block.NO_EVIDENCE}),
        ({"measures": (BindingMeasure("培训", is_done=False),)}, {Block.OPEN_MEASURES}),
        ({"count_total": 72, "count_done": 71}, {Block.COUNT_SHORT, Doubt.COUNT_SHORT}),
        ({"count_total": 72}, {Block.COUNT_SHORT, Doubt.COUNT_SHORT}),
        ({"needs_goal": True}, {Block.NO_GOAL}),
        ({"needs_goal": True, "goal": "回证齐全", "measures": ()}, {Block.NO_MEASURES}),
        ({"needs_proof": True}, {Block.UNTIED}),
        ({"last_submitted_on": date(2026, 4, 2)}, {Doubt.NOTHING_NEW}),
    ],
)
def test_each_check_finds_its_own_fault_alone(change: dict[str, object], codes: set[StrEnum]) -> None:
    assert found(replace(SOUND, **change)) == codes  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("exhibit", "codes"),
    [
        (Exhibit("回证.pdf", ISSUED, also_in=("2026-007",)), {Doubt.SAME_FILE}),
        (Exhibit("回证.pdf", ISSUED, date(2026, 3, 1)), {Doubt.DATED_BEFORE_ISSUE}),
        (Exhibit("回证.pdf", ISSUED, ISSUED), set()),
        (Exhibit("关于召开推进会议的通知.docx", ISSUED), {Doubt.NOTICES_ONLY}),
        (Exhibit("照片.jpg", ISSUED, kind=EvidenceKind.MEETING), {Doubt.NOTICES_ONLY}),
    ],
)
def test_an_exhibit_is_doubted_for_what_it_is(exhibit: Exhibit, codes: set[Doubt]) -> None:
    assert found(replace(SOUND, exhibits=(exhibit,))) == codes


def test_a_notice_beside_a_result_is_no_doubt() -> None:
    both = (Exhibit("会议通知.docx", ISSUED), Exhibit("送达回证.pdf", ISSUED))
    assert found(replace(SOUND, exhibits=both)) == set()


@pytest.mark.parametrize(
    "statement",
    [
        "已建立双随机抽查名录库，按季度公示结果。",
        "已建立双随机抽查名录库，\n  按季度公示结果",
        "已建立双随机抽查名录库，按月度公示结果。",
    ],
)
def test_a_statement_copied_from_another_task_is_doubted(statement: str) -> None:
    (finding,) = doubts(replace(SOUND, statement=statement))
    assert finding.code is Doubt.SIMILAR_STATEMENT
    assert "2026-009" in finding.text


@given(st.text(max_size=200), st.lists(st.tuples(st.text(max_size=8), st.text(max_size=200)), max_size=5))
def test_no_statement_breaks_the_checks(statement: str, others: list[tuple[str, str]]) -> None:
    for finding in doubts(replace(SOUND, statement=statement, others=tuple(others))):
        assert finding.text
