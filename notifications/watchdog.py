"""A limit on the total time of something that only closing its socket can end."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_TICK: Final = 0.2


class Watchdog:
    """Calls `strike` from a thread of its own once a watched block has lasted too long."""

    def __init__(self, strike: Callable[[], None]) -> None:
        self._strike = strike
        self._limit: float | None = None
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self.has_struck = False

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Watch the block; it may last `seconds` in all."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="mail-watchdog", daemon=True)
            self._thread.start()
        self.has_struck = False
        self._limit = time.monotonic() + seconds
        try:
            yield
        finally:
            self._limit = None

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(_TICK):
            limit = self._limit
            if limit is not None and time.monotonic() > limit:
                self.has_struck = True
                self._strike()
