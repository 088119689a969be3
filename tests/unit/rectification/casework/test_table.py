"""The table and the code that carries it out say the same."""

import re

from models.enums import Status, Verb, Worded
from rectification.casework import VERBS
from rectification.casework.needs import AFTER, BEFORE
from rectification.roles_in_task import Part
from rectification.task.access import Scope
from rectification.task.lifecycle import ENDED, OPEN, TRANSITIONS, Need
from rectification.verb_forms import FORMS


def test_every_need_has_exactly_one_check_and_is_asked_for_somewhere() -> None:
    asked = {need for row in TRANSITIONS.values() for need in row.needs}
    assert asked == set(Need)
    assert not set(BEFORE) & set(AFTER)
    assert set(BEFORE) | set(AFTER) == set(Need)


def test_every_row_of_the_table_is_a_verb_that_can_be_called() -> None:
    assert set(TRANSITIONS) == set(VERBS) | {Verb.HAND_OVER, Verb.RECOMPUTE}
    assert set(Verb) == set(TRANSITIONS) | {Verb.DRAFT, Verb.BASELINE, Verb.DRAW_LOOK_BACK}


def test_every_entry_of_every_list_has_a_chinese_word() -> None:
    lists = set(Worded.__subclasses__()) - {Need, Scope}  # which only the docs tell, in English
    assert {Verb, Status, Part} <= lists
    assert {
        entry for each in lists for entry in each if not re.search(r"[\u4e00-\u9fff]", entry.word)
    } == set()


def test_every_verb_that_people_may_do_by_mistake_has_a_way_back() -> None:
    without = {row.verb for row in TRANSITIONS.values() if not row.way_back}
    assert without == {Verb.PURGE_EVIDENCE, Verb.REDACT, Verb.UNDO, Verb.RECOMPUTE}
    ways = {way for row in TRANSITIONS.values() for way in row.way_back}
    assert ways <= set(FORMS)


def test_an_ended_task_moves_on_only_by_reopening_and_a_draft_put_aside_by_restoring() -> None:
    moving = {row.verb: row.origins & ENDED for row in TRANSITIONS.values() if row.target is not None}
    assert {verb: origins for verb, origins in moving.items() if origins} == {
        Verb.REOPEN: {Status.CLOSED},
        Verb.DUPLICATE: {Status.CLOSED},
        Verb.RESTORE: {Status.ARCHIVED},
    }


def test_every_status_is_either_a_draft_open_or_ended() -> None:
    assert {Status.DRAFT} | OPEN | ENDED == set(Status)
    assert not OPEN & ENDED
