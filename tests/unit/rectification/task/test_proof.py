"""What keeps a task from being closed as it stands; what only looks odd is tested in test_doubts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum

import pytest

from rectification.task.proof import BindingMeasure, Block, Dossier, Exhibit, unproven

ISSUED = date(2026, 3, 2)
SOUND = Dossier(
    issued_on=ISSUED,
    exhibits=(Exhibit("送达回证.pdf", datetime(2026, 4, 1, tzinfo=UTC), date(2026, 3, 30)),),
    measures=(BindingMeasure("补齐送达回证", is_done=True),),
)


def found(dossier: Dossier) -> set[StrEnum]:
    return {finding.code for finding in unproven(dossier)}


def test_a_sound_file_raises_nothing() -> None:
    assert found(SOUND) == set()


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"exhibits": ()}, {Block.NO_EVIDENCE}),
        ({"measures": (BindingMeasure("培训", is_done=False),)}, {Block.OPEN_MEASURES}),
        ({"count_total": 72, "count_done": 71}, {Block.COUNT_SHORT}),
        ({"count_total": 72}, {Block.COUNT_SHORT}),
        ({"needs_goal": True}, {Block.NO_GOAL}),
        ({"needs_goal": True, "goal": "回证齐全", "measures": ()}, {Block.NO_MEASURES}),
        ({"needs_proof": True}, {Block.UNTIED}),
    ],
)
def test_each_check_finds_its_own_fault_alone(change: dict[str, object], codes: set[StrEnum]) -> None:
    assert found(replace(SOUND, **change)) == codes  # type: ignore[arg-type]
