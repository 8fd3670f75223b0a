"""The pool's side of one reading child."""

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from integrations.reading.frames import HEAD_BYTES, Answer, BadFrame, Hello, Request, lengths, pack, unpack
from integrations.reading.limits import ReadingLimits
from integrations.wire import to_json

_ROOT = Path(__file__).resolve().parents[2]
_CHUNK = 1024 * 1024
# Nothing else of our environment is for a process that opens other people's files.
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "PIAOBOT_DETECTION_SIDE")
# Each thread's stack counts as 8 MB of the memory limit, and each OCR model has threads of its own: with a thread per core,
# a child on a machine of 64 cores would use up 2 GB before it read a page.
_MOST_THREADS = 8


class ReaderNotStarted(Exception):
    """A reading child did not come up. Not the file's fault: the file can be read later."""


class ReaderProcess:
    """One child, used by one thread at a time; `kill` alone may come from another.

    Raises OSError when no process can be started.
    """

    def __init__(self, reader: str, limits: ReadingLimits, *, niceness: int) -> None:
        self._ended = False
        self._lock = threading.Lock()
        self._folder = tempfile.mkdtemp(prefix="piaobot-reader-")
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        # The child's end of this pipe reports our death, whichever thread of ours started it.
        lifeline, self._lifeline = os.pipe()
        command = ["-P", "-m", "integrations.reading.child", "--reader", reader, "--limits", to_json(limits)]
        command += ["--lifeline", str(lifeline), "--niceness", str(niceness)]
        try:
            self._process = subprocess.Popen(
                [sys.executable, *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                bufsize=0,
                cwd=self._folder,
                env=self._environment(),
                pass_fds=[lifeline],
                start_new_session=True,
            )
        except OSError:
            os.close(self._lifeline)
            self._complaints.close()
            shutil.rmtree(self._folder)
            raise
        finally:
            os.close(lifeline)
        assert self._process.stdin
        assert self._process.stdout
        self._to_child, self._from_child = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to_child, False)
        os.set_blocking(self._from_child, False)
        self.hello: Hello | None = None

    def _environment(self) -> dict[str, str]:
        passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        threads = os.environ.get("PIAOBOT_OCR_THREADS", "0")
        if threads == "0":
            threads = str(min(os.cpu_count() or 1, _MOST_THREADS))
        own = {
            "PIAOBOT_OCR_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
            "OPENCV_FOR_THREADS_NUM": threads,
            "HOME": self._folder,
            "TMPDIR": self._folder,
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(_ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_THREAD_LIMIT": "1",  # Tesseract is four times slower with more
        }
        return passed_on | own

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def warm(self) -> bool:
        """Whether a file can be handed over without waiting for its start."""
        return self.hello is not None or _is_ready(self._from_child, select.POLLIN, 0.0)

    def wait_until_warm(self, seconds: float) -> Hello:
        """Its first frame. Raises ReaderNotStarted."""
        if self.hello is None:
            try:
                text, _ = self._receive(time.monotonic() + seconds)
                self.hello = unpack(text, Hello)
            except (TimeoutError, ConnectionError, BadFrame) as problem:
                self._complaints.seek(0)
                last_words = self._complaints.read()[-2000:].decode(errors="replace")
                raise ReaderNotStarted(f"{type(problem).__name__}: {last_words}") from problem
        return self.hello

    def ask(self, media: str, content: bytes, seconds: float) -> tuple[Answer, bytes]:
        """Hand over a file and wait for what becomes of it.

        Raises: TimeoutError: no answer in time. ConnectionError: it died. BadFrame: it answered nonsense.
        """
        deadline = time.monotonic() + seconds
        self._send(pack(Request(media), len(content)), deadline)
        self._send(content, deadline)
        text, attached = self._receive(deadline)
        return unpack(text, Answer), attached

    def kill(self) -> None:
        """End it and whatever it started, now."""
        with self._lock:
            self._kill()

    def _kill(self) -> None:
        # Once it is reaped its number may be somebody else's.
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self, patience: float = 0.0) -> int:
        """Kill it, reap it, remove its folder. `patience`: seconds it may take to end by itself and say how.

        Returns its exit status: 128 + n for signal n, -9 when we killed it.
        """
        give_up = time.monotonic() + patience
        while time.monotonic() < give_up and not os.waitid(
            os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT
        ):
            time.sleep(0.01)
        with self._lock:
            if not self._ended:
                self._kill()
                self._process.wait()
                self._ended = True
                assert self._process.stdin
                assert self._process.stdout
                self._process.stdin.close()
                self._process.stdout.close()
                self._complaints.close()
                os.close(self._lifeline)
                shutil.rmtree(self._folder, ignore_errors=True)
        return self._process.wait()

    def _send(self, data: bytes, deadline: float) -> None:
        left = memoryview(data)
        while left:
            _wait(self._to_child, select.POLLOUT, deadline)
            left = left[os.write(self._to_child, left[:_CHUNK]) :]

    def _receive(self, deadline: float) -> tuple[bytes, bytes]:
        text_bytes, attached_bytes = lengths(self._receive_exactly(HEAD_BYTES, deadline))
        return self._receive_exactly(text_bytes, deadline), self._receive_exactly(attached_bytes, deadline)

    def _receive_exactly(self, size: int, deadline: float) -> bytes:
        received = bytearray()
        while len(received) < size:
            _wait(self._from_child, select.POLLIN, deadline)
            part = os.read(self._from_child, min(size - len(received), _CHUNK))
            if not part:
                raise ConnectionResetError("the child closed its pipe")
            received += part
        return bytes(received)


def _wait(descriptor: int, event: int, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0 or not _is_ready(descriptor, event, left):
        raise TimeoutError("the child did not answer in time")


def _is_ready(descriptor: int, event: int, seconds: float) -> bool:
    ready = select.poll()
    ready.register(descriptor, event)
    return bool(ready.poll(seconds * 1000))
