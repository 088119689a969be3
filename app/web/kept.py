"""Counts that stand until the bureau's history moves on.

Every change of a task is an event on its bureau's chain (rectification/history.py), so the chain's head says whether
a count still holds: read with it in one snapshot, a kept count is as exact as a new one. Units are named and asked
for by name, and no event tells of a new name: the names are read beside the head. This makes the pages of a bureau
with a million tasks as quick as those of one with ten thousand.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Role
from models.history import ChainHead
from models.organisation import Unit
from rectification.actors import Actor

T = TypeVar("T")
MOST: Final = 1_000


class Kept:
    """The last thousand counts of a process, the longest unused given up first."""

    def __init__(self) -> None:
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def count(self, session: Session, actor: Actor, key: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` says, or said of the same question at the same head, while the units had the same names.

        Only for who sees the whole bureau: what others see also hangs on units and grants, which no event tells of.
        """
        stands = _stands(session, actor.bureau_id)
        if not stands or not actor.has(Role.CLERK, Role.CHIEF):
            return compute()
        asked = (stands, actor, key)
        with self._lock:
            if asked in self._values:
                self._values.move_to_end(asked)
                found: T = self._values[asked]
                return found
        counted = compute()
        with self._lock:
            self._values[asked] = counted
            if len(self._values) > MOST:
                self._values.popitem(last=False)
        return counted


def _stands(session: Session, bureau_id: int) -> tuple[tuple[str, str], ...]:
    """What a count of this bureau hangs on; nothing before its first event."""
    query = (
        select(ChainHead.hash, Unit.name)
        .join(Unit, Unit.bureau_id == ChainHead.bureau_id)
        .where(ChainHead.bureau_id == bureau_id)
        .order_by(Unit.id)
    )
    return tuple((head, name) for head, name in session.execute(query))
