"""python -m sandbox: the workspace on your own machine."""

from __future__ import annotations

import argparse
import os
import socket

import uvicorn

from sandbox.settings import Settings
from sandbox.slack.app import Sandbox, build


class Server(uvicorn.Server):
    """Stops at once: open event streams are ended before the connections are waited for."""

    def __init__(self, config: uvicorn.Config, sandbox: Sandbox) -> None:
        super().__init__(config)
        self.sandbox = sandbox

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then stop as usual."""
        self.sandbox.streams.close()
        await super().shutdown(sockets)


def server(settings: Settings, log_level: str = "warning") -> Server:
    """A server on the loopback interface, not yet running."""
    sandbox = build(settings)
    config = uvicorn.Config(
        sandbox.app,
        host="127.0.0.1",
        port=settings.port,
        log_level=log_level,
        timeout_graceful_shutdown=1,
        date_header=False,  # the Web API writes its own, which may be wrong
    )
    return Server(config, sandbox)


def settings_from(arguments: list[str] | None = None) -> Settings:
    """Settings from the command line, then the environment, then the defaults."""
    usual, given = Settings(), os.environ
    bot = given.get("PIAOBOT_PORT")
    parser = argparse.ArgumentParser(
        prog="python -m sandbox", description="A Slack-compatible workspace on this machine."
    )
    parser.add_argument("--port", type=int, default=int(given.get("PIAOBOT_SANDBOX_PORT", usual.port)))
    parser.add_argument("--bot-url", default=f"http://127.0.0.1:{bot}" if bot else usual.bot_url)
    parser.add_argument("--signing-secret", default=given.get("SLACK_SIGNING_SECRET", usual.signing_secret))
    parser.add_argument("--token", default=given.get("SLACK_BOT_TOKEN", usual.token))
    parser.add_argument("--deadline", type=float, default=usual.deadline, help="seconds the bot has to answer")
    parser.add_argument(
        "--retry-delays",
        default=",".join(str(delay) for delay in usual.retry_delays),
        help="seconds before each redelivery of an event, comma separated",
    )
    parser.add_argument("--trigger-lifetime", type=float, default=usual.trigger_lifetime, help="seconds")
    found = parser.parse_args(arguments)
    return Settings(
        port=found.port,
        bot_url=found.bot_url,
        signing_secret=found.signing_secret,
        token=found.token,
        deadline=found.deadline,
        retry_delays=tuple(float(delay) for delay in found.retry_delays.split(",") if delay),
        trigger_lifetime=found.trigger_lifetime,
    )


def main() -> None:
    """Run until stopped."""
    settings = settings_from()
    print(f"Sandbox: {settings.base_url}/?as=U0LILEI  (bot: {settings.bot_url})", flush=True)
    server(settings).run()


if __name__ == "__main__":
    main()
