"""How long a client may take. uvicorn bounds how much is sent; here is how slowly, and by how many at once.

Every connection is looked at in turn: one whose client is waited for must send its headers in time, and move a body
or an answer on at some pace. What is being worked on, or waits for its turn, is not the client's fault.
"""

import asyncio
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS: Final = 20.0
"""Seconds for the headers of a request, from the connection or the last answer on."""
PACE: Final = 1_024
"""Bytes a second of a body or an answer, on the mean of one look to the next."""
WHOLE: Final = 1_800.0
"""Seconds from a request's first byte to the last of its answer."""
LOOK: Final = 5.0
MOST: Final = 400
"""Connections at once: beyond them those give way that have waited longest for their client. An office behind one proxy
is one address, so addresses are not counted."""


class PatientProtocol(H11Protocol):
    """uvicorn's own, with a limit to its patience."""

    headers_seconds = HEADERS
    look_seconds = LOOK
    most = MOST

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begun = self.loop.time()
        self._received = 0
        self._has_drained = False
        self._seen: tuple[Any, int] = (None, 0)
        self._next_look = self.loop.call_later(self.look_seconds, self._look)
        if len(self.connections) > self.most:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._next_look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)

    def resume_writing(self) -> None:
        self._has_drained = True
        super().resume_writing()

    def on_response_complete(self) -> None:
        self._begun = self.loop.time()
        super().on_response_complete()

    def _look(self) -> None:
        unsent = self.transport.get_write_buffer_size()
        if self._is_too_slow(unsent):
            self.transport.abort()
            return
        self._seen, self._received, self._has_drained = (self.cycle, unsent), 0, False
        self._next_look = self.loop.call_later(self.look_seconds, self._look)

    def _is_too_slow(self, unsent: int) -> bool:
        waited = self.loop.time() - self._begun
        cycle, was_unsent = self._seen
        is_same = cycle is not None and cycle is self.cycle
        least = PACE * self.look_seconds
        if waited > WHOLE:
            return True
        if unsent:
            return is_same and not self._has_drained and 0 < was_unsent < unsent + least
        if self.conn.their_state is h11.IDLE:
            return waited > self.headers_seconds
        is_sending = self.conn.their_state is h11.SEND_BODY and not self.flow.read_paused
        return is_sending and is_same and not self.cycle.waiting_for_100_continue and self._received < least

    def _make_room(self) -> None:
        others = (each for each in self.connections if isinstance(each, PatientProtocol))
        waiting = [each for each in others if each.conn.their_state in (h11.IDLE, h11.SEND_BODY)]
        if waiting:
            longest = min(waiting, key=lambda each: (each.conn.their_state is h11.SEND_BODY, each._begun))
            longest.transport.abort()
