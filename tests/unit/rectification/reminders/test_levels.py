"""Whose own a thing is, and to whom it goes up."""

from rectification.reminders.levels import VAIN, Level, apart, raised
from rectification.roles_in_task import Part

OFFICER, HEAD, LEADER, CHIEF = range(1, 5)
OWN = Level({OFFICER: Part.OFFICER}, -30)


def test_each_person_stands_at_his_lowest_level_alone() -> None:
    above = [
        {OFFICER: Part.UNIT_HEAD, HEAD: Part.UNIT_HEAD},
        {OFFICER: Part.LEADER},
        {HEAD: Part.LEADER, LEADER: Part.LEADER},
        {OFFICER: Part.CHIEF, LEADER: Part.CHIEF, CHIEF: Part.CHIEF},
    ]
    assert apart([OWN], above) == [{HEAD: Part.UNIT_HEAD}, {LEADER: Part.LEADER}, {CHIEF: Part.CHIEF}]


def test_each_four_repeats_in_vain_bring_one_more_and_the_last_alone_hears_every_week() -> None:
    empty = Level({}, 1)
    above = [{HEAD: Part.UNIT_HEAD}, {LEADER: Part.LEADER}]
    assert raised([OWN, empty], above) == [
        OWN._replace(weekly=VAIN),
        Level({HEAD: Part.UNIT_HEAD}, 0, vain=VAIN, weekly=2 * VAIN),
        Level({LEADER: Part.LEADER}, 0, vain=2 * VAIN, weekly=None),
    ]
    assert raised([OWN], []) == [OWN]
    assert raised([empty], []) == []
