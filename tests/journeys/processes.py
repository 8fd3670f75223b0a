"""The bot's processes as the machine sees them."""

import os
import time
from pathlib import Path


def children(pid):
    """Numbers of the processes it started that still run."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return [child for child in found if not _text(child, "status").split("State:\t")[-1].startswith("Z")]


def bot_of(site):
    """The bot of this site, a child of the tests' own process."""
    port = f"PIAOBOT_PORT={site.environment['PIAOBOT_PORT']}"
    (bot,) = [
        child
        for child in children(os.getpid())
        if port in _text(child, "environ").split("\0") and "bot" in _text(child, "cmdline").split("\0")
    ]
    return bot


def readers_of(bot):
    """Its processes that read with OCR: each is the fork of a guard, and the guard is the bot's child."""
    guards = [
        child
        for child in children(bot)
        if "integrations.reading.read:read_document" in _text(child, "cmdline").split("\0")
    ]
    return {reader for guard in guards for reader in children(guard)}


def resident_megabytes(pid):
    """Memory of the process that lies in RAM."""
    (line,) = [line for line in _text(pid, "status").splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


def busy(pid):
    """Whether a thread of it runs or could run, in each of five looks: how many others want the cores plays no part."""
    for _ in range(5):
        if not _runs(pid):
            return False
        time.sleep(0.05)
    return True


def at_rest(pid):
    """Whether no thread of it runs in any of ten looks."""
    for _ in range(10):
        if _runs(pid):
            return False
        time.sleep(0.05)
    return True


def eventually(true, what, within=60):
    """Wait for it."""
    until = time.monotonic() + within
    while not (found := true()):
        assert time.monotonic() < until, f"not within {within} s: {what}"
        time.sleep(0.05)
    return found


def _runs(pid):
    """In R (runs, or waits for a core) or D (waits for the disk)."""
    threads = Path(f"/proc/{pid}/task")
    states = [_text(f"{pid}/task/{thread.name}", "stat").rpartition(")")[2] for thread in threads.iterdir()]
    return any(state.strip()[:1] in {"R", "D"} for state in states)


def _text(pid, name):
    """Empty when it has just ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
