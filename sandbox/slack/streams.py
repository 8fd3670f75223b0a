"""Live streams: each browser window of a person hears what changes for that person."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from sandbox.slack.workspace import Json


class Streams:
    """Who is listening; None in a queue means the server stops."""

    def __init__(self) -> None:
        self._open: dict[str, set[asyncio.Queue[Json | None]]] = {}

    def subscribe(self, person: str) -> asyncio.Queue[Json | None]:
        """A queue of what happens to this person from now on."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._open.setdefault(person, set()).add(queue)
        return queue

    def unsubscribe(self, person: str, queue: asyncio.Queue[Json | None]) -> None:
        """The window is closed."""
        self._open.get(person, set()).discard(queue)

    def publish(self, people: Iterable[str], what: Json) -> None:
        """Tell every window of these people."""
        for person in people:
            for queue in self._open.get(person, set()):
                queue.put_nowait(what)

    def close(self) -> None:
        """End all streams, so that a stop need not wait for them."""
        for queues in self._open.values():
            for queue in queues:
                queue.put_nowait(None)
