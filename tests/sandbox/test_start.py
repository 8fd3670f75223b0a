"""Starting and stopping: settings from the command line and the environment, and a stop that does not wait."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import httpx
import pytest

from sandbox.__main__ import settings_from
from sandbox.person import Person
from sandbox.settings import Settings
from tests.sandbox.conftest import free_port


def test_the_defaults(monkeypatch: pytest.MonkeyPatch):
    for name in ("PIAOBOT_SANDBOX_PORT", "PIAOBOT_PORT", "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    assert settings_from([]) == Settings()


def test_the_environment_and_then_the_command_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PIAOBOT_SANDBOX_PORT", "1234")
    monkeypatch.setenv("PIAOBOT_PORT", "5678")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-t")

    found = settings_from(["--port", "4321", "--retry-delays", "0.1,0.2"])

    assert (found.port, found.events_url) == (4321, "http://127.0.0.1:5678/slack/events")
    assert (found.signing_secret, found.token, found.retry_delays) == ("s", "xoxb-t", (0.1, 0.2))


def test_it_stops_soon_although_windows_are_open():
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "sandbox", "--port", str(port)], stdout=subprocess.PIPE)
    base_url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                httpx.get(f"{base_url}/sandbox/healthz")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        with httpx.stream("GET", f"{base_url}/sandbox/people/U0LILEI/stream", timeout=10) as stream:
            assert next(stream.iter_lines()) == ": listening"
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) in {0, -signal.SIGTERM}
            assert time.monotonic() - began < 3
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def test_every_sample_can_be_dropped(lilei: Person):
    names = lilei.samples()

    sent = lilei.drop_sample(names[0])

    assert sent.files[0]["name"] == names[0]
    assert lilei.read_file(sent.files[0]["id"])
