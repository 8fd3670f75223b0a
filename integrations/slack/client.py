"""How we reach one Slack workspace: clients with their timeouts, and Slack's errors as ours."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from core.ports import ChatRefused, ChatUnavailable
from integrations.http import Door, on_this_machine
from integrations.metrics import SLACK_ERRORS

SLACK = "https://slack.com/api/"
_LATER = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)

_MENDED_BY_AN_ADMIN = frozenset({"token_revoked", "account_inactive", "invalid_auth", "not_authed", "token_expired"})
"""Our own access is broken: nothing is lost by waiting until somebody mends it."""
_ADMINS_SECONDS = 60.0


class SlackRefused(ChatRefused):
    """Slack's error name, and what it said about it ("[ERROR] invalid slack file [json-pointer:/blocks/2]")."""

    def __init__(self, error: str, said: tuple[str, ...] = ()) -> None:
        super().__init__(error)
        self.error = error
        self.said = said


class Slack:
    """One workspace's Web API. `modals` gives up after 2 s, since a trigger lives 3.

    No client retries by itself: a post whose answer got lost would be posted twice.
    """

    def __init__(self, token: str, *, base_url: str = SLACK, timeout: int = 10) -> None:
        self.token = token
        self.api = _Client(token, base_url=base_url, timeout=timeout, retry_handlers=[])
        self.modals = _Client(token, base_url=base_url, timeout=2, retry_handlers=[])
        address = urlsplit(base_url)
        if on_this_machine(address):
            self.api.proxy = self.modals.proxy = None
        ours = (address.hostname or "").removeprefix("www.") == "slack.com"
        hosts = {"files.slack.com", "hooks.slack.com"} if ours else {address.netloc.lower()}
        self.door = Door(frozenset(hosts), timeout=float(timeout))


class _Client(WebClient):
    """Leaves a method alone for as long as Slack asked for, whoever calls it: its budget is the workspace's."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._free_at: dict[str, float] = {}

    def api_call(self, api_method: str, **more: Any) -> SlackResponse:
        """Raises ChatUnavailable without asking while Slack wants to be left alone."""
        wait = self._free_at.get(api_method, 0.0) - time.monotonic()
        if wait > 0:
            raise ChatUnavailable(f"Slack asked not to be asked for {api_method}", retry_after=wait)
        try:
            return super().api_call(api_method, **more)
        except SlackApiError as refused:
            if refused.response.status_code == 429:
                self._free_at[api_method] = time.monotonic() + _retry_after(refused.response)
            raise


def _retry_after(response: Any) -> float:
    """Seconds, as the header says."""
    after = {name.lower(): str(value) for name, value in response.headers.items()}.get("retry-after", "")
    return float(after) if after.isdigit() else 5.0


@contextmanager
def asking() -> Iterator[None]:
    """Slack's failures as ChatUnavailable (try again) and SlackRefused (never)."""
    try:
        yield
    except SlackApiError as refused:
        ours = _ours(refused)
        SLACK_ERRORS.labels(_name_of(refused)).inc()
        raise ours from None
    except (SlackRequestError, HTTPException, OSError) as broken:  # OSError: URLError, timeouts, resets
        SLACK_ERRORS.labels("unreachable").inc()
        raise ChatUnavailable(type(broken).__name__) from None


def _name_of(refused: SlackApiError) -> str:
    """Slack's own word; anything else is named by its HTTP status."""
    response = refused.response
    error = str(response.get("error", "")) if isinstance(response.data, dict) else ""
    return error if error.isidentifier() and len(error) <= 60 else f"http_{response.status_code}"


def _ours(refused: SlackApiError) -> Exception:
    response = refused.response
    error = str(response.get("error", "")) if isinstance(response.data, dict) else ""
    if response.status_code == 429 or response.status_code >= 500 or error in _LATER:
        return ChatUnavailable(
            f"Slack answered {response.status_code} {error[:40]}", retry_after=_retry_after(response)
        )
    if error in _MENDED_BY_AN_ADMIN:
        return ChatUnavailable(f"Slack refuses our token: {error}", retry_after=_ADMINS_SECONDS)
    said = (response.get("response_metadata") or {}).get("messages") or []
    return SlackRefused(error, tuple(map(str, said)))
