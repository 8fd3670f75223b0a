"""Core values as JSON and back: what the reader process answers, what rows keep."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from cattrs.preconf.json import make_converter

from core.messages import Message, Term
from core.money import Money

Shape = TypeVar("Shape")
_converter = make_converter()


def _value_out(value: Any) -> Any:
    if isinstance(value, Message):
        return {"message": _message_out(value)}
    if isinstance(value, Term):
        return {"term": [value.english, value.chinese]}
    if isinstance(value, Money):
        return {"money": [str(value.amount), value.currency]}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, tuple):
        return {"list": [_value_out(part) for part in value]}
    return value


def _value_in(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    ((tag, held),) = value.items()
    match tag:
        case "message":
            return _message_in(held)
        case "term":
            return Term(*held)
        case "money":
            return Money(Decimal(held[0]), held[1])
        case "moment":
            return datetime.fromisoformat(held)
        case "date":
            return date.fromisoformat(held)
        case "list":
            return tuple(_value_in(part) for part in held)
    raise ValueError(f"no such kind of value: {tag}")


def _message_out(message: Message) -> dict[str, Any]:
    return {"text": message.text, "values": {name: _value_out(value) for name, value in message.values.items()}}


def _message_in(held: Mapping[str, Any], _: Any = None) -> Message:
    return Message(held["text"], **{name: _value_in(value) for name, value in held["values"].items()})


_converter.register_unstructure_hook(Message, _message_out)
_converter.register_structure_hook(Message, _message_in)
_converter.register_unstructure_hook(Decimal, str)
_converter.register_structure_hook(Decimal, lambda held, _: Decimal(held))


def to_json(value: Any, shape: Any = None) -> str:
    """Any core dataclass (or a tuple or mapping of them) as JSON text."""
    return json.dumps(_converter.unstructure(value, unstructure_as=shape), ensure_ascii=False)


def from_json(text: str, shape: type[Shape]) -> Shape:
    """The value back, as `shape`. Raises cattrs' ClassValidationError when it does not fit."""
    return _converter.structure(json.loads(text), shape)
