"""The annotated reports, by who wrote them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.reader.labels import Gold
from reports.document import Document
from reports.files import document_from

SAMPLES = Path(__file__).parents[2] / "tests" / "samples"
WRITERS = ("A", "B", "C", "D", "E", "F")
OWN = "own"
_GOLD = ".gold.json"


@dataclass(frozen=True)
class Annotated:
    """A report as its format's reader gives it, with its gold; `writer` is the fold it belongs to."""

    name: str
    writer: str
    document: Document
    gold: Gold


@cache
def written_by(writer: str) -> tuple[Annotated, ...]:
    """The reports of one writer; OWN are the samples made with the reader, which train and are never counted."""
    folder = SAMPLES / "reports" if writer == OWN else SAMPLES / "writers" / writer
    return tuple(_read(gold, writer) for gold in sorted(folder.glob(f"*{_GOLD}")))


def _read(gold: Path, writer: str) -> Annotated:
    name = gold.name.removesuffix(_GOLD)
    path = next(path for path in gold.parent.glob(f"{name}.*") if path.suffix != ".json")
    document = document_from(path.read_bytes(), path.name)
    return Annotated(name, writer, document, json.loads(gold.read_text(encoding="utf-8")))
