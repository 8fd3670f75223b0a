"""Faults on demand: what can go wrong between Slack and the bot, switched on by tests over HTTP."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.slack.workspace import Json

OF_CALLS = {
    # kind -> what happens to a Web API call
    "rate_limited": "429 with Retry-After",
    "http_error": "an HTTP status without a Slack answer",
    "timeout": "the answer comes `seconds` late",
    "slack_error": "ok: false with that `error`",
    "answer_lost": "the call takes effect, then the connection answers with `status`",
}
OF_FILES = {"no_files_read": "downloads answer 200 with a login page"}
OF_TOKENS = {"token_revoked": "every call answers token_revoked"}
OF_SCOPES = {"scope_missing": "the token lacks `scope`: answers do not list it, methods that need it are refused"}
OF_CLOCK = {"clock_off": "Slack's clock is `seconds` ahead, in the Date header of its answers"}
OF_DELIVERIES = {
    # kind -> what happens to an event, click, modal or command on its way to the bot
    "forged_signature": "signed with another secret",
    "old_signature": "signed ten minutes ago",
    "unsigned": "no signature headers",
    "duplicate_delivery": "the same event twice at once",
    "delayed_delivery": "sent `seconds` later",
}
KINDS = OF_CALLS | OF_FILES | OF_TOKENS | OF_SCOPES | OF_CLOCK | OF_DELIVERIES


@dataclass
class Fault:
    """One fault: what it strikes (`method` of the Web API, or event type; * is all) and how many times more."""

    id: int
    kind: str
    method: str = "*"
    times: int | None = 1
    """None: until it is cleared."""
    retry_after: int = 1
    status: int = 500
    seconds: float = 10.0
    error: str = "internal_error"
    scope: str = ""
    struck: int = 0


class UnknownFault(Exception):
    """The request named a fault that does not exist, in words."""


@dataclass
class Faults:
    """The faults that are switched on."""

    active: list[Fault] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def add(self, wanted: Json) -> Fault:
        """Switch one on. Raises UnknownFault."""
        if wanted.get("kind") not in KINDS:
            raise UnknownFault(f"kind must be one of {', '.join(sorted(KINDS))}")
        try:
            fault = Fault(id=next(self._numbers), **wanted)
        except TypeError as wrong:
            raise UnknownFault(str(wrong)) from wrong
        self.active.append(fault)
        return fault

    def strike(self, kinds: dict[str, str], subject: str) -> Fault | None:
        """The first fault of those kinds that strikes `subject`; it is used up by that."""
        for fault in self.active:
            if fault.kind in kinds and fault.method in {"*", subject} and fault.times != 0:
                fault.struck += 1
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def clear(self) -> None:
        """Switch everything off."""
        self.active.clear()

    def as_json(self) -> list[Json]:
        """For people to read."""
        return [asdict(fault) for fault in self.active]
