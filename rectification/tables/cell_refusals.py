"""Cells of a table that comes in: what one changes, and refusals that name the one they speak of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.errors import RectifyError


@dataclass(frozen=True, slots=True)
class CellChange:
    """What stands in a field, and what a cell makes of it."""

    head: str
    before: str
    after: str

    @property
    def line(self) -> str:
        return f"{self.head}：{self.before or '（空）'} → {self.after or '（空）'}"


class CellRefused(RectifyError):
    """A cell that cannot be taken in, and why; `head` is its column's name."""

    def __init__(self, head: str, why: RectifyError) -> None:
        self.head = head
        super().__init__(why.what, why.why, why.todo)


@contextmanager
def at(head: str) -> Iterator[None]:
    """Refusals within speak of the cell in this column."""
    try:
        yield
    except CellRefused:
        raise
    except RectifyError as error:
        raise CellRefused(head, error) from error
