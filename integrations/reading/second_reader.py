"""Tesseract as the second reader: one line, one field, only the characters that field is made of."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import cv2
import numpy as np
import pytesseract
from numpy.typing import NDArray

from core.invoice import MONEY_FIELDS, Box, Candidate, FieldName, Source
from core.reading.amounts import money_in
from core.reading.dates import date_in
from core.reading.elsewhere.amounts import amounts_in
from core.reading.elsewhere.dates import dates_in
from core.reading.tax_ids import tax_id_in
from integrations.reading.ocr import ReadPage

Grey = NDArray[np.uint8]

os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # unset, Tesseract's threads make one line four times slower

_LINE_HEIGHT = 48  # pixels; capital letters of about 30 are what its network was trained on
_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CHARACTERS: Mapping[FieldName, str] = {
    FieldName.NUMBER: _DIGITS,
    FieldName.CODE: _DIGITS,
    FieldName.CHECK_CODE: _DIGITS,
    FieldName.DATE: _DIGITS + "-年月日",
    FieldName.BUYER_TAX_ID: _DIGITS + "ABCDEFGHJKLMNPQRTUWXY",
    FieldName.SELLER_TAX_ID: _DIGITS + "ABCDEFGHJKLMNPQRTUWXY",
    **dict.fromkeys(MONEY_FIELDS, _DIGITS + ".-"),
}


def confirms(name: FieldName) -> bool:
    """Whether this reader knows how to read the field."""
    return name in _CHARACTERS


def read_field(page: ReadPage, name: FieldName, box: Box, *, like: str = "") -> Candidate | None:
    """What Tesseract reads at this place, in the field's canonical form; None when it sees no such value.

    The place is prepared in another way only while nothing of the field's shape was seen, so that this reader has one
    opinion and no choice. `like` is the other reader's value: it says how long a value is and whether it has letters.
    """
    language = "chi_sim" if name is FieldName.DATE else "eng"
    characters = _CHARACTERS[name] + (_LETTERS if name is FieldName.NUMBER and not like.isdigit() else "")
    for line in _prepared(page, box):
        text, confidence = _line(line, characters, language)
        value = _value(name, text)
        if value is not None and (name in MONEY_FIELDS or not like or len(value) == len(like)):
            return Candidate(value, Source.TESSERACT, confidence, box)
    return None


def read_abroad(page: ReadPage, name: FieldName, box: Box, *, like: str) -> Candidate | None:
    """What Tesseract reads in the whole run of a receipt's date or total.

    A date that may be read in several orders counts as `like` if one of them is that day: the order is not this reader's
    business.
    """
    for line in _prepared(page, box):
        text, confidence = _line(line, "", "eng")
        value = _date(text, like) if name is FieldName.DATE else _money(text)
        if value is not None:
            return Candidate(value, Source.TESSERACT, confidence, box)
    return None


def _date(text: str, like: str) -> str | None:
    days = [day.isoformat() for printed in dates_in(text) for day in printed.days]
    return like if like in days else next(iter(days), None)


def _money(text: str) -> str | None:
    found = amounts_in(text)
    money = [each for each in found if each.is_money] or list(found)
    return f"{money[-1].value:.2f}" if money else None


def _prepared(page: ReadPage, box: Box) -> Iterator[Grey]:
    """The place as one grey line: as it is, with more around it, without red ink, in black and white."""
    near, wide = page.line(box), page.line(box, margin=0.25, ends=0.5)
    yield _sized(cv2.cvtColor(near, cv2.COLOR_BGR2GRAY))
    yield _sized(cv2.cvtColor(wide, cv2.COLOR_BGR2GRAY))
    yield _sized(near[:, :, 2])
    _, stark = cv2.threshold(
        _sized(cv2.cvtColor(near, cv2.COLOR_BGR2GRAY)), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU
    )
    yield np.asarray(stark, dtype=np.uint8)


def _sized(grey: NDArray[Any]) -> Grey:
    scale = _LINE_HEIGHT / grey.shape[0]
    larger = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.copyMakeBorder(larger, 12, 12, 12, 12, cv2.BORDER_REPLICATE), dtype=np.uint8)


def _line(line: Grey, characters: str, language: str) -> tuple[str, float]:
    seen = pytesseract.image_to_data(
        line,
        lang=language,
        config=f"--psm 7 -c tessedit_char_whitelist={characters}",
        output_type=pytesseract.Output.DICT,
    )
    parts = [
        (text, float(confidence)) for text, confidence in zip(seen["text"], seen["conf"], strict=True) if text.strip()
    ]
    return " ".join(text for text, _ in parts), min((confidence for _, confidence in parts), default=0.0) / 100


def _value(name: FieldName, text: str) -> str | None:
    plain = text.replace(" ", "")
    match name:
        case FieldName.DATE:
            return date_in(plain) or date_in(text)
        case FieldName.AMOUNT_EX_TAX | FieldName.TAX | FieldName.TOTAL:
            return money_in(plain)
        case FieldName.BUYER_TAX_ID | FieldName.SELLER_TAX_ID:
            return tax_id_in(plain)
    return plain or None
