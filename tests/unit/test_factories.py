"""The builders keep their word: a task asked for in a status is in it."""

import pytest

from core.db import Database
from models.enums import Status
from rectification.task import audit
from tests.factories import make_bureau, make_task


@pytest.mark.parametrize("status", list(Status))
def test_a_task_is_built_by_the_verbs(database: Database, status: Status) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        task = make_task(session, office, status=status)
    assert task.status is status
    with database.reading() as session:
        assert audit.verify(session, office.bureau.id).is_sound
