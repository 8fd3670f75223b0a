"""Messages in the reader's language: gettext catalogues for sentences, Babel for amounts."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.messages.pofile import read_po
from babel.numbers import format_currency

from core.messages import Message, Term, Value
from core.money import Money

ENGLISH = "en"
CHINESE = "zh_CN"
_COMMA = {ENGLISH: ", ", CHINESE: "、"}
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass
class Language:
    """One reader's language and time zone. Keeps the promise of core.messages.Language."""

    locale: str
    zone: tzinfo
    translations: Mapping[str, str]

    def say(self, message: Message) -> str:
        """The sentence in this language, plain text, not escaped for any markup."""
        sentence = self.translations.get(message.text, message.text)
        return sentence.format(**{name: self.show(value) for name, value in message.values.items()})

    def clock(self, moment: datetime) -> str:
        """The time of day for the reader, for something that happens within minutes."""
        return f"{moment.astimezone(self.zone):%H:%M}"

    def show(self, value: Value) -> str:
        """One value as it stands in a sentence."""
        match value:
            case Message():
                shown = self.say(value)
            case Term():
                shown = _kept_in_place(value.chinese if self.locale == CHINESE else value.english)
            case Money():
                shown = _amount(value, self.locale)
            case datetime():
                shown = f"{value.astimezone(self.zone):%m-%d %H:%M}"
            case date():
                shown = value.isoformat()
            case tuple():
                shown = _COMMA[self.locale].join(self.show(part) for part in value)
            case str():
                shown = _kept_in_place(value)
            case int():
                shown = str(value)
        return shown


class Languages:
    """Every catalogue under a folder: `<locale>/*.po`. English needs none. Keeps the promise of core.messages."""

    def __init__(self, folder: Path) -> None:
        self._translations = {place.name: _catalogue(place) for place in sorted(folder.iterdir()) if place.is_dir()}

    def for_locale(self, locale: str, time_zone: str) -> Language:
        """The language for an IETF locale ("zh-CN"). Every Chinese reads zh_CN, everybody else English.

        A time zone this machine does not know counts as UTC.
        """
        ours = CHINESE if locale.lower().startswith("zh") else ENGLISH
        try:
            zone: tzinfo = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            zone = UTC
        return Language(ours, zone, self._translations.get(ours, {}))


def _catalogue(folder: Path) -> Mapping[str, str]:
    translations: dict[str, str] = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=folder.name)
        translations |= {str(entry.id): str(entry.string) for entry in catalogue if entry.id and entry.string}
    return translations


def _amount(money: Money, locale: str) -> str:
    if money.currency == "CNY":
        # Babel writes CN¥ for English readers; here everybody is paid in CNY and expects ¥.
        return format_currency(money.amount, "CNY", locale=CHINESE)
    shown = format_currency(money.amount, money.currency, locale=locale)
    if re.search("(?<![A-Z])¥", shown):  # English Babel writes yen as a bare ¥, which here means CNY
        return format_currency(money.amount, money.currency, "¤¤ #,##0.00", locale=locale)
    return shown


def _kept_in_place(text: str) -> str:
    """Foreign text that cannot turn the words and figures around it: no direction marks, right-to-left isolated."""
    plain = _DIRECTIONS.sub("", text)
    if any(unicodedata.bidirectional(character) in {"R", "AL"} for character in plain):
        return f"\u2068{plain}\u2069"
    return plain
