"""What the checks look at: the settings, and what more than one check asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.settings import Settings
from integrations.configuration import Configuration, load_configuration
from integrations.slack.access import Greeting, greet
from integrations.slack.client import Slack

SLACK_SECONDS = 8
"""Less than a check may take, so that the check itself says what did not answer."""


@dataclass(frozen=True)
class Place:
    """One set-up. What is asked for twice is looked up once; an exception is raised to each who asks."""

    settings: Settings
    now: Callable[[], datetime]

    @property
    def bot_token(self) -> str:
        return self.settings.slack_bot_token.get_secret_value()

    @property
    def signing_secret(self) -> str:
        return self.settings.slack_signing_secret.get_secret_value()

    @property
    def app_token(self) -> str:
        return self.settings.slack_app_token.get_secret_value()

    @cached_property
    def slack(self) -> Slack:
        return Slack(self.bot_token, base_url=self.settings.slack_api_url, timeout=SLACK_SECONDS)

    @cached_property
    def greeting(self) -> Greeting:
        """Raises ChatUnavailable."""
        return greet(self.slack, self.now)

    @cached_property
    def configuration(self) -> Configuration:
        """Raises ConfigurationError."""
        return load_configuration(self.settings.config_dir)
