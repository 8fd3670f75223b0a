"""Originals and previews in a folder of this machine, encrypted."""

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from integrations.storage.keys import Keyring, NotDecrypted

_KEY = re.compile(r"[0-9a-f]{64}")


class FileStorage:
    """core.ports.Storage on the local file system. Threads and processes may share the folder.

    A key is the content's fingerprint under the keyring, so that neither names nor equal files tell anything without
    the keys. A file lies in `folder/ab/abcd…`; its key is sealed in with it, so that files cannot be swapped.
    """

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._keyring = keyring

    def put(self, content: bytes) -> str:
        """Keep the content, on disk when this returns. The same bytes give the same key. Raises OSError."""
        key = self._keyring.fingerprint(content, b"file")
        if not self._again(key, content):
            self._write(key, content)
        return key

    def get(self, key: str) -> bytes:
        """The content. Raises KeyError; NotDecrypted when the file was changed or its key is gone."""
        if not _KEY.fullmatch(key):
            raise KeyError(key)
        try:
            sealed = self._path(key).read_bytes()
        except FileNotFoundError as missing:
            raise KeyError(key) from missing
        return self._keyring.decrypt(sealed, _context(key))

    def delete(self, key: str, *, unless_put_since: datetime) -> bool:
        """Delete what was last put before this moment; False when it was put since. What is gone already is deleted."""
        if not _KEY.fullmatch(key):
            raise KeyError(key)
        path = self._path(key)
        try:
            with _held(path.parent):
                if path.stat().st_mtime >= unless_put_since.timestamp():
                    return False
                path.unlink()
                _sync_folder(path.parent)
        except FileNotFoundError:
            pass
        return True

    def has(self, key: str) -> bool:
        """Whether `get` would give it."""
        try:
            self.get(key)
        except (KeyError, NotDecrypted):
            return False
        return True

    def stored(self) -> Iterator[str]:
        """The keys of all files; those put meanwhile may be among them."""
        for path in self._folder.glob("??/*"):
            if _KEY.fullmatch(path.name):
                yield path.name

    def sealed(self, key: str) -> bytes:
        """The content as it lies on disk, encrypted. Raises KeyError."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as missing:
            raise KeyError(key) from missing

    def put_at(self, key: str) -> float:
        """When it was last put, in seconds of the epoch. Raises KeyError."""
        try:
            return self._path(key).stat().st_mtime
        except FileNotFoundError as missing:
            raise KeyError(key) from missing

    def put_sealed(self, key: str, sealed: bytes, put_at: float) -> None:
        """Keep what another storage with the same keys gave as `sealed`, as if put then. Raises OSError."""
        self._keep(key, sealed)
        os.utime(self._path(key), (put_at, put_at))

    def opens(self, key: str, sealed: bytes) -> bool:
        """Whether these bytes, as `sealed` gave them, still are what was put."""
        try:
            self._keyring.decrypt(sealed, _context(key))
        except NotDecrypted:
            return False
        return True

    def encrypt_anew(self) -> int:
        """Encrypt what older keys encrypted with the newest one; how many files that were. Keys of files stay."""
        changed = 0
        for path in self._folder.glob("*/*"):
            if not _KEY.fullmatch(path.name):
                continue
            with _held(path.parent):
                if path.exists() and self._keyring.needs_rotation(path.read_bytes()):
                    self._write(path.name, self.get(path.name))
                    changed += 1
        return changed

    def _again(self, key: str, content: bytes) -> bool:
        """Whether it is kept already; if so, from now on it counts as put just now."""
        try:
            with _held(self._path(key).parent):
                if self.get(key) != content:
                    return False
                os.utime(self._path(key))
        except (FileNotFoundError, KeyError, NotDecrypted):
            # A damaged file is mended by whoever sends the original again.
            return False
        return True

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key

    def _write(self, key: str, content: bytes) -> None:
        self._keep(key, self._keyring.encrypt(content, _context(key)))

    def _keep(self, key: str, sealed: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_name(f".{secrets.token_hex(16)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        _sync_folder(self._folder)


def first_key(folder: Path) -> str | None:
    """The key of some file kept in a FileStorage's folder, to try keys on; None when there is none."""
    return next((path.name for path in folder.glob("*/*") if _KEY.fullmatch(path.name)), None)


def _context(key: str) -> bytes:
    return b"file:" + key.encode()


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Nobody else finds or deletes a file of this folder meanwhile. Raises FileNotFoundError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    """Names are on disk only when their folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
