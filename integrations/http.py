"""The one door to the network for calls we write ourselves: known hosts, timeouts, sizes, no secrets in logs."""

import ipaddress
import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx

_SECRET = re.compile(r"\b(?:xox[a-z]|xapp)-[\w.-]+|\bBearer\s+\S+", re.IGNORECASE)
_PATH = re.compile(r"(https?://[^/\s\"'<>]+)/[^\s\"'<>]*")


class NotAllowed(Exception):
    """The address is not on the list, or not encrypted; nothing was sent."""


class NoAnswer(Exception):
    """Timeout, refused connection, broken answer. The other side may or may not have seen the request."""


class TooLarge(Exception):
    """The answer is longer than the caller takes; reading stopped there."""


@dataclass(frozen=True)
class Answer:
    """What came back. `content_type` is lower-case without parameters."""

    status: int
    content_type: str
    content: bytes
    retry_after: float | None


class Redaction(logging.Filter):
    """Takes tokens, and the paths of addresses (a reply address is a secret), out of what a library logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redacted(record.getMessage()), ()
        return True


_redaction = Redaction()


def redacted(text: str) -> str:
    """The text without tokens and without the paths of addresses."""
    return _PATH.sub(r"\1/…", without_tokens(text))


def without_tokens(text: str) -> str:
    """The text without tokens."""
    return _SECRET.sub("(secret)", text)


class Door:
    """Calls to a fixed list of hosts ("files.slack.com", "127.0.0.1:8600"), https only except on this machine.

    Redirects are never followed, since they would carry the token elsewhere.
    """

    def __init__(self, hosts: frozenset[str], *, timeout: float = 10.0, longest: float = 60.0) -> None:
        """`timeout`: seconds between two signs of life; `longest`: seconds for one whole answer."""
        self._hosts = hosts
        self._longest = longest
        # A proxy of the environment is for the world outside, never for this machine.
        outside = not all(on_this_machine(urlsplit(f"//{host}")) for host in hosts)
        # Read as sent: a compressed answer could unpack to any size.
        self._client = httpx.Client(
            headers={"Accept-Encoding": "identity"}, timeout=timeout, follow_redirects=False, trust_env=outside
        )
        logging.getLogger("httpx").addFilter(_redaction)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def get(self, url: str, *, headers: Mapping[str, str], most: int) -> Answer:
        """At most `most` bytes. Raises NotAllowed, NoAnswer, TooLarge."""
        return self._ask("GET", url, most, headers=headers)

    def post_json(self, url: str, body: Mapping[str, Any], *, most: int = 100_000) -> Answer:
        """Raises NotAllowed, NoAnswer, TooLarge."""
        return self._ask("POST", url, most, json=body)

    def _ask(self, method: str, url: str, most: int, **rest: Any) -> Answer:
        self._let_through(url)
        until = time.monotonic() + self._longest
        try:
            with self._client.stream(method, url, **rest) as response:
                content = bytearray()
                for part in response.iter_raw():
                    content += part
                    if len(content) > most:
                        raise TooLarge(f"more than {most} bytes")
                    if time.monotonic() > until:
                        raise NoAnswer(f"not finished after {self._longest} s")
        except httpx.HTTPError as broken:
            raise NoAnswer(f"{type(broken).__name__}: {redacted(str(broken))}") from None
        content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Answer(response.status_code, content_type, bytes(content), _seconds(response.headers.get("retry-after")))

    def _let_through(self, url: str) -> None:
        parts = urlsplit(url)
        encrypted = parts.scheme == "https" or (parts.scheme == "http" and on_this_machine(parts))
        if not encrypted or parts.netloc.lower() not in self._hosts:
            raise NotAllowed(redacted(url))


def on_this_machine(parts: SplitResult) -> bool:
    """Whether an address is this machine's own loopback."""
    host = parts.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isdigit() else None
