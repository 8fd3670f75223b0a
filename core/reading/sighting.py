"""What one reader saw of one invoice."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.invoice import Box, Candidate, FieldName, ItemLine
from core.messages import Message
from core.reading.elsewhere.table import Closing


@dataclass(frozen=True)
class Sighting:
    """The fields one reader saw, each once, in canonical form.

    `empty` names the fields whose label stands on the page with nothing beside it, with the place where the value
    would stand: on a page of exact text such a field is known to be blank, on a photo it may have been overlooked.
    `doubts` are fields whose meaning the page leaves open, with the reason; `closings` the sums that close on the total
    of a receipt; `confirmed` the fields that two different things on the page say, each by itself; `details` what has no field of its own.
    """

    fields: Mapping[FieldName, Candidate]
    empty: Mapping[FieldName, Box] = field(default_factory=dict)
    lines: tuple[ItemLine, ...] = ()
    doubts: Mapping[FieldName, Message] = field(default_factory=dict)
    closings: tuple[Closing, ...] = ()
    confirmed: frozenset[FieldName] = frozenset()
    details: Mapping[str, str] = field(default_factory=dict)
