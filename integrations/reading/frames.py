"""What the pool and a reading child say to each other over two pipes. JSON and raw bytes, never pickle.

A frame is: length of the JSON (4 bytes, big-endian), length of the attachment (4), the JSON, the attachment.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from cattrs import BaseValidationError

from core.document import Problem
from core.invoice import ReadInvoice
from core.messages import Message
from integrations.wire import from_json, to_json

Shape = TypeVar("Shape")
_HEAD = struct.Struct(">II")
HEAD_BYTES = _HEAD.size
MOST_JSON = 16 * 1024**2
MOST_ATTACHED = 256 * 1024**2


class BadFrame(Exception):
    """The other side said something that is no frame of ours."""


@dataclass(frozen=True)
class Hello:
    """The child's first frame: it is warm, and this is what confines it."""

    network_closed: bool
    own_users: bool
    own_processes: bool
    resident: int


@dataclass(frozen=True)
class Request:
    """One file; the attachment is its content."""

    media: str


@dataclass(frozen=True)
class Refusal:
    """An Unreadable on its way."""

    message: Message
    code: str
    detail: str


@dataclass(frozen=True)
class Answer:
    """One file's outcome; the attachment is the previews one after another, `previews` their sizes by page.

    `crashed` names an exception and its line, not its text; the child ends after it. `resident` is the child's memory.
    """

    invoices: tuple[ReadInvoice, ...] = ()
    previews: Mapping[int, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    refusal: Refusal | None = None
    crashed: str | None = None
    resident: int = 0


def pack(value: object, attached_bytes: int = 0) -> bytes:
    """A frame up to its attachment."""
    text = to_json(value).encode()
    return _HEAD.pack(len(text), attached_bytes) + text


def lengths(head: bytes) -> tuple[int, int]:
    """(bytes of JSON, bytes of attachment). Raises BadFrame when more is announced than ever makes sense."""
    text, attached = _HEAD.unpack(head)
    if text > MOST_JSON or attached > MOST_ATTACHED:
        raise BadFrame(f"announces {text} and {attached} bytes")
    return text, attached


def unpack(text: bytes, shape: type[Shape]) -> Shape:
    """The JSON of a frame as `shape`. Raises BadFrame."""
    # A dataclass whose fields all have defaults would be made of an empty list, too.
    if not text.startswith(b"{"):
        raise BadFrame(f"no {shape.__name__}: not an object")
    try:
        return from_json(text.decode(), shape)
    except (BaseValidationError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise BadFrame(f"no {shape.__name__}: {type(problem).__name__}") from problem
