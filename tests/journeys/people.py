"""Who does what in the journeys, and how a file becomes a card."""

from decimal import Decimal
from itertools import count
from typing import Any

from sandbox.papers import invent, to_pdf
from sandbox.person import Message, Person

LILEI, HANMEI, WANGFANG, EMMA, DAVID = "U0LILEI", "U0HANMEI", "U0WANGFANG", "U0EMMA", "U0DAVID"
ZHAOMIN, QIANFENG, ZHOUJIE = "U0ZHAOMIN", "U0QIANFENG", "U0ZHOUJIE"
GUEST, NOBODY, STRANGER = "U0GUEST", "U0NOBODY", "U0STRANGER"
_SEEDS = count(1000)


def paper(**changes: Any) -> Any:
    """An invoice nobody has sent before, small enough for one manager unless its total is given."""
    seed = next(_SEEDS)
    return invent(seed, **{"total": Decimal(10000 + seed * 37 % 90000) / 100, **changes})


def drops(person: Person, invoice: Any) -> Message:
    """The draft card of a PDF, once it was read."""
    person.drop(("invoice.pdf", to_pdf(invoice)))
    return person.wait_for(invoice.number)


def submits(person: Person, invoice: Any, label: str = "提交") -> str:
    """The reference of the claim."""
    card = drops(person, invoice)
    card.click(label)
    return reference_in(card.wait_for("CL-"))


def reference_in(card: Message) -> str:
    """CL-2026-0001."""
    text = card.text_all() + " " + card.text
    start = text.index("CL-")
    return text[start : start + 12]


def approves(person: Person, reference: str, label: str = "同意", done: str = "已同意") -> Message:
    """The card's stamp."""
    card = person.wait_for(reference)
    card.click(label)
    return card.wait_for(done)
