"""Every setting of the sandbox, read once by `python -m sandbox`."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """How the sandbox behaves; durations are seconds and default to Slack's own."""

    port: int = 8600
    bot_url: str = "http://127.0.0.1:8500"
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105  not a secret: it signs between two programs of one machine
    token: str = "xoxb-sandbox"  # noqa: S105  as above
    deadline: float = 3.0
    """Seconds the bot has to answer an event, a click, a modal or a command."""
    retry_delays: tuple[float, ...] = (0.1, 60.0, 300.0)
    """Seconds before each redelivery of an event: nearly at once, one minute, five minutes."""
    trigger_lifetime: float = 3.0
    response_url_lifetime: float = 1800.0
    response_url_uses: int = 5
    largest_file: int = 200 * MIB

    @property
    def base_url(self) -> str:
        """Where this sandbox answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def events_url(self) -> str:
        """The bot's one request URL: events, interactivity and commands."""
        return f"{self.bot_url.rstrip('/')}/slack/events"
