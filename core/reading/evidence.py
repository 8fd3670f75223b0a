"""What makes a field verified. Every rule of independence stands here, one function a rule.

A rule answers: of the fields as they stand, which does it prove to have been read right? It never says that an invoice
is genuine. What each rule leaves open is written at the rule.

Readers that look at the same ink with the same engine are one source, however often they look. A value that the
QR code contradicts after a second look is proved by nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.invoice import (
    MISSING,
    MONEY_FIELDS,
    Candidate,
    Field,
    FieldName,
    FieldState,
    Finding,
    Kind,
    Severity,
    Source,
)
from core.messages import Message
from core.reading.elsewhere.table import Closing as Sum
from core.reading.kinds import WITH_SUMS, expected
from core.reading.numerals import says
from core.reading.qr_payload import Checksum, QrPayload
from core.reading.tax_ids import Closing, closing, repaired

TAX_IDS = frozenset({FieldName.BUYER_TAX_ID, FieldName.SELLER_TAX_ID})
SURE = 0.9
"""The confidence below which an engine's own word is not enough to stand on, check digit or not."""

WITHOUT_CODE = frozenset(
    {
        Kind.FOREIGN_INVOICE, Kind.BLOCKCHAIN, Kind.FISCAL, Kind.TAXI, Kind.QUOTA, Kind.GENERAL_MACHINE, Kind.TOLL_PAPER,
        Kind.TOLL_LOCAL_E, Kind.BUS, Kind.SHIP, Kind.TRAIN_PAPER,
    }
)  # fmt: skip
"""The kinds that carry no QR code, or one that leads to a page instead of saying what the invoice says."""
_OCR = frozenset({Source.RAPIDOCR, Source.TESSERACT})
_STRUCTURED = frozenset({Source.XML, Source.OFD})
_QR_RULES: Mapping[FieldName, tuple[str, Severity]] = {
    FieldName.NUMBER: ("Q1", Severity.BLOCK),
    FieldName.CODE: ("Q1", Severity.BLOCK),
    FieldName.DATE: ("Q2", Severity.BLOCK),
    FieldName.AMOUNT_EX_TAX: ("Q3", Severity.BLOCK),
    FieldName.TOTAL: ("Q3", Severity.BLOCK),
    FieldName.CHECK_CODE: ("Q4", Severity.WARN),
}


@dataclass(frozen=True)
class Evidence:
    """All that was seen of one invoice.

    `seen` holds the candidates of the readers of print, in the order they were seen; `qr` the payload of its QR code;
    `blank` the fields that are known to stand empty on its face; `crowded` says that parts of another invoice may be
    among all this (see Face). `doubts`, `closings` and `confirmed` are those of the Sighting.
    """

    kind: Kind
    seen: Mapping[FieldName, tuple[Candidate, ...]]
    qr: QrPayload | None = None
    blank: frozenset[FieldName] = frozenset()
    crowded: bool = False
    doubts: Mapping[FieldName, Message] = field(default_factory=dict)
    closings: tuple[Sum, ...] = ()
    confirmed: frozenset[FieldName] = frozenset()

    def names(self) -> tuple[FieldName, ...]:
        """The fields this invoice has: those of its kind and whatever else was seen, without the blank ones."""
        coded = self.qr.values.keys() - self.qr.unproven if self.qr else ()
        found = (*expected(self.kind), *(name for name in FieldName if name in coded), *self.seen)
        return tuple(name for name in dict.fromkeys(found) if name not in self.blank or self.candidates(name))

    def qr_value(self, name: FieldName) -> str | None:
        """What the QR code says. Where the meaning of its amount is not proven, only what is printed just so."""
        value = self.qr.values.get(name) if self.qr else None
        if self.qr and name in self.qr.unproven and all(seen.value != value for seen in self.printed(name)):
            return None
        return value

    def printed(self, name: FieldName) -> tuple[Candidate, ...]:
        return self.seen.get(name, ())

    def candidates(self, name: FieldName) -> tuple[Candidate, ...]:
        """The strongest first: what a structured original says, the QR code, the print."""
        value = self.qr_value(name)
        said = (*((Candidate(value, Source.QR),) if value else ()), *self.printed(name))
        return (*_written(said), *(seen for seen in said if seen.source not in _STRUCTURED))

    def differs(self, name: FieldName) -> bool:
        """The QR code says one thing and no reader of print saw it: worth a second look."""
        value = self.qr_value(name)
        return (
            value is not None and bool(self.printed(name)) and all(seen.value != value for seen in self.printed(name))
        )

    def contradicted(self, name: FieldName) -> str | None:
        """The print's own value where it surely is another than the QR code's.

        Exact text is sure at once, OCR when two engines see the same. One engine looking twice errs twice: on a soft
        photo it has read 2026 as 2006 both times, and an accusation must not rest on that.
        """
        if self.crowded or not self.differs(name):
            return None
        exact = [seen.value for seen in self.printed(name) if seen.source not in _OCR]
        if exact:
            return exact[0]
        for value in dict.fromkeys(seen.value for seen in self.printed(name)):
            if {seen.source for seen in self.printed(name) if seen.value == value} >= _OCR:
                return value
        return None


@dataclass(frozen=True)
class Standing:
    """The fields as they stand while rules are applied: the value chosen for each, and which are verified already."""

    evidence: Evidence
    values: Mapping[FieldName, str]
    verified: frozenset[FieldName] = frozenset()

    def amount(self, name: FieldName) -> Decimal | None:
        return Decimal(self.values[name]) if name in self.values else None

    def adds_up(self) -> bool:
        """金额 + 税额 = 价税合计, all three read."""
        net, tax, total = (self.amount(name) for name in (FieldName.AMOUNT_EX_TAX, FieldName.TAX, FieldName.TOTAL))
        return net is not None and tax is not None and total is not None and net + tax == total

    def sources(self, name: FieldName) -> frozenset[Source]:
        """The sources that saw the chosen value."""
        return frozenset(seen.source for seen in self.evidence.candidates(name) if seen.value == self.values.get(name))


Rule = Callable[[Standing], Iterable[FieldName]]


def structured_original_says_it(standing: Standing) -> Iterable[FieldName]:
    """XML, and the tags and attachments of OFD and PDF, name each of their values: there is nothing to misread.

    That the file was not edited is not said by this.
    """
    return [name for name in standing.values if standing.sources(name) & _STRUCTURED]


def qr_checksum_closes(standing: Standing) -> Iterable[FieldName]:
    """The payload's own CRC fits: its fields were decoded right (6 in 65,536 broken payloads pass, after Reed-Solomon)."""
    qr = standing.evidence.qr
    return qr.values.keys() - qr.unproven if qr and qr.checksum is Checksum.CLOSES else ()


def qr_equals_print(standing: Standing) -> Iterable[FieldName]:
    """QR code and print say the same: the code is decoded bit by bit, the print read by shape; they do not err alike."""
    return [name for name in standing.values if Source.QR in standing.sources(name) and len(standing.sources(name)) > 1]


def text_layer_equals_its_qr(standing: Standing) -> Iterable[FieldName]:
    """A PDF's text whose number, date and amount are those of its QR code: then this text is the invoice's own.

    Exact text is never misread, only edited or laid over another page; both show in these three. A value taken from
    the wrong place of the page is not excluded by this rule but by reading from labels.
    """
    qr = standing.evidence.qr
    if qr is None or not {FieldName.NUMBER, FieldName.DATE} <= qr.values.keys():
        return ()
    amounts = {name for name in (FieldName.TOTAL, FieldName.AMOUNT_EX_TAX) if standing.evidence.qr_value(name)}
    compared = {FieldName.NUMBER, FieldName.DATE, *amounts}
    exact = {name for name in standing.values if Source.PDF_TEXT in standing.sources(name)}
    agree = amounts and all(name in exact and standing.values[name] == qr.values[name] for name in compared)
    return exact if agree else ()


def two_engines_agree(standing: Standing) -> Iterable[FieldName]:
    """RapidOCR and Tesseract, trained apart on other data, read the same characters from the same place.

    Both may have been shown the wrong place, where another figure stands: a total was once taken for a net whose row
    was torn. So the three figures of a VAT face count only when they add up, and the tax of an air ticket, one of five
    figures side by side, only when all five make the total.
    """
    agreed = {name for name in standing.values if standing.sources(name) >= _OCR}
    if standing.evidence.kind in WITH_SUMS and not standing.adds_up():
        agreed -= MONEY_FIELDS
    if standing.evidence.kind is Kind.AIR_ITINERARY and not _closings(standing):
        agreed -= {FieldName.TAX}
    return agreed


def capitals_say_the_total(standing: Standing) -> Iterable[FieldName]:
    """大写 generated from the figures equals the 大写 printed: two writings of one amount, with no character in common."""
    total, words = standing.amount(FieldName.TOTAL), standing.values.get(FieldName.TOTAL_CN)
    return (FieldName.TOTAL, FieldName.TOTAL_CN) if total is not None and words and says(words, total) else ()


def sum_closes_on_what_is_known(standing: Standing) -> Iterable[FieldName]:
    """金额 + 税额 = 价税合计, where the total is verified otherwise, or any two of the three are.

    Three readings of one engine that merely fit each other prove nothing: a digit that it always misreads may stand in
    net and total alike, and with a tax of zero both are one figure. Against a verified total, net and tax would have
    to err by opposite amounts. A verified net alone is not enough: tax and total may share the misread digit.
    """
    names = (FieldName.AMOUNT_EX_TAX, FieldName.TAX, FieldName.TOTAL)
    if not standing.adds_up() or any(standing.evidence.contradicted(name) for name in names):
        return ()
    known = standing.verified & frozenset(names)
    return names if FieldName.TOTAL in known or len(known) > 1 else ()


def sum_of_a_receipt_closes(standing: Standing) -> Iterable[FieldName]:
    """Subtotal, tax, tip, rounding and discount make the total of a receipt, or what was paid less the change does.

    Only sums of two parts or more that are not zero, none of them the total again. One engine that misreads a digit of
    subtotal and total alike is not excluded by a sum; so the second reader is shown the total of every receipt, and
    where it sees another value the sum proves nothing. Other amounts called the total are a doubt (see the Sighting).
    """
    evidence = standing.evidence
    if evidence.kind is Kind.AIR_ITINERARY or any(
        seen.value != standing.values.get(FieldName.TOTAL) for seen in evidence.printed(FieldName.TOTAL)
    ):
        return ()
    closing = [each for each in _closings(standing) if each.proves]
    parts = {
        name
        for each in closing
        for name, part in ((FieldName.AMOUNT_EX_TAX, each.net), (FieldName.TAX, each.tax))
        if part is not None and part == standing.amount(name)
    }
    return {FieldName.TOTAL, *parts} if closing else ()


def air_parts_close_on_the_total(standing: Standing) -> Iterable[FieldName]:
    """票价 + 燃油附加费 + 税额 + 民航发展基金 + 其他税费 = 合计, where the total is verified otherwise.

    Then a misread tax would need another part misread by the opposite amount. The parts never verify the total: one
    engine may misread a digit of the fare and of the total alike.
    """
    if standing.evidence.kind is not Kind.AIR_ITINERARY or FieldName.TOTAL not in standing.verified:
        return ()
    tax = standing.amount(FieldName.TAX)
    return (FieldName.TAX,) if any(each.tax == tax for each in _closings(standing)) else ()


def text_and_ink_agree(standing: Standing) -> Iterable[FieldName]:
    """An engine reads in the picture of a page what its text says: the text is what is shown. For kinds that carry no QR
    code that would say so; what is edited in text and picture alike is not excluded.
    """
    if standing.evidence.kind not in WITHOUT_CODE:
        return ()
    return [
        name for name in standing.values if Source.PDF_TEXT in standing.sources(name) and standing.sources(name) & _OCR
    ]


def two_prints_say_it(standing: Standing) -> Iterable[FieldName]:
    """Two different things on the page say the same, each by itself: the sign beside the amounts and the seller's
    country name one currency. A misread sign would have to fit a misread country.
    """
    return standing.evidence.confirmed


def tax_id_holds_together(standing: Standing) -> Iterable[FieldName]:
    """A tax id whose check digits close.

    Mod 31 sees every single misread character but lets 1 in 31 of the worse ones pass. So from OCR the second check
    digit inside (GB 11714, mod 11) must close too, the province exist and the engine be confident; exact text needs
    one check digit only. Two readings that both hold together cancel each other. Never for a repaired id.
    """
    proved = []
    for name in TAX_IDS & standing.values.keys():
        value = standing.values[name]
        rivals = {seen.value for seen in standing.evidence.printed(name) if closing(seen.value) is Closing.TWICE} - {
            value
        }
        exact = any(source not in _OCR for source in standing.sources(name))
        confident = any(
            seen.value == value and (seen.confidence or 0) >= SURE for seen in standing.evidence.printed(name)
        )
        enough = {Closing.ONCE, Closing.TWICE} if exact else {Closing.TWICE}
        if closing(value) in enough and not rivals and (exact or confident):
            proved.append(name)
    return proved


RULES: tuple[Rule, ...] = (
    structured_original_says_it,
    qr_checksum_closes,
    qr_equals_print,
    text_layer_equals_its_qr,
    two_engines_agree,
    capitals_say_the_total,
    tax_id_holds_together,
    sum_of_a_receipt_closes,
    text_and_ink_agree,
    two_prints_say_it,
    sum_closes_on_what_is_known,  # these two last: they stand on what the others proved
    air_parts_close_on_the_total,
)


def weigh(evidence: Evidence) -> tuple[Mapping[FieldName, Field], tuple[Finding, ...]]:
    """The fields with their states, and the findings that reading itself makes (Q1 to Q5)."""
    values = {name: value for name in evidence.names() if (value := _chosen(evidence, name)) is not None}
    contradicted = {name for name in values if evidence.contradicted(name)}
    standing = Standing(evidence, values)
    for rule in () if evidence.crowded else RULES:
        proved = (frozenset(rule(standing)) & values.keys()) - contradicted - evidence.doubts.keys()
        standing = Standing(evidence, values, standing.verified | proved)
    fields = {name: _field(standing, name) for name in evidence.names()}
    return fields, _findings(evidence, contradicted)


def doubtful(evidence: Evidence) -> tuple[FieldName, ...]:
    """The fields that a second look at the page may settle: read but not verified, or unlike the QR code."""
    fields, _ = weigh(evidence)
    return tuple(
        name
        for name, found in fields.items()
        if evidence.printed(name)
        and (evidence.differs(name) or found.state is FieldState.READ)
        and all(seen.source in _OCR for seen in evidence.printed(name))
    )


def _closings(standing: Standing) -> list[Sum]:
    """The sums on the page that make the chosen total."""
    return [each for each in standing.evidence.closings if each.total == standing.amount(FieldName.TOTAL)]


def _written(said: Iterable[Candidate]) -> Iterable[Candidate]:
    return (seen for seen in said if seen.source in _STRUCTURED)


def _chosen(evidence: Evidence, name: FieldName) -> str | None:
    """The value of a field: the strongest source's; among engines what two agree on, or an id that holds together."""
    candidates = evidence.candidates(name)
    exact = [seen for seen in candidates if seen.source not in _OCR]
    if exact or not candidates:
        return exact[0].value if exact else None
    for seen in candidates:
        if len({other.source for other in candidates if other.value == seen.value}) > 1:
            return seen.value
    if name in TAX_IDS:
        whole = [seen for seen in candidates if closing(seen.value) is Closing.TWICE]
        return (whole or list(candidates))[0].value
    if name is FieldName.TOTAL and (words := _chosen(evidence, FieldName.TOTAL_CN)):
        spelt = [seen for seen in candidates if says(words, Decimal(seen.value))]
        return (spelt or list(candidates))[0].value
    return candidates[0].value


def _field(standing: Standing, name: FieldName) -> Field:
    candidates = standing.evidence.candidates(name)
    if name not in standing.values:
        return (
            Field(None, FieldState.MISSING, candidates, Message("Not found on the page.")) if candidates else _MISSING
        )
    if name in standing.verified:
        return Field(standing.values[name], FieldState.VERIFIED, candidates)
    return Field(standing.values[name], FieldState.READ, candidates, _reason(standing, name))


_MISSING = Field(MISSING.value, MISSING.state, reason=Message("Not found on the page."))


def _reason(standing: Standing, name: FieldName) -> Message:
    """Why a value is not verified, in words."""
    evidence, value = standing.evidence, standing.values[name]
    printed = evidence.contradicted(name)
    others = [seen.value for seen in evidence.printed(name) if seen.value != value]
    if evidence.crowded:
        reason = Message(
            "Several invoices stand on this page and could not be told apart. Please send them one by one."
        )
    elif printed:
        reason = Message(
            "The QR code says {qr}, the print says {printed}.", qr=evidence.qr_value(name) or "", printed=printed
        )
    elif name in evidence.doubts:
        reason = evidence.doubts[name]
    elif name in TAX_IDS and closing(value) is Closing.NO and (proposal := repaired(value)):
        reason = Message(
            "The check character of this tax id does not fit; with {proposal} it would. Please compare.",
            proposal=proposal,
        )
    elif name in TAX_IDS and closing(value) is Closing.NO:
        reason = Message("The check character of this tax id does not fit: one of its characters may be misread.")
    elif others:
        reason = Message("Two readings differ: {first} and {second}.", first=value, second=others[0])
    elif standing.sources(name) == {Source.QR}:
        reason = Message("Only the QR code says this, and its checksum does not prove it.")
    elif standing.sources(name) == {Source.PDF_TEXT}:
        reason = Message("Only the text of the file says this; no QR code confirms it.")
    else:
        reason = Message("One reader saw this; nothing else confirms it.")
    return reason


def _findings(evidence: Evidence, contradicted: set[FieldName]) -> tuple[Finding, ...]:
    found = []
    for name in sorted(contradicted):
        code, severity = _QR_RULES[name]
        values = {"qr": evidence.qr_value(name) or "", "printed": evidence.contradicted(name) or ""}
        message = Message(
            "The QR code says {qr}, the print says {printed}. Somebody may have changed the print; compare with the original.",
            **values,
        )
        found.append(Finding(code, severity, message, {"field": name.value, **values}))
    if evidence.qr and evidence.qr.checksum is Checksum.DIFFERS:
        agrees = not contradicted and any(
            seen.value == evidence.qr_value(FieldName.NUMBER) for seen in evidence.printed(FieldName.NUMBER)
        )
        found.append(
            Finding(
                "Q5",
                Severity.NOTE if agrees else Severity.WARN,
                Message("The checksum inside the QR code fits none of the known ways to compute it."),
            )
        )
    return tuple(found)
