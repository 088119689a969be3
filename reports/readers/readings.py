"""What a reader makes of a file before it bears the file's name."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from reports.document import Block
from reports.readers.furniture import Facts


@dataclass(frozen=True, slots=True)
class Reading:
    """The blocks a file holds, what the page says of its text, sentences for the clerk, and what the page calls itself."""

    blocks: Iterable[Block]
    facts: Facts = field(default_factory=Facts)
    notices: tuple[str, ...] = ()
    headlines: tuple[str, ...] = ()
