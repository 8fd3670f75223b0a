"""Who a receipt is from: what stands at its head."""

import re
from collections.abc import Sequence

from core.reading.elsewhere.dates import dates_in, folded
from core.reading.elsewhere.table import Line

_LOOKED_AT = 14
_LEGAL = re.compile(
    r"\b(?:sdn\.?\s?bhd|s/b|bhd|berhad|pte\.?\s?ltd|pty\.?\s?ltd|ltd|limited|llc|inc|corp|gmbh|ag|kg|ohg|ug|b\.?v|n\.?v|s\.?a\.?r\.?l|sas|s\.?a|"
    r"s\.?l\.?u?|s\.?r\.?l|s\.?p\.?a|ab|oy|as|a/s|aps|s\.r\.o|a\.s|sp\.?\s?z\.?\s?o\.?o|kft|plc|co)(?:\b|\.)|公司"
)
"""What a company is by law; in names it stands last."""
_TRADE = re.compile(
    r"\b(?:company|enterprise|trading|restaurant|restoran|hardware|stationery|bakery|bakeries|cafe|coffee|hotel|supermarket|market|mart|"
    r"store|shop|kedai|perniagaan|group|museum|pizza|bar|pharmacy|seafood)\b|店|餐|酒店|咖啡"
)
_REGISTERED = re.compile(
    r"[(\[]?\s*(?:co\.?\s?(?:reg)?\.?\s?(?:no)?[.:\s]*)?(?<!\d)\d{5,}\s?-?\s?[A-Za-z]{0,2}\s*[)\]]?\s*$"
)
_LABELLED = re.compile(r"^\W*[\u4e00-\u9fff]{2,6}\s?:")
_BY = re.compile(
    r"^.*\b(?:(?:own(?:ed)?|operated|managed)\s?by|(?:welcome|thank you for \w+) (?:to|at)|sold\s?by)\s*[:;]?\s*",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:tax|simplified|cash|sales?|original|copy|customer|merchant|guest|official|duplicate|reprint|tran|quick|order)?[\s.]*"
    r"(?:invoice|receipt|bill|slip|copy|check|transaction|ticket|rechnung|quittung|facture|factura|factuur|kvitto|faktura|welcome|thank)|"
    r"^(?:welcome|willkommen|bienvenue|bienvenid|thank|customer|guest|original|please|date|time|table|invoice|the receipt)|发票|收据|小票|结账单|结帐单|账单|帐单|欢迎|预结|凭证|号码"
)
_ADDRESS = re.compile(
    r"\b(?:no|lot|jalan|jln|floor|level|tel|fax|phone|gst|vat|reg|co\.?\s?reg|roc|ssm|www|http|email|taman|"
    r"strasse|str|platz|rue|place|calle|plaza|via|piazza|weg|plein|straat|siret|tva|nif|cif|ust|mwst|p\.?o\.?\s?box|invoice|suite|unit|server|cashier|op)\b|"
    r"@|\.com|电话|地址|税号|单号|日期|\d{6,}|^\W*\d+[a-z]?[\s,/-]+\D*(?:street|st|road|rd|ave|jalan|rue|blvd)"
)
_STREET = re.compile(r"\b(?:street|st|road|rd|avenue|ave|blvd)\b\.?(?P<after>.*)")
_ADDRESSEE = re.compile(
    r"\b(?:bill(?:ed|ing)?|sold|ship(?:ped)?|invoiced?|charged?)\s?to\b|\b(?:attn|attention)\b|rechnung an|facture a\b|客户"
)
"""Below it stands who pays."""


def merchant_of(lines: Sequence[Line]) -> str | None:
    """The name at the head: what ends with a company's legal form, else what is named like a trade, else the first line
    of letters that is no heading, address or number.
    """
    names: list[str] = []
    for line in lines[:_LOOKED_AT]:
        if _ADDRESSEE.search(folded(line.text)):
            break
        own = _BY.sub("", _REGISTERED.sub("", _without_heading(line)))
        text = own.strip(_EDGE)
        text = f"{text}." if re.search(r"\b(?:inc|ltd|co|corp|bhd)$", folded(text)) and f"{text}." in own else text
        plain = folded(text)
        if _is_noise(text) or _HEADING.search(plain) or _LABELLED.search(line.text):
            continue
        if _is_address(plain) or dates_in(plain) or line.amounts:
            if names:
                break
            continue
        names.append(text)
    if not names:
        return None
    legal = next((place for place, name in enumerate(names[:5]) if _LEGAL.search(folded(name))), None)
    if legal is not None:
        return " ".join(names[_first_of(names, legal) : legal + 1])
    branch = next((place for place, name in enumerate(names[:4]) if name.rstrip(")）").endswith("店")), None)
    if branch is not None:
        return names[branch]
    trade = next((place for place, name in enumerate(names[:3]) if _TRADE.search(folded(name))), 0)
    last = trade + 1 if _breaks_off(names[trade]) else trade
    return " ".join(names[_first_of(names, trade) : last + 1])


def _without_heading(line: Line) -> str:
    """A line's text; of a name with INVOICE set far beside it the name alone."""
    own = [word.text for word in line.words if not _HEADING.fullmatch(folded(word.text))]
    return " ".join(own) if own else line.text


def _is_address(plain: str) -> bool:
    """A street makes an address with a number beside it, or where its name ends with it: not Maple Street Deli."""
    street = _STREET.search(plain)
    return _ADDRESS.search(plain) is not None or (
        street is not None and (not street["after"].strip(" ,.") or re.search(r"\d", plain) is not None)
    )


_EDGE = " *#=-_|:.,;~'\""


def _first_of(names: Sequence[str], last: int) -> int:
    """Where the name begins that ends on this line: earlier while the line is but the end of one."""
    first = last
    while (
        first > 0
        and last - first < 2
        and (_breaks_off(names[first - 1]) or _is_rest(" ".join(names[first : last + 1])))
    ):
        first -= 1
    return first


def _is_rest(text: str) -> bool:
    """Whether at most one word stands before the legal form, or a bracket is closed that was not opened."""
    plain = folded(text)
    legal = _LEGAL.search(plain)
    before = plain[: legal.start()] if legal else plain
    own = _TRADE.sub("", re.sub(r"\([^)]*\)?", "", before))
    return text.count(")") > text.count("(") or (legal is not None and not re.search(r"[a-z0-9']{2,}", own))


def _breaks_off(text: str) -> bool:
    return text.endswith("&") or text.count("(") > text.count(")")


def _is_noise(text: str) -> bool:
    return len(re.sub(r"[\W\d_]", "", text)) < 3 and not re.search(r"[\u4e00-\u9fff]{2}", text)
