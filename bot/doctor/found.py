"""What one check found, and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum

from core.messages import Message


class Mark(StrEnum):
    """How it stands. BROKEN: something will not work. LOOK: it works, or could not be found out."""

    GOOD = "good"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True)
class Found:
    """`mend` is what to do; None when there is nothing to do."""

    mark: Mark
    said: Message
    mend: Message | None = None


def good(said: Message) -> Found:
    return Found(Mark.GOOD, said)


def look(said: Message, mend: Message) -> Found:
    return Found(Mark.LOOK, said, mend)


def broken(said: Message, mend: Message) -> Found:
    return Found(Mark.BROKEN, said, mend)
