"""What a file is, by its first bytes; its name is never asked.

Only fixed places are compared here, so this is safe beside secrets. What needs a parser is in examine.py, in the child.
"""

import codecs
import re

from core.errors import Unreadable
from core.messages import Message
from integrations.reading.limits import ReadingLimits
from integrations.reading.refusals import too_large

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
XML, OFD, ZIP = "application/xml", "application/ofd", "application/zip"
WITHOUT_OCR = frozenset({XML, OFD})

_SUPPORTED = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")
_OTHERS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Message("an old Office file")),
    (b"GIF8", Message("a GIF picture")),
    (b"BM", Message("a BMP picture")),
    (b"II*\x00", Message("a TIFF picture")),
    (b"MM\x00*", Message("a TIFF picture")),
    (b"Rar!", Message("an archive")),
    (b"7z\xbc\xaf\x27\x1c", Message("an archive")),
    (b"\x1f\x8b", Message("an archive")),
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BLANKS = b" \t\r\n\x0c"
_ZIP, _FIRST_NAME = (b"PK\x03\x04", b"PK\x05\x06"), 30
_OFD_ROOT, _DIRECTORY = b"OFD.xml", 64 * 1024
_XML = re.compile(rb"<[?!A-Za-z_]")
_WIDE_XML = (b"\xff\xfe<\x00", b"\xfe\xff\x00<")


def media_of(content: bytes, limits: ReadingLimits | None = None) -> str:
    """The media type the first bytes say: JPEG, PNG, PDF, XML, OFD or ZIP. What follows the file's end is ignored.

    An OFD is a ZIP whose directory, at its end, names OFD.xml.

    Raises: Unreadable: E-EMPTY, E-TOO-LARGE, E-HTML, E-TYPE.
    """
    limits = limits or ReadingLimits()
    if not content:
        raise Unreadable(
            Message("This file is empty, so there is nothing to keep. Please send it again."), code="E-EMPTY"
        )
    if len(content) > limits.bytes:
        raise too_large(limits, len(content))
    # Invoice platforms put a byte order mark or an empty line before the PDF header.
    start = content[:4096].removeprefix(_BYTE_ORDER_MARK).lstrip(_BLANKS)
    for magic, media in _SUPPORTED:
        if start.startswith(magic):
            return media
    if _is_web_page(start):
        raise Unreadable(
            Message(
                "This is a web page. It is kept (24 hours). If you saved it from a website, please download the invoice there as a PDF "
                "and send that. If you sent something else, Slack gave its sign-in page for it: an administrator has to give "
                "the app the files:read permission."
            ),
            code="E-HTML",
        )
    if start.startswith(_ZIP) and not start[_FIRST_NAME:].startswith(b"[Content_Types].xml"):
        return OFD if _OFD_ROOT in content[-_DIRECTORY:] else ZIP
    if (_XML.match(start) and not start.lower().startswith(b"<svg")) or start.startswith(_WIDE_XML):
        return XML
    raise Unreadable(
        Message(
            "This file is {kind}. JPEG, PNG, PDF, OFD, XML and ZIP can be read. The original is kept (24 hours). Please send the invoice as one of these.",
            kind=_kind_of(start),
        ),
        code="E-TYPE",
        detail=content[:8].hex(),
    )


def _is_web_page(start: bytes) -> bool:
    lowered = start.lower()
    return lowered.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or (
        lowered.startswith((b"<?xml", b"<!--")) and b"<html" in lowered
    )


def _kind_of(start: bytes) -> Message:
    for magic, kind in _OTHERS:
        if start.startswith(magic):
            return kind
    if start[4:8] == b"ftyp":
        return Message("a HEIC picture") if start[8:12] in _HEIF_BRANDS else Message("a video")
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return Message("a WebP picture")
    if start.startswith(_ZIP):
        return Message("an Office file")
    if start.lower().startswith(b"<svg"):
        return Message("an SVG picture")
    return Message("plain text") if _is_text(start) else Message("of a type that is not known here")


def _is_text(start: bytes) -> bool:
    if any(byte < 0x20 and byte not in b"\t\r\n\x0c" for byte in start):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            # Incremental: the last character may be cut.
            codecs.getincrementaldecoder(encoding)().decode(start)
        except UnicodeDecodeError:
            continue
        return True
    return False
