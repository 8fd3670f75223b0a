"""A backup file's outside: a readable first line, then encrypted pieces of which none can be changed, moved or missing.

    {"piaobot_backup": 1, "keys": […], "salt": "…", …}⏎  piece  piece  …  last piece

Each piece is 1 MiB of content and 16 bytes that prove it (AES-256-GCM). Its nonce is its number and whether it is the
last, so an end that was cut off shows; the first line is proved by every piece. The key is made for this file alone,
from the newest key of the keyring and the salt.
Source: the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption" (2015).
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import Expected
from core.messages import Message
from integrations.storage.keys import Keyring

FORMAT = 1
_PIECE_BYTES = 1024 * 1024
_PROOF_BYTES = 16
_LONGEST_FIRST_LINE = 8192


class BackupUnusable(Expected):
    """The file is no backup, damaged, too new, or sealed with other keys. For whoever runs the program."""

    code = "E-BACKUP-FILE"


def damaged() -> BackupUnusable:
    """For every way in which the bytes are not those that were written."""
    return BackupUnusable(
        Message("The backup is damaged or its end is missing. Nothing was changed. Copy it again, or use another one.")
    )


@dataclass(frozen=True)
class FirstLine:
    """What can be read without a key. `keys`: fingerprints of the whole keyring, newest first; the newest seals."""

    keys: tuple[str, ...]
    salt: str
    said: Mapping[str, str]

    def to_bytes(self) -> bytes:
        line = {"piaobot_backup": FORMAT, "keys": self.keys, "salt": self.salt, "said": dict(self.said)}
        return json.dumps(line).encode() + b"\n"


class Sealing:
    """Writes a backup file. Only `close` makes it whole."""

    def __init__(self, file: IO[bytes], keyring: Keyring, said: Mapping[str, str]) -> None:
        first = FirstLine(keyring.key_prints, secrets.token_hex(16), said)
        self._file = file
        self._pieces = _Pieces(first, first.to_bytes(), keyring)
        self._waiting = bytearray()
        file.write(first.to_bytes())

    def write(self, content: bytes) -> None:
        self._waiting += content
        while len(self._waiting) > _PIECE_BYTES:
            self._file.write(self._pieces.seal(bytes(self._waiting[:_PIECE_BYTES]), last=False))
            del self._waiting[:_PIECE_BYTES]

    def close(self) -> None:
        """Write the last piece. The file itself stays open."""
        self._file.write(self._pieces.seal(bytes(self._waiting), last=True))


class Opening:
    """Reads a backup file from its beginning. Nothing is given out that was not proved first."""

    def __init__(self, file: IO[bytes], keyring: Keyring) -> None:
        """Raises BackupUnusable when the keys, the format or the first line do not fit."""
        line = file.readline(_LONGEST_FIRST_LINE)
        self.first = _first_line(line)
        # Older keys than the newest are needed as well: originals may still be encrypted with them, and the oldest
        # names all originals. Newer ones do no harm.
        if keyring.key_prints[-len(self.first.keys) :] != self.first.keys:
            raise BackupUnusable(
                Message(
                    "The backup was sealed with the keys {wanted}, and here are the keys {held}. Nothing was changed. "
                    "Put the keys of that installation here first.",
                    wanted=self.first.keys,
                    held=keyring.key_prints,
                )
            )
        self._content = _Pieces(self.first, line, keyring).opened(file)
        self._waiting = bytearray()
        self._ended = False

    def read(self, size: int) -> bytes:
        """Exactly so many bytes, fewer only at the end. Raises BackupUnusable."""
        while len(self._waiting) < size and not self._ended:
            piece = next(self._content, None)
            self._ended = piece is None
            self._waiting += piece or b""
        content = bytes(self._waiting[:size])
        del self._waiting[:size]
        return content


class _Pieces:
    def __init__(self, first: FirstLine, line: bytes, keyring: Keyring) -> None:
        self._cipher = AESGCM(keyring.derive(first.keys[0], b"backup/" + first.salt.encode()))
        self._line = line
        self._number = 0

    def seal(self, content: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(last=last), content, self._line)

    def opened(self, file: IO[bytes]) -> Iterator[bytes]:
        sealed = file.read(_PIECE_BYTES + _PROOF_BYTES)
        while True:
            following = file.read(_PIECE_BYTES + _PROOF_BYTES)
            try:
                yield self._cipher.decrypt(self._nonce(last=not following), sealed, self._line)
            except (InvalidTag, ValueError) as problem:
                raise damaged() from problem
            if not following:
                return
            sealed = following

    def _nonce(self, *, last: bool) -> bytes:
        nonce = self._number.to_bytes(11) + bytes([last])
        self._number += 1
        return nonce


def _first_line(line: bytes) -> FirstLine:
    try:
        said: Any = json.loads(line)
        version = said["piaobot_backup"]
        if isinstance(version, int) and version > FORMAT:
            raise too_new()
        first = FirstLine(tuple(said["keys"]), said["salt"], said["said"])
    except (ValueError, KeyError, TypeError) as problem:
        raise _not_one() from problem
    # Written again it is the same bytes, so there is nothing in it that we did not understand.
    if version != FORMAT or not first.keys or first.to_bytes() != line:
        raise _not_one()
    return first


def _not_one() -> BackupUnusable:
    return BackupUnusable(
        Message("This file is not a backup of Piaobot, or its beginning is damaged. Nothing was changed.")
    )


def too_new() -> BackupUnusable:
    """Its format, or its tables, are of a version we are not."""
    return BackupUnusable(
        Message("The backup was made by a newer version of Piaobot. Nothing was changed. Install that version first.")
    )
