"""Where a receipt is from: its currency, and the order of its dates."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.reading.elsewhere.amounts import SHARED, WITHOUT_CENTS, amounts_in, signs_in
from core.reading.elsewhere.dates import Order, folded

_EURO = ["AT", "BE", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU", "LV", "NL", "PT", "SI", "SK"]
_CURRENCIES: Mapping[str, str] = {
    **dict.fromkeys(_EURO, "EUR"),
    "US": "USD", "CA": "CAD", "GB": "GBP", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "MY": "MYR", "HK": "HKD", "MO": "MOP",
    "TW": "TWD", "JP": "JPY", "KR": "KRW", "CN": "CNY", "IN": "INR", "TH": "THB", "VN": "VND", "ID": "IDR", "PH": "PHP",
    "CH": "CHF", "SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "CZ": "CZK", "PL": "PLN", "HU": "HUF", "RO": "RON",
    "BG": "BGN", "TR": "TRY", "IL": "ILS", "AE": "AED", "SA": "SAR", "ZA": "ZAR", "BR": "BRL", "MX": "MXN",
}  # fmt: skip
_OF_SIGN: Mapping[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"),
    "¥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
}

_MONTH_FIRST = frozenset({"US", "PH"})
_YEAR_FIRST = frozenset({"CN", "JP", "KR", "TW", "HU", "LT", "SE"})
_AMERICAN_TILLS = frozenset({"CN", "JP", "KR", "TW", "CA"})
_OPEN = frozenset({"CA", "ZA"})
"""Countries where several orders are in daily use."""

_SIMPLIFIED = re.compile(r"[电话谢顾单员时间账发务门应实总额数团费们请见为东车马鸡鱼汤饮]")
"""Characters that are written so in mainland China (and Singapore) alone."""
_STRONG, _FAIR, _WEAK = 5, 3, 1
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DC|DE|FL|GA|HI|IA|ID|IL|IN|KS|KY|LA|MA|MD|ME|MI|MN|MO|MS|MT|NC|ND|NE|NH|NJ|NM|NV|NY|OH|OK|OR|"
    "PA|RI|SC|SD|TN|TX|UT|VA|VT|WA|WI|WV|WY"
)
_PRINTED: tuple[tuple[str, str, int], ...] = (
    # Tax numbers and post codes, as they are printed.
    ("AT", r"ATU\s?\d{3}\s?\d{3}\s?\d{2}", _STRONG), ("DE", r"(?<![A-Z])DE\s?\d{3}\s?\d{3}\s?\d{3}(?!\d)", _STRONG),
    ("FR", r"(?<![A-Z])FR\s?\d{2}\s?\d{3}\s?\d{3}\s?\d{3}(?!\d)", _STRONG), ("ES", r"(?:C\.?I\.?F|N\.?I\.?F)\.?[:\s]", _FAIR),
    ("NL", r"NL\s?\d{9}\s?B\d{2}", _STRONG), ("BE", r"BE\s?0\d{3}\.?\d{3}\.?\d{3}", _STRONG), ("SE", r"SE\d{10}01", _STRONG),
    ("GB", r"GB\s?\d{3}\s?\d{4}\s?\d{2}(?!\d)", _STRONG), ("CH", r"CHE[-\s]?\d{3}\.\d{3}\.\d{3}", _STRONG),
    ("CZ", r"CZ\d{8,10}", _STRONG), ("PL", r"NIP[:\s]*\d{3}-?\d{2,3}", _STRONG), ("IT", r"P\.?\s?IVA|Partita\s?IVA", _STRONG),
    ("GR", r"(?<![A-Z])EL\d{9}", _STRONG), ("IE", r"IE\d{7}[A-Z]{1,2}", _STRONG), ("IN", r"\d{2}[A-Z]{5}\d{4}[A-Z]\d?[A-Z0-9]Z[A-Z0-9]|GSTIN", _STRONG),
    ("AU", r"(?<![A-Z])A\.?B\.?N\.?[:\s]*\d{2}\s?\d{3}\s?\d{3}\s?\d{3}", _STRONG), ("JP", r"登録番号.{0,3}T\d{13}(?!\d)", _STRONG),
    ("US", rf"(?<![A-Za-z])(?:{_STATES})[.,]?\s{{0,2}}\d{{5}}(?:-\d{{4}})?(?!\d)", _STRONG),
    ("CA", r"(?<![A-Za-z0-9])[ABCEGHJ-NPRSTVXY]\d[A-Z]\s?\d[A-Z]\d(?![A-Za-z0-9])", _STRONG),
    ("CA", r"\d{9}\s?RT\s?\d{4}|[GH]ST/HST|(?<![A-Z])(?:HST|PST|QST|TVQ)(?![A-Z])", _STRONG),
    ("GB", r"(?<![A-Z0-9])[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}(?![A-Z0-9])", _FAIR),
    ("US", r"\(\d{3}\)\s?\d{3}[-\s.]\d{4}|(?<!\d)\d{3}[-.]\d{3}[-.]\d{4}(?!\d)", _WEAK),
    ("CA", r"\(\d{3}\)\s?\d{3}[-\s.]\d{4}|(?<!\d)\d{3}[-.]\d{3}[-.]\d{4}(?!\d)", _WEAK),
)  # fmt: skip
_WORDED: tuple[tuple[str, str, int], ...] = (
    # Words without accents, in small letters.
    ("MY", r"sdn\.?\s?bhd|s/b\b|malaysia|kuala\s?lumpur|selangor|johor|\bjalan\b|\bsst\b|penang|petaling|kedah|perak|sabah|sarawak", _STRONG),
    ("SG", r"singapore|pte\.?\s?ltd|paynow|\buen\b", _STRONG),
    ("HK", r"hong\s?kong|kowloon|香港|九龍|九龙|octopus|八達通|八达通|\(hk\)", _STRONG), ("MO", r"\bmaca[uo]\b|澳門", _STRONG),
    ("TW", r"taiwan|taipei|統一編號|統一發票|電子發票證明聯|台北|臺北|新北市", _STRONG),
    ("US", r"sales\s?tax|\bu\.?s\.?a\b|united states|, ?inc\b|\bllc\b|gratuity", _FAIR),
    ("US", r"new york|san francisco|los angeles|las vegas|chicago|seattle|houston|orlando", _FAIR),
    ("CA", r"canada|vancouver|toronto|montreal|ottawa|calgary|, ?bc\b|ontario|quebec|interac", _STRONG),
    ("GB", r"london|edinburgh|glasgow|manchester|birmingham|scotland|united kingdom|\.co\.uk|\bplc\b", _STRONG),
    ("GB", r"vat\s?(?:reg|no|number)|tip not included|\bltd\b", _WEAK),
    ("IE", r"ireland|dublin", _STRONG), ("AU", r"australia|sydney|melbourne|brisbane|pty\.?\s?ltd|eftpos", _STRONG),
    ("NZ", r"new zealand|auckland|wellington", _STRONG),
    ("DE", r"deutschland|germany|berlin|munchen|hamburg|frankfurt|leipzig|koln\b|stuttgart|dresden", _STRONG),
    ("DE", r"\bmwst|\bgmbh\b|\bsteuer-?nr|rechnung|summe|\bust-?id|quittung|bewirtung|\btse\b", _FAIR),
    ("AT", r"osterreich|austria|\bwien\b|salzburg|innsbruck|\bgraz\b", _STRONG), ("AT", r"\bgmbh\b|rechnung|summe|\bust\b", _WEAK),
    ("CH", r"schweiz|suisse|switzerland|zurich|\bgeneve?\b|\bbasel\b|\bbern\b|\bchf\b", _STRONG), ("CH", r"\bmwst|rechnung", _WEAK),
    ("FR", r"\bfrance\b|\bparis\b|\blyon\b|marseille|\bsiret\b|\bttc\b|\btva\b|\brcs\b|merci|couverts?\b|espece", _FAIR),
    ("BE", r"belgique|belgie|bruxelles|brussel|antwerpen|\bgent\b", _STRONG),
    ("ES", r"espana|spain|madrid|barcelona|valencia|sevilla|factura simplificada|gracias por su visita|\biva incl", _STRONG),
    ("ES", r"\biva\b|importe|efectivo|tarjeta|gracias|fecha", _FAIR),
    ("PT", r"portugal|lisboa|\bporto\b|contribuinte|atcud|obrigado", _STRONG),
    ("IT", r"italia|\broma\b|milano|firenze|venezia|napoli|scontrino|documento commerciale|totale complessivo", _STRONG),
    ("NL", r"nederland|amsterdam|rotterdam|den haag|utrecht|\bbtw\b|totaal|\bkvk\b|\bb\.?v\.(?!\w)", _STRONG), ("BE", r"\bbtw\b|totaal", _WEAK),
    ("SE", r"sverige|sweden|stockholm|goteborg|malmo|arlanda|\bmoms\b|org\.?\s?nr|\bkvitto\b|\bab\b", _FAIR),
    ("NO", r"norge|norway|\boslo\b|bergen|\bmva\b|kvittering", _STRONG),
    ("DK", r"danmark|denmark|kobenhavn|copenhagen|\bcvr\b|\bmoms af\b", _STRONG), ("FI", r"suomi|finland|helsinki|\balv\b|yhteensa", _STRONG),
    ("CZ", r"\bpraha\b|prague|ceska|\bbrno\b|\bdic\b|\bs\.r\.o\b|\bdph\b|celkem", _STRONG),
    ("PL", r"polska|poland|warszawa|krakow|paragon|\bptu\b|fiskalny|sprzedaz|do zaplaty|razem", _STRONG),
    ("HU", r"budapest|magyar|\bafa\b|osszesen|nyugta", _STRONG), ("GR", r"greece|athens|ελλαδα|αθηνα|συνολο|αφμ|φπα|α\.φ\.μ", _STRONG),
    ("TR", r"turkiye|istanbul|ankara|\bkdv\b|toplam", _STRONG), ("JP", r"[\u3041-\u3096]{2,}|[アイウカキクケサシスセタチテトナネフヘホマムメモラリルレロワンガギグゲゴザジダデドバビブパピプ]{3,}|japan|\btokyo\b|kyoto|osaka|消費税|領収", _STRONG),
    ("KR", r"[\uac00-\ud7a3]{2,}|\bkorea\b|\bseoul\b", _STRONG), ("TH", r"[\u0e01-\u0e3a]{3,}|thailand|bangkok|phuket", _STRONG),
    ("IN", r"\bindia\b|mumbai|bengaluru|bangalore|new delhi|chennai|\bcgst\b|\bsgst\b|\bigst\b|\bfssai\b", _STRONG),
    ("ID", r"indonesia|jakarta|\bbali\b|\bnpwp\b|\bppn\b", _STRONG), ("PH", r"philippines|manila|\bvatable\b|makati", _STRONG),
    ("VN", r"viet\s?nam|ha noi|ho chi minh|hanoi", _FAIR), ("AE", r"dubai|abu dhabi|\buae\b|\btrn\b", _STRONG),
    ("MX", r"mexico|\brfc\b|\bc\.v\.", _STRONG), ("BR", r"brasil|sao paulo|\bcnpj\b", _STRONG), ("ZA", r"south africa|cape town|johannesburg", _STRONG),
    ("CN", r"中国|北京|上海|深圳|广州|杭州|成都|支付宝|微信|人民币|发票|收银|找零|实收|應收|谢谢惠顾|欢迎光临", _FAIR),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a receipt is from.

    `country` is ISO 3166 when something names it, `currency` ISO 4217 when it is printed or the country's. `confirmed`: a
    sign beside amounts and the country say the same currency, each by itself.
    """

    country: str | None
    currency: str | None
    confirmed: bool = False

    def order(self, *, short: bool) -> Order | None:
        """The order of day, month and year there; None when it is not known. `short`: years of two digits."""
        if self.country is None or self.country in _OPEN:
            return None
        if self.country in _MONTH_FIRST:
            return Order.MDY
        if self.country in _YEAR_FIRST:
            return Order.YMD if short else None if self.country in _AMERICAN_TILLS else Order.DMY
        return Order.DMY

    def likely(self) -> Order:
        """The order to propose where it is not known: in East Asia tills that put the year last are American."""
        return Order.MDY if self.country in _MONTH_FIRST | _AMERICAN_TILLS else Order.DMY


def place_of(lines: Sequence[str]) -> Place:
    """The place that the words of a page name most strongly, and its currency."""
    text = "\n".join(lines)
    weights = _weights(text)
    beside = [amount for line in lines for amount in amounts_in(line) if amount.sign]
    signs: Counter[str] = Counter(
        each.sign for each in beside if each.sign and (each.cents or each.sign in SHARED | WITHOUT_CENTS)
    )
    signs = signs or Counter(sign for sign in signs_in(text) if sign not in SHARED)
    for sign, count in signs.items():
        for country in tuple(weights):
            if _CURRENCIES[country] == sign or _CURRENCIES[country] in _OF_SIGN.get(sign, ()):
                weights[country] += min(count, 3)
    return _with_currency(_first(weights), signs)


def _weights(text: str) -> Counter[str]:
    plain = folded(text)
    weights: Counter[str] = Counter()
    for country, pattern, weight in _PRINTED:
        weights[country] += weight * bool(re.search(pattern, text))
    for country, pattern, weight in _WORDED:
        hits = {found[0] for found in re.finditer(pattern, plain)}
        weights[country] += weight * min(len(hits), 3)
    weights["CN"] += _STRONG * (len(set(_SIMPLIFIED.findall(text))) > 2)
    return +weights


def _first(weights: Counter[str]) -> str | None:
    """The heaviest, if nothing weighs nearly as much."""
    ranked = weights.most_common(2)
    if not ranked or ranked[0][1] < _FAIR:
        return None
    return None if len(ranked) > 1 and ranked[1][1] >= ranked[0][1] else ranked[0][0]


def _with_currency(country: str | None, signs: Counter[str]) -> Place:
    own = _CURRENCIES.get(country) if country else None
    codes = [sign for sign, _ in signs.most_common() if sign not in SHARED]
    if codes:
        return Place(country, codes[0], confirmed=own == codes[0] and len(codes) == 1)
    shared = [sign for sign, _ in signs.most_common()]
    if shared and own in _OF_SIGN[shared[0]]:
        return Place(country, own, confirmed=True)
    return Place(country, None if shared else own)
