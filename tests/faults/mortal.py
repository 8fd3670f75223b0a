"""A site whose bot can be killed, stopped and woken at any moment, and what the workspace holds afterwards."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.journeys.site import ROOT, SECRET, TOKEN, Site, free_port, running, wait_for

RETRY_DELAYS = "0.3,3" + ",10" * 40
"""Slack itself gives up after its third retry, five minutes later. Here it outlasts the kills, which come much faster."""


class Mortal:
    """A process of the bot. `address` None: it answers nobody, and is there as soon as it was started."""

    def __init__(self, command: str, environment: dict[str, str], log: Path, address: str | None = None) -> None:
        self._command = command
        self._environment = environment
        self._log = log
        self._address = address
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("a") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", self._command],
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=output,
            )
        if self._address:
            wait_for(self._address, self._process, self._log)

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text()[-3000:]
        self._process.send_signal(number)

    def kill(self) -> None:
        """As a machine that loses power: nothing of it runs any more."""
        self.send(signal.SIGKILL)
        assert self._process is not None
        self._process.wait()

    def end(self) -> None:
        """Stop as when asked to; it has to obey."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise AssertionError(f"{self._command} did not stop:\n{self._log.read_text()[-3000:]}") from None


@contextmanager
def mortal_site(
    database_url: str,
    folder: Path,
    commands: dict[str, dict[str, str]],
    *,
    retry_delays: str = RETRY_DELAYS,
    **settings: str,
) -> Iterator[tuple[Site, dict[str, Mortal]]]:
    """A workspace and the bot's processes, by name: `commands` gives each one's settings; its name begins with its command.

    The database has its tables. All processes share the data folder, as the machines of one site do.
    """
    chat, port = free_port(), free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PIAOBOT_", "SLACK_"))},
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_API_URL": f"http://127.0.0.1:{chat}/api/",
        "PIAOBOT_PORT": str(port),
        "PIAOBOT_DATA_DIR": str(folder / "data"),
        "PIAOBOT_DATABASE_URL": database_url,
        "PIAOBOT_UNDO_SECONDS": "0",
        "PIAOBOT_SCAN_SECONDS": "0.5",
        "PIAOBOT_JOB_CARE_SECONDS": "1",
        **settings,
    }
    subprocess.run([sys.executable, "-m", "bot", "migrate"], cwd=ROOT, env=environment, check=True)
    bots = {
        name: Mortal(
            name.split("-")[0],
            {**environment, **own},
            folder / f"{name}.log",
            None if name.startswith("worker") else f"http://127.0.0.1:{port}/healthz",
        )
        for name, own in commands.items()
    }
    workspace = [
        "sandbox",
        "--port",
        str(chat),
        "--bot-url",
        f"http://127.0.0.1:{port}",
        "--retry-delays",
        retry_delays,
    ]
    with (
        running(workspace, environment, f"http://127.0.0.1:{chat}/", folder / "sandbox.log"),
        ExitStack() as stack,
    ):
        for bot in bots.values():
            stack.callback(bot.end)
            bot.start()
        yield Site(f"http://127.0.0.1:{chat}", f"http://127.0.0.1:{port}", environment, stack), bots


def cards_held(site: Site, *people: str) -> Counter[str]:
    """Card key → how many messages with it Slack holds in these people's direct messages."""
    return Counter(
        message["metadata"]["event_payload"]["key"] for user in people for message in _direct_messages(site, user)
    )


def _direct_messages(site: Site, user: str) -> Iterator[dict[str, Any]]:
    channel = _ask(site, "conversations.open", users=user)["channel"]["id"]
    cursor = ""
    while True:
        page = _ask(site, "conversations.history", channel=channel, limit=200, include_all_metadata=True, cursor=cursor)
        yield from (message for message in page["messages"] if message.get("metadata", {}).get("event_payload"))
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


def _ask(site: Site, method: str, **arguments: Any) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {TOKEN}"}
    said = {name: value for name, value in arguments.items() if value != ""}
    answer = httpx.post(f"{site.chat}/api/{method}", json=said, headers=headers, trust_env=False, timeout=30).json()
    assert answer["ok"], answer
    return dict(answer)
