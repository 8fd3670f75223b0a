"""Thousands of generated documents, read one after the other: `script/bench soak`.

Every result is written to a file at once, so a run that was stopped goes on where it was. A change of the program
begins anew: its results are kept under a fingerprint of the sources. Ends with 1 when a wrong value is called verified;
each is named by seed and place, and `--draw PLACE` writes that document to the folder.
"""

import argparse
import hashlib
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

os.environ["OMP_THREAD_LIMIT"] = "1"
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import generated_set  # noqa: E402  the program is found only after the line above

from sandbox.papers.generated import generated  # noqa: E402

SOURCES = ("core", "integrations/reading", "sandbox/papers")
EVERY = 25
SUFFIXES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--count", type=int, default=2000, help="documents in all, those read before included")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--state", type=Path, default=ROOT / "data" / "soak", help="folder of the results")
    options.add_argument("--draw", type=int, metavar="PLACE", help="write this document to the folder and read nothing")
    chosen = options.parse_args()
    chosen.state.mkdir(parents=True, exist_ok=True)
    if chosen.draw is not None:
        return draw(chosen.state, chosen.seed, chosen.draw)
    kept = chosen.state / f"seed-{chosen.seed}-{fingerprint()}.jsonl"
    results = {each.place: each for each in read_before(kept)}
    print(f"{len(results)} read before ({kept}); going on to {chosen.count}")
    with kept.open("a") as file:
        for place in range(chosen.count):
            if place in results:
                continue
            results[place] = result = generated_set.measure(generated(chosen.seed, place))
            file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
            file.flush()
            generated_set.show_wrong(result)
            if len(results) % EVERY == 0:
                tell(list(results.values()))
    found = [results[place] for place in sorted(results) if place < chosen.count]
    generated_set.show(found)
    wrong = sum(len(each.wrong_but_verified) for each in found)
    if wrong:
        print(f"FAILED {wrong} wrong values are called verified")
    return 1 if wrong else 0


def read_before(kept: Path) -> list[generated_set.Result]:
    """The results of earlier runs; a line that was cut short by the end of one is dropped from the file."""
    if not kept.exists():
        return []
    lines = [line for line in kept.read_text().splitlines(keepends=True) if line.endswith("\n")]
    kept.write_text("".join(lines))
    return [generated_set.result_from(json.loads(line)) for line in lines]


def tell(results: list[generated_set.Result]) -> None:
    right, labelled = (sum(getattr(each, name) for each in results) for name in ("right", "labelled"))
    wrong = sum(len(each.wrong) for each in results)
    verified = sum(len(each.wrong_but_verified) for each in results)
    seconds = sum(each.seconds for each in results)
    print(
        f"{len(results)} documents: right {right} of {labelled}, wrong {wrong}, wrong but verified {verified}, "
        f"{seconds / len(results):.2f} s a document",
        flush=True,
    )


def draw(folder: Path, seed: int, place: int) -> int:
    document = generated(seed, place)
    path = folder / f"seed-{seed}-{place}.{SUFFIXES[document.media]}"
    path.write_bytes(document.content)
    print(path, document.name, document.condition.value)
    print(json.dumps(document.labels, ensure_ascii=False, indent=1))
    return 0


def fingerprint() -> str:
    """Of all that decides a result: the readers and the generator."""
    digest = hashlib.sha256()
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


if __name__ == "__main__":
    sys.exit(main())
