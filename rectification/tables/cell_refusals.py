"""Refusals that name the cell of a table they speak of."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import RectifyError


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
