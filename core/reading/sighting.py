"""What one reader saw of one invoice."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.invoice import Box, Candidate, FieldName, ItemLine


@dataclass(frozen=True)
class Sighting:
    """The fields one reader saw, each once, in canonical form.

    `empty` names the fields whose label stands on the page with nothing beside it, with the place where the value
    would stand: on a page of exact text such a field is known to be blank, on a photo it may have been overlooked.
    """

    fields: Mapping[FieldName, Candidate]
    empty: Mapping[FieldName, Box] = field(default_factory=dict)
    lines: tuple[ItemLine, ...] = ()
