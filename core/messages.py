"""Sentences for people, before anybody knows the reader's language.

The English sentence is the key; locales/ translates it; the edge renders it with the reader's dates and amounts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeAlias

from core.money import Money

Value: TypeAlias = "Message | Term | Money | date | datetime | int | str | tuple[Value, ...]"


@dataclass(frozen=True)
class Message:
    """A sentence with named places: `Message("Already decided by {name}.", name="王芳")`.

    Values keep their type until rendered: Money and dates in the reader's format, a datetime in the reader's
    time zone as `11-24 14:02`, a nested Message translated, a tuple joined as a list.
    """

    text: str
    values: Mapping[str, Value]

    def __init__(self, text: str, /, **values: Value) -> None:
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "values", values)

    def __hash__(self) -> int:
        return hash((self.text, tuple(sorted(self.values.items(), key=lambda pair: pair[0]))))


@dataclass(frozen=True)
class Term:
    """A name that a configuration file gives in both languages."""

    english: str
    chinese: str


def named(term: Term) -> Message:
    """The sentence that is a term alone."""
    return Message("{term}", term=term)


class Language(Protocol):
    """One reader's language: renders Messages. Implementation: integrations/language.py."""

    locale: str

    def say(self, message: Message) -> str:
        """The sentence in this language, plain text, not escaped for any markup."""


class Languages(Protocol):
    """Every reader's language."""

    def for_locale(self, locale: str, time_zone: str) -> Language:
        """The language for an IETF locale ("zh-CN"), with times in an IANA zone; English when it is not known."""
