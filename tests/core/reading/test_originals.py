"""Structured originals: every value as the file says it, nothing asked, nothing invented."""

from decimal import Decimal
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.invoice import FieldName, FieldState, Kind, Severity, Source, identity_of, questions
from core.reading.originals import written_in
from core.reading.originals.written import money, rate
from sandbox.papers import invent, to_older_xml, to_xml
from tests.originals import AIR, OLDER_VAT, XBRL, cii, rail, ubl, xbrl

_F = FieldName


def invoice_of(content):
    return written_in(fromstring(content.decode())).invoice(Source.XML)


def values(invoice):
    return {name.value: field.value for name, field in invoice.fields.items()}


@pytest.mark.parametrize("kind", ["digital_special", "digital_ordinary"])
@pytest.mark.parametrize("buyer", [{}, {"buyer_name": "个人", "buyer_tax_id": ""}])
def test_a_digital_invoice_says_all_of_its_fields_and_lines(kind, buyer):
    paper = invent(31, kind, **buyer)
    invoice = invoice_of(to_xml(paper))
    assert invoice.kind is Kind(kind)
    assert values(invoice) == {name: said for name, said in paper.labels().items() if said and name in set(FieldName)}
    assert {field.state for field in invoice.fields.values()} == {FieldState.VERIFIED}
    assert questions(invoice) == ()
    assert [(line.name, line.amount, line.rate, line.tax) for line in invoice.lines] == [
        (item.name, f"{item.amount:.2f}", item.rate, f"{item.tax:.2f}") for item in paper.items
    ]


def test_an_older_invoice_is_compared_with_its_own_qr_code():
    paper = invent(32, "vat_e_ordinary")
    invoice = invoice_of(to_older_xml(paper))
    assert invoice.kind is Kind.VAT_E_ORDINARY
    assert invoice.findings == ()
    assert invoice.value(_F.CHECK_CODE) == paper.check_code
    edited = invoice_of(to_older_xml(invent(32, "vat_e_ordinary", printed_amount_ex_tax=Decimal("1.00"))))
    assert [(found.code, found.severity) for found in edited.findings] == [("Q3", Severity.BLOCK)]
    assert edited.fields[_F.AMOUNT_EX_TAX].state is FieldState.READ


def test_a_rail_ticket_has_the_split_no_face_shows():
    invoice = invoice_of(rail())
    assert invoice.kind is Kind.RAIL_ETICKET
    assert invoice.value(_F.TOTAL) == "109.00"
    assert (invoice.value(_F.AMOUNT_EX_TAX), invoice.value(_F.TAX)) == ("100.00", "9.00")
    assert invoice.value(_F.BUYER_NAME) == "星河示例科技有限公司"
    assert questions(invoice) == ()
    assert invoice.details["TravelDate"] == "2026-03-01"
    assert not any("110101" in said for said in invoice.details.values())


def test_an_air_ticket_keeps_its_components_apart():
    invoice = invoice_of(AIR)
    assert invoice.kind is Kind.AIR_ITINERARY
    assert (invoice.value(_F.TOTAL), invoice.value(_F.TAX)) == ("1050.00", "82.57")
    assert invoice.value(_F.SELLER_NAME) == "示例航空有限公司"
    assert invoice.details["CivilAviationDevelopmentFund"] == "50.00"
    assert questions(invoice) == ()


def test_the_issuers_view_of_an_older_invoice():
    invoice = invoice_of(OLDER_VAT)
    assert invoice.kind is Kind.VAT_E_ORDINARY
    assert identity_of(invoice) == "011002600111-00000123"
    assert invoice.value(_F.TOTAL_CN) == "壹万零肆佰肆拾圆整"
    assert [(line.name, line.rate) for line in invoice.lines] == [("*现代服务*后勤服务", "6%")]


def test_what_other_namespaces_say_does_not_count():
    foreign = (
        '<x:Fare xmlns:x="http://attacker.example/rai">1.00</x:Fare>'
        '<x:TotalAmountExcludingTax xmlns:x="urn:x">1.00</x:TotalAmountExcludingTax>'
    )
    content = rail().decode().replace("</xbrli:context>", "</xbrli:context>" + foreign)
    invoice = invoice_of(content.encode())
    assert (invoice.value(_F.TOTAL), invoice.value(_F.AMOUNT_EX_TAX)) == ("109.00", "100.00")
    everything_foreign = rail().decode().replace("http://xbrl.mof.gov.cn/", "http://xbrl.attacker.example/")
    assert written_in(fromstring(everything_foreign)) is None


def test_the_ministrys_other_vouchers_are_no_invoices():
    assert written_in(fromstring(xbrl("2021-11-30/bker", [("AmountInFigures", "5.00")]).decode())) is None


def test_a_total_whose_figures_are_not_tagged_is_their_sum_when_the_words_say_so():
    paper = invent(33, "digital_special")
    figure = f"<TotalTax-includedAmount>{paper.total}<"
    content = to_xml(paper).decode()
    assert figure in content
    assert (
        invoice_of(content.replace(figure, "<TotalTax-includedAmount>¥<").encode()).value(_F.TOTAL)
        == f"{paper.total:.2f}"
    )
    other = content.replace(figure, "<TotalTax-includedAmount>¥<").replace(paper.total_cn, "壹圆整")
    assert questions(invoice_of(other.encode())) == (_F.TOTAL,)


def test_what_is_there_but_cannot_be_understood_is_asked():
    paper = invent(34, "digital_special")
    content = to_xml(paper).decode().replace(f"<IssueTime>{paper.date}<", "<IssueTime>someday<")
    assert questions(invoice_of(content.encode())) == (_F.DATE,)


def test_special_business_is_kept_by_name_and_identities_are_not():
    special = (
        "<SpecificInformation><PassengerTransportation><Passenger>林知秋</Passenger><PassengerIdNum>110101199001010013</PassengerIdNum>"
        "<Departure>甲</Departure></PassengerTransportation><PassengerTransportation><Passenger>周晓岚</Passenger></PassengerTransportation>"
        "</SpecificInformation>"
    )
    content = to_xml(invent(35, "digital_ordinary")).decode().replace("<SpecificInformation/>", special)
    details = invoice_of(content.encode()).details
    assert {"Passenger": "林知秋", "Passenger 2": "周晓岚", "Departure": "甲"}.items() <= details.items()
    assert "110101199001010013" not in details.values()


def test_an_invoice_from_elsewhere_has_its_own_currency_and_its_sellers_number():
    invoice = invoice_of(cii())
    assert invoice.kind is Kind.FOREIGN_INVOICE
    assert values(invoice) == {
        "number": "INV-7", "date": "2026-03-05", "seller_name": "Beispiel Handel GmbH", "seller_tax_id": "DE123456789",
        "buyer_name": "Xinghe Example Ltd", "amount_ex_tax": "100.00", "tax": "19.00", "total": "119.00", "currency": "EUR",
    }  # fmt: skip
    assert invoice.currency() == "EUR"
    assert questions(invoice) == ()
    assert identity_of(invoice) == "de123456789/INV-7"


def test_of_two_taxes_the_one_in_the_invoices_currency_counts():
    invoice = invoice_of(ubl())
    assert (invoice.value(_F.TAX), invoice.value(_F.TOTAL), invoice.currency()) == ("250.00", "1250.00", "DKK")
    assert invoice.lines[0].rate == "25%"


@pytest.mark.parametrize("content", [ubl("CreditNote"), cii(type_code="381")])
def test_a_credit_note_takes_money_back(content):
    assert [(found.code, found.severity) for found in invoice_of(content).findings] == [("A7", Severity.BLOCK)]


_NAMES = st.sampled_from(
    [
        "EInvoice", "eInvoice", "e-invoice", "{http://www.xbrl.org/2003/instance}xbrl", "CrossIndustryInvoice",
        "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice", "TaxSupervisionInfo", "InvoiceNumber", "InvoiceNo",
        "EInvoiceData", "BasicInformation", "TotalTaxAm", "IssuItemInformation", "Amount", "GoodsInfos", "GoodsInfo",
        "{http://xbrl.mof.gov.cn/taxonomy/x}NumberOfInvoice", "{http://xbrl.mof.gov.cn/taxonomy/x}Fare", "ID",
        "ExchangedDocument", "SupplyChainTradeTransaction", "LegalMonetaryTotal", "SpecificInformation",
    ]
)  # fmt: skip
_TEXTS = st.one_of(
    st.none(), st.text(max_size=20), st.sampled_from(["12.50", "¥", "***", "NaN", "1e9999", "2026-13-45"])
)


def _element(name, said, children):
    element = Element(name)
    element.text = said
    element.extend(children)
    return element


_TREES = st.recursive(
    st.builds(_element, _NAMES, _TEXTS, st.just([])),
    lambda inner: st.builds(_element, _NAMES, _TEXTS, st.lists(inner, max_size=5)),
    max_leaves=30,
)


@given(_TREES)
def test_any_tree_is_an_invoice_of_canonical_values_or_none(tree):
    written = written_in(tree)
    if written is None:
        return
    invoice = written.invoice(Source.XML)
    assert invoice.value(_F.NUMBER)
    for name in (_F.TOTAL, _F.TAX, _F.AMOUNT_EX_TAX):
        amount = invoice.amount(name)
        assert amount is None or (amount.is_finite() and amount == amount.quantize(Decimal("0.01")))
    invoice.day()
    assert all(field.state is not FieldState.VERIFIED or field.value for field in invoice.fields.values())


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_money_is_read_however_it_is_spelt(amount):
    for spelt in (f"{amount}", f"¥{amount:,.2f}", f" {amount} 元", f"{amount}0"):
        assert money(spelt) == f"{amount:.2f}"


@given(st.text(max_size=30))
def test_any_text_is_money_of_two_decimals_or_none(said):
    found = money(said)
    assert found is None or Decimal(found) == Decimal(found).quantize(Decimal("0.01"))


@pytest.mark.parametrize("said", ["1.005", "1e5", "NaN", "", "--1", "9" * 19, "１２.00"])
def test_what_is_no_money_is_none(said):
    assert money(said) is None


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("0.13", "13%"),
        ("0.130000", "13%"),
        ("0.015", "1.5%"),
        ("13.00%", "13%"),
        ("0", "0%"),
        ("免税", "免税"),
        ("", None),
    ],
)
def test_rates_as_they_are_printed(said, printed):
    assert rate(said) == printed


def test_a_root_in_the_instance_namespace_alone_is_nothing():
    assert written_in(Element(f"{{{XBRL}}}xbrl")) is None
