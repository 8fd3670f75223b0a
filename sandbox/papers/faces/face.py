"""A document of any kind, ready to be drawn, with what a reader should find on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from reportlab.lib.colors import Color, HexColor, black, white

from sandbox.papers.sheet import Sheet

FIELDS = (
    "code", "number", "date", "buyer_name", "buyer_tax_id", "seller_name", "seller_tax_id", "amount_ex_tax", "tax",
    "total", "total_cn", "check_code", "currency",
)  # fmt: skip
"""The fields of a label; `kind` and `qr` stand beside them."""

BROWN, BLUE_PRINT, GREY = HexColor(0x9A4A1B), HexColor(0x2F4FB5), HexColor(0x444444)


@dataclass(frozen=True, kw_only=True)
class Face:
    """One page of a document.

    size is its width and height in millimetres, labels what a reader should find on it: every field of FIELDS, kind and
    qr; None is not on the face. What stands in a seal alone is not labelled. `implied` is true though not printed, such
    as the currency of a Chinese invoice or the net that only the QR code holds. An electronic document exists as a PDF
    with text. slip is how far, in millimetres, what is filled in may stray from its place in the form.
    """

    size: tuple[float, float]
    labels: Mapping[str, str | None]
    draw: Callable[[Sheet], None]
    electronic: bool = False
    ink: Color = BROWN
    value_ink: Color = black
    ground: Color = white
    margin: float = 0
    slip: float = 0
    implied: Mapping[str, str] = field(default_factory=lambda: {"currency": "CNY"})

    @property
    def kind(self) -> str:
        return self.labels["kind"] or ""

    @property
    def qr(self) -> str | None:
        return self.labels["qr"]


def labels(kind: str, **found: str | Decimal | None) -> dict[str, str | None]:
    """The label of a document: money as Decimal gets two decimals, what is not named is None."""
    written = {name: f"{value:.2f}" if isinstance(value, Decimal) else value for name, value in found.items()}
    return {"kind": kind, **dict.fromkeys((*FIELDS, "qr")), **written}


def pairs(sheet: Sheet, table: Sequence[tuple[float, float, str, str]], *, size: float = 9, gap: float = 1) -> None:
    """Write rows of (x, y, word of the form, value)."""
    for x, y, word, value in table:
        sheet.pair(x, y, word, value, size=size, gap=gap)


def heads(sheet: Sheet, y: float, table: Sequence[tuple[float, str]], *, size: float = 8) -> None:
    """Write words of the form in a row, each in the middle of its column."""
    for x, word in table:
        sheet.label(x, y, word, size=size, align="centre")


def values(sheet: Sheet, y: float, table: Sequence[tuple[float, str]], *, size: float = 8) -> None:
    """Write values in a row, each in the middle of its column."""
    for x, value in table:
        sheet.print(x, y, value, size=size, align="centre")
