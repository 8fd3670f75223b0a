"""The keys that encrypt what is kept: files on disk and columns of the database."""

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import Expected
from core.messages import Message

_FORMAT = 1
_FILE = "keys.json"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class KeysUnusable(Expected):
    """The keyring is missing, malformed or open to others. For whoever runs the program; nothing was started."""

    code = "E-KEYS"


class NotDecrypted(Exception):
    """These bytes were not encrypted by a key we hold for this context, or were changed since."""


@dataclass(frozen=True)
class Key:
    """One key. `secret` is 32 bytes and never shown."""

    id: str
    secret: bytes = field(repr=False)

    def derive(self, purpose: bytes) -> bytes:
        """32 bytes for one purpose, so that no secret is used for two."""
        return HKDF(SHA256(), length=_KEY_BYTES, salt=None, info=b"piaobot/" + purpose).derive(self.secret)

    @property
    def print(self) -> str:
        """16 hex digits by which two installations see that they hold the same key; they tell nothing of it."""
        return self.derive(b"print").hex()[:16]


class Keyring:
    """Keys, newest first: the newest encrypts, all decrypt.

    Encrypted bytes are: format (1 byte), length of the key's id (1), the id, nonce (12), AES-256-GCM text with tag (16).
    """

    def __init__(self, keys: Sequence[Key]) -> None:
        if not keys or len({key.id for key in keys}) != len(keys):
            raise KeysUnusable(Message("The encryption keys need at least one key, each with an id of its own."))
        for key in keys:
            if not _KEY_ID.fullmatch(key.id) or len(key.secret) != _KEY_BYTES:
                raise KeysUnusable(_malformed(), detail="an id is malformed or a key is not 32 bytes")
        self.key_ids = tuple(key.id for key in keys)
        self.key_prints = tuple(key.print for key in keys)
        self._keys = {key.print: key for key in keys}
        self._ciphers = {key.id: AESGCM(key.derive(b"encrypt")) for key in keys}
        # The oldest key names things, so that a new key in front changes no name.
        self._naming = keys[-1].derive(b"fingerprint")

    def encrypt(self, plain: bytes, context: bytes) -> bytes:
        """Encrypt with the newest key. Only the same `context` (a column and row, a file's key) decrypts it."""
        newest = self.key_ids[0]
        header = bytes([_FORMAT, len(newest)]) + newest.encode()
        nonce = os.urandom(_NONCE_BYTES)
        return header + nonce + self._ciphers[newest].encrypt(nonce, plain, header + context)

    def decrypt(self, sealed: bytes, context: bytes) -> bytes:
        """The plain bytes. Raises NotDecrypted."""
        header, rest = _split_header(sealed)
        cipher = self._ciphers.get(header[2:].decode("ascii", "replace"))
        if cipher is None:
            raise NotDecrypted(f"key {header[2:]!r} is not in the keyring")
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], header + context)
        except (InvalidTag, ValueError) as problem:
            raise NotDecrypted("the bytes were changed, or belong to another context") from problem

    def needs_rotation(self, sealed: bytes) -> bool:
        """Whether an older key encrypted it. Raises NotDecrypted when it has no header of ours."""
        header, _ = _split_header(sealed)
        return header[2:] != self.key_ids[0].encode()

    def derive(self, key_print: str, purpose: bytes) -> bytes:
        """32 bytes for one purpose, from the key with this print. Raises KeyError."""
        return self._keys[key_print].derive(purpose)

    def fingerprint(self, content: bytes, context: bytes) -> str:
        """64 hex digits that only holders of the oldest key can compute: for finding equals without storing them."""
        digest = hashlib.sha256(content).digest()
        return hmac.new(self._naming, len(context).to_bytes(4) + context + digest, hashlib.sha256).hexdigest()


def load_keyring(data_dir: Path, env_value: str | None) -> Keyring:
    """The keyring of this installation.

    Args:
        data_dir: where keys.json lies; it is created, readable by its owner alone, at first use.
        env_value: PIAOBOT_ENCRYPTION_KEYS, "id:base64,id:base64", newest first; when set, keys.json is not looked at.

    Raises: KeysUnusable.
    """
    if env_value:
        return Keyring([_key(*pair.strip().partition(":")[::2]) for pair in env_value.split(",")])
    path = data_dir / _FILE
    if not path.exists():
        _create(path)
    return _read(path)


def has_keyring(data_dir: Path, env_value: str | None) -> bool:
    """Whether `load_keyring` would find keys, and not make new ones."""
    return bool(env_value) or (data_dir / _FILE).exists()


def _key(key_id: str, encoded: str) -> Key:
    try:
        return Key(key_id, base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError) as problem:
        raise KeysUnusable(_malformed(), detail="a key is not base64") from problem


def _malformed() -> Message:
    return Message(
        "The encryption keys cannot be read. Each is an id, a colon and 32 bytes in base64, separated by commas, newest first."
    )


def _create(path: Path) -> None:
    # FileStorage's layout, whatever its folder is called.
    if any(path.parent.glob("*/??/" + "[0-9a-f]" * 64)):
        raise KeysUnusable(
            Message(
                "{path} is missing, but encrypted files are here. A new key could not open them: restore it from the backup.",
                path=str(path),
            )
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = {"id": secrets.token_hex(4), "key": base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()}
    draft = path.with_name(f".keys-{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"keys": [key]}, file)
            file.flush()
            os.fsync(file.fileno())
        # A link never replaces: of two processes at their first start, one names the key and both use it.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)


def _read(path: Path) -> Keyring:
    with path.open(encoding="utf-8") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise KeysUnusable(
                Message(
                    "{path} holds the encryption keys and others can read it. Run: chmod 600 {path}", path=str(path)
                )
            )
        try:
            held: Any = json.load(file)
            keys = [_key(entry["id"], entry["key"]) for entry in held["keys"]]
        except (ValueError, KeyError, TypeError) as problem:
            raise KeysUnusable(
                Message(
                    "{path} holds the encryption keys but cannot be read. Restore it from the backup.", path=str(path)
                ),
                detail="keys.json is malformed",
            ) from problem
    return Keyring(keys)


def _split_header(sealed: bytes) -> tuple[bytes, bytes]:
    if len(sealed) < 2 or sealed[0] != _FORMAT:
        raise NotDecrypted("no header of ours")
    end = 2 + sealed[1]
    return sealed[:end], sealed[end:]
