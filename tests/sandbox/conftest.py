"""A sandbox and an echo bot on free ports, once for the session; each test starts with an empty workspace."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from PIL import Image

from sandbox.__main__ import server
from sandbox.person import Control, Person
from sandbox.settings import Settings
from tests.sandbox.echo_bot import EchoBot

SECRET = "tests-sign-with-this"
TOKEN = "xoxb-tests"
DEADLINE = 0.6
TRIGGER_LIFETIME = 0.6
RETRY_DELAYS = (0.01, 0.05, 0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def running() -> Iterator[tuple[str, EchoBot]]:
    port = free_port()
    bot = EchoBot(f"http://127.0.0.1:{port}", TOKEN, SECRET)
    settings = Settings(
        port=port,
        bot_url=bot.url,
        signing_secret=SECRET,
        token=TOKEN,
        deadline=DEADLINE,
        retry_delays=RETRY_DELAYS,
        trigger_lifetime=TRIGGER_LIFETIME,
    )
    running = server(settings)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield settings.base_url, bot
    running.should_exit = True
    thread.join(5)
    bot.close()
    assert not thread.is_alive(), "the sandbox does not stop"


@pytest.fixture
def base_url(running: tuple[str, EchoBot], control: Control) -> str:
    return running[0]


@pytest.fixture
def bot(running: tuple[str, EchoBot], control: Control) -> EchoBot:
    bot = running[1]
    for heard in (bot.events, bot.requests, bot.closed, bot.answers, bot.submitted):
        heard.clear()
    return bot


@pytest.fixture
def control(running: tuple[str, EchoBot]) -> Iterator[Control]:
    control = Control(running[0])
    control.reset()
    yield control
    control.close()


@pytest.fixture
def lilei(base_url: str, bot: EchoBot) -> Iterator[Person]:
    with Person(base_url, "U0LILEI", within=4) as person:
        yield person


@pytest.fixture
def wangfang(base_url: str, bot: EchoBot) -> Iterator[Person]:
    with Person(base_url, "U0WANGFANG", within=4) as person:
        yield person


@pytest.fixture(scope="session")
def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    return made.getvalue()
