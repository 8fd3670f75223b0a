"""Looks for inputs that our parsers and the reader process do not stand: `script/bench fuzz [--executions N]`.

Each parser written by us runs under atheris in a process of its own, guided by the branches it takes (fuzz_targets.py).
Then files changed at random go through the reader process as the program uses it (fuzz_files.py). All inputs grow from
invented papers. The same seed gives the same inputs; what fails is kept as a file in var/fuzz.

Ends with 1 when a parser raised what it does not promise, hung or ate memory, or the program itself did not stand a
file. A reader process that was stopped over a file and answered for with a sentence is counted, not a failure.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import fuzz_files  # noqa: E402  the program is found only after the line above
import fuzz_seeds  # noqa: E402

FINDINGS = ROOT / "var" / "fuzz"
# The quickest first.
TARGETS = (
    "sniff", "dates", "tax_ids", "answers", "zip", "xml", "amounts", "qr_payload", "typed", "xbrl", "ubl", "cii", "digital", "older",
    "ofd", "receipts", "faces",
)  # fmt: skip
LEAST, LEAST_FILES = 100_000, 10_000
_HANGS_AFTER = 20  # seconds of one input
_MEGABYTES = 2048


@dataclass(frozen=True)
class Outcome:
    """What became of one target: how often it ran, and the inputs that were kept."""

    target: str
    executions: int
    seconds: float
    branches: int
    kept: tuple[Path, ...]
    ended: int

    @property
    def failed(self) -> bool:
        return bool(self.kept) or self.ended != 0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--executions", type=int, default=LEAST, help="of each parser")
    options.add_argument("--files", type=int, default=LEAST_FILES, help="through the reader process; 0 for none")
    options.add_argument(
        "--first", type=int, default=0, help="the number of the first file, to go on where a run ended"
    )
    options.add_argument(
        "--targets", nargs="*", choices=TARGETS, default=TARGETS, metavar="TARGET", help=", ".join(TARGETS)
    )
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--at-once", type=int, default=os.cpu_count() or 1)
    chosen = options.parse_args()
    FINDINGS.mkdir(parents=True, exist_ok=True)
    failed = fuzz_parsers(chosen.targets, chosen.executions, chosen.seed, chosen.at_once)
    if chosen.files:
        failed |= fuzz_files.run(chosen.first, chosen.files, chosen.seed, FINDINGS)
    return 1 if failed else 0


def fuzz_parsers(targets: Sequence[str], executions: int, seed: int, at_once: int) -> bool:
    """Run the targets, print a row for each. Whether one failed."""
    if not targets:
        return False
    print(f"{'parser':<12} {'executions':>10} {'seconds':>8} {'branches':>8}  new findings", flush=True)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(at_once) as pool:
        running = [pool.submit(fuzz, target, Path(folder), executions, seed) for target in targets]
        outcomes = [show(each.result()) for each in running]
    return any(outcome.failed for outcome in outcomes)


def fuzz(target: str, folder: Path, executions: int, seed: int) -> Outcome:
    fuzz_seeds.lay_out(folder, target)
    kept = folder / f"{target}-kept"
    kept.mkdir()
    command = [
        sys.executable,
        str(ROOT / "script" / "fuzz_targets.py"),
        target,
        str(kept),
        f"-runs={executions}",
        f"-seed={seed}",
    ]
    command += [f"-timeout={_HANGS_AFTER}", f"-rss_limit_mb={_MEGABYTES}", "-max_len=4096", "-print_final_stats=1"]
    command += [f"-dict={folder / target}.dict", f"-artifact_prefix={kept / target}-", str(folder / target)]
    started = time.monotonic()
    ran = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    seconds = time.monotonic() - started
    counted = re.search(r"number_of_executed_units: (\d+)", ran.stderr)
    branches = re.findall(r"cov: (\d+)", ran.stderr)
    found = tuple(Path(shutil.copy(each, FINDINGS)) for each in sorted(kept.iterdir()))
    if ran.returncode and not found:
        print(ran.stderr[-2000:], file=sys.stderr)
    return Outcome(
        target, int(counted[1]) if counted else 0, seconds, int(branches[-1]) if branches else 0, found, ran.returncode
    )


def show(outcome: Outcome) -> Outcome:
    names = ", ".join(each.name for each in outcome.kept)
    ended = f" (ended with {outcome.ended})" if outcome.ended else ""
    print(
        f"{outcome.target:<12} {outcome.executions:>10} {outcome.seconds:>8.0f} {outcome.branches:>8}  "
        f"{len(outcome.kept)}{ended} {names}",
        flush=True,
    )
    return outcome


if __name__ == "__main__":
    sys.exit(main())
