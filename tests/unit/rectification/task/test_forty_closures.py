"""The doubts measured on forty invented closures, which a hand wrote that did not know the rules (docs/decisions/0017)."""

from dataclasses import replace

import pytest

from rectification.task.doubts import doubts
from tests.unit.rectification.task.closures import Told, told_closures

FORTY = tuple(told_closures())
MOST_HONEST, LEAST_ON_PAPER = 4, 18


def doubted(closures: list[Told]) -> dict[int, list[str]]:
    found = {each.number: [finding.text for finding in doubts(each.dossier)] for each in closures}
    return {number: texts for number, texts in found.items() if texts}


def test_there_are_twenty_of_each() -> None:
    assert len(FORTY) == 40
    assert sum(each.is_honest for each in FORTY) == 20


def test_the_honest_are_left_in_peace() -> None:
    nagged = doubted([each for each in FORTY if each.is_honest])
    assert len(nagged) <= MOST_HONEST, nagged


def test_what_is_closed_on_paper_carries_a_doubt() -> None:
    on_paper = [each for each in FORTY if not each.is_honest]
    missed = {each.number: each.why for each in on_paper} | dict.fromkeys(doubted(on_paper), "")
    assert len(doubted(on_paper)) >= LEAST_ON_PAPER, {number: why for number, why in missed.items() if why}


@pytest.mark.parametrize("told", FORTY, ids=lambda told: f"c{told.number:02d}")
def test_before_the_statement_is_written_the_officer_is_told_the_same_of_the_papers(told: Told) -> None:
    """What is said of papers and time does not wait for the statement, which can only dispel."""
    of_words = {"similar_statement", "repeats_task", "only_meant", "vague_statement", "figures_unanswered"}
    after = {finding.code for finding in doubts(told.dossier)} - of_words
    before = {finding.code for finding in doubts(replace(told.dossier, statement=""))}
    assert after <= before
    assert before.isdisjoint(of_words)
