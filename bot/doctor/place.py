"""What the checks look at: the settings, and what more than one check asks for."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar

from bot.settings import Settings
from core.ports import ChatUnavailable
from integrations.configuration import Configuration, ConfigurationError, load_configuration
from integrations.slack.access import Greeting, greet
from integrations.slack.client import Slack

SLACK_SECONDS = 8
"""Less than a check may take, so that the check itself says what did not answer."""


Looked = TypeVar("Looked")


class _Once(Generic[Looked]):
    """Looks once, whoever asks first; the same answer, or the same exception, for all."""

    def __init__(self, look: Callable[[], Looked]) -> None:
        self._look = look
        self._lock = Lock()
        self._answer: Future[Looked] = Future()

    def __call__(self) -> Looked:
        with self._lock:
            if not self._answer.done():
                try:
                    self._answer.set_result(self._look())
                except (ChatUnavailable, ConfigurationError) as problem:
                    self._answer.set_exception(problem)
        return self._answer.result()


class Place:
    """One set-up.

    `greeting` raises ChatUnavailable, `configuration` ConfigurationError.
    """

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self.settings = settings
        self.bot_token = settings.slack_bot_token.get_secret_value()
        self.signing_secret = settings.slack_signing_secret.get_secret_value()
        self.app_token = settings.slack_app_token.get_secret_value()
        self.slack = Slack(self.bot_token, base_url=settings.slack_api_url, timeout=SLACK_SECONDS)
        self.greeting: Callable[[], Greeting] = _Once(lambda: greet(self.slack, now))
        self.configuration: Callable[[], Configuration] = _Once(lambda: load_configuration(settings.config_dir))
