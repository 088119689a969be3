"""Answers kept in memory, each with the mark in the database that says whether it still holds (docs/decisions/0014).

Every request reads the marks (rectification/office/ledger_mark.py), in the same snapshot as everything else, and uses an
answer only where its mark is still the same. So it is right whichever process changed the ledger meanwhile. This makes the pages of a bureau with a million tasks as quick as those of one with ten thousand.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

T = TypeVar("T")
MOST: Final = 1_000


class PageMemory:
    """The last thousand answers of a process, the longest unused given up first."""

    def __init__(self) -> None:
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def recall(self, mark: Hashable, question: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` says, or said of the same question at the same mark."""
        asked = (mark, question)
        with self._lock:
            if asked in self._values:
                self._values.move_to_end(asked)
                found: T = self._values[asked]
                return found
        computed = compute()
        with self._lock:
            self._values[asked] = computed
            if len(self._values) > MOST:
                self._values.popitem(last=False)
        return computed
