"""A whole site on this machine: the sandbox workspace and the bot, two processes that speak HTTP."""

import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx

from sandbox.person import Control, Person

ROOT = Path(__file__).parents[2]
START_SECONDS = 180
SECRET = "a-signing-secret-of-the-tests"
TOKEN = "xoxb-tests"


@dataclass(frozen=True)
class Site:
    """Where the two answer, and the bot's settings."""

    chat: str
    bot: str
    environment: dict[str, str]
    stack: ExitStack

    def person(self, user_id: str) -> Person:
        return self.stack.enter_context(Person(self.chat, user_id, within=60))

    def press(self, user_id: str, action: str, value: str, *, secret: str = SECRET, age: int = 0) -> httpx.Response:
        """A signed press that no screen offers any more: an old card, somebody else's button, another app's action."""
        payload = {
            "type": "block_actions",
            "team": {"id": "T0MORNSTAR"},
            "user": {"id": user_id, "team_id": "T0MORNSTAR"},
            "api_app_id": "A0PIAOBOT",
            "trigger_id": "1.2.3",
            "response_url": "",
            "container": {"type": "message"},
            "actions": [{"type": "button", "block_id": "b", "action_id": action, "value": value, "action_ts": "1.0"}],
        }
        return self.send(urlencode({"payload": json.dumps(payload)}), secret=secret, age=age)

    def send(self, body: str, *, secret: str = SECRET, age: int = 0) -> httpx.Response:
        """A request to the bot, signed as Slack signs, `age` seconds ago."""
        headers = signed(body, "application/x-www-form-urlencoded", secret=secret, age=age)
        return httpx.post(f"{self.bot}/slack/events", content=body, headers=headers, trust_env=False, timeout=10)

    def control(self) -> Control:
        control = Control(self.chat)
        self.stack.callback(control.close)
        return control


def signed(body: str, content_type: str, *, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    """The headers of a request as Slack signs it, `age` seconds ago."""
    at = str(int(time.time()) - age)
    signature = "v0=" + hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"content-type": content_type, "x-slack-request-timestamp": at, "x-slack-signature": signature}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(module: list[str], environment: dict[str, str], address: str, log: Path) -> Iterator[None]:
    """A process of ours until the block ends; it has to answer `address` first, and to stop when asked to."""
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *module], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            wait_for(address, process, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                raise AssertionError(f"{module} did not stop:\n{log.read_text()}") from None


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, f"ended with {process.returncode}:\n{log.read_text()}"
        try:
            httpx.get(address, timeout=1, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{address} did not answer:\n{log.read_text()}")


@contextmanager
def site(database_url: str, folder: Path, **settings: str) -> Iterator[Site]:
    """Settings are the bot's, by environment name."""
    chat, bot = free_port(), free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PIAOBOT_", "SLACK_"))},
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_API_URL": f"http://127.0.0.1:{chat}/api/",
        "PIAOBOT_PORT": str(bot),
        "PIAOBOT_DATA_DIR": str(folder / "data"),
        "PIAOBOT_DATABASE_URL": database_url,
        "PIAOBOT_INTAKE_CHANNELS": "C0INTAKE",
        "PIAOBOT_UNDO_SECONDS": "0",
        "PIAOBOT_SCAN_SECONDS": "0.3",
        "PIAOBOT_JOB_CARE_SECONDS": "1",
        **settings,
    }
    workspace = ["sandbox", "--port", str(chat), "--bot-url", f"http://127.0.0.1:{bot}", "--retry-delays", "0.2,0.5,1"]
    with (
        running(workspace, environment, f"http://127.0.0.1:{chat}/", folder / "sandbox.log"),
        running(["bot", "server"], environment, f"http://127.0.0.1:{bot}/healthz", folder / "bot.log"),
        ExitStack() as stack,
    ):
        yield Site(f"http://127.0.0.1:{chat}", f"http://127.0.0.1:{bot}", environment, stack)
