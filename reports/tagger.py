"""The trained model: what each unit is, with how surely; without it the rules answer alone.

Labels: BS IS a shortcoming's first and further units, BP IP a plan's, M a measure named with its shortcoming,
C a reason that stands apart, O neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pycrfsuite

LABELS = ("BS", "IS", "BP", "IP", "M", "C", "O")
MODEL = Path(__file__).with_name("reader.crf")


@dataclass(frozen=True, slots=True)
class Tagged:
    """Unit by unit the likeliest label, and how likely each label is."""

    labels: list[str]
    chances: list[dict[str, float]]


class Tagger:
    """A model file opened."""

    def __init__(self, path: Path) -> None:
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(str(path))

    def tag(self, rows: Sequence[Sequence[str]]) -> Tagged:
        """What the model says of a report's units."""
        self._tagger.set(pycrfsuite.ItemSequence(rows))
        labels = list(self._tagger.tag())
        chances = [{label: self._tagger.marginal(label, at) for label in LABELS} for at in range(len(labels))]
        return Tagged(labels, chances)


@cache
def tagger(path: Path = MODEL) -> Tagger:
    """The model in a file; opened once."""
    return Tagger(path)
