"""What a line of a receipt is about: its total, its tax, what was paid. Labels of many languages, without accents."""

import re
from enum import StrEnum

from core.reading.elsewhere.dates import folded


class Role(StrEnum):
    """What the amount on a line is."""

    COUNT = "count"
    CHANGE = "change"
    ROUNDING = "rounding"
    SUBTOTAL = "subtotal"
    NET = "net"
    TIP = "tip"
    DISCOUNT = "discount"
    TAX = "tax"
    DUE = "due"
    TOTAL = "total"
    TENDERED = "tendered"
    AMOUNT = "amount"


_TAXES = r"gst|vat|mwst|mehrwertsteuer|ust|tva|iva|btw|moms|dph|hst|pst|qst|sst|taxe?s?|salestax|steuer|impuesto|ptu|afa|alv|kdv|ppn|税|稅"
_SHORT_TAXES = rf"(?:{_TAXES})$"
_AS_WORD = re.compile(rf"(?<![a-z])(?:{_TAXES})(?![a-z])")
_LABELS: tuple[tuple[Role, str], ...] = (
    (
        Role.COUNT,
        (
            r"total(?:no|num|number)?(?:of)?(?:qty|quan|item|artic|artik|piece|pcs|unit|line|sav|point)|(?:item|piece|article)s?(?:sold|count|total)|"
            r"qtytotal|^qty|itemcount|itemsin|anzahl|yousave|youhavesaved|totalsav|totaldisc|points?balance|件数|件數|点数|總數量|总数量|gstreg|vatreg|"
            r"(?:gst|vat|tax|sst)(?:reg)?(?:id|no)\b|taxinvoice|taxid|reference|authcode|approval|cardno|tableno|zwischenrechnung"
        ),
    ),
    (
        Role.CHANGE,
        (
            r"change(?:due)?$|^change|changedue|ruckgeld|zuruck|rendu|monnaie|cambio|vuelto|wisselgeld|vaxel|byttepenge|reszta|vratit|"
            r"troco|^resto|baki|找零|找赎|找贖|找續|找续|釣り?銭?|거스름"
        ),
    ),
    (
        Role.DUE,
        r"(?:total|amt|amount).*rounded|rounded.*(?:total|amount)|total(?:amount|sales?)?(?:after|with|incl).*(?:round|adj)",
    ),
    (Role.TENDERED, r"accepted|inserted|amountgiven|cashreceived|totalpaid|amountpaid|totaltender|amounttender"),
    (Role.ROUNDING, r"round|rnd(?:adj|$)|arrondi|avrundning|oresavr|afronding|redondeo|zaokr|pembulatan"),
    (
        Role.SUBTOTAL,
        r"sub-?t[o0a]ta|subttl|subtl|zwischensumme|sous-?total|delsumma|mellansumma|mezisou|subtot|小计|小計|foodtotal|beveragetotal",
    ),
    (
        Role.NET,
        (
            rf"(?:total|amount|amt|sales?).*(?:exclu?[a-z]*|before|without|w/o|ex)\(?(?:of)?(?:{_TAXES})|exclu?[a-z]*(?:of)?(?:{_TAXES})|totalexcl|"
            rf"totalnet$|^net$|^netto|nettobetrag|nettosumme|net(?:to)?wert|totalht|montantht|horstax|baseimp|imponibile|taxable|untaxed|税抜|不含税|wartoscnetto|zakladdane"
        ),
    ),
    (
        Role.TIP,
        (
            r"^tips?$|gratuity|trinkgeld|propina|pourboire|^tip|service?(?:charge|chg|chrg)|servi?ce?ch|svc|servicio|servizio|coperto|"
            r"bedienung|\d%serv|服务费|服務費|加一服|サービス料|drikkepenge|dricks"
        ),
    ),
    (
        Role.DISCOUNT,
        r"disc(?:ount)?|rabatt?|remise|descuento|sconto|korting|sleva|desconto|优惠|折扣|折讓|割引|値引|coupon|voucher|promo",
    ),
    (
        Role.DUE,
        (
            r"grandtotal|(?:total|amount|balance|nett?o?)(?:is)?due|balance?to?pay|total(?:amount|sum|price)?payable|amountpayable|nett?payable|"
            r"totaltopay|^topay|zuzahlen|zahlbetrag|gesamtbetrag|gesamtsumme|gesamtpreis|rechnungsbetrag|endbetrag|netapayer|(?:total|montant|reste)apayer|"
            r"totalttc|montantttc|ttcdu|totala?pagar|importetotal|totaltebetalen|tebetalen|attbetala|atbetale|abetale|dozaplaty|kuhrade|"
            r"celkemkuhr|fizetendo|maksettava|dapagare|totaledovuto|totalecompl|naleznosc|totaalbedrag|"
            rf"total(?:amount|sales?|amt)?\(?(?:incl?|inclu[a-z]*|inc\.?)|total(?:amount|sales?|amt)?\(?(?:with|w/)(?:{_TAXES})|inclusive|^total.*\(inc[a-z]*(?:of)?(?:{_TAXES})|"
            r"应付|應付|应收|應收|总计|總計|總額|总额|总金额|總金額|消费合计|消費合計|请求额|請求|お会計|総合計|總共|kwotadoza"
        ),
    ),
    (
        Role.TAX,
        (
            rf"salestax|mehrwertsteuer|servicetax|消費税|稅額|税额|^(?:total)?(?:{_TAXES})(?![a-su-z])|(?:{_TAXES})(?:total|amount|amt|payable|betrag)|"
            rf"(?:incl|inkl|dont|davon|inc)\.?(?:{_TAXES})|(?:total|plus|add){_SHORT_TAXES}"
        ),
    ),
    (
        Role.TOTAL,
        (
            r"^t[o0]ta[l1i]|[^a-z]?total|^tot[a-z]?l$|^.?otal$|totaal|totale|totalt|gesamt|summe|^summa|^suma|razem|celkem|spolu|osszesen|yhteensa|"
            r"ukupno|toplam|jumlah|συνολο|合计|合計|共计|共計|합계|총액|^sum$|^额$|^額$|总价$|總價$"
        ),
    ),
    (
        Role.TENDERED,
        (
            r"cash|tender|visa|master|amex|americanexp|maestro|debit|credit|card|karte|^bar|barzahlung|gegeben|erhalten|espece|carte|^cb|efectivo|"
            r"tarjeta|entregado|contant|^pin|kontant|^kort|gotowka|karta|hotovost|contanti|bancomat|carta|paid|payment|received|paypal|"
            r"applepay|octopus|八達通|现金|現金|现钞|^cas[hu]|支付宝|支付|微信|银行卡|信用卡|实收|實收|预り|預り|お預|tunai|girocard|ec-|twint|swish"
        ),
    ),
    (
        Role.AMOUNT,
        r"amount|betrag|montant|importe|importo|bedrag|belopp|kwota|price|金额|金額|款$|消费|押金|票价|票價|车费|充值|prix|preis|fare|value|sales?$",
    ),
)
_COMPILED = tuple((role, re.compile(pattern)) for role, pattern in _LABELS)


def role_of(label: str) -> Role | None:
    """What the words before an amount say it is; None for goods and everything else."""
    plain = re.sub(r"[\s_:;*|€£$¥.,\"'=~#]+", "", folded(label))
    plain = re.sub(r"(?<=[a-z])(?:rm|myr|eur|euro|usd|gbp|chf|hkd?|sek|sgd|cad|aud)$", "", plain)
    role = next((role for role, pattern in _COMPILED if pattern.search(plain)), None)
    return Role.TAX if role in (None, Role.AMOUNT, Role.TENDERED) and names_a_tax(label) else role


def names_a_tax(label: str) -> bool:
    """Whether the name of a tax stands in it as a word."""
    return _AS_WORD.search(folded(label)) is not None
