"""A document as the model sees it: cut into units, each with what holds for it."""

from dataclasses import dataclass

from reports.document import Block, Document
from reports.features import Features, features_of
from reports.frame import Frame, frame_of
from reports.metadata import Metadata, metadata_of
from reports.outline import Region, outline
from reports.source import Source
from reports.units import Unit, units_of


@dataclass(frozen=True, slots=True)
class Seen:
    """A document's text, what the rules make of its parts, and its units with their features."""

    source: Source
    regions: list[Region]
    units: list[Unit]
    features: Features


def framed(document: Document) -> tuple[Source, Frame, Metadata]:
    """A document's text, what frames it, and who reports on which year."""
    source = Source.of(document)
    frame = frame_of(source, document.headlines)
    return source, frame, metadata_of(document, source, frame)


def seen(source: Source, frame: Frame, meta: Metadata) -> Seen:
    """A framed document cut into units, with their features."""
    year = meta.year.value if meta.year else None
    regions = outline(source, frame, year)
    units = units_of(source, frame.body)
    return Seen(source, regions, units, features_of(source, regions, units, year))


def last_heading(text: str, year: int | None) -> str:
    """The heading the end of a normalised text stands under, known by its words and numbering alone; "" where there is none."""
    blocks = tuple(Block(line, place) for place, line in enumerate(text.split("\n"), 1))
    source, frame, _ = framed(Document("", "txt", blocks))
    regions = outline(source, frame, year)
    return regions[-1].heading if regions else ""
