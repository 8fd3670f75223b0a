"""A warm process that reads files: `python -m integrations.reading.child`. Started by ReaderPool alone.

It is two processes. The guard never touches a file: it waits until the pool is gone or the reader has ended, and then
ends what is left. The reader, its fork, is confined and opens one file after another.
"""

import argparse
import importlib
import os
import select
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NoReturn

from core.document import Reading
from core.errors import Unreadable
from integrations.reading import confinement
from integrations.reading.examine import examine
from integrations.reading.frames import HEAD_BYTES, Answer, Hello, Refusal, Request, lengths, pack, unpack
from integrations.reading.limits import ReadingLimits
from integrations.wire import from_json

ReadDocument = Callable[[bytes, str, ReadingLimits], Reading]


def main() -> None:
    """Become the guard, and in its fork the reader."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--reader", required=True, help="package.module:function of (content, media, limits) -> Reading"
    )
    parser.add_argument("--limits", required=True, help="ReadingLimits as JSON")
    parser.add_argument(
        "--lifeline", required=True, type=int, help="a pipe that is closed when the pool's process ends"
    )
    parser.add_argument("--niceness", type=int, default=10)
    arguments = parser.parse_args()
    limits = from_json(arguments.limits, ReadingLimits)

    namespaces = confinement.leave_the_network()
    reader = os.fork()
    if reader:
        _guard(reader, arguments.lifeline)
    os.close(arguments.lifeline)
    confinement.die_with_parent()
    confinement.confine(limits, namespaces, niceness=arguments.niceness)
    source, sink = _take_channel()
    read = _load(arguments.reader)
    hello = Hello(namespaces.network, namespaces.users, namespaces.processes, confinement.resident_bytes())
    _send(sink, pack(hello))
    # Until here standard error told the pool why a start failed; what libraries print about a file is nobody's to keep.
    _point_to_nothing(1, 2)
    _serve(source, sink, read, limits)


def _guard(reader: int, lifeline: int) -> NoReturn:
    _point_to_nothing(0, 1, 2)
    waiting = select.poll()
    ended = os.pidfd_open(reader)
    waiting.register(ended, select.POLLIN)
    waiting.register(lifeline, select.POLLIN)
    woken = {descriptor for descriptor, _ in waiting.poll()}
    if ended in woken:
        _, status = os.waitpid(reader, 0)
        os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
    os.kill(reader, signal.SIGKILL)
    os.waitpid(reader, 0)
    shutil.rmtree(Path.cwd(), ignore_errors=True)
    os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _point_to_nothing(*descriptors: int) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in descriptors:
        os.dup2(nothing, descriptor)
    os.close(nothing)


def _take_channel() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the pool, out of the way of libraries that print and of programs that are started."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    _point_to_nothing(0)
    os.dup2(2, 1)
    return source, sink


def _load(name: str) -> ReadDocument:
    module_name, _, function_name = name.partition(":")
    module = importlib.import_module(module_name)
    warm_up = getattr(module, "warm_up", None)
    if warm_up is not None:
        warm_up()
    read: ReadDocument = getattr(module, function_name)
    return read


def _serve(source: BinaryIO, sink: BinaryIO, read: ReadDocument, limits: ReadingLimits) -> None:
    while len(head := source.read(HEAD_BYTES)) == HEAD_BYTES:
        text_bytes, content_bytes = lengths(head)
        request = unpack(source.read(text_bytes), Request)
        content = source.read(content_bytes)
        try:
            examine(content, request.media, limits)
            reading = read(content, request.media, limits)
        except Unreadable as refused:
            refusal = Refusal(refused.message, refused.code, str(refused))
            _send(sink, pack(Answer(refusal=refusal, resident=confinement.resident_bytes())))
        except Exception as problem:
            _send(sink, pack(Answer(crashed=_place_of(problem))))
            raise
        else:
            sizes = {page: len(preview) for page, preview in reading.previews.items()}
            answer = Answer(reading.invoices, sizes, reading.problems, resident=confinement.resident_bytes())
            _send(sink, pack(answer, sum(sizes.values())), *reading.previews.values())
        _empty_folder()


def _place_of(problem: Exception) -> str:
    """The exception's type and the line it came from; its text could quote the document."""
    trace = problem.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return type(problem).__name__ + place


def _send(sink: BinaryIO, *parts: bytes) -> None:
    sink.writelines(parts)
    sink.flush()


def _empty_folder() -> None:
    for entry in Path(os.environ["TMPDIR"]).iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


if __name__ == "__main__":
    main()
