"""The normalised text of a document, and where every line and cell of it stands.

Everything later works on stretches of this one text, so each word of an item can be shown in its place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from reports.document import Block, Document
from reports.parsed import Span


class Stretch(NamedTuple):
    """From one character of the normalised text to another, end excluded."""

    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(start=self.start, end=self.end)


@dataclass(frozen=True, slots=True)
class Line:
    """One block in the normalised text; a table is one line whose `cells` are stretches, row by row."""

    index: int
    start: int
    text: str
    block: Block
    cells: tuple[tuple[Stretch, ...], ...] = ()

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def stretch(self) -> Stretch:
        return Stretch(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Source:
    """The normalised text: blocks joined by line feeds, the cells of a table likewise."""

    text: str
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, document: Document) -> "Source":
        lines: list[Line] = []
        parts: list[str] = []
        at = 0
        for block in document.blocks:
            if block.rows:
                text, cells = _table(block, at)
            else:
                text, cells = block.text.strip(), ()
            if not text:
                continue
            lines.append(Line(len(lines), at, text, block, cells))
            parts.append(text)
            at += len(text) + 1
        return cls("\n".join(parts), tuple(lines))

    def words(self, stretches: Iterable[Stretch]) -> str:
        """The text of several stretches, a line feed between them."""
        return "\n".join(self.text[start:end] for start, end in stretches)

    def line_at(self, position: int) -> Line:
        """The line that holds a character (the last one that begins at or before it)."""
        low, high = 0, len(self.lines) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.lines[middle].start <= position:
                low = middle
            else:
                high = middle - 1
        return self.lines[low]


def _table(block: Block, at: int) -> tuple[str, tuple[tuple[Stretch, ...], ...]]:
    rows: list[tuple[Stretch, ...]] = []
    texts: list[str] = []
    for row in block.rows:
        stretches: list[Stretch] = []
        for cell in row:
            text = cell.strip()
            stretches.append(Stretch(at, at + len(text)))
            texts.append(text)
            at += len(text) + 1
        rows.append(tuple(stretches))
    return "\n".join(texts), tuple(rows)
