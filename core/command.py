"""What is typed after /invoice, and what it asks for. Pure; nothing is guessed."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.money import amount_from

LONGEST = 100
"""Characters of what can be searched for."""
_FEWEST_DIGITS = 4
"""Digits that are searched for inside numbers; fewer stand in too many."""


class Ask(StrEnum):
    """What can be asked. UNCLEAR: nothing that we know."""

    HELP = "help"
    STATUS = "status"
    MINE = "mine"
    FIND = "find"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Asked:
    """One command. `words`: the reference, what to find, or what was not understood."""

    what: Ask
    words: str = ""
    page: int = 1


_WORDS: Mapping[str, Ask] = {
    "help": Ask.HELP,
    "?": Ask.HELP,
    "帮助": Ask.HELP,
    "status": Ask.STATUS,
    "状态": Ask.STATUS,
    "进度": Ask.STATUS,
    "mine": Ask.MINE,
    "我的": Ask.MINE,
    "find": Ask.FIND,
    "search": Ask.FIND,
    "查找": Ask.FIND,
    "搜索": Ask.FIND,
}
_COMMAND = re.compile(
    # Chinese is written without blanks; English words end where the letters do.
    rf"(?P<word>{'|'.join(re.escape(word) + (r'(?![a-z])' if word.isascii() else '') for word in _WORDS)})"
    r"[\s:,]*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_REFERENCE = re.compile(r"(?:CL[\s-]*)?(?P<year>20\d\d)[\s-]*(?P<number>\d{4,7})", re.IGNORECASE)
_PAGE = re.compile(r"(?:page|第)?\s*(\d{1,4})\s*页?", re.IGNORECASE)


def asked(text: str, year: int) -> Asked:
    """What a command asks for. A bare number is one of this `year`'s claims."""
    plain = _plain(text)
    if not plain:
        return Asked(Ask.HELP)
    found = _COMMAND.fullmatch(plain)
    if found is None:
        # Asked for without a word before it, only what is written as a reference is one.
        bare = reference_from(plain, None)
        return Asked(Ask.STATUS, bare) if bare else Asked(Ask.UNCLEAR, plain)
    return _with(_WORDS[found["word"].lower()], found["rest"].strip(), year) or Asked(Ask.UNCLEAR, plain)


def _with(what: Ask, rest: str, year: int) -> Asked | None:
    match what:
        case Ask.STATUS:
            reference = reference_from(rest, year)
            return Asked(what, reference) if reference else None
        case Ask.MINE:
            page = _PAGE.fullmatch(rest)
            return Asked(what, page=int(page[1])) if page else None if rest else Asked(what)
        case Ask.FIND:
            return Asked(what, rest) if 0 < len(rest) <= LONGEST else None
    return None if rest else Asked(what)


def reference_from(text: str, year: int | None) -> str | None:
    """A claim's reference as it is kept: "ＣＬ２０２６－００１" is CL-2026-0001, with `year` a bare number too."""
    plain = _plain(text)
    if year is not None and plain.isascii() and plain.isdigit() and len(plain) <= 6:
        return f"CL-{year}-{int(plain):04}"
    found = _REFERENCE.fullmatch(plain)
    return f"CL-{found['year']}-{int(found['number']):04}" if found else None


def _plain(text: str) -> str:
    """Full-width characters as their twins, every kind of dash as one, single blanks."""
    narrow = unicodedata.normalize("NFKC", text)
    return " ".join(re.sub(r"[\u2010-\u2015\u2212]", "-", narrow).split())


def fits(words: str, *, seller: str | None, texts: tuple[str | None, ...], total: object) -> bool:
    """Whether every word is in the seller's name, is the total, or is part of a number or reference (`texts`)."""
    name = _plain(seller or "").casefold()
    kept = [text.casefold() for text in texts if text]

    def found(word: str) -> bool:
        amount = amount_from(word)
        if word in name or (amount is not None and amount == total):
            return True
        digits = sum(character.isdigit() for character in word)
        return digits >= _FEWEST_DIGITS and any(word in text for text in kept)

    return all(found(word) for word in _plain(words).casefold().split())
