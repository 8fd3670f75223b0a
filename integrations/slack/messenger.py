"""Screens on Slack: cards by direct message, modals, answers. Keeps the promises of core.ports.Screens."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web import SlackResponse

from core.directory import Member
from core.messages import Message
from core.ports import ChatUnavailable, Posted
from core.views import Form, HomeView, NoticeView, Picture, View
from integrations.http import NoAnswer, NotAllowed, TooLarge
from integrations.language import Language, Languages
from integrations.slack.cards import card_of, home_of, modal_of, pictures_of
from integrations.slack.cards.paper import Card
from integrations.slack.client import Slack, SlackRefused, asking

CARD_EVENT = "piaobot_card"
"""Type of the metadata that carries a card's key."""
_LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"})
_PAGE = 100
_MOST_PAGES = 50
_CLOCKS_APART = timedelta(minutes=5)
"""Slack stamps messages by its own clock."""
_LONGEST_THREAD = 1000
"""Replies come oldest first, so all of them are asked for."""
_LONG_SECONDS = 15.0
"""Between looking for a key and having posted it; after that, another process may have taken over and posted it too."""
_PAUSES = (0.0, 0.3, 0.7, 1.0)
"""Seconds between looks at a picture that Slack has received but not yet typed; unfit for a card until then."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Place:
    """What a Posted holds: "channel/timestamp", and after a blank the pictures Slack has, as JSON."""

    channel: str
    ts: str
    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, posted: Posted) -> "Place":
        where, _, files = posted.partition(" ")
        channel, _, ts = where.partition("/")
        return cls(channel, ts, json.loads(files) if files else {})

    def posted(self) -> Posted:
        files = f" {json.dumps(self.files)}" if self.files else ""
        return Posted(f"{self.channel}/{self.ts}{files}")


class SlackScreens:
    """One workspace's screens. Blocking; safe to use from several threads."""

    def __init__(
        self,
        slack: Slack,
        languages: Languages,
        *,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._slack = slack
        self._languages = languages
        self._pause = pause
        self._clock = clock
        self._direct: dict[str, str] = {}

    def show(self, to: Member, view: View, *, key: str, tried: datetime, posted: Posted | None = None) -> Posted:
        """See the port. A picture that Slack does not take is left out and said in words; the next edit tries again."""
        before = Place.of(posted) if posted else None
        files = self._sent(pictures_of(view), before.files if before else {}, self._language(to))
        try:
            return self._put(to, view, key, before, files, tried)
        except SlackRefused as refused:
            if refused.error != "invalid_blocks" or not files:
                raise
            _log.warning("picture refused", error=refused.error, said=refused.said)
            return self._put(to, view, key, before, {}, tried)

    def open(self, trigger: str, to: Member, form: Form) -> None:
        """See the port."""
        view = modal_of(form, self._language(to))
        with asking():
            self._slack.modals.views_open(trigger_id=trigger, view=view)

    def answer(self, place: str, to: Member, said: Message | View, *, instead: bool = False) -> None:
        """See the port. `place` is the response_url of the press; where there is none, or it is used up, by DM."""
        card = card_of(NoticeView(said) if isinstance(said, Message) else said, self._language(to), {})
        if not place or not self._answered(place, card, instead=instead):
            self._post(self._channel_of(to), card)

    def home(self, to: Member, view: HomeView | NoticeView) -> None:
        """See the port."""
        with asking():
            self._slack.api.views_publish(user_id=to.user_id, view=home_of(view, self._language(to)))

    def reply(self, to: Member, message: Message, *, posted: Posted, key: str) -> None:
        """See the port."""
        place = Place.of(posted)
        self._say_in_thread(place.channel, place.ts, card_of(NoticeView(message), self._language(to), {}), key)

    def count_in_channel(self, channel: str, thread: str, *, files: int, locale: str, key: str) -> None:
        """See the port."""
        said = Message("1 file received, the result is in your direct messages.")
        if files != 1:
            said = Message("{count} files received, the results are in your direct messages.", count=files)
        language = self._languages.for_locale(locale, time_zone="UTC")
        self._say_in_thread(channel, thread, card_of(NoticeView(said), language, {}), key)

    def _language(self, to: Member) -> Language:
        return self._languages.for_locale(to.locale, time_zone=to.time_zone)

    def _put(
        self,
        to: Member,
        view: View,
        key: str,
        before: Place | None,
        files: Mapping[str, str],
        tried: datetime,
    ) -> Posted:
        card = card_of(view, self._language(to), files)
        if before and self._edited(before.channel, before.ts, card):
            return Place(before.channel, before.ts, files).posted()
        channel = self._channel_of(to)
        # What can no longer be edited is older than what replaces it: only later messages can be that.
        after, began = before.ts if before else _stamp(tried), self._clock()
        found = self._find(channel, key, after=after)
        if found and self._edited(channel, found, card):
            return Place(channel, found, files).posted()
        ts = self._post(channel, card, key=key)
        if self._clock() - began > _LONG_SECONDS:
            ts = self._without_repeat(channel, ts, self._find(channel, key, after=after))
        return Place(channel, ts, files).posted()

    def _without_repeat(self, channel: str, ts: str, first: str | None) -> str:
        """Of the messages with our key the first stays."""
        if first is None or first == ts:
            return ts
        with asking():
            self._slack.api.chat_delete(channel=channel, ts=ts)
        return first

    def _edited(self, channel: str, ts: str, card: Card) -> bool:
        """False when this message can no longer be edited."""
        try:
            with asking():
                # Left out, `parse` becomes "client" on an update, which makes links of bare words.
                self._slack.api.chat_update(
                    channel=channel, ts=ts, text=card.text, blocks=card.blocks, parse="none", link_names=False
                )
        except SlackRefused as refused:
            if refused.error in _LOST:
                return False
            raise
        return True

    def _post(self, channel: str, card: Card, *, key: str | None = None, thread: str | None = None) -> str:
        """The new message's timestamp. Metadata can be read by any app of the workspace, so it holds ids only."""
        metadata = {"event_type": CARD_EVENT, "event_payload": {"key": key}} if key else None
        with asking():
            answer = self._slack.api.chat_postMessage(
                channel=channel,
                text=card.text,
                blocks=card.blocks,
                metadata=metadata,
                thread_ts=thread,
                mrkdwn=False,
                unfurl_links=False,
                unfurl_media=False,
            )
        return str(answer["ts"])

    def _say_in_thread(self, channel: str, thread: str, card: Card, key: str) -> None:
        with asking():
            answer = self._slack.api.conversations_replies(
                channel=channel, ts=thread, include_all_metadata=True, limit=_LONGEST_THREAD
            )
        if _with_key(answer, key) is None:
            self._post(channel, card, key=key, thread=thread)

    def _find(self, channel: str, key: str, *, after: str) -> str | None:
        """The timestamp of the message that carries this key, when an earlier try posted it but lost the answer."""
        found, cursor = [], ""
        for _ in range(_MOST_PAGES):
            with asking():
                answer = self._slack.api.conversations_history(
                    channel=channel, oldest=after, include_all_metadata=True, limit=_PAGE, cursor=cursor or None
                )
            found.append(_with_key(answer, key))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return min((each for each in found if each), default=None)

    def _channel_of(self, to: Member) -> str:
        if to.user_id not in self._direct:
            with asking():
                answer = self._slack.api.conversations_open(users=to.user_id)
            self._direct[to.user_id] = str(answer["channel"]["id"])
        return self._direct[to.user_id]

    def _answered(self, place: str, card: Card, *, instead: bool) -> bool:
        """False when the address is used up. Raises ChatUnavailable."""
        body = {"response_type": "ephemeral", "replace_original": instead, "text": card.text, "blocks": card.blocks}
        try:
            answer = self._slack.door.post_json(place, body)
        except NoAnswer as broken:
            raise ChatUnavailable(str(broken)) from None
        except (NotAllowed, TooLarge):
            return False
        if answer.status == 429 or answer.status >= 500:
            raise ChatUnavailable(f"Slack answered {answer.status}", retry_after=answer.retry_after or 5.0)
        return answer.status == 200

    def _sent(self, pictures: tuple[Picture, ...], known: Mapping[str, str], language: Language) -> Mapping[str, str]:
        """Picture key → Slack file id, each sent once; what Slack does not take now is left out."""
        files: dict[str, str] = {}
        for picture in pictures:
            if picture.key in known:
                files[picture.key] = known[picture.key]
                continue
            try:
                files[picture.key] = self._upload(picture, language.say(picture.alt))
            except (SlackRefused, ChatUnavailable) as problem:
                _log.warning("picture not sent", error=str(problem))
        return files

    def _upload(self, picture: Picture, alt: str) -> str:
        """The file's id, once Slack knows that it is a picture. Not shared: only the card shows it."""
        with asking():
            done = self._slack.api.files_upload_v2(
                filename="invoice.png", content=picture.content, title="invoice", alt_txt=alt[:500]
            )
        file = str(done["files"][0]["id"])
        for seconds in _PAUSES:
            self._pause(seconds)
            with asking():
                info: Any = self._slack.api.files_info(file=file)["file"]
            if info.get("mimetype"):
                return file
        raise ChatUnavailable("Slack is still looking at the picture")


def _with_key(answer: SlackResponse, key: str) -> str | None:
    """The first message with this key; Slack's timestamps sort as text."""
    found = []
    for message in answer.get("messages") or []:
        metadata = message.get("metadata") or {}
        if metadata.get("event_type") == CARD_EVENT and metadata.get("event_payload", {}).get("key") == key:
            found.append(str(message["ts"]))
    return min(found, default=None)


def _stamp(tried: datetime) -> str:
    """Slack's timestamp of this moment, some minutes earlier."""
    return f"{max((tried - _CLOCKS_APART).timestamp(), 0):.6f}"
