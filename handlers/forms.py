"""What was filled into a modal."""

from typing import Any

from handlers.failures import Body


def typed_in(body: Body) -> dict[str, str]:
    """Block id → text or chosen option's value; an empty input is an empty text."""
    blocks: dict[str, dict[str, Any]] = body["view"]["state"]["values"]
    return {block: _text(next(iter(elements.values()))) for block, elements in blocks.items()}


def _text(element: dict[str, Any]) -> str:
    chosen = element.get("selected_option")
    if chosen:
        return str(chosen["value"])
    return element.get("value") or element.get("selected_date") or ""
