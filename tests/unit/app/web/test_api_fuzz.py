"""The API against requests made from its own description: whatever comes, it answers as it says it does."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.web.api.description import describe
from core.clock import Clock
from tests.conftest import POSTGRESQL_NIGHTLY
from tests.factories import clock_on
from tests.unit.app.web.conftest import World
from tests.unit.app.web.programs import program

pytestmark = [pytest.mark.slow, POSTGRESQL_NIGHTLY]

EXAMPLES = 10
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def _ticking(world: World) -> Iterator[Clock]:
    """A clock that goes on a second with each look, so that no minute has too many requests."""
    for second in count():
        start = clock_on(world.board.day)
        yield Clock(now=start.now + timedelta(seconds=second % 3600), today=start.today)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_whatever_is_sent_is_answered_as_described(world: World, mode: GenerationMode) -> None:
    """Every other request is about a task that is there, by one of its people, so that the verbs are reached."""
    ticking = _ticking(world)
    object.__setattr__(world.board.app.state.site, "read_clock", lambda: next(ticking))
    home = world.home
    askers = [program(world.board, person).headers for person in (home.clerk, home.officer, home.leader)]
    schema = schemathesis.openapi.from_dict(describe())
    schema.app = world.board.app
    answers: Counter[int] = Counter()

    def check(case: Any) -> None:
        if "code" in case.path_parameters and answers.total() % 2:
            case.path_parameters["code"] = world.running
        response = case.call(headers=askers[answers.total() // 2 % len(askers)])
        case.validate_response(response, checks=CHECKS)
        answers[response.status_code] += 1

    for found in schema.get_all_operations():
        operation = found.ok() if isinstance(found, Ok) else pytest.fail(str(found))
        each = settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        each(given(case=operation.as_strategy(generation_mode=mode))(check))()

    assert answers[404] > 0
    assert answers[422] > 0 if mode is GenerationMode.NEGATIVE else answers[200] > 0
