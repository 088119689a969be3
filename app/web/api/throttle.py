"""How often a program may ask: so many requests a minute for each token, and for wrong ones from an address."""

from collections import Counter
from collections.abc import Hashable
from datetime import datetime
from threading import Lock
from typing import Final

from core.errors import TooMany

PER_TOKEN: Final = 600
WRONG_PER_ADDRESS: Final = 30


class Throttle:
    """Counts within the present minute, in memory: what it guards against does not outlive the process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = 0
        self._counts: Counter[Hashable] = Counter()

    def count(self, now: datetime, who: Hashable, most: int) -> None:
        """Count one request of `who`.

        Raises: TooMany, beyond `most` within the minute.
        """
        minute = int(now.timestamp()) // 60
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._counts.clear()
            self._counts[who] += 1
            is_over = self._counts[who] > most
        if is_over:
            raise TooMany("请求太频繁", f"每分钟最多 {most} 次", "请一分钟后再试，并降低频率")
