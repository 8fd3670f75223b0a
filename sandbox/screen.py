"""What a person can read: the visible text of messages and views, without Slack's marks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

MARK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
DATE = re.compile(r"^!date\^(\d+)\^([^^]*)")
TEXT_KEYS = ("title", "subtitle", "text", "fields", "body", "label", "hint", "caption", "rows", "details", "output")
INSIDE_KEYS = (
    "elements",
    "element",
    "accessory",
    "actions",
    "child_blocks",
    "tasks",
    "positive_button",
    "negative_button",
)
WORDS = {"plain_text", "raw_text", "raw_number", "markdown"}
OPEN_CHOICES = {"radio_buttons", "checkboxes"}


def readable(text: str) -> str:
    """Text as it reads: links by their label, mentions and dates in words, entities resolved."""
    return html.unescape(MARK.sub(_unmarked, text))


def _unmarked(mark: re.Match[str]) -> str:
    target, label = mark[1], mark[2]
    date = DATE.match(target)
    if date:
        return label or datetime.fromtimestamp(int(date[1]), UTC).isoformat()
    return label or target.removeprefix("mailto:")


def visible(blocks: list[Json]) -> str:
    """All text of blocks in reading order, a line per piece; what a menu hides until it is opened is left out."""
    return "\n".join(piece for block in blocks for piece in _pieces(block) if piece)


def _pieces(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for inner in node:
            yield from _pieces(inner)
    elif isinstance(node, dict):
        yield from _pieces_of(node)


def _pieces_of(node: Json) -> Iterator[str]:
    kind = node.get("type")
    if kind == "mrkdwn":
        yield readable(str(node["text"]))
    elif kind in WORDS:
        yield str(node["text"])
    elif kind == "rich_text_section":
        yield "".join(_rich(element) for element in node["elements"])
    else:
        yield from _pieces([node.get(key) for key in TEXT_KEYS])
        yield str(node["alt_text"]) if kind == "image" else ""
        yield from _pieces([option["text"] for option in node["options"]] if kind in OPEN_CHOICES else [])
        yield from _pieces([node.get(key) for key in INSIDE_KEYS])


def _rich(element: Json) -> str:
    return str(element.get("text") or element.get("url") or element.get("name") or element.get("user_id") or "")


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block."""
    for block in blocks:
        for key in ("element", "accessory", "elements", "actions"):
            inside = block.get(key)
            for element in inside if isinstance(inside, list) else [inside]:
                if isinstance(element, dict) and element.get("action_id"):
                    yield block, element
        yield from elements(block.get("child_blocks", []))
        if block.get("type") == "carousel":
            yield from elements(block["elements"])


def options_of(element: Json) -> list[Json]:
    """What a menu, select, radio group or row of checkboxes offers."""
    groups = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *groups]
