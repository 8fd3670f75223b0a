"""A backup's inside: entries one after another, each with its own SHA-256, and a closing one that covers them all."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from integrations.backup.seal import Opening, Sealing, damaged

_LENGTH_BYTES = 4
_LARGEST_LABEL = 1024 * 1024
_END = "end"


@dataclass(frozen=True)
class Entry:
    """`kind` and `about` say what it is; it is small enough to be held in memory (an original, or a block of rows)."""

    kind: str
    about: Mapping[str, Any]
    content: bytes


class EntryWriter:
    """Entries into a backup file; `close` ends it. Gives the digest of all, for comparing with what is read back."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing
        self._all = hashlib.sha256()

    def add(self, entry: Entry) -> None:
        sha256 = hashlib.sha256(entry.content).hexdigest()
        label = {"kind": entry.kind, "size": len(entry.content), "sha256": sha256, "about": dict(entry.about)}
        line = json.dumps(label).encode()
        self._all.update(line)
        self._sealing.write(len(line).to_bytes(_LENGTH_BYTES) + line + entry.content)

    def close(self) -> str:
        digest = self._all.hexdigest()
        self.add(Entry(_END, {"digest": digest}, b""))
        self._sealing.close()
        return digest


class EntryReader:
    """The entries of a backup file, in the order they were written."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self.digest: str | None = None
        """Of all entries, once all were read and found to be those that were written."""

    def __iter__(self) -> Iterator[Entry]:
        """Raises BackupUnusable at the first byte that is not as it was written."""
        whole = hashlib.sha256()
        while True:
            line = self._exactly(int.from_bytes(self._exactly(_LENGTH_BYTES)), _LARGEST_LABEL)
            label = json.loads(line)
            content = self._exactly(label["size"])
            if hashlib.sha256(content).hexdigest() != label["sha256"]:
                raise damaged()
            if label["kind"] == _END:
                if label["about"]["digest"] != whole.hexdigest() or self._opening.read(1):
                    raise damaged()
                self.digest = whole.hexdigest()
                return
            whole.update(line)
            yield Entry(label["kind"], label["about"], content)

    def _exactly(self, size: int, most: int | None = None) -> bytes:
        content = self._opening.read(size) if most is None or size <= most else b""
        if len(content) != size:
            raise damaged()
        return content
