"""Tesseract as the second reader: one line, one field, only the characters that field is made of."""

import os
from collections.abc import Mapping

import cv2
import numpy as np
import pytesseract
from numpy.typing import NDArray

from core.invoice import MONEY_FIELDS, Box, Candidate, FieldName, Source
from core.reading.amounts import money_in
from core.reading.dates import date_in
from core.reading.tax_ids import tax_id_in

os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # unset, Tesseract's threads make one line four times slower

_LINE_HEIGHT = 48  # pixels; capital letters of about 30 are what its network was trained on
_DIGITS = "0123456789"
_CHARACTERS: Mapping[FieldName, str] = {
    FieldName.NUMBER: _DIGITS,
    FieldName.CODE: _DIGITS,
    FieldName.CHECK_CODE: _DIGITS,
    FieldName.DATE: _DIGITS + "-",
    FieldName.BUYER_TAX_ID: _DIGITS + "ABCDEFGHJKLMNPQRTUWXY",
    FieldName.SELLER_TAX_ID: _DIGITS + "ABCDEFGHJKLMNPQRTUWXY",
    **dict.fromkeys(MONEY_FIELDS, _DIGITS + ".-"),
}


def confirms(name: FieldName) -> bool:
    """Whether this reader knows how to read the field."""
    return name in _CHARACTERS


def read_field(picture: NDArray[np.uint8], name: FieldName, box: Box) -> Candidate | None:
    """What Tesseract reads at this place of the page, in the field's canonical form; None when it is no such value."""
    text, confidence = _line(picture, _CHARACTERS[name])
    value = _value(name, text)
    return None if value is None else Candidate(value, Source.TESSERACT, confidence, box)


def _line(picture: NDArray[np.uint8], characters: str) -> tuple[str, float]:
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    scale = _LINE_HEIGHT / grey.shape[0]
    larger = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    framed = cv2.copyMakeBorder(larger, 12, 12, 12, 12, cv2.BORDER_REPLICATE)
    seen = pytesseract.image_to_data(
        framed,
        lang="eng",
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
