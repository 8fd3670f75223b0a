"""Warm reading processes, and what becomes of a file when one of them fails."""

import threading
from types import TracebackType
from typing import Self

from core.document import Reading
from core.errors import Unreadable
from core.messages import Message
from integrations.reading.frames import Answer, BadFrame, Hello
from integrations.reading.limits import ReadingLimits
from integrations.reading.process import ReaderProcess
from integrations.reading.sniff import WITHOUT_OCR, ZIP, media_of

_READER = "integrations.reading.read:read_document"
LIGHT = "integrations.reading.opening:read_document"
"""The reader of files that need no OCR."""


class ReaderPoolClosed(Exception):
    """The program is stopping; this file was not read and can be read after the next start."""


class ReaderPool:
    """Reads files in child processes, one file at a time each (core.ports.DocumentReader). Any thread may call.

    A child that hangs, crashes or grows costs its own file at most: it is killed and another takes its place.
    A pool is one lane; give files that must not wait behind photos a pool of their own.
    """

    def __init__(
        self,
        size: int,
        limits: ReadingLimits | None = None,
        *,
        reader: str = _READER,
        niceness: int = 10,
        start_seconds: float = 60.0,
        retire_at_bytes: int = 900 * 1024**2,
    ) -> None:
        """Start `size` children; they warm up while the program goes on. Raises OSError."""
        self._limits = limits or ReadingLimits()
        self._reader = reader
        self._niceness = niceness
        self._start_seconds = start_seconds
        self._retire_at_bytes = retire_at_bytes
        self._changed = threading.Condition()
        self._closed = False
        self._busy: list[ReaderProcess] = []
        # None: a place whose child could not be started; it is tried again when the place is next needed.
        self._idle: list[ReaderProcess | None] = [self._start() for _ in range(size)]

    def read(self, content: bytes, name: str) -> Reading:
        """Wait for a free child and read. Files beyond `seconds` (of reading, not of waiting) are given up.

        Raises: Unreadable. ReaderNotStarted, ReaderPoolClosed: nothing is known about the file, read it later.
        """
        media = media_of(content, self._limits)
        process = self._take()
        keep = False
        try:
            process.wait_until_warm(self._start_seconds)
            seconds = self._limits.seconds_of_archive if media == ZIP else self._limits.seconds
            answer, attached = process.ask(media, content, seconds)
            if answer.crashed is not None:
                raise _crashed(answer.crashed)
            keep = answer.resident < self._retire_at_bytes
            return _reading(answer, attached)
        except TimeoutError as problem:
            raise Unreadable(
                Message(
                    "Reading this file took longer than {seconds} seconds and was stopped. The original is kept (24 hours). "
                    "Please send fewer pages or a smaller picture.",
                    seconds=int(self._limits.seconds),
                ),
                code="E-TIMEOUT",
            ) from problem
        except (ConnectionError, BadFrame) as problem:
            keep = False
            status = process.end(patience=1.0)
            if self._closed:
                raise ReaderPoolClosed from problem
            raise _crashed(f"{type(problem).__name__}, exit {status}") from problem
        finally:
            self._give_back(process, keep=keep)

    def alive(self) -> bool:
        """Whether at least one child is there."""
        with self._changed:
            return not self._closed and any(process is not None for process in [*self._idle, *self._busy])

    def hello(self) -> Hello:
        """What confines the children, as one of them says. Raises ReaderNotStarted, ReaderPoolClosed."""
        process = self._take()
        keep = False
        try:
            hello = process.wait_until_warm(self._start_seconds)
            keep = True
            return hello
        finally:
            self._give_back(process, keep=keep)

    def close(self) -> None:
        """End all children and wait until they are gone. Files being read raise ReaderPoolClosed."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            for process in self._busy:
                process.kill()
            self._changed.wait_for(lambda: not self._busy)
            while self._idle:
                idle = self._idle.pop()
                if idle is not None:
                    idle.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> ReaderProcess:
        return ReaderProcess(self._reader, self._limits, niceness=self._niceness)

    def _take(self) -> ReaderProcess:
        with self._changed:
            self._changed.wait_for(lambda: self._idle or self._closed)
            if self._closed:
                raise ReaderPoolClosed
            # One that was just replaced still warms up: another may be ready.
            place = next((at for at, each in enumerate(self._idle) if each and each.warm), 0)
            process = self._idle[place]
            if process is None or not process.alive:
                if process is not None:
                    process.end()
                self._idle[place] = None
                process = self._start()
            del self._idle[place]
            self._busy.append(process)
            return process

    def _give_back(self, process: ReaderProcess, *, keep: bool) -> None:
        if not keep:
            process.end()
        with self._changed:
            self._busy.remove(process)
            if not self._closed:
                self._idle.append(process if keep else self._start_or_leave_empty())
            elif keep:
                process.end()
            self._changed.notify_all()

    def _start_or_leave_empty(self) -> ReaderProcess | None:
        try:
            return self._start()
        except OSError:
            return None


class Lanes:
    """Two pools as one DocumentReader: what needs no OCR goes to the light one, so that an XML waits behind no photo."""

    def __init__(self, light: ReaderPool, heavy: ReaderPool, limits: ReadingLimits | None = None) -> None:
        self._light, self._heavy, self._limits = light, heavy, limits

    def read(self, content: bytes, name: str) -> Reading:
        """As the pool's that reads it."""
        pool = self._light if media_of(content, self._limits) in WITHOUT_OCR else self._heavy
        return pool.read(content, name)

    def alive(self) -> bool:
        """Whether each has at least one child."""
        return self._light.alive() and self._heavy.alive()

    def hello(self) -> Hello:
        """What confines the children of the heavy one."""
        return self._heavy.hello()

    def close(self) -> None:
        """End the children of both."""
        self._heavy.close()
        self._light.close()


def _reading(answer: Answer, attached: bytes) -> Reading:
    if answer.refusal is not None:
        raise Unreadable(answer.refusal.message, code=answer.refusal.code, detail=answer.refusal.detail)
    if not answer.invoices:
        raise BadFrame("neither an invoice nor a refusal")
    if sum(answer.previews.values()) != len(attached):
        raise BadFrame("previews and their sizes differ")
    previews, start = {}, 0
    for page, size in answer.previews.items():
        previews[page] = attached[start : start + size]
        start += size
    return Reading(answer.invoices, previews, answer.problems)


def _crashed(detail: str) -> Unreadable:
    return Unreadable(
        Message(
            "The reader stopped while reading this file. The original is kept (24 hours). "
            "Please send it in another form, for example as a photo or a PDF saved anew."
        ),
        code="E-READER-CRASHED",
        detail=detail,
    )
