"""Live streams: each browser window hears what changes for its person."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable

from fastapi.responses import StreamingResponse

from sandbox.slack.workspace import Json

EVERYBODY = "*"
KEEP_ALIVE = 15.0
"""Seconds between comments in a silent stream, so that nothing between closes it."""
Queue = asyncio.Queue[Json | None]


class Streams:
    """Who is listening; None in a queue means the server stops."""

    def __init__(self) -> None:
        self._open: dict[str, set[Queue]] = {}

    def subscribe(self, person: str) -> Queue:
        """A queue of what happens to this person, or to everybody, from now on."""
        queue: Queue = asyncio.Queue()
        self._open.setdefault(person, set()).add(queue)
        return queue

    def unsubscribe(self, person: str, queue: Queue) -> None:
        """The window is closed."""
        self._open.get(person, set()).discard(queue)

    def publish(self, people: Iterable[str], what: Json) -> None:
        """Tell every window of these people."""
        for person in people:
            for queue in self._open.get(person, set()) | self._open.get(EVERYBODY, set()):
                queue.put_nowait({"to": person, **what})

    def close(self) -> None:
        """End all streams, so that a stop need not wait for them."""
        for queues in self._open.values():
            for queue in queues:
                queue.put_nowait(None)


def server_sent(streams: Streams, person: str) -> StreamingResponse:
    """The stream of one person, or of EVERYBODY, as server-sent events."""
    return StreamingResponse(_lines(streams, person), media_type="text/event-stream")


async def _lines(streams: Streams, person: str) -> AsyncIterator[str]:
    queue = streams.subscribe(person)
    try:
        yield ": listening\n\n"
        while True:
            try:
                what = await asyncio.wait_for(queue.get(), KEEP_ALIVE)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if what is None:
                return
            yield f"data: {json.dumps(what, ensure_ascii=False)}\n\n"
    finally:
        streams.unsubscribe(person, queue)
