"""A sandbox workspace on a free port, once for the session; every test starts with an empty one."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from integrations.slack.client import Slack
from sandbox.__main__ import server
from sandbox.person import Control, Person
from sandbox.settings import Settings

TOKEN = "xoxb-tests"


@pytest.fixture(scope="session")
def workspace() -> Iterator[str]:
    """The workspace's address. No bot listens: what people press goes nowhere, and is kept in the log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(port=port, bot_url="http://127.0.0.1:9", token=TOKEN, retry_delays=())
    running = server(settings)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield settings.base_url
    running.should_exit = True
    thread.join(5)
    assert not thread.is_alive()


@pytest.fixture
def control(workspace) -> Iterator[Control]:
    control = Control(workspace)
    control.reset()
    yield control
    control.close()


@pytest.fixture
def slack(workspace, control) -> Iterator[Slack]:
    slack = Slack(TOKEN, base_url=f"{workspace}/api/", timeout=2)
    yield slack
    slack.door.close()


@pytest.fixture
def lilei(workspace, control) -> Iterator[Person]:
    with Person(workspace, "U0LILEI", within=2) as person:
        yield person
