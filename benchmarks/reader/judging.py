"""How well reports are read whose writer the model has not seen, and how one change to a report bears on that.

Run: `python -m benchmarks.reader.judging FOLDER [--mutations N] [--rules]`. FOLDER keeps a model for each writer left
out (made where it is not there) and takes predictions beside gold for the official scorer. `--mutations N` changes
every Nth report in each way; `--rules` reads without a model.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reader.corpus import OWN, WRITERS, Annotated, written_by
from benchmarks.reader.labels import Gold
from benchmarks.reader.mutations import MUTATIONS, changed
from benchmarks.reader.training import gathered, train
from reports.checking import is_unsure
from reports.document import Document
from reports.parsed import ParsedReport
from reports.reading import read_document
from reports.tagger import MODEL
from tests.unit.reports.scoring import fold, matched

_KINDS = ("shortcomings", "plans")


@dataclass
class Tally:
    """Counts over some reports."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, read: ParsedReport, gold: Gold) -> None:
        """Count what one reading got right, what wrong, and which of it was flagged."""
        wrong = flagged = 0
        for kind in _KINDS:
            items = getattr(read, kind)
            pairs = matched([item["text"] for item in gold[kind]], [item.text for item in items])
            right = {place for _, place in pairs}
            found = {place for place, _ in pairs}
            self.counts[f"{kind} hit"] += len(pairs)
            self.counts[f"{kind} gold"] += len(gold[kind])
            self.counts[f"{kind} read"] += len(items)
            for place, item in enumerate(items):
                low = is_unsure(item)
                self.counts["right flagged"] += low and place in right
                self.counts["right"] += place in right
                wrong += place not in right
                flagged += low and place not in right
            for place, item in enumerate(gold[kind]):
                if place not in found:
                    wrong += 1
                    flagged += _flagged_at(read, item["text"])
        self.counts["wrong"] += wrong
        self.counts["wrong flagged"] += flagged
        self.counts["reports"] += 1
        self.counts["reports wrong"] += wrong > 0
        self.counts["reports wrong, silent"] += wrong > 0 and not _flags(read)

    def f1(self, *kinds: str) -> float:
        """Over shortcomings, plans or both."""
        hit, gold, read = (
            sum(self.counts[f"{kind} {what}"] for kind in kinds) for what in ("hit", "gold", "read")
        )
        return 2 * hit / (gold + read) if gold + read else 1.0

    def line(self) -> str:
        """One row of the table."""
        count = self.counts
        return (
            f"{count['reports']:5} {self.f1('shortcomings'):8.3f} {self.f1('plans'):8.3f} {self.f1(*_KINDS):8.3f}"
            f"   {count['wrong flagged']:3}/{count['wrong']:<4} {count['right flagged']:3}/{count['right']:<4}"
            f" {count['reports wrong, silent']:2}/{count['reports wrong']}"
        )


HEAD = f"{'':24} {'n':>5} {'S':>8} {'P':>8} {'items':>8}   wrong flagged, right flagged, silent reports with errors"


def _flags(read: ParsedReport) -> bool:
    low = any(is_unsure(item) for item in (*read.shortcomings, *read.plans))
    return low or bool(read.missed)


def _flagged_at(read: ParsedReport, text: str) -> bool:
    """Whether something is flagged where a missing item stands: a place that may be one, or an item over it."""
    wanted = fold(text)
    if any(fold(one.text)[:20] in wanted or wanted[:20] in fold(one.text) for one in read.missed):
        return True
    over = [
        item
        for item in (*read.shortcomings, *read.plans)
        if is_unsure(item) and (fold(item.text) in wanted or wanted in fold(item.text))
    ]
    return bool(over)


def model_without(writer: str, folder: Path) -> Path:
    """A model trained on all writers but one; kept in the folder."""
    path = folder / f"without_{writer}.crfsuite"
    if not path.exists():
        train(gathered(other for other in (*WRITERS, OWN) if other != writer), path)
    return path


def judged(documents: Iterable[tuple[Document, Gold]], model: Path) -> Tally:
    """The tally over documents with their gold."""
    tally = Tally()
    for document, gold in documents:
        tally.add(read_document(document, sha256="", anyway=True, model=model), gold)
    return tally


def _write(report: Annotated, model: Path, folder: Path) -> None:
    read = read_document(report.document, sha256="", anyway=True, model=model)
    for name, value in (("gold", report.gold), ("pred", read.model_dump(mode="json", exclude={"text"}))):
        (folder / f"{report.name}.{name}.json").write_text(
            json.dumps(value, ensure_ascii=False), encoding="utf-8"
        )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mutations", type=int, default=0)
    parser.add_argument("--rules", action="store_true")
    parser.add_argument(
        "--final", action="store_true", help="with the model of the repository, which saw them all"
    )
    given = parser.parse_args()
    folder: Path = given.folder
    folder.mkdir(parents=True, exist_ok=True)

    def model_for(writer: str) -> Path:
        if given.rules:
            return folder / "none"
        return MODEL if given.final else model_without(writer, folder)

    out = sys.stdout
    out.write(HEAD + "\n")
    whole = Tally()
    for writer in WRITERS:
        tally = judged(((one.document, one.gold) for one in written_by(writer)), model_for(writer))
        whole.counts += tally.counts
        out.write(f"{'without ' + writer:24} {tally.line()}\n")
        for one in written_by(writer):
            _write(one, model_for(writer), folder)
    out.write(f"{'all':24} {whole.line()}\n")
    for name in MUTATIONS if given.mutations else ():
        total = Tally()
        for writer in WRITERS:
            chosen = written_by(writer)[:: given.mutations]
            made = (changed(name, one, place) for place, one in enumerate(chosen))
            total.counts += judged((one for one in made if one), model_for(writer)).counts
        out.write(f"{name:24} {total.line()}\n")
        out.flush()


if __name__ == "__main__":
    main()
