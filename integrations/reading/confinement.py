"""What a reading child gives up before it opens a file: network, other processes, memory, privileges. Linux only."""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from integrations.reading.limits import ReadingLimits

_NEW_USERS, _NEW_PROCESSES, _NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000  # linux/sched.h
_SET_PARENT_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES = 1, 38  # linux/prctl.h
_OPEN_FILES = 256
_FILE_BYTES = 256 * 1024**2
_PROCESSES = 256  # threads count, too

_SETTINGS = {
    "kernel/unprivileged_userns_clone": ("0", "1"),
    "kernel/apparmor_restrict_unprivileged_userns": ("1", "0"),
    "user/max_user_namespaces": ("0", "10000"),
    "user/max_net_namespaces": ("0", "10000"),
}
"""Settings of sysctl → the value that forbids namespaces, and one that allows them."""

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Namespaces:
    """Which namespaces of its own a child got."""

    network: bool
    users: bool
    processes: bool


def leave_the_network() -> Namespaces:
    """Move to an empty network, and to own users and processes where the system allows it.

    Own users: root here is nobody outside, and the parent's memory and environment cannot be read. Own processes count
    from the next fork: when that process dies, the kernel kills whatever it started. Where nothing is allowed, Python's
    sockets are refused by a hook; native code could still open one.
    """
    user, group = os.geteuid(), os.getegid()
    if _libc.unshare(_NEW_USERS | _NEW_NETWORK | _NEW_PROCESSES) == 0:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
        return Namespaces(network=True, users=True, processes=True)
    if _libc.unshare(_NEW_NETWORK | _NEW_PROCESSES) == 0:
        return Namespaces(network=True, users=False, processes=True)
    sys.addaudithook(_refuse_sockets)
    return Namespaces(network=False, users=False, processes=False)


def try_out() -> Namespaces:
    """What a reading child would get here, tried by a process of its own. Raises OSError, subprocess.SubprocessError."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "integrations.reading.confinement"],
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=8,
        check=True,
    )
    return Namespaces(**json.loads(done.stdout))


def forbidden_by() -> tuple[str, str] | None:
    """The system's setting that forbids own namespaces and what allows them, as sysctl writes it; None: none we know."""
    for name, (forbids, allows) in _SETTINGS.items():
        path = Path("/proc/sys", name)
        if path.exists() and path.read_text(encoding="ascii").strip() == forbids:
            setting = name.replace("/", ".")
            return f"{setting}={forbids}", f"{setting}={allows}"
    return None


def _refuse_sockets(event: str, _: tuple[object, ...]) -> None:
    if event in ("socket.__new__", "socket.getaddrinfo", "socket.gethostbyname"):
        raise PermissionError("no network while reading files")


def die_with_parent() -> None:
    """SIGKILL for this process when the thread that forked it ends."""
    _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def confine(limits: ReadingLimits, namespaces: Namespaces, *, niceness: int) -> None:
    """Set what holds for the rest of this process and for the programs it starts.

    RLIMIT_DATA counts private writable memory since Linux 4.7. RLIMIT_CPU would add up over the files of a warm process;
    the pool's deadline stands for it. RLIMIT_NPROC counts all of a user's threads, so it is set only among own users;
    the kernel does not apply it to root.
    """
    _prctl(_SET_NO_NEW_PRIVILEGES, 1)
    os.nice(niceness)
    # When the machine runs out of memory, the kernel shall choose the reader.
    Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if namespaces.users:
        resource.setrlimit(resource.RLIMIT_NPROC, (_PROCESSES, _PROCESSES))


def resident_bytes() -> int:
    """Memory of this process that lies in RAM."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl {option}: {os.strerror(code)}")


if __name__ == "__main__":
    print(json.dumps(asdict(leave_the_network())))
