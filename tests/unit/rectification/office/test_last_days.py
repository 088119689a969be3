"""What is given from a day to a day holds on both of them: a role's end, and AB岗."""

from datetime import date, timedelta

import pytest

from core.db import Database
from models.enums import Role
from rectification.office.people import limit_auditor
from rectification.office.substitutes import add_substitute, end_substitute, list_substitutes
from rectification.reminders.facts import load_directory
from tests.factories import BY, actor, by_on, make_bureau

FIRST, LAST = date(2026, 3, 9), date(2026, 3, 20)
DAY: timedelta = timedelta(days=1)


@pytest.mark.parametrize(("day", "holds"), [(FIRST, True), (LAST, True), (LAST + DAY, False)])
def test_a_role_is_held_on_its_last_day(database: Database, day: date, holds: bool) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        limit_auditor(session, BY, office.auditor, None, LAST)
        assert (Role.AUDITOR in actor(session, office.auditor, day).roles) == holds


@pytest.mark.parametrize(
    ("day", "stands_in"),
    [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)],
)
def test_a_stand_in_acts_and_is_told_on_the_first_day_and_the_last(
    database: Database, day: date, stands_in: bool
) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        add_substitute(session, BY, office.bureau.id, office.reviewer.id, office.other.id, FIRST, LAST)
        found = actor(session, office.other, day)
        assert (office.reviewer.id in found.ids) == stands_in
        assert (Role.REVIEWER in found.roles) == stands_in
        substitutes = load_directory(session, [office.bureau.id], day).roster.substitutes
        assert substitutes == ({office.reviewer.id: (office.other.id,)} if stands_in else {})


@pytest.mark.parametrize(("today", "last"), [(FIRST + DAY, FIRST), (LAST, LAST - DAY)])
def test_an_arrangement_is_ended_with_yesterday_while_it_lasts(
    database: Database, today: date, last: date
) -> None:
    with database.unit_of_work() as session:
        office = make_bureau(session)
        row = add_substitute(session, BY, office.bureau.id, office.reviewer.id, office.other.id, FIRST, LAST)
        end_substitute(session, by_on(today), office.bureau.id, row.id)
        assert row.ends_on == last
        assert list_substitutes(session, office.bureau.id, today) == []
