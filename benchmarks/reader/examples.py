"""What the model learns from: reports and their changed versions, each as rows of features with labels."""

import random
from collections.abc import Iterator

from benchmarks.reader.composing import composed
from benchmarks.reader.corpus import Annotated
from benchmarks.reader.labels import Gold, labels_of
from benchmarks.reader.mutations import MUTATIONS, changed
from reports.document import Document
from reports.seen import framed, seen

VERSIONS, COMPOSED = 5, 3
Example = tuple[list[list[str]], list[str]]


def examples(report: Annotated, versions: int = VERSIONS) -> Iterator[Example]:
    """The report as it is and in some changed versions; the same ones whenever it is asked."""
    yield example(report.document, report.gold)
    for place in range(COMPOSED if versions else 0):
        if short := composed(report, place):
            yield example(*short)
    chance = random.Random(report.name)
    names = sorted(MUTATIONS)
    chance.shuffle(names)
    made = 0
    for name in names:
        if made == versions:
            break
        found = changed(name, report, chance.randrange(1000))
        if found is not None:
            made += 1
            yield example(*found)


def example(document: Document, gold: Gold) -> Example:
    """Rows of features and their labels."""
    found = seen(*framed(document))
    return found.features.rows, labels_of(found.source, found.units, gold)
