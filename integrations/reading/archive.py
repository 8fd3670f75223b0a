"""ZIP containers, OFD among them: opened in memory, never unpacked to disk, within limits that hold before anything is read."""

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from core.errors import Unreadable
from core.messages import Message
from integrations.reading.limits import ReadingLimits
from integrations.reading.refusals import too_large

_UTF8_NAMES = 0x800
_LOCKED = 0x1
_END_OF_DIRECTORY = b"PK\x05\x06"
# What others can do costs memory that a file could choose (LZMA: up to 4 GB).
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_OUTSIDE = re.compile(r"(?:^|/)\.\.(?:/|$)|^[A-Za-z]:|\0")
_RUBBISH = re.compile(r"(?:^|/)(?:__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$", re.IGNORECASE)


@dataclass(frozen=True)
class Archive:
    """A container whose directory was looked over: `entries` by their names, folders and system rubbish left out."""

    zip: zipfile.ZipFile
    entries: Mapping[str, zipfile.ZipInfo]
    limits: ReadingLimits

    @property
    def unpacked_bytes(self) -> int:
        """All of it, as its directory says; reading never gives more than that."""
        return sum(entry.file_size for entry in self.entries.values())

    def read(self, name: str) -> bytes:
        """One entry. Raises Unreadable: E-TOO-LARGE, E-ZIP-LOCKED, E-ZIP-BROKEN."""
        entry = self.entries[name]
        if entry.file_size > self.limits.bytes:
            raise too_large(self.limits, entry.file_size)
        if entry.flag_bits & _LOCKED:
            raise Unreadable(
                Message(
                    "It has a password and cannot be opened. The original is kept (24 hours). Please send it without a password."
                ),
                code="E-ZIP-LOCKED",
            )
        if entry.compress_type not in _METHODS:
            raise broken_archive(f"method {entry.compress_type}")
        try:
            return self.zip.read(entry)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as problem:
            raise broken_archive(type(problem).__name__) from problem


def open_archive(content: bytes, limits: ReadingLimits, *, rooted: bool = False) -> Archive:
    """Look over a container's directory. `rooted`: names may begin with "/", as some OFD's do.

    Raises: Unreadable: E-ZIP-BROKEN, E-ZIP-ENTRIES, E-ZIP-PATH, E-ZIP-BOMB.
    """
    # Asked before the directory is read: that of a million entries would take all the memory there is.
    if entries_of(content) > 10 * limits.entries:
        raise _too_many(limits)
    try:
        opened = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as problem:
        raise broken_archive(type(problem).__name__) from problem
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in opened.infolist():
        name = _name_of(entry)
        if _OUTSIDE.search(name) or (name.startswith("/") and not rooted):
            raise Unreadable(
                Message(
                    "This archive names a place outside itself, which only attacks do, so it was not unpacked. "
                    "The original is kept (24 hours). Please send the invoices one by one."
                ),
                code="E-ZIP-PATH",
            )
        name = name.lstrip("/")
        if name and not name.endswith("/") and not _RUBBISH.search(name):
            entries.setdefault(name, entry)
    if len(entries) > limits.entries:
        raise _too_many(limits)
    archive = Archive(opened, entries, limits)
    if archive.unpacked_bytes > limits.unpacked_bytes:
        raise Unreadable(
            Message(
                "Unpacked, this archive is larger than {limit} MB, so it was not unpacked. The original is kept (24 hours). "
                "Please send fewer files, or send them one by one.",
                limit=limits.unpacked_bytes // 1024**2,
            ),
            code="E-ZIP-BOMB",
            detail=f"{archive.unpacked_bytes} bytes",
        )
    return archive


def entries_of(content: bytes) -> int:
    """How many entries the end of the file announces; 65,535 stands for more."""
    end = content.rfind(_END_OF_DIRECTORY)
    return int.from_bytes(content[end + 10 : end + 12], "little") if end >= 0 else 0


def broken_archive(detail: str) -> Unreadable:
    """It is not all there, or packed in a way that is not known here."""
    return Unreadable(
        Message(
            "This archive is damaged, incomplete or packed in an unusual way. The original is kept (24 hours). "
            "Please download it again, or send the files one by one."
        ),
        code="E-ZIP-BROKEN",
        detail=detail,
    )


def _too_many(limits: ReadingLimits) -> Unreadable:
    return Unreadable(
        Message(
            "This archive holds more than {limit} files, so it was not unpacked. The original is kept (24 hours). "
            "Please send fewer files at a time.",
            limit=limits.entries,
        ),
        code="E-ZIP-ENTRIES",
    )


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name as its packer meant it: without the flag of UTF-8, Chinese tools write UTF-8 or GBK all the same."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAMES and not name.isascii():
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/").removeprefix("./")
