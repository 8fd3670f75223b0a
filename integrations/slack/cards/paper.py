"""What cards are drawn on: blocks within Slack's limits, and text that can be nothing but text.

Every word goes into plain_text, where `<!channel>`, `<@U…>`, links, *bold* and :emoji: are only characters.
Limits: docs.slack.dev, reference/block-kit.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    HeaderBlock,
    ImageBlock,
    InteractiveElement,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.blocks.basic_components import SlackFile

from core.actions import Action
from core.messages import Message
from core.views import Picture
from integrations.language import Language

NAME = 60
"""Characters of a company's or a file's name that a card shows."""


@dataclass(frozen=True)
class Card:
    """A message ready to post. `text` is what is read aloud and notified, safe as mrkdwn."""

    blocks: list[dict[str, Any]]
    text: str


class Paper:
    """One card or modal while it is being drawn. `files`: picture key → Slack file id, of pictures Slack has."""

    def __init__(self, language: Language, files: Mapping[str, str] | None = None) -> None:
        self.language = language
        self.say = language.say
        self.show = language.show
        self.blocks: list[Block] = []
        self._files = files or {}
        self._shortened = False

    def clip(self, text: str, most: int) -> str:
        """At most `most` characters on one line, the cut visible as "…"."""
        return self._cut(" ".join(text.split()), most)

    def foreign(self, text: str, most: int = NAME) -> str:
        """Text from an invoice or a person, on one line, unable to turn the text around it."""
        return self.show(self.clip(text, most))

    def header(self, *parts: str | None) -> None:
        """The headline: what matters most first."""
        self.blocks.append(HeaderBlock(text=plain_text(self.clip(dotted(*parts), 150))))

    def lines(self, *lines: str | None) -> None:
        """A paragraph; empty lines are left out."""
        text = "\n".join(line for line in lines if line)
        if text:
            self.blocks.append(SectionBlock(text=plain_text(self._cut(text, 3000))))

    def row(self, button: ButtonElement | None, *lines: str | None) -> None:
        """A paragraph with a button beside it."""
        text = self._cut("\n".join(line for line in lines if line), 3000)
        self.blocks.append(SectionBlock(text=plain_text(text), accessory=button))

    def linked(self, message: Message, url: str) -> None:
        """A paragraph with a link in the place of its value `url`: plain_text would leave the address dead."""
        before, _, after = self.say(message).partition(url)
        text = f"{harmless(before)}<{escaped(url)}>{harmless(after)}"
        self.blocks.append(SectionBlock(text=MarkdownTextObject(text=text)))

    def small(self, *lines: str | None) -> None:
        """A paragraph in small grey print, for what explains."""
        text = "\n".join(line for line in lines if line)
        if text:
            self.blocks.append(ContextBlock(elements=[plain_text(self._cut(text, 2000))]))

    def picture(self, picture: Picture, *, otherwise: Message) -> None:
        """The picture, or words where Slack does not have it."""
        file = self._files.get(picture.key)
        if file is None:
            self.small(self.say(otherwise))
        else:
            alt = self.clip(self.say(picture.alt), 500)
            self.blocks.append(ImageBlock(slack_file=SlackFile(id=file), alt_text=alt))

    def actions(self, *elements: InteractiveElement | None) -> None:
        """A row of buttons."""
        present = [element for element in elements if element is not None]
        if present:
            self.blocks.append(ActionsBlock(elements=present))

    def button(
        self,
        action: Action,
        label: Message,
        value: str,
        *,
        main: bool = False,
        confirm: ConfirmObject | None = None,
        aloud: Message | None = None,
    ) -> ButtonElement:
        """A button; `value` holds ids only. `aloud` is what a screen reader says in place of a label too short."""
        return ButtonElement(
            text=plain_text(self.clip(self.say(label), 75)),
            action_id=action.value,
            value=value,
            style="primary" if main else None,
            confirm=confirm,
            accessibility_label=self.clip(self.say(aloud), 75) if aloud else None,
        )

    def card(self, aloud: Message, *, rest: Message | None = None) -> Card:
        """The finished card. `rest` says where the whole of something cut short stands; drawn only if something was."""
        text = harmless(self.clip(self.say(aloud), 3000))
        if rest is not None and self._shortened:
            self.small(self.say(rest))
        blocks = [block.to_dict() for block in self.blocks]
        # Slack wants new block ids when a message changes; ids made from the content do that and repeat exactly.
        version = hashlib.sha256(json.dumps(blocks, sort_keys=True).encode()).hexdigest()[:12]
        return Card([{**block, "block_id": f"{version}-{place}"} for place, block in enumerate(blocks)], text)

    def _cut(self, text: str, most: int) -> str:
        if len(text) <= most:
            return text
        self._shortened = True
        return text[: most - 1].rstrip() + "…"


def plain_text(text: str) -> PlainTextObject:
    """Text that stays text, control characters left out; ":smile:" is not turned into a picture."""
    kept = "".join(character for character in text if character == "\n" or unicodedata.category(character) != "Cc")
    return PlainTextObject(text=kept if kept.strip() else "–", emoji=False)


def dotted(*parts: str | None) -> str:
    """What is there, with a dot between: "云帆文具 · ¥475.80"."""
    return " · ".join(part for part in parts if part)


def escaped(text: str) -> str:
    """Slack's three characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def harmless(text: str) -> str:
    """Text that says the same and does nothing as mrkdwn: no mention, link or format can form."""
    return re.sub(r"[*_~`@]|:(?=//|\w+:)", "\\g<0>\u200b", escaped(text))
