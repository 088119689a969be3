"""Trains the model that tells what a sentence of a report is.

Run: `make reader-model`, or `python -m benchmarks.reader.training [--without WRITER] [--out FILE]`. The same data give
the same bytes; what it was made from is written beside it.
"""

import argparse
import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pycrfsuite

from benchmarks.reader.corpus import OWN, SAMPLES, WRITERS, written_by
from benchmarks.reader.examples import COMPOSED, VERSIONS, Example, examples
from reports.tagger import MODEL, VERSION

_FEWEST = 3  # reports a feature must be seen in
_SETTINGS = {"c1": 0.1, "c2": 0.1, "max_iterations": 100, "feature.minfreq": 2}
_WITHOUT_RULES = (
    0.3  # share of examples that do not tell what the rules say, so that the model does not lean on them
)


def gathered(writers: Iterable[str]) -> list[list[Example]]:
    """The examples of each report of some writers."""
    return [report for writer in writers for report in _examples_of(writer)]


@cache
def _examples_of(writer: str) -> list[list[Example]]:
    return [list(examples(report)) for report in written_by(writer)]


def train(reports: list[list[Example]], out: Path) -> None:
    """Make the model file."""
    spread = Counter(
        name
        for versions in reports
        for name in {name for rows, _ in versions for row in rows for name in row}
    )
    kept = {name for name, count in spread.items() if count >= _FEWEST}
    trainer = pycrfsuite.Trainer(verbose=False)
    chance = random.Random(1)
    for versions in reports:
        for rows, labels in versions:
            told = chance.random() >= _WITHOUT_RULES
            trainer.append(
                [[name for name in row if name in kept and (told or "rule" not in name)] for row in rows],
                labels,
            )
    trainer.set_params(_SETTINGS)
    trainer.train(str(out))


def data_hash() -> str:
    """Of every report the model is made from, and of its gold."""
    found = hashlib.sha256()
    for folder in ("reports", "writers"):
        for path in sorted((SAMPLES / folder).rglob("*")):
            if path.is_file() and path.name not in ("assigned.json", "ASSIGNED.md"):
                found.update(path.relative_to(SAMPLES).as_posix().encode())
                found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def main() -> None:
    """Train, and say from what."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", choices=WRITERS, help="leave one writer's reports out")
    parser.add_argument("--out", type=Path, default=MODEL)
    given = parser.parse_args()
    reports = gathered(writer for writer in (*WRITERS, OWN) if writer != given.without)
    train(reports, given.out)
    made = {
        "version": VERSION,
        "data": data_hash(),
        "reports": len(reports),
        "examples": sum(map(len, reports)),
        "changed versions of each": VERSIONS,
        "short reports of each": COMPOSED,
        "without": given.without,
        "python-crfsuite": version("python-crfsuite"),
        "settings": _SETTINGS,
        "sha256": hashlib.sha256(given.out.read_bytes()).hexdigest(),
    }
    given.out.with_suffix(".json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(f"{given.out}: {given.out.stat().st_size / 1024:.0f} KiB from {len(reports)} reports")


if __name__ == "__main__":
    main()
