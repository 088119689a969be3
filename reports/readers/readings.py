"""What a reader makes of a file before it bears the file's name, and of a stretch of it that breaks divide."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reports.document import Block
from reports.limits import Budget
from reports.normalise import columns, squeeze
from reports.readers import wrapping
from reports.readers.furniture import Facts
from reports.readers.wrapping import Line

_HEADING_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """The blocks a file holds, what the page says of its text, sentences for the clerk, and what the page calls itself."""

    blocks: Iterable[Block]
    facts: Facts = field(default_factory=Facts)
    notices: tuple[str, ...] = ()
    headlines: tuple[str, ...] = ()


def paragraphs(
    text: str,
    budget: Budget,
    *,
    number: str = "",
    depth: int = 0,
    heading: int | None = None,
    page: int | None = None,
    centred: bool = False,
    bold: bool = False,
) -> Iterator[Block]:
    """The paragraphs of a text whose lines may be wrapped; the first bears the number."""
    lines = [Line(line, 0.0, float(columns(line))) for line in map(squeeze, text.split("\n")) if line]
    for line in wrapping.join(lines):
        budget.block()
        budget.characters(len(line.text))
        level = heading if len(line.text) <= _HEADING_LENGTH else None
        yield Block(line.text, 0, page, level, number, depth, centred=centred, bold=bold)
        number = ""
