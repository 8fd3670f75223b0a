"""What the bot answers through a response_url, or in its answer to a command."""

from __future__ import annotations

import secrets
import time

from sandbox.slack.happenings import Happenings
from sandbox.slack.methods.calling import Refused, checked_blocks
from sandbox.slack.workspace import Channel, Json, Message, Person, ResponseUrl


class Answering:
    """Makes response_urls and obeys what comes through them."""

    def __init__(self, slack: Happenings) -> None:
        self.slack = slack

    def new_url(self, person: Person, channel: Channel, ts: str | None, thread_ts: str | None) -> str:
        """A response_url: for some minutes and a few answers."""
        settings, key = self.slack.settings, secrets.token_hex(12)
        expires = time.monotonic() + settings.response_url_lifetime
        self.slack.workspace.response_urls[key] = ResponseUrl(
            person.id, channel.id, ts, thread_ts, expires, settings.response_url_uses
        )
        return f"{settings.base_url}/actions/{key}"

    def through(self, key: str, said: Json) -> str | None:
        """Use a response_url; gives Slack's error name, None when it worked. Raises Refused."""
        url = self.slack.workspace.response_urls.get(key)
        if url is None or time.monotonic() > url.expires:
            return "expired_url"
        if url.uses_left == 0:
            return "used_url"
        url.uses_left -= 1
        channel = self.slack.workspace.channels[url.channel]
        self.answer(channel, url.user, url, said)
        return None

    def answer(self, channel: Channel, user: str, url: ResponseUrl | None, said: Json) -> None:
        """Post, replace or delete as the bot says; only for the asker unless it says in_channel. Raises Refused."""
        original = channel.message(url.message_ts) if url and url.message_ts else None
        if said.get("delete_original"):
            if original and original.user == self.slack.workspace.bot:
                self.slack.removed(channel, original)
            return
        blocks, text = checked_blocks(self.slack, said.get("blocks")), str(said.get("text") or "")
        if not text and not blocks:
            raise Refused("no_text")
        if said.get("replace_original") and original and original.user == self.slack.workspace.bot:
            before = self.slack.message_as_slack(original)
            original.text, original.blocks = text, blocks
            original.edited = self.slack.workspace.new_ts()
            self.slack.changed(channel, original, before)
            return
        thread = said.get("thread_ts") or (url.thread_ts if url else None)
        answer = Message(self.slack.workspace.new_ts(), channel.id, self.slack.workspace.bot, text, blocks, thread)
        answer.only_for = None if said.get("response_type") == "in_channel" else user
        self.slack.post(channel, answer)
