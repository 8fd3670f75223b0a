"""Readers that misbehave on purpose. The file is a small valid PNG; what follows its end says what to do."""

import ctypes
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from core.document import Reading
from core.errors import Unreadable
from core.invoice import Kind, ReadInvoice
from core.messages import Message

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082"
)


def file_that(does, argument=""):
    return PNG + f"{does} {argument}".encode()


def obey(content, media, limits):
    does, _, argument = content.removeprefix(PNG).decode().partition(" ")
    return globals()[f"and_{does}"](argument)


def saying(words):
    """Words travel back as the preview of page 1."""
    return Reading((ReadInvoice(page=1, kind=Kind.NOT_INVOICE, fields={}),), {1: words.encode()})


def outer_pid():
    """This process's number as the test sees it: /proc belongs to the test's process namespace."""
    return str(Path("/proc/self").readlink())


def and_say(words):
    return saying(words)


def and_pid(_):
    return saying(outer_pid())


def and_refuse(code):
    raise Unreadable(Message("Too blurred at {share} %.", share=80), code=code, detail="sharpness 3")


def and_hang(_):
    time.sleep(3600)


def and_hang_deaf(_):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    while True:
        pass


def and_leave_a_runaway(path):
    """A process in a session of its own, out of reach of a group kill; its number goes to `path`, then hang."""
    if os.fork() == 0:
        os.setsid()
        Path(path).write_text(outer_pid())
        time.sleep(3600)
    time.sleep(3600)


def and_fork(count):
    for _ in range(int(count)):
        if os.fork() == 0:
            time.sleep(3600)
    time.sleep(3600)


def and_eat(_):
    eaten = []
    while True:
        eaten.append(bytearray(16 * 1024**2))


def and_eat_native(_):
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    size = 16 * 1024**2
    while True:
        ctypes.memset(libc.malloc(ctypes.c_size_t(size)), 1, size)


def and_grow(megabytes):
    and_grow.held = bytearray(b"x") * (int(megabytes) * 1024**2)
    return saying(outer_pid())


def and_segfault(_):
    ctypes.string_at(0)


def and_abort(_):
    os.abort()


def and_kill_itself(_):
    os.kill(os.getpid(), signal.SIGKILL)
    # The first process of a namespace is deaf to its own SIGKILL; the guard's is what counts.
    os._exit(137)


def and_exit(status):
    os._exit(int(status))


def and_leave(_):
    sys.exit("enough")


def and_raise(text):
    raise ValueError(f"the invoice says {text}")


def and_recurse(_):
    return and_recurse(_)


def and_print(megabytes):
    """On every way to standard output and error."""
    line = b"\x00\x00\x00\x05\x00\x00\x00\x00{}{}{}" * 1000
    for _ in range(int(megabytes) * 1024**2 // len(line)):
        os.write(1, line)
        os.write(2, line)
    print("printed")
    subprocess.run(["echo", "from a program"], check=True)
    ctypes.CDLL(None).puts(b"from a library")
    return saying("intact")


def _channel():
    """The pipe to the pool, as a hostile file would find it."""
    pipes = [int(entry.name) for entry in Path("/proc/self/fd").iterdir() if _leads_to_a_pipe(entry)]
    return max(pipes)


def _leads_to_a_pipe(entry):
    try:
        return str(entry.readlink()).startswith("pipe:")
    except FileNotFoundError:
        return False


def and_answer_nonsense(data):
    os.write(_channel(), bytes.fromhex(data))
    time.sleep(3600)


def and_flood_the_channel(_):
    while True:
        os.write(_channel(), b"\xff" * 65536)


def and_answer_falsely(text):
    body = text.encode()
    os.write(_channel(), len(body).to_bytes(4) + bytes(4) + body)
    time.sleep(3600)


def and_connect(port):
    """By Python and by libc."""
    errors = []
    for address in (("127.0.0.1", int(port)), ("192.0.2.1", 53)):
        try:
            socket.create_connection(address, timeout=3).close()
            errors.append("connected")
        except OSError as problem:
            errors.append(str(problem))
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    address = (
        socket.AF_INET.to_bytes(2, sys.byteorder) + int(port).to_bytes(2) + socket.inet_aton("127.0.0.1") + bytes(8)
    )
    errors.append("connected" if libc.connect(descriptor, address, 16) == 0 else os.strerror(ctypes.get_errno()))
    return saying(json.dumps(errors))


def and_look_around(_):
    """Environment, folder, limits and what of the parent can be read."""
    folder = Path.cwd()
    before = [entry.name for entry in folder.iterdir()]
    with tempfile.NamedTemporaryFile(delete=False) as left:
        left.write(b"somebody's invoice")
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "link").symlink_to("/etc")
    status = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return saying(
        json.dumps(
            {
                "environment": dict(os.environ),
                "folder": str(folder),
                "before": before,
                "left": left.name,
                "nice": os.nice(0),
                "no_new_privileges": status["NoNewPrivs"],
                "oom": Path("/proc/self/oom_score_adj").read_text().strip(),
                "modules_from": [path for path in sys.path if path in ("", str(folder))],
                "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
            }
        )
    )


def and_spy(pid):
    try:
        return saying(Path(f"/proc/{pid}/environ").read_text())
    except OSError as problem:
        return saying(type(problem).__name__)


def and_write_much(_):
    try:
        with Path("big").open("wb") as file:
            for _ in range(400):
                file.write(bytes(1024**2))
    except OSError as problem:
        return saying(os.strerror(problem.errno))
    return saying("no limit")


def and_open_much(_):
    held = []
    try:
        while len(held) < 5000:
            held.append(os.dup(2))
    except OSError as problem:
        return saying(os.strerror(problem.errno))
    finally:
        for descriptor in held:
            os.close(descriptor)
    return saying("no limit")


def obey_or_unpack(content, media, limits):
    """The program's own reader, without its warm-up."""
    from integrations.reading.read import read_document

    return read_document(content, media, limits)
